package dev.reinstall.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.api.Reinstall;
import dev.reinstall.api.ReinstallStatus;
import dev.reinstall.api.ServerLedger;
import dev.reinstall.simulator.tencent.TencentImage;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The whole operator in one JVM: the reconciler in its framework, fabric8's CRUD mock, and both
 * simulated clouds. It shows in seconds that the parts fit together. <b>No invariant depends on
 * it:</b> the mock accepts a status that was decided on a stale copy, and implements no rights, no
 * CEL and no defaults. The invariants are tested by the tests of the rules and, on a real API
 * server, by the ITs.
 */
class MockedReinstallTest {
  private static MockedEnvironment site;

  @BeforeAll
  static void start() {
    site = new MockedEnvironment();
  }

  @AfterAll
  static void close() {
    site.close();
  }

  @Test
  void a_stopped_tencent_server_is_reinstalled_once_and_the_status_has_the_request_id() {
    site.tencent.newServer("ins-plain000");

    site.apply(MockedEnvironment.tencentRequest("web-plain", "ins-plain000", "img-ubuntu22"));

    ReinstallStatus status = awaitFinished("web-plain");
    assertThat(status.phase()).isEqualTo("Succeeded");
    assertThat(status.reason()).isEqualTo("Installed");
    assertThat(site.tencent.wipeHistory("ins-plain000"))
        .singleElement()
        .satisfies(wipe -> assertThat(wipe.requestId()).isEqualTo(status.requestId()));
  }

  @Test
  void a_stopped_jd_server_is_reinstalled_once_and_the_status_has_the_request_id() {
    site.jd.newServer("cps-plain");

    site.apply(MockedEnvironment.jdRequest("node-plain", "cps-plain"));

    ReinstallStatus status = awaitFinished("node-plain");
    assertThat(status.phase()).isEqualTo("Succeeded");
    assertThat(site.jd.wipeHistory("cps-plain"))
        .singleElement()
        .satisfies(wipe -> assertThat(wipe.requestId()).isEqualTo(status.requestId()));
  }

  @Test
  void what_is_done_for_a_request_is_measured() {
    String labels = "{cloud=\"JDCloud\",outcome=\"Succeeded\",reason=\"Installed\"}";
    String finished = "reinstall_requests_finished_total" + labels;
    String installing =
        "reinstall_phase_duration_seconds_count{cloud=\"JDCloud\",phase=\"Installing\"}";
    String claims = "reinstall_claims_total{cloud=\"JDCloud\"}";
    double before = metric(finished);
    double claimsBefore = metric(claims);
    site.jd.newServer("cps-measured");

    site.apply(MockedEnvironment.jdRequest("node-measured", "cps-measured"));
    awaitFinished("node-measured");

    Awaitility.await("the end, which is counted after its status write")
        .until(() -> metric(finished) > before);
    assertThat(metric(claims)).isGreaterThan(claimsBefore);
    assertThat(metric(installing)).isGreaterThanOrEqualTo(1);
    assertThat(site.metrics.scrape())
        .contains("reinstall_requests{cloud=\"JDCloud\",phase=\"Succeeded\",reason=\"Installed\"}")
        .contains("reinstall_ledger_fill_ratio 0.001");
  }

  /** The value of one series; 0 if there is none. */
  private static double metric(String series) {
    return site.metrics
        .scrape()
        .lines()
        .filter(line -> line.startsWith(series + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
        .findFirst()
        .orElse(0);
  }

  @Test
  void the_metrics_can_be_scraped_before_the_watches_are_started() {
    assertThat(site.firstScrape)
        .contains("reinstall_build_info{", "reinstall_ledger_fill_ratio 0.0");
  }

  @Test
  void a_running_server_is_waited_for_until_somebody_stops_it() {
    site.tencent.newServer("ins-running0").running();
    site.apply(MockedEnvironment.tencentRequest("web-running", "ins-running0", "img-ubuntu22"));
    await("web-running", status -> "ServerRunning".equals(status.reason()));
    assertThat(site.tencent.calls("ResetInstance", "ins-running0")).isZero();

    site.tencent.server("ins-running0").pullPlug();

    assertThat(awaitFinished("web-running").phase()).isEqualTo("Succeeded");
    assertThat(site.tencent.wipes("ins-running0")).isEqualTo(1);
  }

  /** The cache does not keep user data: a claim fetches it. */
  @Test
  void inline_user_data_reaches_the_server_as_it_was_written() {
    String script = "#!/bin/bash\necho 京东 > /etc/motd\n";
    site.tencent.newServer("ins-userdata").running();
    site.apply(
        MockedEnvironment.tencentRequest("web-script", "ins-userdata", "img-ubuntu22", script));
    await("web-script", status -> "ServerRunning".equals(status.reason()));

    site.tencent.server("ins-userdata").pullPlug();

    assertThat(awaitFinished("web-script").phase()).isEqualTo("Succeeded");
    assertThat(site.tencent.callsLog())
        .filteredOn(call -> call.action().equals("ResetInstance"))
        .filteredOn(call -> call.body().contains("ins-userdata"))
        .singleElement()
        .satisfies(
            call ->
                assertThat(call.body())
                    .contains(
                        Base64.getEncoder()
                            .encodeToString(script.getBytes(StandardCharsets.UTF_8))));
  }

  @Test
  void what_the_cloud_refuses_has_failed_with_its_code_and_the_request_id() {
    site.tencent.newServer("ins-refused0");

    site.apply(MockedEnvironment.tencentRequest("web-refused", "ins-refused0", "img-nosuch00"));

    ReinstallStatus status = awaitFinished("web-refused");
    assertThat(status.phase()).isEqualTo("Failed");
    assertThat(status.reason()).isEqualTo("Rejected");
    assertThat(status.message()).contains("InvalidImageId.NotFound");
    assertThat(status.requestId()).matches("[0-9a-f-]{36}");
    assertThat(site.tencent.wipes("ins-refused0")).isZero();
  }

  @Test
  void an_image_without_cloud_init_is_seen_although_the_cache_keeps_no_user_data() {
    site.tencent.newServer("ins-nocloud1");
    site.tencent
        .images()
        .add(TencentImage.linux("img-nocloud1", "Debian 12", "Debian").withoutCloudInit());

    site.apply(
        MockedEnvironment.tencentRequest(
            "web-nocloud", "ins-nocloud1", "img-nocloud1", "#!/bin/sh"));

    ReinstallStatus status = awaitFinished("web-nocloud");
    assertThat(status.reason()).isEqualTo("InvalidSpec");
    assertThat(status.findings())
        .extracting(ReinstallStatus.Finding::field)
        .containsExactly("spec.tencentCloud.userData");
    assertThat(site.tencent.calls("ResetInstance", "ins-nocloud1")).isZero();
  }

  @Test
  void a_request_that_is_deleted_and_applied_again_is_already_done_and_nobody_is_called() {
    site.tencent.newServer("ins-replayed");
    Reinstall reinstall =
        MockedEnvironment.tencentRequest("web-replayed", "ins-replayed", "img-ubuntu22");
    site.apply(reinstall);
    ReinstallStatus first = awaitFinished("web-replayed");
    site.delete(reinstall);

    site.apply(reinstall);

    ReinstallStatus second = awaitFinished("web-replayed");
    assertThat(second.reason()).isEqualTo("AlreadyCompleted");
    assertThat(second.requestId()).isEqualTo(first.requestId());
    assertThat(second.completionTime()).isEqualTo(first.completionTime());
    assertThat(site.tencent.calls("ResetInstance", "ins-replayed")).isEqualTo(1);
  }

  @Test
  void of_two_requests_for_one_server_the_second_waits_for_the_first_and_names_it() {
    site.jd.newServer("cps-queue").stayInTransition();
    site.apply(MockedEnvironment.jdRequest("node-first", "cps-queue"));
    await("node-first", status -> "Installing".equals(status.phase()));
    site.apply(MockedEnvironment.jdRequest("node-second", "cps-queue"));
    ReinstallStatus queued = await("node-second", status -> "Queued".equals(status.reason()));
    assertThat(queued.message()).contains("node-first");
    assertThat(site.jd.wipes("cps-queue")).isEqualTo(1);

    site.jd.server("cps-queue").goOn();

    assertThat(awaitFinished("node-first").phase()).isEqualTo("Succeeded");
    assertThat(awaitFinished("node-second").phase()).isEqualTo("Succeeded");
    assertThat(site.jd.wipes("cps-queue")).isEqualTo(2);
  }

  @Test
  void nothing_that_is_written_to_the_cluster_holds_a_secret() {
    site.tencent.newServer("ins-secret00");
    site.apply(MockedEnvironment.tencentRequest("web-secret", "ins-secret00", "img-ubuntu22"));
    awaitFinished("web-secret");
    Awaitility.await().until(() -> written(Event.class).contains("web-secret"));

    String written = written(Reinstall.class) + written(ServerLedger.class) + written(Event.class);

    assertThat(written)
        .contains("web-secret")
        .doesNotContain(MockedEnvironment.SECRET_KEY, MockedEnvironment.PASSWORD);
  }

  private static String written(Class<? extends HasMetadata> kind) {
    return Serialization.asYaml(site.client().resources(kind).inAnyNamespace().list().getItems());
  }

  private static ReinstallStatus awaitFinished(String order) {
    return await(
        order, status -> List.of("Succeeded", "Failed", "Unknown").contains(status.phase()));
  }

  private static ReinstallStatus await(String order, Predicate<ReinstallStatus> wanted) {
    return Awaitility.await(order)
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(50))
        .until(() -> site.status(order), status -> status.filter(wanted).isPresent())
        .orElseThrow();
  }
}
