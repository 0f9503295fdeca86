package dev.reinstall.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.controlplane.NeedsControlPlane;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What others write to a Reinstall that waits. */
@Tag("deep")
@NeedsControlPlane
class MetadataIT {
  private TestCluster site;

  @BeforeEach
  void start() {
    site = new TestCluster().with("REINSTALL_POLL_INTERVAL", "10m"); // no poll during the test
    site.startOperator();
  }

  @AfterEach
  void close() {
    site.close();
  }

  @ParameterizedTest
  @EnumSource
  void annotations_cost_no_call_and_a_status_that_somebody_wipes_is_noticed_at_once(
      CloudUnderTest cloud) {
    String id = cloud.id("metadat1");
    String name = "request-" + id;
    cloud.newServer(site, id);
    cloud.plugIn(site, id);
    site.apply(cloud.request(name, id));
    site.awaitReason(name, "ServerRunning");
    int before = cloud.looks(site, id);

    for (int i = 0; i < 40; i++) {
      site.kubectl("annotate", "--overwrite", "ri", name, "example.com/seen=" + i).orFail();
    }
    site.kubectl("label", "ri", name, "team=a").orFail();
    site.staysTheSame("the calls to the cloud", () -> cloud.looks(site, id));
    assertThat(cloud.looks(site, id)).as(site::everything).isEqualTo(before);

    site.kubectl(
            "patch",
            "ri",
            name,
            "--subresource=status",
            "--type=json",
            "-p",
            "[{\"op\":\"remove\",\"path\":\"/status\"}]")
        .orFail();
    site.awaitReason(name, "ServerRunning");
    assertThat(cloud.looks(site, id)).isGreaterThan(before);
    assertThat(site.kubectl("get", "ri", name, "-o", "jsonpath={.metadata.annotations}").out())
        .as("a write of the status leaves them alone")
        .contains("\"example.com/seen\":\"39\"");
  }

  /** The operator keeps no user data in memory while a request waits. */
  @ParameterizedTest
  @EnumSource
  void inline_user_data_of_a_request_that_waited_reaches_the_server(CloudUnderTest cloud) {
    String id = cloud.id("userdat1");
    String name = "request-" + id;
    String script = "#!/bin/bash\\necho 京东 > /etc/motd\\n";
    cloud.newServer(site, id);
    cloud.plugIn(site, id);
    site.apply(
        cloud
            .request(name, id)
            .replaceFirst(
                "(?m)^( +)(imageId|osTypeId):",
                "$1userData: \"" + script.replace("\\", "\\\\") + "\"\n$1$2:"));
    site.awaitReason(name, "ServerRunning");

    cloud.pullPlug(site, id);
    wake(name);
    site.awaitPhase(name, "Installing");

    assertThat(
            cloud.cloud(site).callsLog().stream()
                .filter(call -> call.action().equals(cloud.send()))
                .filter(call -> call.asked().servers().contains(id)))
        .singleElement()
        .satisfies(
            call ->
                assertThat(call.body())
                    .contains(
                        Base64.getEncoder()
                            .encodeToString(
                                script.replace("\\n", "\n").getBytes(StandardCharsets.UTF_8))));
  }

  private void wake(String name) {
    for (boolean suspend : new boolean[] {true, false}) {
      site.kubectl(
              "patch", "ri", name, "--type=merge", "-p", "{\"spec\":{\"suspend\":" + suspend + "}}")
          .orFail();
    }
  }
}
