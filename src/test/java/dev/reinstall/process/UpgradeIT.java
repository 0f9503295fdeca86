package dev.reinstall.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/**
 * The operator is upgraded by a rollout of its Deployment: the new replica starts before the old
 * one gets SIGTERM, with requests at every stage. (Later and earlier CRDs: EvolutionIT; concurrent
 * replicas: ReplicasIT; kill -9: CrashIT.)
 */
class UpgradeIT extends ReplayedRequests {
  private OperatorProcess older;
  private OperatorProcess newer;

  @Override
  void start() {
    site = RequestStage.site().with("REINSTALL_LEADER_ELECTION", "true");
    older = site.startOperator();
    awaitLeader(older);
  }

  @Override
  void beforeFleetingStages() {
    newer = site.startOperator();
    site.await("the newer one to wait", () -> newer.log().contains("Leader: "));
    // Until it has stopped, the older one would report an end that it sees.
    calling().forEach(given -> given.cloud().stick(site, given.id()));
  }

  @Override
  void happen() {
    CompletableFuture<Integer> end = CompletableFuture.supplyAsync(older::stop);
    site.await("the older one to be stopping", () -> older.log().contains("Main Stopping"));
    calling().forEach(GivenReinstall::letGo);
    assertThat(end.join()).as(older::log).isZero();
    assertThat(given(row -> row.stage().isFleeting()))
        .as("when the older one had ended, none was over")
        .allSatisfy(given -> assertThat(given.field(".status.completionTime")).isEmpty());
    calling().forEach(given -> given.cloud().goOn(site, given.id()));
    awaitLeader(newer);
    happenToEach();
  }

  private List<GivenReinstall> calling() {
    return given(row -> row.stage() == RequestStage.CALLING);
  }

  private void awaitLeader(OperatorProcess operator) {
    site.await("a leader", () -> operator.log().contains("This replica is the leader"));
  }

  @Test
  void a_server_that_was_being_stopped_is_not_stopped_again() {
    List<GivenReinstall> all = given(row -> true);
    assertThat(all)
        .allSatisfy(
            given -> {
              CloudUnderTest cloud = given.cloud();
              assertThat(cloud.cloud(site).calls(cloud.stop(), given.id()))
                  .isEqualTo(given.stage() == RequestStage.STOPPING ? 1 : 0);
            });
  }
}
