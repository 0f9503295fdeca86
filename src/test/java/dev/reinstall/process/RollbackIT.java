package dev.reinstall.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.controlplane.ControlPlane;
import dev.reinstall.controlplane.FreePorts;
import dev.reinstall.controlplane.NeedsControlPlane;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole cluster is restored to a time before requests that were submitted since. Its resource
 * versions go back, and no ledger and no status shows those requests. What no ledger can contain
 * must come from the clouds and the users.
 */
@Tag("deep")
@NeedsControlPlane
class RollbackIT {
  private static final String ROLLED_BACK =
      "The cluster was restored to an older state: its resource version is \\d+, and this operator"
          + " has already seen \\d+\\. Requests that were sent in between may be missing from the"
          + " ServerLedgers and could be sent again, so no request is sent\\. Compare the servers"
          + " with the cloud console, suspend or delete each Reinstall that was carried out \\(in Git"
          + " first\\), then restart the operator: kubectl -n reinstall-system rollout restart"
          + " deployment/reinstall-operator\\.";
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
  void an_operator_that_saw_more_starts_nothing_and_one_that_did_not_starts_what_it_finds(
      @TempDir Path pod) throws IOException {
    int port = FreePorts.free();
    Path memory = pod.resolve("resource-version");
    OperatorProcess operator =
        site.with("REINSTALL_HTTP_PORT", String.valueOf(port))
            .with("REINSTALL_MEMORY_FILE", memory.toString())
            .startOperator();
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
    Object sent = sends();
    scaleToZero();
    cluster.putDataBack(before);
    assertThat(replicas()).as("as it was, like all else").isEqualTo(2);
    forEach(List.of(RolledBackRequest.UNSENT), (cloud, id) -> cloud.pullPlug(site, id));

    // It lives, and could send.
    site.await("it to notice", () -> readyz(port).matches("503 " + ROLLED_BACK));
    forEach(
        List.of(RolledBackRequest.UNSENT),
        (cloud, id) -> site.awaitReason(id, "ClusterRolledBack"));
    forEach(
        List.of(RolledBackRequest.UNSENT),
        (cloud, id) -> assertThat(site.message(id)).matches(ROLLED_BACK + " .*"));
    site.staysTheSame("what was sent", RollbackIT::sends);
    assertThat(operator.isAlive()).isTrue();
    assertThat(sends()).isEqualTo(sent);
    // A claim whose own write showed the older state was released, and nothing was sent.
    forEach(given, (cloud, id) -> assertThat(site.ledgerState(id, id)).isIn("", "Released"));

    // Its container restarts in the same Pod.
    operator.kill();
    // By a cached ledger it may have reported what was done: then nothing is to be lost any more.
    forEach(given, (cloud, id) -> wipeStatus(id));
    OperatorProcess again = site.startOperator();
    site.await("it to remember", () -> readyz(port).matches("503 " + ROLLED_BACK));
    forEach(given, (cloud, id) -> cloud.goOn(site, id));
    forEach(
        List.of(
            RolledBackRequest.UNSENT,
            RolledBackRequest.SENT,
            RolledBackRequest.DONE,
            RolledBackRequest.COMPARED),
        (cloud, id) -> site.awaitReason(id, "ClusterRolledBack"));
    assertThat(sends()).isEqualTo(sent);

    // A user compares, and creates a new Pod.
    forEach(
        List.of(RolledBackRequest.COMPARED),
        (cloud, id) ->
            site.kubectl("patch", "ri", id, "--type=merge", "-p", "{\"spec\":{\"suspend\":true}}")
                .orFail());
    again.stop();
    Files.delete(memory);
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

  private static void wipeStatus(String id) {
    site.kubectl(
            "patch", "ri", id, "--subresource=status", "--type=merge", "-p", "{\"status\":null}")
        .orFail();
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

  private static Object sends() {
    return List.of(CloudUnderTest.values()).stream()
        .flatMap(cloud -> ALL.stream().map(o -> sends(cloud, o.of(cloud))))
        .toList();
  }

  private static String readyz(int port) throws InterruptedException {
    return HealthProbe.get(port, "/readyz");
  }

  private static String onlyFromTheOld(CloudUnderTest cloud) {
    return cloud == CloudUnderTest.TENCENT
        ? "preconditions: {imageId: img-pmqg1cw7}"
        : "preconditions: {osTypeId: os-1}";
  }
}
