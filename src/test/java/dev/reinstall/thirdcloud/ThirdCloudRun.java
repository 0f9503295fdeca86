package dev.reinstall.thirdcloud;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.Reinstall;
import dev.reinstall.api.ReinstallStatus;
import dev.reinstall.cloud.CloudCalls;
import dev.reinstall.cloud.CloudHttp;
import dev.reinstall.cloud.CloudProvider;
import dev.reinstall.config.Settings;
import dev.reinstall.controlplane.CrudMock;
import dev.reinstall.kubernetes.CachedReinstalls;
import dev.reinstall.kubernetes.OperatorMetrics;
import dev.reinstall.kubernetes.PauseWatch;
import dev.reinstall.kubernetes.ReinstallReconciler;
import dev.reinstall.ledger.SpecHash;
import dev.reinstall.reconcile.Timeouts;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ConfigurationServiceOverrider;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/** The reconciler in its framework, the CRUD mock, and the made-up cloud as the only one. */
public final class ThirdCloudRun implements Callable<List<String>> {
  private static final Duration POLL = Duration.ofMillis(50);

  /** What is to be asserted, as text: the caller has other classes. */
  @Override
  public List<String> call() {
    Settings settings =
        Settings.read(
            Map.of(
                "REINSTALL_MADEUP_SETTLE_TIME", "100ms", "REINSTALL_ALLOW_UNSAFE_TIMEOUTS", "true"),
            List.of(MadeUpCloud::from),
            timeout -> new CloudHttp(timeout, timeout));
    MadeUpCloud cloud = (MadeUpCloud) settings.clouds().get(0);
    OperatorMetrics metrics = new OperatorMetrics("this-test");
    Map<CloudName, CloudCalls> clouds =
        settings.clouds().stream()
            .collect(Collectors.toMap(CloudProvider::name, one -> new CloudCalls(one, metrics)));
    Timeouts timeouts =
        new Timeouts(
            POLL,
            Duration.ofSeconds(2),
            Duration.ofSeconds(3),
            Duration.ofMinutes(20),
            Duration.ofMinutes(1));
    try (CrudMock cluster = CrudMock.start();
        KubernetesClient client =
            new KubernetesClientBuilder()
                .withConfig(cluster.client().getConfiguration())
                .withKubernetesSerialization(CachedReinstalls.serialization())
                .build()) {
      Operator operator =
          new Operator(
              (ConfigurationServiceOverrider o) ->
                  o.withKubernetesClient(client)
                      .withResourceCloner(CachedReinstalls.cloner(client))
                      .withCloseClientOnStop(false)
                      .withUseSSAToPatchPrimaryResource(false));
      operator.register(
          new ReinstallReconciler(
              client,
              clouds,
              timeouts,
              false,
              "this-test",
              Duration.ofSeconds(5),
              10,
              new PauseWatch(client, "reinstall-system"),
              metrics),
          ReinstallReconciler::configure);
      operator.start();
      try {
        return run(cluster, cloud);
      } finally {
        operator.stop();
      }
    }
  }

  private static List<String> run(CrudMock cluster, MadeUpCloud cloud) {
    cluster.create(
        new SecretBuilder()
            .withNewMetadata()
            .withNamespace("team-a")
            .withName("account")
            .endMetadata()
            .addToStringData("apiKey", "k")
            .build());
    List<String> outcome = new ArrayList<>();
    Reinstall misspelt = reinstall(cluster, "misspelt", "system: new, colour: red", "old");
    cluster.create(misspelt);
    outcome.add(status(cluster, "misspelt"));
    cluster.create(reinstall(cluster, "other", "system: new", "elsewhere"));
    outcome.add(status(cluster, "other"));
    cluster.create(reinstall(cluster, "web-1", "system: new", "old"));
    outcome.add(status(cluster, "web-1"));
    outcome.add("reinstalls: " + cloud.reinstalls());
    outcome.add(
        "same hash for another system: "
            + SpecHash.of(reinstall(cluster, "a", "system: new", "old").getSpec())
                .equals(SpecHash.of(reinstall(cluster, "a", "system: newer", "old").getSpec())));
    return outcome;
  }

  private static Reinstall reinstall(
      CrudMock cluster, String name, String block, String precondition) {
    return cluster
        .client()
        .getKubernetesSerialization()
        .unmarshal(
            """
            apiVersion: reinstall.dev/v1alpha1
            kind: Reinstall
            metadata: {namespace: team-a, name: %s}
            spec:
              cloud: MadeUpCloud
              region: moon-1
              instanceId: srv-1
              credentialsRef: {name: account}
              notAfter: "%s"
              preconditions: {system: %s}
              madeUpCloud: {%s}
            """
                .formatted(name, Instant.now().plus(Duration.ofDays(1)), precondition, block),
            Reinstall.class);
  }

  private static String status(CrudMock cluster, String name) {
    ReinstallStatus status =
        Awaitility.await(name)
            .until(
                () ->
                    cluster
                        .client()
                        .resources(Reinstall.class)
                        .inNamespace("team-a")
                        .withName(name)
                        .get()
                        .getStatus(),
                found ->
                    found != null
                        && (found.completionTime() != null
                            || "UnsupportedField".equals(found.reason())));
    return name + ": " + status.phase() + "/" + status.reason() + " " + status.requestId();
  }
}
