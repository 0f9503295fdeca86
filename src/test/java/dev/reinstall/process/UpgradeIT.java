package dev.reinstall.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.controlplane.NeedsControlPlane;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The operator is upgraded by a rollout of its Deployment: the new replica starts before the old
 * one gets SIGTERM, with requests at every stage. (Later and earlier CRDs: EvolutionIT; concurrent
 * replicas: ReplicasIT; kill -9: CrashIT.)
 */
@Tag("deep")
@NeedsControlPlane
class UpgradeIT {
  private static final Map<CloudUnderTest, Map<RequestStage, GivenReinstall>> ORDERS =
      new EnumMap<>(CloudUnderTest.class);

  private static TestCluster site;

  @BeforeAll
  static void upgrade() {
    site = RequestStage.site().with("REINSTALL_LEADER_ELECTION", "true");
    OperatorProcess older = site.startOperator();
    site.await("the older one to lead", () -> older.log().contains("This replica is the leader"));
    begin(List.of(RequestStage.PENDING, RequestStage.INSTALLING, RequestStage.FINISHED));
    OperatorProcess newer = site.startOperator();
    site.await("the newer one to wait", () -> newer.log().contains("Leader: "));
    begin(
        List.of(
            RequestStage.STOPPING,
            RequestStage.SUBMITTING,
            RequestStage.LOST,
            RequestStage.CALLING));

    CompletableFuture<Integer> end = CompletableFuture.supplyAsync(older::stop);
    site.await("the older one to be stopping", () -> older.log().contains("Main Stopping"));
    all().filter(given -> given.stage() == RequestStage.CALLING).forEach(GivenReinstall::letGo);
    assertThat(end.join()).as(older::log).isZero();
    assertThat(all().filter(given -> given.stage().isFleeting()).filter(UpgradeIT::isOver))
        .as("what was over when the older one had ended")
        .isEmpty();
    site.await("the newer one to lead", () -> newer.log().contains("This replica is the leader"));
    all().forEach(GivenReinstall::letGo);
    all().forEach(given -> site.awaitFinished(given.name()));
  }

  private static void begin(List<RequestStage> stages) {
    List<GivenReinstall> orders =
        Stream.of(CloudUnderTest.values())
            .flatMap(
                cloud ->
                    stages.stream()
                        .map(s -> GivenReinstall.of(site, cloud, "upgrade" + s.ordinal(), s)))
            .toList();
    orders.forEach(GivenReinstall::create);
    for (GivenReinstall order : orders) {
      order.awaitStage();
      ORDERS
          .computeIfAbsent(order.cloud(), c -> new EnumMap<>(RequestStage.class))
          .put(order.stage(), order);
    }
  }

  private static Stream<GivenReinstall> all() {
    return ORDERS.values().stream().flatMap(orders -> orders.values().stream());
  }

  private static boolean isOver(GivenReinstall given) {
    return !site.field(given.name(), ".status.completionTime").isEmpty();
  }

  @AfterAll
  static void close() {
    site.close();
  }

  /**
   * A call that JD Cloud drops because of its token counts as submitted again; it wipes nothing. An
   * adopted system of JD Cloud has no request ID.
   */
  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    "TENCENT, PENDING,    DONE,    1",
    "TENCENT, STOPPING,   DONE,    1",
    "TENCENT, CALLING,    DONE,    1",
    "TENCENT, SUBMITTING, ADOPTED, 1",
    "TENCENT, LOST,       UNKNOWN, 1",
    "TENCENT, INSTALLING, DONE,    1",
    "TENCENT, FINISHED,   DONE,    1",
    "JD,      PENDING,    DONE,    1",
    "JD,      STOPPING,   DONE,    1",
    "JD,      CALLING,    DONE,    1",
    "JD,      SUBMITTING, ADOPTED, 1",
    "JD,      LOST,       DONE,    2",
    "JD,      INSTALLING, DONE,    1",
    "JD,      FINISHED,   DONE,    1"
  })
  void a_request_of_any_stage_goes_on_and_is_not_sent_again(
      CloudUnderTest cloud, RequestStage stage, KillPoint.End end, int sends) {
    GivenReinstall given = ORDERS.get(cloud).get(stage);

    assertThat(given.reported()).as(site::everything).isEqualTo(end.words);
    assertThat(given.message()).isEqualTo(end.says);
    assertThat(given.ledger()).isEqualTo(end.words.replaceAll("/.*", ""));
    given.assertSent(sends, end.wipes);
    if (sends == end.wipes && !(cloud == CloudUnderTest.JD && end == KillPoint.End.ADOPTED)) {
      assertThat(given.requestId()).isEqualTo(given.wipedBy());
    }
    int stops = stage == RequestStage.STOPPING ? 1 : 0;
    assertThat(cloud.cloud(site).calls(cloud.stop(), given.id())).isEqualTo(stops);
  }
}
