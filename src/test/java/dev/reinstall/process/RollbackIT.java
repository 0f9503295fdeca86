package dev.reinstall.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.controlplane.ControlPlane;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;

/**
 * The whole cluster is restored to a time before requests that were submitted since. Its resource
 * versions go back, and no ledger and no status shows those requests. What no ledger can contain
 * must come from the clouds and the users.
 */
class RollbackIT extends ReplayedRequests {
  private static final String DEPLOYMENT = "reinstall-operator";

  private ControlPlane cluster;
  private OperatorProcess operator;
  private Path saved;

  @Override
  void start() {
    cluster = TestCluster.withBase(ControlPlane.start());
    site = new TestCluster(cluster);
    operator = site.startOperator();
  }

  @Override
  void save() {
    saved = cluster.saveData();
  }

  @Override
  void happen() {
    cluster
        .kubectl("-n", "reinstall-system", "scale", "deployment/" + DEPLOYMENT, "--replicas=0")
        .orFail();
    assertThat(replicas()).isZero();
    operator.stop();
    cluster.putDataBack(saved);
    site.await(
        "the API server to serve its kinds again", () -> site.kubectl("get", "ri,sl").succeeded());
    assertThat(replicas()).as("as it was, like all else").isEqualTo(2);
    assertThat(given(row -> true)).allSatisfy(given -> assertThat(given.ledger()).isEmpty());
    happenToEach();
    given(row -> row.stage() == RequestStage.INSTALLING).forEach(GivenReinstall::letGo);
    site.startOperator();
  }

  private int replicas() {
    return cluster
        .client()
        .apps()
        .deployments()
        .inNamespace("reinstall-system")
        .withName(DEPLOYMENT)
        .get()
        .getSpec()
        .getReplicas();
  }

  @Override
  @AfterAll
  void close() {
    super.close();
    cluster.close();
  }
}
