package dev.reinstall.demo;

import static org.assertj.core.api.Assertions.assertThat;

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
    assertThat(run("--mock").code()).isEqualTo(7);
    assertThat(folder.resolve("built")).exists();
  }

  private record Ended(int code, String text) {}

  private Ended run(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("./demo"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("PATH", folder + ":/usr/bin:/bin");
    Process process = builder.start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(process.waitFor(), text);
  }
}
