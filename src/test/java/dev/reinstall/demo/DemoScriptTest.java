package dev.reinstall.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The script {@code demo} checks its arguments before it builds. */
class DemoScriptTest {
  private static final String USAGE = "Usage: ./demo [--hold] [--mock]\n";

  @TempDir private Path folder;

  /** A Maven stub that only records its call. */
  @BeforeEach
  void writeMaven() throws IOException {
    Path maven = folder.resolve("mvn");
    Files.writeString(maven, "#!/bin/sh\ntouch " + folder.resolve("built") + "\nexit 7\n");
    assertThat(maven.toFile().setExecutable(true)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"--fast", "hold", "--live", "", "--mock=yes", "-v"})
  void an_unknown_argument_is_named_with_the_usage_and_nothing_is_built(String argument)
      throws Exception {
    Ended ended = run("--mock", argument);

    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.text()).startsWith("Unknown argument: " + argument + "\n\n" + USAGE);
    assertThat(folder.resolve("built")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"--help", "-h"})
  void help_shows_the_usage_and_nothing_is_built(String argument) throws Exception {
    Ended ended = run("--hold", argument);

    assertThat(ended.code()).isZero();
    assertThat(ended.text()).startsWith(USAGE);
    assertThat(ended.text().lines())
        .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    assertThat(folder.resolve("built")).doesNotExist();
  }

  @Test
  void hold_on_the_mock_is_refused_before_anything_is_built() throws Exception {
    Ended ended = run("--hold", "--mock");

    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.text())
        .startsWith(
            "--hold needs a real Kubernetes API server: it cannot be used with --mock.\n\n"
                + USAGE);
    assertThat(folder.resolve("built")).doesNotExist();
  }

  @Test
  void with_good_arguments_it_builds_and_ends_as_the_build_does_where_that_fails()
      throws Exception {
    Ended ended = run("--mock");

    assertThat(ended.code()).isEqualTo(7);
    assertThat(ended.text()).endsWith("The build failed (exit code 7).\n");
    assertThat(folder.resolve("built")).exists();
  }

  /** A shell cannot catch INT and HUP where its parent ignores them, so they are not tested. */
  @Test
  void stopped_by_a_signal_while_it_builds_it_says_so_and_stops_the_build() throws Exception {
    Path maven = folder.resolve("mvn");
    Path built = folder.resolve("built");
    Files.writeString(maven, "#!/bin/sh\necho $$ > " + built + "\nexec sleep 60\n");
    Process demo = start("--mock");
    await().until(() -> Files.exists(built) && Files.size(built) > 0);
    ProcessHandle build =
        ProcessHandle.of(Long.parseLong(Files.readString(built).strip())).orElseThrow();

    demo.toHandle().destroy(); // Process.destroy() closes its output

    Ended ended = ended(demo);
    assertThat(ended.text()).endsWith("The demo was stopped by a signal (TERM).\n");
    assertThat(ended.code()).isEqualTo(143);
    await("the build to end").until(() -> !build.isAlive());
  }

  private record Ended(int code, String text) {}

  private Ended run(String... arguments) throws IOException, InterruptedException {
    return ended(start(arguments));
  }

  private static Ended ended(Process process) throws IOException, InterruptedException {
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(process.waitFor(), text);
  }

  private Process start(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("./demo"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("PATH", folder + ":/usr/bin:/bin");
    return builder.start();
  }
}
