package dev.reinstall.process;

import dev.reinstall.controlplane.Answer;
import dev.reinstall.controlplane.ControlPlane;
import dev.reinstall.simulator.jdcloud.JdCloudSimulator;
import dev.reinstall.simulator.tencent.TencentSimulator;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;

/**
 * A cluster with the operator's base applied, a namespace that lets its Secrets be read, both
 * simulated clouds, and operators by the jar with exactly the rights of the base.
 */
final class Site implements AutoCloseable {
  static final String SECRET_ID = "AKIDsimulated";
  static final String SECRET_KEY = "secret-key-of-tencent";
  static final String ACCESS_KEY = "JDACCESSKEY";
  static final String JD_SECRET_KEY = "secret-key-of-jd";
  static final String PASSWORD = "Qcloud@TestApi123++";

  private static final AtomicInteger COUNT = new AtomicInteger();

  final ControlPlane cluster = ControlPlane.shared();
  final TencentSimulator tencent = TencentSimulator.start(0).account(SECRET_ID, SECRET_KEY);
  final JdCloudSimulator jd = JdCloudSimulator.start(0).account(ACCESS_KEY, JD_SECRET_KEY);
  final String namespace;
  private final List<String> namespaces = new ArrayList<>();
  private final List<OperatorProcess> operators = new ArrayList<>();
  private final Map<String, String> settings = new LinkedHashMap<>();
  private final Path rights;

  Site() {
    cluster.kubectl("apply", "-k", "deploy").orFail();
    rights = cluster.kubeconfigOf("reinstall-system", "reinstall-operator");
    settings.put("REINSTALL_TENCENT_ENDPOINT", tencent.endpoint());
    settings.put("REINSTALL_JDCLOUD_ENDPOINT", jd.endpoint());
    settings.put("REINSTALL_POLL_INTERVAL", "200ms");
    settings.put("REINSTALL_SETTLE_TIME", "300ms");
    settings.put("REINSTALL_JD_SETTLE_TIME", "600ms");
    settings.put("REINSTALL_SEND_WITHIN", "2s");
    settings.put("REINSTALL_FENCE", "3s");
    settings.put("REINSTALL_CALL_TIMEOUT", "3s");
    settings.put("REINSTALL_LEADER_ELECTION", "false");
    settings.put("REINSTALL_HTTP_PORT", "0");
    namespace = newNamespace();
  }

  /** A namespace of this site with both credentials, a password, and the tenant's consent. */
  String newNamespace() {
    String name = "team-" + COUNT.incrementAndGet() + "-" + Long.toString(System.nanoTime(), 36);
    namespaces.add(name);
    cluster.kubectl("create", "namespace", name).orFail();
    cluster.kubectl("apply", "-n", name, "-k", "deploy/tenant").orFail();
    secret(name, "tencent", "secretId=" + SECRET_ID, "secretKey=" + SECRET_KEY);
    secret(name, "jd", "accessKey=" + ACCESS_KEY, "secretKey=" + JD_SECRET_KEY);
    secret(name, "login", "password=" + PASSWORD);
    settings.put("REINSTALL_NAMESPACES", String.join(",", namespaces));
    return name;
  }

  void secret(String in, String name, String... literals) {
    List<String> command = new ArrayList<>(List.of("create", "secret", "generic", name, "-n", in));
    for (String literal : literals) {
      command.add("--from-literal=" + literal);
    }
    cluster.kubectl(command.toArray(String[]::new)).orFail();
  }

  Site with(String setting, String value) {
    settings.put(setting, value);
    return this;
  }

  OperatorProcess startOperator() {
    OperatorProcess operator = OperatorProcess.start(rights, settings);
    operators.add(operator);
    return operator;
  }

  Answer kubectl(String... arguments) {
    List<String> command = new ArrayList<>(List.of("-n", namespace));
    command.addAll(List.of(arguments));
    return cluster.kubectl(command.toArray(String[]::new));
  }

  void apply(String manifest) {
    applyIn(namespace, manifest);
  }

  void applyIn(String where, String manifest) {
    cluster.kubectlWithInput(manifest, "apply", "-n", where, "-f", "-").orFail();
  }

  /** What {@code kubectl get} prints of the order's field; empty where there is none. */
  String field(String order, String path) {
    return kubectl("get", "reinstall", order, "-o", "jsonpath={" + path + "}").out();
  }

  void awaitFinished(String order) {
    Answer answer =
        kubectl("wait", "--for=condition=Finished", "reinstall/" + order, "--timeout=40s");
    if (!answer.succeeded()) {
      throw new AssertionError(answer.err() + everything());
    }
  }

  void awaitPhase(String order, String phase) {
    await(order + " to be " + phase, () -> field(order, ".status.phase").equals(phase));
  }

  void awaitReason(String order, String reason) {
    await(order + " to say " + reason, () -> field(order, ".status.reason").equals(reason));
  }

  void await(String what, java.util.concurrent.Callable<Boolean> condition) {
    try {
      Awaitility.await(what)
          .atMost(Duration.ofSeconds(40))
          .pollInterval(Duration.ofMillis(100))
          .until(condition);
    } catch (org.awaitility.core.ConditionTimeoutException e) {
      throw new AssertionError(e.getMessage() + "\n" + everything(), e);
    }
  }

  /** What a person would look at when a test fails. */
  String everything() {
    StringBuilder all = new StringBuilder();
    for (String name : namespaces) {
      all.append(cluster.kubectl("-n", name, "get", "reinstalls", "-o", "yaml").out());
    }
    all.append(cluster.kubectl("get", "serverledgers", "-o", "yaml").out());
    operators.forEach(operator -> all.append("--- operator\n").append(operator.log()));
    tencent.callsLog().forEach(call -> all.append(call.line()).append('\n'));
    jd.callsLog().forEach(call -> all.append(call.line()).append('\n'));
    return all.toString();
  }

  static String tomorrow() {
    return Instant.now().plus(1, ChronoUnit.DAYS).truncatedTo(ChronoUnit.SECONDS).toString();
  }

  static String tencentOrder(String name, String instanceId, String more) {
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

  static String jdOrder(String name, String instanceId, String more) {
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
  public void close() throws UncheckedIOException {
    operators.forEach(OperatorProcess::close);
    tencent.close();
    jd.close();
  }
}
