package dev.reinstall.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.reinstall.controlplane.ControlPlane;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The demo as the README describes it. It needs the built jar, so even the mock's test is an IT.
 */
class DemoIT {
  private static final String UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  @Test
  @Tag("deep")
  void on_the_real_api_every_sample_ends_as_it_must() {
    assumeTrue(ControlPlane.isInstalled(), "no control plane on this machine");

    int code = run();

    assertThat(code).as(this::text).isZero();
    assertThat(text()).contains("a real kube-apiserver");
    assertEachEndedWithARequestId();
  }

  @Test
  void on_the_mock_every_sample_ends_as_it_must_and_it_says_that_this_is_the_mock() {
    int code = run("--mock");

    assertThat(code).as(this::text).isZero();
    assertThat(text()).contains("fabric8's mock");
    assertEachEndedWithARequestId();
  }

  @Test
  void it_cannot_stay_up_on_the_mock_and_an_option_that_it_does_not_know_is_refused() {
    assertThat(run("--mock", "--hold")).isEqualTo(2);
    assertThat(run("--fast")).isEqualTo(2);
    assertThat(text().lines())
        .containsExactly(
            "--hold needs a real Kubernetes API server."
                + " To build one (needs Go): .ci/kube-apiserver/ensure",
            "Unknown argument. Usage: ./demo [--hold] [--mock]");
  }

  @Test
  void stopped_by_a_signal_it_says_so_and_leaves_no_operator_behind() throws Exception {
    Process demo =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Demo.class.getName(),
                "--mock")
            .redirectErrorStream(true)
            .start();
    BufferedReader output = demo.inputReader(StandardCharsets.UTF_8);
    String line = output.readLine();
    while (!line.startsWith("Operator")) {
      line = output.readLine();
    }
    ProcessHandle operator =
        ProcessHandle.of(Long.parseLong(line.replaceFirst(".* process ", ""))).orElseThrow();

    demo.toHandle().destroy(); // Process.destroy() closes the output

    assertThat(output.lines()).contains("The demo was stopped by a signal.");
    assertThat(demo.waitFor()).isEqualTo(128 + 15);
    await("the operator to end").until(() -> !operator.isAlive());
  }

  private void assertEachEndedWithARequestId() {
    for (Samples.Outcome outcome : Samples.OUTCOMES) {
      assertThat(text())
          .containsPattern(
              "\n%s +%s/%s +%s\n"
                  .formatted(outcome.order(), outcome.phase(), outcome.reason(), UUID));
    }
    assertThat(text())
        .contains("Every Reinstall ended as expected, and none was carried out twice.");
    assertThat(text().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
  }

  private int run(String... options) {
    return Demo.run(new PrintStream(printed, true, StandardCharsets.UTF_8), options);
  }

  private String text() {
    return printed.toString(StandardCharsets.UTF_8);
  }
}
