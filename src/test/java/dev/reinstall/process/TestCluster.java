package dev.reinstall.process;

import dev.reinstall.api.Server;
import dev.reinstall.api.ServerLedger;
import dev.reinstall.controlplane.CommandResult;
import dev.reinstall.controlplane.ControlPlane;
import dev.reinstall.simulator.jdcloud.JdCloudSimulator;
import dev.reinstall.simulator.tencent.TencentSimulator;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * A cluster with the operator's base applied, a namespace whose Secrets the operator may read, both
 * simulated clouds, and operators started from the jar with exactly the rights of the base.
 */
public final class TestCluster implements AutoCloseable {
  static final String SECRET_ID = "AKIDz8krbsJ5yK";
  static final String SECRET_KEY = "secret-key-of-tencent";
  static final String ACCESS_KEY = "JDACCESSKEY";
  static final String JD_SECRET_KEY = "secret-key-of-jd";
  static final String PASSWORD = "Qcloud@TestApi123++";

  private static final Duration PATIENCE = Duration.ofSeconds(60); // for a slow machine
  private static final Duration QUIET = Duration.ofSeconds(1);
  private static final AtomicInteger COUNT = new AtomicInteger();

  private static ControlPlane shared;

  public final ControlPlane cluster;
  public final TencentSimulator tencent = TencentSimulator.start(0).account(SECRET_ID, SECRET_KEY);
  public final JdCloudSimulator jd =
      JdCloudSimulator.start(0)
          .account(ACCESS_KEY, JD_SECRET_KEY)
          .keepTokensFor(Duration.ofDays(365)); // a day takes 72 s, less than a slow test does
  public final String namespace;
  private final List<String> namespaces = new ArrayList<>();
  private final List<OperatorProcess> operators = new ArrayList<>();
  private final Map<String, String> settings = new LinkedHashMap<>();
  private final List<StatusHistory> stories = new ArrayList<>();
  private final Path rights;

  public TestCluster() {
    this(sharedWithBase());
  }

  /**
   * @param cluster to which the base was applied
   */
  public TestCluster(ControlPlane cluster) {
    this.cluster = cluster;
    rights = cluster.kubeconfigOf("reinstall-system", "reinstall-operator");
    settings.put("REINSTALL_TENCENT_ENDPOINT", tencent.endpoint());
    settings.put("REINSTALL_JDCLOUD_ENDPOINT", jd.endpoint());
    settings.put("REINSTALL_POLL_INTERVAL", "200ms");
    settings.put("REINSTALL_SETTLE_TIME", "300ms");
    settings.put("REINSTALL_JD_SETTLE_TIME", "600ms");
    settings.put("REINSTALL_SEND_WITHIN", "2s");
    settings.put("REINSTALL_FENCE", "3s");
    settings.put("REINSTALL_CALL_TIMEOUT", "3s");
    settings.put("REINSTALL_ALLOW_UNSAFE_TIMEOUTS", "true");
    settings.put("REINSTALL_LEADER_ELECTION", "false");
    settings.put("REINSTALL_HTTP_PORT", "0");
    namespace = newNamespace();
  }

  /** Applied once for all classes of a JVM, which do not change it: it takes two seconds. */
  private static synchronized ControlPlane sharedWithBase() {
    if (shared == null) {
      shared = withBase(ControlPlane.shared());
    }
    return shared;
  }

  public static ControlPlane withBase(ControlPlane cluster) {
    cluster.kubectl("apply", "-k", "deploy").orFail();
    awaitKinds(cluster);
    return cluster;
  }

  /** For some seconds after its CRD was created, a kind is not served. */
  static void awaitKinds(ControlPlane cluster) {
    Awaitility.await("the new kinds to be served")
        .ignoreExceptions()
        .until(() -> orders(cluster).list() != null);
  }

  /**
   * Creates a namespace of this site with both credentials, a password, and {@code deploy/tenant}.
   */
  String newNamespace() {
    String name = "team-" + COUNT.incrementAndGet() + "-" + Long.toString(System.nanoTime(), 36);
    namespaces.add(name);
    furnish(name);
    settings.put("REINSTALL_NAMESPACES", String.join(",", namespaces));
    stories.add(StatusHistory.of(cluster.client(), name));
    return name;
  }

  String newestNamespace() {
    return namespaces.get(namespaces.size() - 1);
  }

  /** Creates this namespace with the same content as a namespace of this site. */
  void furnish(String name) {
    cluster.kubectl("create", "namespace", name).orFail();
    cluster.kubectl("apply", "-n", name, "-k", "deploy/tenant").orFail();
    secret(name, "tencent", Map.of("secretId", SECRET_ID, "secretKey", SECRET_KEY));
    secret(name, "jd", Map.of("accessKey", ACCESS_KEY, "secretKey", JD_SECRET_KEY));
    secret(name, "login", Map.of("password", PASSWORD));
  }

  /** Creates or replaces a Secret with exactly these keys. */
  void secret(String in, String name, Map<String, String> keys) {
    Secret secret =
        new SecretBuilder()
            .withNewMetadata()
            .withName(name)
            .endMetadata()
            .withStringData(keys)
            .build();
    Resource<Secret> resource = cluster.client().secrets().inNamespace(in).resource(secret);
    resource.delete();
    resource.create();
  }

  /** The same, of values that are no text. */
  void secretBytes(String in, String name, String key, byte[] value) {
    cluster.client().secrets().inNamespace(in).withName(name).delete();
    cluster
        .client()
        .secrets()
        .inNamespace(in)
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .addToData(key, Base64.getEncoder().encodeToString(value))
                .build())
        .create();
  }

  /** The environment of the operators. */
  public Map<String, String> settings() {
    return Map.copyOf(settings);
  }

  public TestCluster with(String setting, String value) {
    settings.put(setting, value);
    return this;
  }

  TestCluster without(String setting) {
    settings.remove(setting);
    return this;
  }

  OperatorProcess startOperator() {
    return startOperator(rights);
  }

  /** Starts an operator that uses this kubeconfig. */
  OperatorProcess startOperator(Path kubeconfig) {
    return startOperator(kubeconfig, ClassArchive.option());
  }

  /** Starts an operator that uses this kubeconfig, in a JVM with these options. */
  OperatorProcess startOperator(Path kubeconfig, String... jvmOptions) {
    OperatorProcess operator = OperatorProcess.start(kubeconfig, settings, jvmOptions);
    operators.add(operator);
    return operator;
  }

  /** The kubeconfig with exactly the rights of {@code deploy/}. */
  public Path rights() {
    return rights;
  }

  CommandResult kubectl(String... arguments) {
    List<String> command = new ArrayList<>(List.of("-n", namespace));
    command.addAll(List.of(arguments));
    return cluster.kubectl(command.toArray(String[]::new));
  }

  public void apply(String manifest) {
    applyIn(namespace, manifest);
  }

  void applyIn(String where, String manifest) {
    cluster.kubectlWithInput(manifest, "apply", "-n", where, "-f", "-").orFail();
  }

  /** Creates many objects, several at a time. */
  void createAll(int from, int until, IntFunction<GenericKubernetesResource> object)
      throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(8);
    try {
      List<Callable<GenericKubernetesResource>> creations = new ArrayList<>();
      for (int i = from; i < until; i++) {
        int number = i;
        creations.add(() -> cluster.client().resource(object.apply(number)).create());
      }
      for (Future<GenericKubernetesResource> created : pool.invokeAll(creations)) {
        created.get();
      }
    } finally {
      pool.shutdownNow();
    }
  }

  void applyServerSide(String manifest) {
    cluster
        .kubectlWithInput(
            manifest, "apply", "--server-side", "--force-conflicts", "-n", namespace, "-f", "-")
        .orFail();
  }

  /** A field of the Reinstall in the site's first namespace, such as {@code .status.phase}. */
  String field(String order, String path) {
    return fieldIn(namespace, order, path);
  }

  private static MixedOperation<
          GenericKubernetesResource,
          GenericKubernetesResourceList,
          Resource<GenericKubernetesResource>>
      orders(ControlPlane cluster) {
    return cluster.client().genericKubernetesResources("reinstall.dev/v1alpha1", "Reinstall");
  }

  /** Empty where there is none. */
  String fieldIn(String where, String order, String path) {
    GenericKubernetesResource found = orders(cluster).inNamespace(where).withName(order).get();
    Object value = found == null ? null : found.get((Object[]) path.substring(1).split("\\."));
    return value == null ? "" : value.toString();
  }

  public String phase(String order) {
    return field(order, ".status.phase");
  }

  String reason(String order) {
    return field(order, ".status.reason");
  }

  String message(String order) {
    return field(order, ".status.message");
  }

  /** Each of the Reinstall's findings: field, severity and message. */
  List<Map<String, String>> findings(String order) {
    GenericKubernetesResource found = orders(cluster).inNamespace(namespace).withName(order).get();
    List<Map<String, String>> findings = found.get("status", "findings");
    return findings == null ? List.of() : findings;
  }

  String requestId(String order) {
    return field(order, ".status.requestId");
  }

  /** The state of the Reinstall's entry in the server's ledger. */
  String ledgerState(String instanceId, String order) {
    return cluster.client().resources(ServerLedger.class).list().getItems().stream()
        .map(ServerLedger::getSpec)
        .filter(ledger -> ledger.instanceId().equals(instanceId) && ledger.orders() != null)
        .map(ledger -> ledger.orders().get(order))
        .filter(Objects::nonNull)
        .map(entry -> entry.state().name())
        .findFirst()
        .orElse("");
  }

  /** As an administrator gives a server to another namespace. */
  void give(Server server, String namespace) {
    cluster
        .client()
        .resources(ServerLedger.class)
        .withName(server.ledgerName())
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            "{\"spec\":{\"namespace\":\"" + namespace + "\"}}");
  }

  /** As in a cluster that is rebuilt from Git, after the deletion guard permitted it. */
  void deleteLedger(String instanceId) {
    cluster
        .client()
        .resources(ServerLedger.class)
        .resources()
        .filter(ledger -> ledger.item().getSpec().instanceId().equals(instanceId))
        .forEach(
            ledger -> {
              ledger.patch(
                  PatchContext.of(PatchType.JSON_MERGE),
                  "{\"metadata\":{\"annotations\":{\"reinstall.dev/allow-deletion\":\"true\"}}}");
              ledger.delete();
            });
  }

  /** Every "phase/reason" that the Reinstall had, in any namespace of the site. */
  List<String> story(String order) {
    return stories.stream().flatMap(story -> story.of(order).stream()).toList();
  }

  /** Waits for just these Events of the order in the first namespace, each as "type/reason". */
  void awaitEvents(String order, String... expected) {
    await("the Events of " + order, () -> events(order).equals(Set.of(expected)));
  }

  private Set<String> events(String order) {
    return cluster.client().events().v1().events().inNamespace(namespace).list().getItems().stream()
        .filter(event -> event.getRegarding().getName().equals(order))
        .map(event -> event.getType() + "/" + event.getReason())
        .collect(Collectors.toSet());
  }

  /** Waits for an Event of a ledger, which has no namespace: its Events are in "default". */
  void awaitLedgerEvent(Predicate<Event> expected) {
    await(
        "the Event of a ledger",
        () ->
            cluster
                .client()
                .resources(Event.class)
                .inNamespace("default")
                .list()
                .getItems()
                .stream()
                .anyMatch(expected));
  }

  public void awaitFinished(String order) {
    awaitFinishedIn(namespace, order);
  }

  void awaitFinishedIn(String where, String order) {
    await(
        where + "/" + order + " to be finished",
        () -> !fieldIn(where, order, ".status.completionTime").isEmpty());
  }

  void awaitPhase(String order, String phase) {
    await(order + " to be " + phase, () -> phase(order).equals(phase));
  }

  void awaitReason(String order, String reason) {
    awaitReasonIn(namespace, order, reason);
  }

  void awaitReasonIn(String where, String order, String reason) {
    await(
        where + "/" + order + " to say " + reason,
        () -> fieldIn(where, order, ".status.reason").equals(reason));
  }

  public void await(String what, Callable<Boolean> condition) {
    try {
      Awaitility.await(what).atMost(PATIENCE).pollInterval(Duration.ofMillis(100)).until(condition);
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(e.getMessage() + "\n" + everything(), e);
    }
  }

  /** The observed value does not change for several poll intervals. */
  void staysTheSame(String what, Callable<Object> observed) {
    try {
      Object before = observed.call();
      Awaitility.await(what)
          .during(QUIET)
          .atMost(QUIET.multipliedBy(3))
          .pollInterval(Duration.ofMillis(100))
          .until(() -> observed.call().equals(before));
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(e.getMessage() + "\n" + everything(), e);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** All objects that the operator has written to the cluster. */
  String allObjects() {
    StringBuilder all = new StringBuilder();
    for (String name : namespaces) {
      all.append(cluster.kubectl("-n", name, "get", "reinstalls,events", "-o", "yaml").out());
    }
    return all.append(cluster.kubectl("get", "serverledgers", "-o", "yaml").out()).toString();
  }

  /** The diagnostics for a failed test. */
  public String everything() {
    StringBuilder all = new StringBuilder(allObjects());
    operators.forEach(operator -> all.append("--- operator\n").append(operator.log()));
    tencent.callsLog().forEach(call -> all.append(call.line()).append('\n'));
    jd.callsLog().forEach(call -> all.append(call.line()).append('\n'));
    return all.toString();
  }

  static String tomorrow() {
    return Instant.now().plus(1, ChronoUnit.DAYS).truncatedTo(ChronoUnit.SECONDS).toString();
  }

  public static String tencentRequest(String name, String instanceId, String more) {
    return """
        apiVersion: reinstall.dev/v1alpha1
        kind: Reinstall
        metadata: {name: %s}
        spec:
          cloud: TencentCloud
          region: ap-guangzhou
          instanceId: %s
          credentialsRef: {name: tencent}
          notAfter: "%s"
          tencentCloud:
            imageId: img-ubuntu22
            loginSettings: {passwordRef: {name: login, key: password}}
        %s
        """
        .formatted(name, instanceId, tomorrow(), more.indent(2));
  }

  public static String jdRequest(String name, String instanceId, String more) {
    return """
        apiVersion: reinstall.dev/v1alpha1
        kind: Reinstall
        metadata: {name: %s}
        spec:
          cloud: JDCloud
          region: cn-east-tz1
          instanceId: %s
          credentialsRef: {name: jd}
          notAfter: "%s"
          jdCloud:
            az: cn-east-tz1a
            osTypeId: os-2
            sysRaidTypeId: raid-1
            keepData: false
            dataRaidTypeId: raid-2
            passwordRef: {name: login, key: password}
        %s
        """
        .formatted(name, instanceId, tomorrow(), more.indent(2));
  }

  @Override
  public void close() {
    stories.forEach(StatusHistory::close);
    operators.forEach(OperatorProcess::close);
    tencent.close();
    jd.close();
  }
}
