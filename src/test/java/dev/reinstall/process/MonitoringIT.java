package dev.reinstall.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.reinstall.controlplane.Command;
import dev.reinstall.controlplane.CommandResult;
import dev.reinstall.controlplane.FreePorts;
import dev.reinstall.controlplane.NeedsControlPlane;
import dev.reinstall.controlplane.NeedsPrograms;
import dev.reinstall.controlplane.Programs;
import dev.reinstall.monitoring.Dashboard;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The built jar on a real API server, scraped by a real Prometheus with the shipped rules. */
@Tag("deep")
@NeedsControlPlane
@NeedsPrograms({"prometheus", "promtool"})
class MonitoringIT {
  private final int port = FreePorts.free();
  private final int prometheusPort = FreePorts.free();

  @TempDir private Path folder;

  @Test
  void every_query_of_the_dashboard_has_data_and_an_unknown_outcome_raises_its_alert()
      throws Exception {
    try (TestCluster site = new TestCluster()) {
      site.with("REINSTALL_HTTP_PORT", Integer.toString(port))
          .with("REINSTALL_ORDER_TIMEOUT", "5s")
          .startOperator();
      site.await("/readyz", () -> HealthProbe.get(port, "/readyz").equals("200 ok"));
      Process prometheus = startPrometheus();
      try {
        site.await("the first scrape", () -> !query("reinstall_leader == 1").isEmpty());
        requests(site, 1);
        site.awaitFinished("node-1");
        site.awaitFinished("rejected-1");
        site.awaitPhase("unknown-1", "Unknown");
        site.await(
            "the calls to be scraped", () -> !query("sum(reinstall_claims_total) == 3").isEmpty());
        requests(site, 2);

        // One query has data only while a request is in progress.
        List<String> empty = new ArrayList<>(Dashboard.queries());
        Awaitility.await("data for every query")
            .atMost(Duration.ofMinutes(1))
            .untilAsserted(
                () -> {
                  empty.removeIf(query -> !query(query).isEmpty());
                  assertThat(empty).isEmpty();
                });
        site.await("the alert", () -> alerts().contains("ReinstallOutcomeUnknown/firing"));
        assertThat(alerts()).contains("ReinstallAccessDenied/pending");
        assertThat(alerts())
            .noneMatch(alert -> alert.startsWith("ReinstallNoLeader"))
            .noneMatch(alert -> alert.startsWith("ReinstallOperatorNotReady"));
        CommandResult check =
            Command.run(
                Programs.path("promtool"),
                List.of("check", "metrics"),
                Map.of(),
                scrape(),
                Duration.ofSeconds(30));
        assertThat(check.exitCode()).as(check::toString).isZero();
        assertThat(scrape())
            .contains("reinstall_build_info{version=\"0.1.0\"} 1")
            .doesNotContain("ins-", "cps-", site.namespace);
      } finally {
        prometheus.destroyForcibly().onExit().join();
      }
    }
  }

  /** One that succeeds, one that is rejected, one that waits, one that is denied, one Unknown. */
  private static void requests(TestCluster site, int wave) {
    String jd = "cps-metrics" + wave;
    site.jd.newServer(jd);
    site.apply(TestCluster.jdRequest("node-" + wave, jd, ""));
    CloudUnderTest tencent = CloudUnderTest.TENCENT;
    for (String name : List.of("rejected", "denied", "unknown", "waits")) {
      tencent.newServer(site, name(name, wave));
    }
    tencent.stick(site, name("unknown", wave));
    tencent.plugIn(site, name("waits", wave));
    site.apply(
        tencent
            .request("rejected-" + wave, name("rejected", wave))
            .replace("img-ubuntu22", "img-unknown1"));
    for (String name : List.of("unknown", "waits")) {
      site.apply(tencent.request(name + "-" + wave, name(name, wave)));
    }
    site.secret(
        site.namespace, "wrong", Map.of("secretId", TestCluster.SECRET_ID, "secretKey", "wrong"));
    site.apply(
        tencent
            .request("denied-" + wave, name("denied", wave))
            .replace("{name: tencent}", "{name: wrong}"));
  }

  private static String name(String of, int wave) {
    return "ins-" + of.substring(0, 5) + "00" + wave;
  }

  private Process startPrometheus() throws IOException {
    Path configuration =
        Files.writeString(
            folder.resolve("prometheus.yaml"),
            """
            global: {scrape_interval: 1s, evaluation_interval: 1s}
            rule_files: [%s]
            scrape_configs:
            - job_name: reinstall-operator
              static_configs:
              - targets: ['127.0.0.1:%d']
            """
                .formatted(Path.of("deploy/monitoring/rules.yaml").toAbsolutePath(), port));
    return new ProcessBuilder(
            Programs.path("prometheus").toString(),
            "--config.file=" + configuration,
            "--storage.tsdb.path=" + folder.resolve("data"),
            "--web.listen-address=127.0.0.1:" + prometheusPort)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("log").toFile())
        .start();
  }

  /** The series that have a number. */
  private List<JsonNode> query(String promql) {
    List<JsonNode> series = new ArrayList<>();
    ask("/api/v1/query?query=" + URLEncoder.encode(promql, StandardCharsets.UTF_8))
        .at("/data/result")
        .forEach(
            one -> {
              if (!one.at("/value/1").asText().equals("NaN")) {
                series.add(one);
              }
            });
    return series;
  }

  private List<String> alerts() {
    List<String> alerts = new ArrayList<>();
    ask("/api/v1/alerts")
        .at("/data/alerts")
        .forEach(
            alert ->
                alerts.add(
                    alert.at("/labels/alertname").asText() + "/" + alert.path("state").asText()));
    return alerts;
  }

  /** Empty while Prometheus starts. */
  private JsonNode ask(String path) {
    try {
      HttpResponse<String> response = get(prometheusPort, path);
      assertThat(response.statusCode()).as(response.body()).isIn(200, 503);
      return new ObjectMapper().readTree(response.statusCode() == 200 ? response.body() : "{}");
    } catch (IOException notYet) {
      return new ObjectMapper().createObjectNode();
    }
  }

  private String scrape() throws IOException {
    return get(port, "/metrics").body();
  }

  private static HttpResponse<String> get(int port, String path) throws IOException {
    try {
      return HttpClient.newHttpClient()
          .send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
              HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
