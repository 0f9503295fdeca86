package dev.reinstall.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.Server;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The shell command by which a person finds the name of a ledger. */
class HoldPageTest {

  @ParameterizedTest
  @CsvSource({
    "TencentCloud, ap-guangzhou, ins-r8hr2upy",
    "JDCloud, cn-east-tz1, cps-abc123",
    "JDCloud, cn-east-tz1, Cps_ABC.123",
    "JDCloud, cn-east-tz1, cps-a-very-long-instance-id-that-is-cut-right-at-a-dash---x",
  })
  void the_command_of_the_page_prints_the_name_of_the_ledger(
      CloudName cloud, String region, String id) throws IOException, InterruptedException {
    String command =
        Files.readAllLines(Path.of("docs/hold-a-server.md")).stream()
            .filter(line -> line.startsWith("name="))
            .findFirst()
            .orElseThrow();
    Process shell =
        new ProcessBuilder(
                "sh",
                "-c",
                "cloud="
                    + cloud
                    + " region="
                    + region
                    + " id="
                    + id
                    + "\n"
                    + command
                    + "\necho $name")
            .redirectErrorStream(true)
            .start();
    String printed = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(shell.waitFor()).isZero();
    assertThat(printed.strip()).isEqualTo(new Server(cloud, region, id).ledgerName());
  }
}
