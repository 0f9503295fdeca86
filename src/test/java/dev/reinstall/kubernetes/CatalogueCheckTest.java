package dev.reinstall.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.api.Reinstall;
import dev.reinstall.api.ReinstallStatus;
import dev.reinstall.process.TestCluster;
import dev.reinstall.simulator.tencent.TencentImage;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The operator and the catalogues of both clouds, on a mock of the Kubernetes API. */
class CatalogueCheckTest {
  private static final String STOP = "whenRunning: Stop";

  private final MockedEnvironment site = new MockedEnvironment();

  @AfterEach
  void close() {
    site.close();
  }

  private void apply(String manifest) {
    Reinstall reinstall = Serialization.unmarshal(manifest, Reinstall.class);
    reinstall.getMetadata().setNamespace(MockedEnvironment.NAMESPACE);
    site.apply(reinstall);
  }

  private ReinstallStatus await(String name, String... reasons) {
    Awaitility.await(name)
        .atMost(Duration.ofSeconds(30))
        .until(
            () ->
                site.status(name)
                    .map(ReinstallStatus::reason)
                    .filter(List.of(reasons)::contains)
                    .isPresent());
    return site.status(name).orElseThrow();
  }

  private static List<String> fields(ReinstallStatus status) {
    return status.findings().stream()
        .filter(finding -> finding.severity().equals("Error"))
        .map(ReinstallStatus.Finding::field)
        .toList();
  }

  @Test
  void what_is_wrong_is_found_while_the_servers_run() {
    site.tencent
        .images()
        .add(TencentImage.linux("img-making01", "x", "Debian").inState("CREATING"))
        .add(TencentImage.linux("img-huge0001", "x", "Debian").ofSize(80));
    Map<String, String> wrong = new LinkedHashMap<>();
    for (String image : List.of("img-nothing1", "img-making01", "img-huge0001")) {
      String id = image.replace("img", "ins");
      site.tencent.newServer(id).running();
      wrong.put(
          id,
          image.equals("img-huge0001")
              ? "spec.tencentCloud.systemDisk"
              : "spec.tencentCloud.imageId");
      apply(TestCluster.tencentRequest(id, id, STOP).replace("img-ubuntu22", image));
    }
    Map<String, String> fieldsOfJd =
        Map.of("os-2", "osTypeId", "raid-1", "sysRaidTypeId", "raid-2", "dataRaidTypeId");
    fieldsOfJd.forEach(
        (value, field) -> {
          String id = "cps-" + value;
          site.jd.newServer(id).running();
          wrong.put(id, "spec.jdCloud." + field);
          apply(TestCluster.jdRequest(id, id, STOP).replace(": " + value, ": another"));
        });

    wrong.forEach(
        (id, field) ->
            assertThat(fields(await(id, "InvalidSpec", "CheckFailed")))
                .as(id)
                .containsExactly(field));

    assertThat(site.status("ins-making01").orElseThrow().reason()).isEqualTo("CheckFailed");
    assertThat(site.tencent.calls("StopInstances") + site.tencent.calls("ResetInstance")).isZero();
    assertThat(site.jd.calls("stopInstance") + site.jd.calls("reinstallInstance")).isZero();
  }

  @Test
  void a_catalogue_that_may_not_be_read_is_a_warning_and_the_request_goes_on() {
    site.tencent.deny(MockedEnvironment.KEY_ID, "DescribeImages");
    site.jd.deny(MockedEnvironment.KEY_ID, "describeOS", "describeDeviceRaids");
    site.tencent.newServer("ins-denied01").running();
    site.jd.newServer("cps-denied01").running();
    apply(TestCluster.tencentRequest("web-1", "ins-denied01", STOP));
    apply(TestCluster.jdRequest("node-1", "cps-denied01", STOP));

    for (String name : List.of("web-1", "node-1")) {
      ReinstallStatus status = await(name, "Installed");
      assertThat(status.findings())
          .isNotEmpty()
          .allSatisfy(
              finding -> {
                assertThat(finding.severity()).isEqualTo("Warning");
                assertThat(finding.message()).contains("If a permission is missing, it is ");
              });
    }
  }

  @Test
  void a_hundred_requests_of_one_account_cost_as_many_calls_as_one() {
    List<String> ids = IntStream.range(0, 100).mapToObj("ins-many%04d"::formatted).toList();
    for (String id : ids) {
      site.tencent.newServer(id).running();
      apply(TestCluster.tencentRequest(id, id, ""));
    }
    ids.forEach(id -> await(id, "ServerRunning"));
    assertThat(site.tencent.calls("DescribeImages")).isEqualTo(1);
  }
}
