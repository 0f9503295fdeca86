package dev.reinstall.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.api.Reinstall;
import dev.reinstall.api.ReinstallStatus;
import dev.reinstall.controlplane.CommandResult;
import dev.reinstall.controlplane.ControlPlane;
import dev.reinstall.controlplane.NeedsControlPlane;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the cluster's own rules deny reaches the user in the API server's own words. */
@Tag("deep")
@NeedsControlPlane
class ClusterPolicyIT {
  private static final String POLICY =
      """
      apiVersion: admissionregistration.k8s.io/v1
      kind: ValidatingAdmissionPolicy
      metadata: {name: require-cost-center}
      spec:
        failurePolicy: Fail
        matchConstraints:
          resourceRules:
          - apiGroups: [reinstall.dev]
            apiVersions: ["*"]
            operations: [CREATE, UPDATE]
            resources: [serverledgers]
        validations:
        - expression: "has(object.metadata.labels) && 'cost-center' in object.metadata.labels"
          message: the label cost-center is required
      ---
      apiVersion: admissionregistration.k8s.io/v1
      kind: ValidatingAdmissionPolicyBinding
      metadata: {name: require-cost-center}
      spec:
        policyName: require-cost-center
        validationActions: [Deny]
      """;

  private static ControlPlane cluster;
  private static TestCluster site;

  @BeforeAll
  static void start() {
    cluster = TestCluster.withBase(ControlPlane.start()); // its policies are for all of a cluster
    site = new TestCluster(cluster);
    site.startOperator();
  }

  @AfterAll
  static void close() {
    site.close();
    cluster.close();
  }

  @Test
  void a_policy_that_denies_ledgers_is_reported_and_once_it_is_gone_the_request_proceeds() {
    site.tencent.newServer("ins-policy01");
    cluster.kubectlWithInput(POLICY, "apply", "-f", "-").orFail();
    site.await("the policy to deny ledgers", ClusterPolicyIT::deniesLedgers);

    site.apply(TestCluster.tencentRequest("denied", "ins-policy01", ""));

    site.await("the failure to be reported", () -> reconciling("denied").isPresent());
    Condition failure = reconciling("denied").orElseThrow();
    assertThat(failure.getReason()).isEqualTo("ReconcileError");
    assertThat(failure.getMessage())
        .startsWith("Reconciliation failed: The API server ")
        .contains(
            "ValidatingAdmissionPolicy 'require-cost-center'",
            "denied request: the label cost-center is required")
        .endsWith(" It is retried after at most 1m.")
        .doesNotContain("older than the operator");
    assertThat(site.reason("denied")).isNotEqualTo("CRDOutdated");
    assertThat(site.tencent.wipes("ins-policy01")).isZero();
    site.await("the Event", () -> !failures().isEmpty());
    assertThat(failures())
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.getType()).isEqualTo("Warning");
              assertThat(event.getNote()).contains("the label cost-center is required");
            });
    site.staysTheSame("the resourceVersion", () -> version("denied")); // no hot loop

    cluster.kubectlWithInput(POLICY, "delete", "-f", "-").orFail();

    site.awaitPhase("denied", "Succeeded");
    assertThat(reconciling("denied")).isEmpty();
    assertThat(site.tencent.wipes("ins-policy01")).isEqualTo(1);
  }

  @Test
  void a_misspelt_gate_is_not_started_where_no_policy_refuses_it() {
    site.tencent.newServer("ins-policy02");
    cluster
        .kubectl("delete", "validatingadmissionpolicybinding", "reinstalls-known-fields")
        .orFail();
    String misspelt =
        TestCluster.tencentRequest("misspelt", "ins-policy02", "precondition: {imageId: img-0}");
    site.await(
        "the policy to be gone",
        () ->
            site.cluster
                .kubectlWithInput(misspelt, "create", "-n", site.namespace, "-f", "-")
                .succeeded());

    site.awaitReason("misspelt", "UnsupportedField");

    assertThat(site.message("misspelt")).contains("spec.precondition. ");
    assertThat(site.tencent.wipes("ins-policy02")).isZero();
    site.staysTheSame("the resourceVersion", () -> version("misspelt"));

    cluster.kubectl("apply", "-k", "crds").orFail();
    AtomicInteger attempts = new AtomicInteger(); // what is admitted once may stay
    site.await(
        "the policy to refuse more of it",
        () ->
            patch("{\"spec\":{\"new" + attempts.incrementAndGet() + "\":{}}}")
                .err()
                .contains("unknown field"));
    patch("{\"spec\":{\"suspend\":true}}").orFail();
  }

  private static CommandResult patch(String patch) {
    return site.kubectl("patch", "ri", "misspelt", "--type=merge", "-p", patch);
  }

  private static boolean deniesLedgers() {
    return cluster
        .kubectlWithInput(
            """
            apiVersion: reinstall.dev/v1alpha1
            kind: ServerLedger
            metadata: {name: tried}
            spec: {cloud: TencentCloud, region: ap-guangzhou, instanceId: ins-tried000, claims: 0}
            """,
            "create",
            "--dry-run=server",
            "-f",
            "-")
        .err()
        .contains("the label cost-center is required");
  }

  private static Reinstall reinstall(String name) {
    return cluster
        .client()
        .resources(Reinstall.class)
        .inNamespace(site.namespace)
        .withName(name)
        .get();
  }

  private static String version(String name) {
    return reinstall(name).getMetadata().getResourceVersion();
  }

  private static Optional<Condition> reconciling(String name) {
    return Optional.ofNullable(reinstall(name).getStatus())
        .map(ReinstallStatus::conditions)
        .stream()
        .flatMap(List::stream)
        .filter(c -> c.getType().equals("Reconciling") && c.getReason().equals("ReconcileError"))
        .findFirst();
  }

  private static List<Event> failures() {
    return cluster
        .client()
        .resources(Event.class)
        .inNamespace(site.namespace)
        .list()
        .getItems()
        .stream()
        .filter(event -> event.getReason().equals("ReconcileError"))
        .toList();
  }
}
