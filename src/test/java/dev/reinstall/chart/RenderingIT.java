package dev.reinstall.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reinstall.config.WiredSettings;
import dev.reinstall.controlplane.Command;
import dev.reinstall.controlplane.CommandResult;
import dev.reinstall.controlplane.ControlPlane;
import dev.reinstall.controlplane.NeedsControlPlane;
import dev.reinstall.controlplane.NeedsPrograms;
import dev.reinstall.controlplane.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What helm and kustomize make of deploy/; no cluster is changed. */
@Tag("deep")
@NeedsControlPlane
@NeedsPrograms({"helm", "kube-score"})
class RenderingIT {
  private static final String[] EVERYTHING = {
    "--set",
        "monitoring.podMonitor=true,monitoring.serviceMonitor=true,monitoring.prometheusRule=true",
    "--set", "namespaces={team-a,team-b},tenants[0].namespace=team-a",
    "--set", "proxy.url=http://proxy.example.com:3128,proxy.noProxy=10.96.0.0/12",
    "--set", "priorityClassName=system-cluster-critical,imagePullSecrets[0].name=login",
  };

  @TempDir private static Path home;
  private static Helm helm;

  @BeforeAll
  static void start() {
    helm = Helm.withoutCluster(home);
  }

  @Test
  void lint_finds_nothing() {
    CommandResult lint = helm.run("lint", "--strict", Helm.CHART.toString());

    assertThat(lint.orFail()).contains("0 chart(s) failed").doesNotContain("[WARNING]", "[ERROR]");
  }

  @Test
  void by_default_the_chart_is_the_kustomize_base_without_its_namespace() {
    Manifests base = Manifests.parse(kustomize("deploy"));
    assertThat(base.objects()).hasSizeGreaterThan(15);

    assertThat(base.differences(helm.template()))
        .singleElement()
        .asString()
        .startsWith("Namespace reinstall-system: ")
        .endsWith(" != null");
  }

  static List<Path> kustomizations() throws IOException {
    try (Stream<Path> files = Files.walk(Manifests.DEPLOY)) {
      return files
          .filter(file -> file.endsWith("kustomization.yaml"))
          .map(Path::getParent)
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("kustomizations")
  void every_kustomization_renders(Path folder) {
    assertThat(Manifests.parse(kustomize(folder.toString())).objects()).isNotEmpty();
  }

  @Test
  void a_tenant_of_the_chart_is_the_tenant_of_the_kustomize_base() {
    String plain = "tenants[0].namespace=team-a";
    Manifests chart = helm.template("--set", plain + ",tenants[0].generatePasswords=true");

    assertTenant(chart, "deploy/tenant", "reinstall-operator-secrets");
    assertTenant(chart, "deploy/tenant-generate-password", "reinstall-operator-generate-password");
    assertThat(helm.template("--set", plain).objects().keySet())
        .contains("Role team-a reinstall-operator-secrets")
        .noneMatch(name -> name.contains("generate-password"));
  }

  private static void assertTenant(Manifests chart, String folder, String role) {
    Manifests base = Manifests.parse(kustomize(folder));
    for (String kind : List.of("Role", "RoleBinding")) {
      String name = kind + " team-a " + role;
      JsonNode expected = base.only(kind);
      ((com.fasterxml.jackson.databind.node.ObjectNode) expected.path("metadata"))
          .put("namespace", "team-a");
      assertThat(chart.objects().get(name)).isEqualTo(expected);
    }
  }

  @Test
  void a_tenant_may_name_the_secrets() {
    Manifests chart =
        helm.template(
            "--set", "tenants[0].namespace=team-a,tenants[0].secretNames={tencent,login}");

    assertThat(chart.objects().get("Role team-a reinstall-operator-secrets").at("/rules/0"))
        .hasToString(
            "{\"apiGroups\":[\"\"],\"resources\":[\"secrets\"],"
                + "\"resourceNames\":[\"tencent\",\"login\"],\"verbs\":[\"get\"]}");
  }

  @Test
  void every_setting_arrives_as_the_operator_reads_it() {
    Map<String, String> settings = new TreeMap<>();
    settings.put("REINSTALL_ALLOW_UNSAFE_TIMEOUTS", "true");
    settings.put("REINSTALL_CALL_TIMEOUT", "2m");
    settings.put("REINSTALL_CONCURRENCY", "90");
    settings.put("REINSTALL_FENCE", "500ms");
    settings.put("REINSTALL_HTTP_PORT", "12345");
    settings.put("REINSTALL_JDCLOUD_ENDPOINT", "https://jd.example.com/{region}");
    settings.put("REINSTALL_JDCLOUD_SIGNATURE", "JDCLOUD3");
    settings.put("REINSTALL_JD_SETTLE_TIME", "1s");
    settings.put("REINSTALL_LEADER_ELECTION", "false");
    settings.put("REINSTALL_LOG_FORMAT", "json");
    settings.put("REINSTALL_LOG_LEVEL", "WARN");
    settings.put("REINSTALL_ORDER_TIMEOUT", "3h");
    settings.put("REINSTALL_POLL_INTERVAL", "31s");
    settings.put("REINSTALL_REQUIRE_SERVER_GRANT", "true");
    settings.put("REINSTALL_SEND_WITHIN", "32s");
    settings.put("REINSTALL_SETTLE_TIME", "33s");
    settings.put("REINSTALL_TENCENT_ENDPOINT", "https://{region}.example.com");
    settings.put("REINSTALL_TENCENT_SIGNATURE", "V1-SHA1");
    settings.put("REINSTALL_TOKEN_TRUST", "34s");
    List<String> arguments = new ArrayList<>(List.of("--set", "namespaces={team-a,team-b}"));
    settings.forEach(
        (name, value) -> {
          arguments.add("--set-json");
          boolean text = !value.matches("true|false|[0-9]+");
          arguments.add("settings." + name + "=" + (text ? "\"" + value + "\"" : value));
        });

    JsonNode container = helm.template(arguments.toArray(String[]::new)).containers().get(0);
    Map<String, String> environment = environment(container);

    settings.put("REINSTALL_NAMESPACES", "team-a,team-b");
    assertThat(WiredSettings.config(environment)).isEqualTo(WiredSettings.config(settings));
    assertThat(environment).containsAllEntriesOf(settings);
    assertThat(container.at("/ports/0/containerPort").asInt()).isEqualTo(12345);
  }

  @ParameterizedTest
  @CsvSource({"500ms,26", "7s,32", "20s,45", "2m,145", "1h,3625"})
  void the_pod_has_25_seconds_more_than_a_call_to_stop(String timeout, int seconds) {
    Manifests chart = helm.template("--set", "settings.REINSTALL_CALL_TIMEOUT=" + timeout);

    assertThat(chart.podSpecs().get(0).path("terminationGracePeriodSeconds").asInt())
        .isEqualTo(seconds);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "replica=2 | at '': additional properties 'replica' not allowed",
        "replicas=two | at '/replicas': got string, want integer",
        "settings.REINSTALL_POLL_INTERVAL=5 | at '/settings/REINSTALL_POLL_INTERVAL': got number",
        "settings.REINSTALL_FENCE=PT10M | at '/settings/REINSTALL_FENCE': 'PT10M' does not match",
        "settings.REINSTALL_COLOUR=red | at '/settings': additional properties 'REINSTALL_COLOUR'",
        "settings.REINSTALL_NAMESPACES=a | at '/settings': additional properties",
        "settings.REINSTALL_CONCURRENCY=91 | at '/settings/REINSTALL_CONCURRENCY': maximum",
        "settings.REINSTALL_REQUIRE_SERVER_GRANT=yes"
            + " | at '/settings/REINSTALL_REQUIRE_SERVER_GRANT': got string",
        "settings.REINSTALL_TENCENT_SIGNATURE=TC4 | at '/settings/REINSTALL_TENCENT_SIGNATURE'",
        "settings.REINSTALL_HTTP_PORT=null | at '/settings': missing property 'REINSTALL_HTTP_PORT'",
        "image.digest=sha256:12 | at '/image/digest': 'sha256:12' does not match",
        "image.registry=https://example.com | at '/image/registry'",
        "image.repository=Reinstall | at '/image/repository'",
        "tenants[0].namespace=Team_A | at '/tenants/0/namespace'",
        "tenants[0].name=team-a | at '/tenants/0'",
        "namespaces[0]=team.a | at '/namespaces/0'",
        "proxy.url=https://proxy.example.com:1 | at '/proxy/url'",
        "proxy.url=http://proxy.example.com | at '/proxy/url'",
        "proxy.url=http://user:password@proxy.example.com:1 | at '/proxy/url'",
        "extraEnv[0].name=REINSTALL_FENCE | extraEnv sets REINSTALL_FENCE: use the values settings",
        "extraEnv[0].name=POD_NAME | extraEnv sets POD_NAME: the operator gets it from its Pod",
        "extraEnv[0].name=HOSTNAME | extraEnv sets HOSTNAME: the operator gets it from its Pod",
        "extraEnv[0].name=POD_NAMESPACE | extraEnv sets POD_NAMESPACE: the operator gets it from",
        "extraEnv[0].name=JDK_JAVA_OPTIONS | extraEnv sets JDK_JAVA_OPTIONS: use the value javaOptions",
        "proxy.url=http://proxy.example.com:1,extraEnv[0].name=HTTPS_PROXY"
            + " | extraEnv sets HTTPS_PROXY, and so does the value proxy",
        "proxy.noProxy=.svc,extraEnv[0].name=NO_PROXY"
            + " | extraEnv sets NO_PROXY, and so does the value proxy",
        "extraEnv[0].name=TZ,extraEnv[1].name=TZ | extraEnv sets TZ twice",
        "namespaces={team-a},tenants[0].namespace=team-b"
            + " | tenants names the namespace team-b, but the operator would not watch it",
        "networkPolicy.ports[0]=0 | at '/networkPolicy/ports/0'",
        "runAsUser=0 | at '/runAsUser'",
        "settings.REINSTALL_TENCENT_ENDPOINT=http://example.com"
            + " | at '/settings/REINSTALL_TENCENT_ENDPOINT'",
        "settings.REINSTALL_CALL_TIMEOUT=10h | at '/settings/REINSTALL_CALL_TIMEOUT'",
        "proxy.url=http://proxy.example.com:65536 | at '/proxy/url'",
        "tenants[0].namespace=a,tenants[1].namespace=a | tenants names the namespace a twice",
        "image=null | at '': missing property 'image'",
        "replicas=null | at '': missing property 'replicas'",
        "settings=null | at '': missing property 'settings'",
        "proxy=null | at '': missing property 'proxy'",
        "resources=null | at '': missing property 'resources'",
        "networkPolicy=null | at '': missing property 'networkPolicy'",
        "networkPolicy.ports=null | at '/networkPolicy': missing property 'ports'",
        "monitoring=null | at '': missing property 'monitoring'",
        "monitoring.runbookUrl=docs/troubleshooting.md | at '/monitoring/runbookUrl'",
        "monitoring.interval=null | at '/monitoring': missing property 'interval'",
      })
  void a_wrong_value_is_refused_with_its_path(String value, String message) {
    CommandResult refused = helm.release("template", Helm.CHART.toString(), "--set", value.strip());

    assertThat(refused.succeeded()).isFalse();
    assertThat(refused.err()).contains(message);
  }

  @Test
  void a_proxy_with_a_password_may_come_from_a_secret() {
    Manifests chart =
        helm.template(
            "--set",
            "extraEnv[0].name=HTTPS_PROXY,extraEnv[0].valueFrom.secretKeyRef.name=proxy",
            "--set",
            "extraEnv[0].valueFrom.secretKeyRef.key=url,extraEnv[1].name=TZ,extraEnv[1].value=UTC");

    assertThat(chart.containers().get(0).path("env").findValuesAsText("name"))
        .contains("HTTPS_PROXY", "TZ");
  }

  @Test
  void every_variable_that_the_chart_sets_is_refused_in_extra_env() {
    for (JsonNode variable : helm.template(EVERYTHING).containers().get(0).path("env")) {
      String more = "extraEnv[0].name=" + variable.path("name").asText();
      String[] arguments = {Helm.CHART.toString(), "--set", more};

      CommandResult refused =
          helm.release(
              "template",
              Stream.of(arguments, EVERYTHING).flatMap(Stream::of).toArray(String[]::new));

      assertThat(refused.err())
          .as(more)
          .contains("extraEnv sets " + variable.path("name").asText());
    }
  }

  @Test
  void the_alert_rules_of_the_chart_are_those_of_deploy() throws IOException {
    String rules = Files.readString(Path.of("deploy/monitoring/prometheusrule.yaml"));

    Manifests chart = helm.template("--set", "monitoring.prometheusRule=true");

    assertThat(chart.objects().values())
        .filteredOn(object -> object.path("kind").asText().equals("PrometheusRule"))
        .extracting(object -> object.path("spec"))
        .isEqualTo(
            Manifests.parse(rules).objects().values().stream().map(o -> o.path("spec")).toList());
  }

  @Test
  void every_alert_refers_to_the_page_of_the_values() {
    JsonNode rules =
        helm.template(
                "--set",
                "monitoring.prometheusRule=true",
                "--set",
                "monitoring.runbookUrl=https://wiki.example.com/runbooks/reinstall")
            .only("PrometheusRule");

    assertThat(rules.findValuesAsText("runbook_url"))
        .hasSameSizeAs(rules.findValuesAsText("alert"))
        .isNotEmpty()
        .allMatch(url -> url.startsWith("https://wiki.example.com/runbooks/reinstall#reinstall"));
  }

  @Test
  void a_monitor_without_a_port_is_refused() {
    CommandResult refused =
        helm.release(
            "template",
            Helm.CHART.toString(),
            "--set",
            "monitoring.podMonitor=true,settings.REINSTALL_HTTP_PORT=0");

    assertThat(refused.err()).contains("settings.REINSTALL_HTTP_PORT is 0");
  }

  @ParameterizedTest
  @CsvSource({
    "image.registry=example.com:5000,                example.com:5000/reinstall-operator:0.1.0",
    "image.repository=mirror/op,                     mirror/op:0.1.0",
    "image.tag=1.2.3,                                reinstall-operator:1.2.3",
  })
  void the_image_is_a_value(String value, String image) {
    assertThat(image("--set", value)).isEqualTo(image);
  }

  @Test
  void an_image_with_a_digest_has_no_tag() {
    String digest = "sha256:" + "0a".repeat(32);

    assertThat(image("--set", "image.registry=example.com,image.digest=" + digest))
        .isEqualTo("example.com/reinstall-operator@" + digest);
  }

  private static String image(String... arguments) {
    return helm.template(arguments).containers().get(0).path("image").asText();
  }

  @Test
  void where_the_platform_assigns_a_user_none_is_set() {
    Manifests chart = helm.template("--set", "runAsUser=null,runAsGroup=null");

    assertThat(chart.podSpecs().get(0).path("securityContext"))
        .hasToString("{\"runAsNonRoot\":true,\"seccompProfile\":{\"type\":\"RuntimeDefault\"}}");
  }

  @Test
  void with_a_list_of_namespaces_only_ledgers_and_nodes_are_permitted_in_the_whole_cluster() {
    Manifests chart = helm.template("--set", "namespaces={team-a,team-b}");

    assertThat(chart.objects().get("ClusterRole reinstall-operator").path("rules").toString())
        .contains("serverledgers", "nodes", "selfsubjectrulesreviews")
        .doesNotContain("reinstalls", "events", "secrets");
    assertThat(chart.objects())
        .containsKeys(
            "RoleBinding team-a reinstall-operator-requests",
            "RoleBinding team-b reinstall-operator-requests",
            "RoleBinding default reinstall-operator-events");
  }

  @Test
  void the_network_policy_lets_out_dns_the_api_server_the_clouds_and_the_proxy_only() {
    JsonNode spec =
        helm.template("--set", "proxy.url=http://proxy.example.com:3128")
            .only("NetworkPolicy")
            .path("spec");

    assertThat(spec.path("policyTypes")).hasToString("[\"Ingress\",\"Egress\"]");
    assertThat(spec.findValuesAsText("port"))
        .containsExactly("http", "53", "53", "443", "6443", "3128");
    assertThat(spec.at("/ingress/0/from").toString()).contains("\"monitoring\"");
    assertThat(spec.path("ingress")).hasSize(1);
  }

  @Test
  void no_port_of_the_network_policy_is_there_twice() {
    JsonNode policy =
        helm.template(
                "--set",
                "proxy.url=http://proxy.example.com:443",
                "--set",
                "settings.REINSTALL_TENCENT_ENDPOINT=https://one.example.com:8443",
                "--set",
                "settings.REINSTALL_JDCLOUD_ENDPOINT=https://two.example.com:8443")
            .only("NetworkPolicy");

    assertThat(policy.at("/spec/egress/1/ports").findValuesAsText("port"))
        .containsExactly("443", "6443", "8443");
  }

  @ParameterizedTest
  @CsvSource({
    "https://gateway.example.com:8443/v2/index.php, 8443",
    "https://{region}.example.com:8443, 8443",
    "https://[2001:db8::1]:8443, 8443",
    "https://[2001:db8::1], ",
    "https://gateway.example.com:443, ",
    "http://127.0.0.1:8081, ",
  })
  void the_network_policy_lets_out_the_port_of_an_endpoint(String url, String port) {
    for (String cloud : List.of("TENCENT", "JDCLOUD")) {
      List<String> ports =
          helm.template("--set-json", "settings.REINSTALL_%s_ENDPOINT=\"%s\"".formatted(cloud, url))
              .only("NetworkPolicy")
              .findValuesAsText("port");

      assertThat(ports)
          .startsWith("http", "53", "53", "443", "6443")
          .hasSize(port == null ? 5 : 6)
          .endsWith(port == null ? "6443" : port);
    }
  }

  @Test
  void the_port_of_the_network_policy_is_that_of_the_container() {
    Manifests base = Manifests.ofBase();

    assertThat(base.only("NetworkPolicy").at("/spec/ingress/0/ports/0/port"))
        .isEqualTo(base.containers().get(0).at("/ports/0/name"));
  }

  @ParameterizedTest
  @EnumSource
  void the_chart_with_all_options_has_what_kube_linter_requires(LinterCheck check) {
    assertThat(check.findings(helm.template(EVERYTHING))).as(check.requires).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"kustomize", "chart", "chart with all options"})
  void kube_score_finds_nothing_but_the_exceptions(String what) {
    String rendering =
        switch (what) {
          case "kustomize" -> kustomize("deploy");
          case "chart" -> helm.release("template", Helm.CHART.toString()).orFail();
          default ->
              helm.release(
                      "template",
                      Stream.concat(Stream.of(Helm.CHART.toString()), Stream.of(EVERYTHING))
                          .toArray(String[]::new))
                  .orFail();
        };

    assertThat(score(rendering, List.of()))
        .hasSize(ScoreException.values().length)
        .allMatch(
            found -> Stream.of(ScoreException.values()).anyMatch(e -> found.contains(e.finding)));
    assertThat(
            score(
                rendering,
                Stream.of(ScoreException.values()).flatMap(e -> e.arguments.stream()).toList()))
        .isEmpty();
  }

  /** What it finds critical or warns about. */
  private static List<String> score(String manifests, List<String> more) {
    List<String> arguments =
        new ArrayList<>(List.of("score", "--output-format=ci", "--kubernetes-version=v1.33"));
    arguments.addAll(more);
    arguments.add("-");
    CommandResult result =
        Command.run(
            Programs.path("kube-score"), arguments, Map.of(), manifests, Duration.ofSeconds(60));
    assertThat(result.out()).as(result::toString).contains("[OK]");
    return result.out().lines().filter(line -> line.matches("\\[(CRITICAL|WARNING)].*")).toList();
  }

  private static Map<String, String> environment(JsonNode container) {
    return Manifests.elements(container.path("env")).stream()
        .filter(variable -> variable.has("value"))
        .collect(Collectors.toMap(v -> v.path("name").asText(), v -> v.path("value").asText()));
  }

  private static String kustomize(String folder) {
    return ControlPlane.shared().kubectl("kustomize", folder).orFail();
  }
}
