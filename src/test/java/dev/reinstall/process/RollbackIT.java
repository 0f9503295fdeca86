package dev.reinstall.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.controlplane.ControlPlane;
import dev.reinstall.controlplane.NeedsControlPlane;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The whole cluster is restored to a time before requests that were submitted since. Its resource
 * versions go back, and no ledger and no status shows those requests. What no ledger can contain
 * must come from the clouds and the users.
 */
@Tag("deep")
@NeedsControlPlane
class RollbackIT {
  private static final List<RolledBackRequest> ALL = List.of(RolledBackRequest.values());

  private static ControlPlane cluster;
  private static TestCluster site;

  @BeforeAll
  static void start() {
    cluster = TestCluster.withBase(ControlPlane.start());
    site = new TestCluster(cluster);
  }

  @AfterAll
  static void close() {
    site.close();
    cluster.close();
  }

  /** The state of a request when the cluster was restored to a time before it. */
  private enum RolledBackRequest {
    UNSENT("back0001"),
    SENT("back0002"),
    DONE("back0003"),
    /** Done, and suspended by a user who compared the cluster with the cloud. */
    COMPARED("back0004"),
    /** Done, and written with preconditions. */
    GUARDED("back0005");

    private final String eight;

    RolledBackRequest(String eight) {
      this.eight = eight;
    }

    String of(CloudUnderTest cloud) {
      return cloud.id(eight);
    }
  }

  @Test
  void what_was_sent_since_is_sent_again_unless_a_user_preconditions_or_the_token_prevent_it() {
    OperatorProcess operator = site.startOperator();
    for (CloudUnderTest cloud : CloudUnderTest.values()) {
      for (RolledBackRequest request : RolledBackRequest.values()) {
        String id = request.of(cloud);
        cloud.newServer(site, id);
        cloud.plugIn(site, id);
        cloud.endStopped(site, id);
        site.apply(
            cloud.request(
                id, id, request == RolledBackRequest.GUARDED ? onlyFromTheOld(cloud) : ""));
      }
      cloud.stick(site, RolledBackRequest.SENT.of(cloud));
    }
    forEach(ALL, (cloud, id) -> site.awaitReason(id, "ServerRunning"));

    Path before = cluster.saveData();
    List<RolledBackRequest> given =
        List.of(
            RolledBackRequest.SENT,
            RolledBackRequest.DONE,
            RolledBackRequest.COMPARED,
            RolledBackRequest.GUARDED);
    forEach(given, (cloud, id) -> cloud.pullPlug(site, id));
    forEach(List.of(RolledBackRequest.SENT), (cloud, id) -> site.awaitPhase(id, "Installing"));
    forEach(
        List.of(RolledBackRequest.DONE, RolledBackRequest.COMPARED, RolledBackRequest.GUARDED),
        (cloud, id) -> site.awaitPhase(id, "Succeeded"));
    scaleToZero();
    operator.stop();
    cluster.putDataBack(before);
    site.await(
        "the API server to serve its kinds again", () -> site.kubectl("get", "ri,sl").succeeded());
    assertThat(replicas()).as("as it was, like all else").isEqualTo(2);
    forEach(given, (cloud, id) -> assertThat(site.ledgerState(id, id)).as(id).isEmpty());
    forEach(List.of(RolledBackRequest.UNSENT), (cloud, id) -> cloud.pullPlug(site, id));
    forEach(given, (cloud, id) -> cloud.goOn(site, id));

    // A user compares with the clouds what no ledger can contain.
    forEach(
        List.of(RolledBackRequest.COMPARED),
        (cloud, id) ->
            site.kubectl("patch", "ri", id, "--type=merge", "-p", "{\"spec\":{\"suspend\":true}}")
                .orFail());
    site.startOperator();

    forEach(List.of(RolledBackRequest.UNSENT), (cloud, id) -> site.awaitPhase(id, "Succeeded"));
    forEach(List.of(RolledBackRequest.COMPARED), (cloud, id) -> site.awaitReason(id, "Suspended"));
    forEach(
        List.of(RolledBackRequest.GUARDED),
        (cloud, id) -> site.awaitReason(id, "PreconditionFailed"));
    for (RolledBackRequest request : List.of(RolledBackRequest.SENT, RolledBackRequest.DONE)) {
      String tencent = request.of(CloudUnderTest.TENCENT);
      site.awaitPhase(tencent, "Succeeded");
      assertThat(site.tencent.wipes(tencent)).as("what no ledger can hold").isEqualTo(2);
      String jd = request.of(CloudUnderTest.JD);
      site.awaitPhase(jd, "Installing"); // until the request timeout: no result is shown
      assertThat(sends(CloudUnderTest.JD, jd)).isEqualTo(2);
      assertThat(site.jd.wipes(jd)).as("by the same token").isEqualTo(1);
    }
    forEach(
        List.of(RolledBackRequest.UNSENT, RolledBackRequest.COMPARED, RolledBackRequest.GUARDED),
        (cloud, id) -> {
          assertThat(sends(cloud, id)).as(id).isEqualTo(1);
          assertThat(cloud.cloud(site).wipes(id)).as(id).isEqualTo(1);
        });
  }

  private static void scaleToZero() {
    cluster
        .kubectl("-n", "reinstall-system", "scale", "deployment/reinstall-operator", "--replicas=0")
        .orFail();
    assertThat(replicas()).isZero();
  }

  private static int replicas() {
    return cluster
        .client()
        .apps()
        .deployments()
        .inNamespace("reinstall-system")
        .withName("reinstall-operator")
        .get()
        .getSpec()
        .getReplicas();
  }

  private interface Act {
    void on(CloudUnderTest cloud, String id);
  }

  private static void forEach(List<RolledBackRequest> orders, Act act) {
    for (CloudUnderTest cloud : CloudUnderTest.values()) {
      orders.forEach(request -> act.on(cloud, request.of(cloud)));
    }
  }

  private static int sends(CloudUnderTest cloud, String id) {
    return cloud.cloud(site).calls(cloud.send(), id);
  }

  private static String onlyFromTheOld(CloudUnderTest cloud) {
    return cloud == CloudUnderTest.TENCENT
        ? "preconditions: {imageId: img-pmqg1cw7}"
        : "preconditions: {osTypeId: os-1}";
  }
}
