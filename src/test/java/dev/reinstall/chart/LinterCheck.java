package dev.reinstall.chart;

import static dev.reinstall.chart.Manifests.elements;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The checks that kube-linter 0.8.3 makes by default, by its names. */
enum LinterCheck {
  DANGLING_SERVICE("a Service selects the Pods of a workload", LinterCheck::danglingServices),
  DEPRECATED_SERVICE_ACCOUNT_FIELD(
      "Pods name their account by `serviceAccountName`, not by `serviceAccount`",
      pods(spec -> spec.has("serviceAccount"))),
  DOCKER_SOCK("the socket of Docker is not mounted", hostPaths(Pattern.compile("docker.sock$"))),
  DROP_NET_RAW_CAPABILITY(
      "containers drop `NET_RAW` or `ALL`",
      containers(
          c ->
              Stream.of("NET_RAW", "ALL")
                  .noneMatch(
                      name -> texts(c.at("/securityContext/capabilities/drop")).contains(name)))),
  DUPLICATE_ENV_VAR(
      "no variable of a container is set twice",
      containers(
          c -> names(c.path("env")).size() != names(c.path("env")).stream().distinct().count())),
  ENV_VAR_SECRET(
      "no variable whose name contains `secret` has its value in the manifest",
      containers(
          c ->
              elements(c.path("env")).stream()
                  .anyMatch(
                      e ->
                          e.path("name").asText().toLowerCase(Locale.ROOT).contains("secret")
                              && !e.path("value").asText().isEmpty()))),
  HOST_IPC(
      "Pods do not share the IPC namespace of the node", pods(s -> s.path("hostIPC").asBoolean())),
  HOST_NETWORK(
      "Pods do not share the network of the node", pods(s -> s.path("hostNetwork").asBoolean())),
  HOST_PID("Pods do not share the processes of the node", pods(s -> s.path("hostPID").asBoolean())),
  INVALID_TARGET_PORTS("names of ports are valid", LinterCheck::invalidPortNames),
  JOB_TTL_SECONDS_AFTER_FINISHED(
      "a Job sets `ttlSecondsAfterFinished`",
      all ->
          bad(all.ofKind("Job"), job -> job.at("/spec/ttlSecondsAfterFinished").isMissingNode())),
  LATEST_TAG(
      "images have a tag other than `latest`, or a digest",
      containers(c -> !c.path("image").asText().matches(".*(@sha\\d+:.+|:(?!latest$)[^/:]+)"))),
  LIVENESS_PORT("the port of the liveness probe is exposed", probes("livenessProbe")),
  MISMATCHING_SELECTOR("the selector of a workload matches its Pods", LinterCheck::mismatches),
  NO_ANTI_AFFINITY(
      "several replicas prefer different nodes",
      all ->
          bad(
              all.ofKind("Deployment"),
              d -> d.at("/spec/replicas").asInt(1) > 1 && !prefersDifferentNodes(d))),
  NO_EXTENSIONS_V1BETA(
      "no object is of the API group `extensions/v1beta...`",
      all ->
          bad(
              List.copyOf(all.objects().values()),
              o -> o.path("apiVersion").asText().startsWith("extensions/v1beta"))),
  NO_READ_ONLY_ROOT_FS(
      "the root file system is read-only",
      containers(c -> !c.at("/securityContext/readOnlyRootFilesystem").asBoolean())),
  NON_EXISTENT_SERVICE_ACCOUNT(
      "the account of the Pods is part of the manifests",
      all -> bad(all.ofKind("Deployment"), d -> !hasAccount(all, d))),
  PDB_MAX_UNAVAILABLE(
      "a PodDisruptionBudget permits at least one eviction",
      all ->
          bad(
              all.ofKind("PodDisruptionBudget"),
              b -> b.at("/spec/maxUnavailable").asText("1").matches("0%?"))),
  PDB_MIN_AVAILABLE(
      "a PodDisruptionBudget does not require all replicas",
      all ->
          bad(
              all.ofKind("PodDisruptionBudget"),
              b ->
                  b.at("/spec/minAvailable").asText().equals("100%")
                      || b.at("/spec/minAvailable").asInt(0) >= replicas(all))),
  PDB_UNHEALTHY_POD_EVICTION_POLICY(
      "a PodDisruptionBudget sets `unhealthyPodEvictionPolicy`",
      all ->
          bad(
              all.ofKind("PodDisruptionBudget"),
              b -> b.at("/spec/unhealthyPodEvictionPolicy").isMissingNode())),
  PRIVILEGE_ESCALATION_CONTAINER(
      "containers cannot gain privileges",
      containers(c -> c.at("/securityContext/allowPrivilegeEscalation").asBoolean(true))),
  PRIVILEGED_CONTAINER(
      "containers are not privileged",
      containers(c -> c.at("/securityContext/privileged").asBoolean())),
  READINESS_PORT("the port of the readiness probe is exposed", probes("readinessProbe")),
  RUN_AS_NON_ROOT(
      "containers do not run as root, nor in its group",
      pods(
          s ->
              !s.at("/securityContext/runAsNonRoot").asBoolean()
                  || s.at("/securityContext/runAsUser").asInt(1) == 0
                  || s.at("/securityContext/runAsGroup").asInt(1) == 0)),
  SENSITIVE_HOST_MOUNTS(
      "no folder of the node's system is mounted",
      hostPaths(Pattern.compile("^/(|boot|dev|etc|lib|proc|sys|usr)$"))),
  SSH_PORT(
      "port 22 is not exposed",
      containers(
          c ->
              elements(c.path("ports")).stream()
                  .anyMatch(p -> p.path("containerPort").asInt() == 22))),
  STARTUP_PORT("the port of the startup probe is exposed", probes("startupProbe")),
  UNSAFE_SYSCTLS(
      "no unsafe sysctl is set",
      pods(
          s ->
              names(s.at("/securityContext/sysctls")).stream()
                  .anyMatch(n -> n.matches("(kernel\\.(msg|sem|shm)|fs\\.mqueue\\.|net\\.).*")))),
  UNSET_CPU_REQUIREMENTS(
      "containers request a share of the CPU",
      containers(c -> c.at("/resources/requests/cpu").isMissingNode())),
  UNSET_MEMORY_REQUIREMENTS(
      "containers have a limit of the memory",
      containers(c -> c.at("/resources/limits/memory").isMissingNode()));

  /** What the check requires. */
  final String requires;

  private final Function<Manifests, List<JsonNode>> finder;

  LinterCheck(String requires, Function<Manifests, List<JsonNode>> finder) {
    this.requires = requires;
    this.finder = finder;
  }

  /** The objects, or parts of them, that do not have what the check requires. */
  List<JsonNode> findings(Manifests all) {
    return finder.apply(all);
  }

  /** As kube-linter calls it. */
  String title() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static List<JsonNode> bad(List<JsonNode> some, Predicate<JsonNode> isBad) {
    return some.stream().filter(isBad).toList();
  }

  private static Function<Manifests, List<JsonNode>> pods(Predicate<JsonNode> isBad) {
    return all -> bad(all.podSpecs(), isBad);
  }

  private static Function<Manifests, List<JsonNode>> containers(Predicate<JsonNode> isBad) {
    return all -> bad(all.containers(), isBad);
  }

  private static Function<Manifests, List<JsonNode>> hostPaths(Pattern forbidden) {
    return pods(
        spec ->
            elements(spec.path("volumes")).stream()
                .anyMatch(v -> forbidden.matcher(v.at("/hostPath/path").asText("none")).find()));
  }

  private static Function<Manifests, List<JsonNode>> probes(String probe) {
    return containers(
        c -> {
          JsonNode port = c.path(probe).at("/httpGet/port");
          return !port.isMissingNode()
              && elements(c.path("ports")).stream()
                  .noneMatch(
                      p ->
                          p.path("name").asText().equals(port.asText())
                              || p.path("containerPort").asInt() == port.asInt(-1));
        });
  }

  private static List<JsonNode> danglingServices(Manifests all) {
    return bad(
        all.ofKind("Service"),
        service ->
            all.ofKind("Deployment").stream()
                .noneMatch(
                    d ->
                        selects(
                            service.at("/spec/selector"), d.at("/spec/template/metadata/labels"))));
  }

  private static List<JsonNode> mismatches(Manifests all) {
    return bad(
        all.ofKind("Deployment"),
        d -> !selects(d.at("/spec/selector/matchLabels"), d.at("/spec/template/metadata/labels")));
  }

  private static List<JsonNode> invalidPortNames(Manifests all) {
    return bad(
        all.containers(),
        c ->
            names(c.path("ports")).stream()
                .anyMatch(name -> !name.matches("(?=.*[a-z])[a-z0-9]([-a-z0-9]{0,13}[a-z0-9])?")));
  }

  private static boolean selects(JsonNode selector, JsonNode labels) {
    return !selector.isEmpty()
        && selector.properties().stream()
            .allMatch(label -> label.getValue().equals(labels.get(label.getKey())));
  }

  private static boolean prefersDifferentNodes(JsonNode deployment) {
    JsonNode rules = deployment.at("/spec/template/spec/affinity/podAntiAffinity");
    Stream<JsonNode> preferred =
        elements(rules.path("preferredDuringSchedulingIgnoredDuringExecution")).stream()
            .map(rule -> rule.path("podAffinityTerm"));
    Stream<JsonNode> required =
        elements(rules.path("requiredDuringSchedulingIgnoredDuringExecution")).stream();
    return Stream.concat(preferred, required)
        .anyMatch(
            term ->
                term.path("topologyKey").asText().equals("kubernetes.io/hostname")
                    && selects(
                        term.at("/labelSelector/matchLabels"),
                        deployment.at("/spec/template/metadata/labels")));
  }

  private static boolean hasAccount(Manifests all, JsonNode deployment) {
    String name = deployment.at("/spec/template/spec/serviceAccountName").asText();
    String namespace = deployment.at("/metadata/namespace").asText();
    return all.objects().containsKey("ServiceAccount " + namespace + " " + name);
  }

  private static int replicas(Manifests all) {
    return all.only("Deployment").at("/spec/replicas").asInt(1);
  }

  private static List<String> names(JsonNode array) {
    return elements(array).stream().map(one -> one.path("name").asText()).toList();
  }

  private static Set<String> texts(JsonNode array) {
    return Set.copyOf(
        StreamSupport.stream(array.spliterator(), false).map(JsonNode::asText).distinct().toList());
  }
}
