package dev.reinstall.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.controlplane.AuditLog.Asked;
import dev.reinstall.controlplane.ControlPlane;
import dev.reinstall.controlplane.NeedsControlPlane;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each right that the base grants is needed, and no other. The built jar runs with all of them
 * except one, on an API server whose default rights are fewer than usual.
 */
@Tag("deep")
@NeedsControlPlane
class LeastPrivilegeIT {
  private static ControlPlane cluster;

  @BeforeAll
  static void start() {
    cluster = TestCluster.withBase(ControlPlane.startAudited());
    // It lets every user review their own rights, and so would hide one of ours.
    cluster.client().rbac().clusterRoleBindings().withName("system:basic-user").delete();
  }

  @AfterAll
  static void close() {
    cluster.close();
  }

  /** The right that is left out, and what fails without it. */
  record Row(String leftOut, String consequence, Consumer<LeastPrivilegeTrial> isSeen) {
    @Override
    public String toString() {
      return leftOut + ": " + consequence;
    }
  }

  static List<Row> rows() {
    return List.of(
        new Row( // takes longest
            "patch leases.coordination.k8s.io",
            "it leads, and loses the lease",
            t -> t.endsWith("Lost the leader lease")),
        new Row(
            "list reinstalls.reinstall.dev",
            "it cannot start",
            LeastPrivilegeIT::cannotStartAndSaysWhatToGrant),
        new Row(
            "watch reinstalls.reinstall.dev",
            "it cannot start",
            t -> t.endsWith("Received 403 on websocket")),
        new Row(
            "get reinstalls.reinstall.dev",
            "nobody knows that the order ahead is gone, and the one behind waits for ever",
            LeastPrivilegeIT::waitsForARequestThatIsGone),
        new Row(
            "update reinstalls/status.reinstall.dev",
            "nothing is reported, and therefore nothing is sent",
            LeastPrivilegeIT::sendsNothing),
        new Row(
            "list serverledgers.reinstall.dev",
            "it cannot start",
            t -> t.endsWith("serverledgers.reinstall.dev is forbidden")),
        new Row(
            "watch serverledgers.reinstall.dev",
            "it cannot start",
            t -> t.endsWith("Received 403 on websocket")),
        new Row(
            "get serverledgers.reinstall.dev",
            "no order ends unsent, because no end rests on a watch alone",
            LeastPrivilegeIT::reportsNoEnd),
        new Row(
            "create serverledgers.reinstall.dev",
            "it cannot start",
            trial ->
                endsBecause(
                    trial,
                    " is forbidden: User \""
                        + trial.user()
                        + "\" cannot create resource \"serverledgers\" in API group"
                        + " \"reinstall.dev\" at the cluster scope")),
        new Row(
            "update serverledgers.reinstall.dev",
            "it cannot start, because it could not record a response",
            trial ->
                endsBecause(
                    trial,
                    " \"complete-0\" is forbidden: ValidatingAdmissionPolicy 'keep-serverledgers'"
                        + " with binding 'keep-serverledgers' denied request: Only who has"
                        + " permission to update this ServerLedger may change its spec or labels,"
                        + " or create it with claims, orders, a namespace or labels.")),
        new Row(
            "create events.events.k8s.io",
            "all is well, and no Event tells so",
            LeastPrivilegeIT::recordsNoEvent),
        new Row(
            "create selfsubjectrulesreviews.authorization.k8s.io",
            "it cannot start",
            t -> t.endsWith("selfsubjectrulesreviews.authorization.k8s.io is forbidden")),
        new Row(
            "get leases.coordination.k8s.io",
            "it cannot start",
            t -> t.endsWith("missing required verbs: [get]")),
        new Row(
            "create leases.coordination.k8s.io",
            "it cannot start",
            t -> t.endsWith("missing required verbs: [create]")),
        new Row(
            "update leases.coordination.k8s.io",
            "it cannot start",
            t -> t.endsWith("missing required verbs: [update]")),
        new Row("get configmaps", "it cannot start", t -> cannotStartWithoutThePause(t, "get")),
        new Row("list configmaps", "it cannot start", t -> cannotStartWithoutThePause(t, "list")),
        new Row(
            "watch configmaps", "it cannot start", t -> t.endsWith("Received 403 on websocket")),
        new Row(
            "list nodes",
            "the request goes on, and says that it is not checked whether the server is a Node",
            LeastPrivilegeIT::saysWhatIsNotChecked),
        new Row(
            "get secrets",
            "the order waits, and says who can allow it",
            LeastPrivilegeIT::waitsForTheOwner),
        new Row(
            "ClusterRoleBinding reinstall-operator",
            "it cannot start",
            t -> endsBecause(t, " is forbidden")),
        new Row(
            "RoleBinding reinstall-operator",
            "it cannot start",
            t -> cannotStartWithoutThePause(t, "get")),
        new Row(
            "RoleBinding reinstall-operator-secrets",
            "the order waits, and says who can allow it",
            LeastPrivilegeIT::waitsForTheOwner));
  }

  @ParameterizedTest(name = "without {0}")
  @MethodSource("rows")
  @Execution(ExecutionMode.CONCURRENT)
  @ResourceLock(value = "orders in all namespaces", mode = ResourceAccessMode.READ)
  void every_right_is_caught_when_it_is_left_out(Row row) {
    try (LeastPrivilegeTrial trial = new LeastPrivilegeTrial(cluster, row.leftOut())) {
      trial.site.tencent.newServer(trial.id);

      row.isSeen().accept(trial);

      if (!row.leftOut().contains("Binding")) {
        assertThat(LeastPrivilegeTrial.rights(trial.refusals())).isSubsetOf(refused(row.leftOut()));
      }
    }
  }

  @Test
  @ResourceLock(value = "orders in all namespaces", mode = ResourceAccessMode.READ)
  void who_loses_all_rights_is_not_ready_and_says_why() {
    try (LeastPrivilegeTrial trial = new LeastPrivilegeTrial(cluster, "nothing")) {
      trial.site.await("/readyz", () -> trial.readiness().equals("200 ok"));

      cluster.kubectl("delete", "clusterrolebinding", trial.account()).orFail();

      trial.site.await(
          "the reason",
          () ->
              trial
                  .readiness()
                  .matches(
                      "(?s)503 .*the API server responds with HTTP 403[.] Check the operator's"
                          + " ServiceAccount.*"));
      assertThat(trial.operator.log())
          .contains(" is not established: the API server responds with HTTP 403.");
    }
  }

  @Test
  void every_right_and_every_binding_of_the_base_has_its_row() {
    Set<String> pieces = new TreeSet<>(Rights.granted());
    pieces.addAll(Rights.bindings());

    assertThat(rows()).extracting(Row::leftOut).containsExactlyInAnyOrderElementsOf(pieces);
  }

  @Test
  @ResourceLock("orders in all namespaces")
  void with_all_of_them_everything_works_nothing_is_refused_and_none_is_idle() {
    try (TestCluster site = new TestCluster(cluster)) {
      site.with("REINSTALL_LEADER_ELECTION", "true").without("REINSTALL_NAMESPACES");
      site.startOperator();
      site.tencent.newServer("ins-everyth1");
      site.apply(TestCluster.tencentRequest("first", "ins-everyth1", ""));
      site.awaitFinished("first");
      site.apply(TestCluster.tencentRequest("missing", "ins-nowhere1", ""));
      site.awaitReason("missing", "ServerNotFound");
      site.tencent.newServer("ins-everyth2");
      queueBehindOneThatIsGone(site, "ins-everyth2");
      site.tencent.server("ins-everyth2").goOn();
      site.await("the one behind to look", () -> site.reason("behind").equals("ServerRunning"));
      site.tencent.server("ins-everyth2").pullPlug();
      site.awaitFinished("behind");
      site.await(
          "the lease to be renewed", () -> used().contains("patch leases.coordination.k8s.io"));

      assertThat(site.phase("first")).as(site::everything).isEqualTo("Succeeded");
      assertThat(site.phase("behind")).as(site::everything).isEqualTo("Succeeded");
      assertThat(site.tencent.wipes("ins-everyth1")).isEqualTo(1);
      assertThat(site.tencent.wipes("ins-everyth2")).isEqualTo(2);
      // Two for each except "gone", whose end is not reported.
      site.await("the Events", () -> events(site).size() == 6);
      assertThat(asked()).noneMatch(Asked::isRefused).noneMatch(a -> a.resource().isEmpty());
      Set<String> idle = new TreeSet<>(Rights.granted());
      idle.removeAll(used());
      assertThat(used()).isSubsetOf(Rights.granted());
      // Leader election gets the Lease before it starts (see its row), and then renews by patch.
      assertThat(idle).containsExactly("update leases.coordination.k8s.io");
    }
  }

  private static List<Asked> asked() {
    return cluster.auditLog().by("reinstall-system", "reinstall-operator");
  }

  private static Set<String> used() {
    return LeastPrivilegeTrial.rights(asked());
  }

  private static List<Event> events(TestCluster site) {
    return cluster.client().events().v1().events().inNamespace(site.namespace).list().getItems();
  }

  private static void queueBehindOneThatIsGone(TestCluster site, String id) {
    site.tencent.server(id).stayInTransition();
    site.apply(TestCluster.tencentRequest("gone", id, ""));
    site.awaitPhase("gone", "Installing");
    site.apply(TestCluster.tencentRequest("behind", id, ""));
    site.awaitReason("behind", "Queued");
    site.kubectl("delete", "reinstall", "gone").orFail();
  }

  private static void waitsForARequestThatIsGone(LeastPrivilegeTrial trial) {
    queueBehindOneThatIsGone(trial.site, trial.id);
    trial.awaitRefusals(); // a last reconciliation of the deleted one must not see its end
    trial.site.tencent.server(trial.id).goOn();
    assertThat(trial.site.reason("behind")).as(trial.site::everything).isEqualTo("Queued");
    assertThat(trial.sends()).isEqualTo(1);
  }

  private static void cannotStartAndSaysWhatToGrant(LeastPrivilegeTrial trial) {
    trial.endsWith("reinstalls.reinstall.dev is forbidden");
    assertThat(trial.operator.log())
        .endsWith(
            ". Check the operator's ServiceAccount, and grant its permissions: kubectl apply -k"
                + " deploy, or helm upgrade.\n");
  }

  private static void cannotStartWithoutThePause(LeastPrivilegeTrial trial, String verb) {
    trial.endsWith(
        "cannot " + verb + " resource \"configmaps\" in API group \"\" in the namespace");
    assertThat(trial.operator.log())
        .endsWith(
            ". Check the operator's ServiceAccount, and grant its permissions: kubectl apply -k"
                + " deploy, or helm upgrade.\n");
  }

  private static void sendsNothing(LeastPrivilegeTrial trial) {
    trial.request("order");
    trial.awaitRefusals();
    assertThat(trial.site.phase("order")).as(trial.site::everything).isEmpty();
    assertThat(trial.sends()).isZero();
  }

  /** By RBAC, what is left out; and by the policy, to create what could not be updated. */
  private static Set<String> refused(String leftOut) {
    return leftOut.equals("update serverledgers.reinstall.dev")
        ? Set.of("create serverledgers.reinstall.dev")
        : Set.of(leftOut);
  }

  private static void endsBecause(LeastPrivilegeTrial trial, String why) {
    trial.endsWith(
        "The API server does not accept a ServerLedger: serverledgers.reinstall.dev" + why);
  }

  private static void reportsNoEnd(LeastPrivilegeTrial trial) {
    trial.site.apply(TestCluster.tencentRequest("missing", "ins-nowhere2", ""));
    trial.awaitRefusals();
    assertThat(trial.site.phase("missing")).as(trial.site::everything).isEqualTo("Pending");
  }

  private static void recordsNoEvent(LeastPrivilegeTrial trial) {
    trial.request("order");
    trial.site.awaitPhase("order", "Succeeded");
    trial.awaitRefusals();
    assertThat(events(trial.site)).isEmpty();
  }

  private static void saysWhatIsNotChecked(LeastPrivilegeTrial trial) {
    trial.request("order");
    trial.site.awaitPhase("order", "Succeeded");
    assertThat(trial.site.field("order", ".status.findings"))
        .contains("the operator is not allowed to list Nodes");
    assertThat(trial.operator.log()).containsOnlyOnce("Not permitted to list Nodes");
  }

  private static void waitsForTheOwner(LeastPrivilegeTrial trial) {
    trial.request("order");
    trial.site.awaitReason("order", "SecretNotReady");
    assertThat(trial.site.message("order"))
        .startsWith(
            "The operator is not allowed to read Secret tencent. The owner of namespace "
                + trial.site.namespace
                + " allows it with: kubectl apply -n "
                + trial.site.namespace
                + " -k deploy/tenant. If the operator was installed by Helm, the value tenants"
                + " of the chart allows it, too. No reinstall request is sent. Retrying every 200ms.");
    assertThat(trial.sends()).isZero();
  }
}
