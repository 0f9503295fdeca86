package dev.reinstall.kubernetes;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.JdCloudSpec;
import dev.reinstall.api.Reinstall;
import dev.reinstall.api.ReinstallSpec;
import dev.reinstall.api.ReinstallStatus;
import dev.reinstall.api.SecretKeyRef;
import dev.reinstall.api.SecretRef;
import dev.reinstall.api.TencentCloudSpec;
import dev.reinstall.cloud.CloudCalls;
import dev.reinstall.cloud.CloudHttp;
import dev.reinstall.cloud.CloudProvider;
import dev.reinstall.cloud.Endpoint;
import dev.reinstall.cloud.jdcloud.JdCloud;
import dev.reinstall.cloud.jdcloud.JdSignature;
import dev.reinstall.cloud.tencent.TencentCloud;
import dev.reinstall.controlplane.CrudMock;
import dev.reinstall.reconcile.Timeouts;
import dev.reinstall.simulator.SimClock;
import dev.reinstall.simulator.jdcloud.JdCloudSimulator;
import dev.reinstall.simulator.tencent.TencentSimulator;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ConfigurationServiceOverrider;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Runs the operator in this JVM, with fabric8's mock and both simulated clouds. */
final class MockedEnvironment implements AutoCloseable {
  static final String SECRET_KEY = "a-key-that-nobody-prints";
  static final String PASSWORD = "Nobody@Prints123++";

  static final String KEY_ID = "key-of-this-test";
  private static final double SPEED = 6000; // an install takes 150 to 200 ms
  static final String NAMESPACE = "team-a";
  private static final SecretKeyRef LOGIN = new SecretKeyRef("login", "password");
  private static final Duration POLL = Duration.ofMillis(50);
  private static final Duration TRAILING = Duration.ofMillis(100); // descriptions may lag

  final TencentSimulator tencent =
      TencentSimulator.start(0, SimClock.faster(SPEED)).account(KEY_ID, SECRET_KEY);
  final JdCloudSimulator jd =
      JdCloudSimulator.start(0, SimClock.faster(SPEED)).account(KEY_ID, SECRET_KEY);
  private final CrudMock cluster = CrudMock.start();
  private final KubernetesClient operatorClient =
      new KubernetesClientBuilder()
          .withConfig(cluster.client().getConfiguration())
          .withKubernetesSerialization(CachedReinstalls.serialization())
          .build();
  final OperatorMetrics metrics = new OperatorMetrics("this-test");
  private final Operator operator;

  /** Before the watches are started. */
  final String firstScrape;

  MockedEnvironment() {
    secret("tencent", "secretId", KEY_ID, "secretKey", SECRET_KEY);
    secret("jd", "accessKey", KEY_ID, "secretKey", SECRET_KEY);
    secret("login", "password", PASSWORD);
    Timeouts timeouts =
        new Timeouts(
            POLL,
            Duration.ofSeconds(2),
            Duration.ofSeconds(3),
            Duration.ofMinutes(20),
            Duration.ofMinutes(1));
    operator =
        new Operator(
            (ConfigurationServiceOverrider o) ->
                o.withKubernetesClient(operatorClient)
                    .withResourceCloner(CachedReinstalls.cloner(operatorClient))
                    .withCloseClientOnStop(false)
                    .withUseSSAToPatchPrimaryResource(false));
    operator.register(
        new ReinstallReconciler(
            operatorClient,
            clouds(),
            timeouts,
            false,
            "this-test",
            Duration.ofSeconds(5),
            10,
            new PauseWatch(operatorClient, "reinstall-system"),
            metrics),
        ReinstallReconciler::configure);
    firstScrape = metrics.scrape();
    operator.start();
  }

  private Map<CloudName, CloudCalls> clouds() {
    CloudHttp http = new CloudHttp(Duration.ofSeconds(5), Duration.ofSeconds(5));
    Clock clock = Clock.systemUTC();
    return Map.of(
        CloudName.TencentCloud,
        calls(
            new TencentCloud(
                http,
                new Endpoint(tencent.endpoint()),
                TRAILING,
                clock,
                TencentCloud.signature("TC3", () -> 1))),
        CloudName.JDCloud,
        calls(
            new JdCloud(
                http,
                new Endpoint(jd.endpoint()),
                TRAILING,
                clock,
                UUID::randomUUID,
                JdSignature.JDCLOUD2)));
  }

  private CloudCalls calls(CloudProvider cloud) {
    return new CloudCalls(cloud, metrics);
  }

  private void secret(String name, String... keysAndValues) {
    SecretBuilder secret =
        new SecretBuilder().withNewMetadata().withNamespace(NAMESPACE).withName(name).endMetadata();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      secret.addToStringData(keysAndValues[i], keysAndValues[i + 1]);
    }
    cluster.create(secret.build());
  }

  KubernetesClient client() {
    return cluster.client();
  }

  void apply(Reinstall reinstall) {
    cluster.create(reinstall);
  }

  void delete(Reinstall reinstall) {
    client().resource(reinstall).delete();
  }

  Optional<ReinstallStatus> status(String order) {
    return Optional.ofNullable(
            client().resources(Reinstall.class).inNamespace(NAMESPACE).withName(order).get())
        .map(Reinstall::getStatus);
  }

  static Reinstall tencentRequest(String name, String instanceId, String imageId) {
    return tencentRequest(name, instanceId, imageId, null);
  }

  static Reinstall tencentRequest(String name, String instanceId, String imageId, String userData) {
    TencentCloudSpec block =
        new TencentCloudSpec(
            imageId,
            null,
            new TencentCloudSpec.LoginSettings(LOGIN, null, null, Map.of()),
            null,
            null,
            userData,
            null,
            Map.of());
    return request(
        name, CloudName.TencentCloud, "ap-guangzhou", instanceId, "tencent", block, null);
  }

  static Reinstall jdRequest(String name, String instanceId) {
    JdCloudSpec block =
        new JdCloudSpec(
            "cn-east-tz1a",
            null,
            "os-2",
            "raid-1",
            false,
            "raid-2",
            LOGIN,
            null,
            null,
            null,
            null,
            Map.of());
    return request(name, CloudName.JDCloud, "cn-east-tz1", instanceId, "jd", null, block);
  }

  private static Reinstall request(
      String name,
      CloudName cloud,
      String region,
      String instanceId,
      String credentials,
      TencentCloudSpec tencentCloud,
      JdCloudSpec jdCloud) {
    Reinstall reinstall = new Reinstall();
    reinstall.setMetadata(new ObjectMetaBuilder().withNamespace(NAMESPACE).withName(name).build());
    reinstall.setSpec(
        new ReinstallSpec(
            cloud,
            region,
            instanceId,
            new SecretRef(credentials),
            Instant.now().plus(Duration.ofDays(1)),
            tencentCloud,
            jdCloud,
            null,
            null,
            null,
            null,
            null,
            null,
            Map.of()));
    return reinstall;
  }

  @Override
  public void close() {
    operator.stop();
    operatorClient.close();
    cluster.close();
    tencent.close();
    jd.close();
  }
}
