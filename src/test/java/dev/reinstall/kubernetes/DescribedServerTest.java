package dev.reinstall.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.Reinstall;
import dev.reinstall.api.Server;
import dev.reinstall.api.ServerLedger;
import dev.reinstall.cloud.CloudCalls;
import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.CountingCloud;
import dev.reinstall.cloud.Credentials;
import dev.reinstall.cloud.RateLimits;
import dev.reinstall.cloud.SecretBytes;
import dev.reinstall.cloud.TimedCalls;
import dev.reinstall.controlplane.CrudMock;
import dev.reinstall.ledger.Ledger;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.dsl.NonDeletingOperation;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a reconciliation knows of its server, and when it may send a call. */
class DescribedServerTest {
  private static final Duration POLL = Duration.ofSeconds(15);
  private static final Duration AGE = Duration.ofSeconds(5);
  private static final Credentials ACCOUNT = new Credentials(Map.of("id", "id", "key", "key"));
  private static final RateLimits.Rate RATE = new RateLimits.Rate(10, Duration.ofSeconds(1));

  private final CrudMock cluster = CrudMock.start();
  private final CountingCloud cloud =
      new CountingCloud(System::nanoTime, new RateLimits(RATE, RATE));
  private final CloudCalls calls = TimedCalls.over(cloud, cloud, System::nanoTime);
  private final List<Runnable> callsUnderWay = new ArrayList<>();
  private final Deque<Runnable> gathering = new ArrayDeque<>();
  private final List<ResourceID> woken = new ArrayList<>();
  private final ServerPoller poller =
      new ServerPoller(
          woken::add,
          POLL,
          POLL,
          POLL,
          () -> System.nanoTime() - AGE.toNanos(),
          callsUnderWay::add,
          (delay, work) -> gathering.add(work));
  private final CatalogueCache catalogues = new CatalogueCache(woken::add);
  private final SubmissionSlots slots = new SubmissionSlots(2);
  private final ProcessState memory = new ProcessState();
  private final FrameworkDouble framework =
      new FrameworkDouble(StatusReinstalls.with(null), cluster.client());
  private final Server server = framework.reinstall().getSpec().server();
  private final SecretReader secrets = new SecretReader(cluster.client());
  private final LedgerStore ledgers =
      new LedgerStore(cluster.client(), new LedgerStoreTest.Watch(cluster));

  @AfterEach
  void close() {
    cluster.close();
  }

  private KubernetesGateway gateway() {
    return gateway(framework.reinstall());
  }

  private KubernetesGateway gateway(Reinstall reinstall) {
    OperatorMetrics metrics = new OperatorMetrics("this-test");
    return new KubernetesGateway(
        reinstall,
        framework.owners(),
        framework.context().resourceOperations()::updatePrimaryStatus,
        ledgers,
        new SharedParts(
            secrets,
            null,
            new EventRecorder(null, "replica-1"),
            memory,
            Map.of(CloudName.TencentCloud, calls),
            metrics,
            new Transitions(metrics),
            poller,
            catalogues,
            null,
            slots,
            POLL,
            false));
  }

  private void respond() {
    while (callsUnderWay.isEmpty() && !gathering.isEmpty()) {
      gathering.remove().run();
    }
    List.copyOf(callsUnderWay).forEach(Runnable::run);
    callsUnderWay.clear();
  }

  // Descriptions.

  @Test
  void a_reconciliation_ends_while_its_server_is_described_and_the_next_one_has_the_result()
      throws Exception {
    KubernetesGateway first = gateway();
    first.cachedLedger(server);
    assertThatThrownBy(() -> first.describe(ACCOUNT, server))
        .isInstanceOf(DescriptionPendingException.class);
    assertThat(first.hasAskedForServer()).isTrue();
    respond();
    assertThat(woken).containsExactly(ResourceID.fromResource(framework.reinstall()));
    KubernetesGateway second = gateway();
    second.cachedLedger(server);
    assertThat(second.describe(ACCOUNT, server).age()).isBetween(AGE, AGE.plusSeconds(10));
  }

  @Test
  void what_is_denied_is_described_again_if_the_secret_was_replaced() throws Exception {
    createAccount("key");
    deny();
    KubernetesGateway denied = gateway();
    denied.cachedLedger(server);
    assertThatThrownBy(() -> denied.describe(ACCOUNT, server))
        .isInstanceOf(CloudException.class)
        .hasMessage("no such key");

    createAccount("new");

    KubernetesGateway replaced = gateway();
    replaced.cachedLedger(server);
    assertThatThrownBy(() -> replaced.describe(ACCOUNT, server))
        .isInstanceOf(CredentialsReplacedException.class);
    assertThat(replaced.hasAskedForServer()).isFalse();
  }

  /** Describes the server with credentials that the cloud denies. */
  private void deny() {
    cloud.outcome = asked -> new CloudException(CloudException.Kind.DENIED, "no such key");
    KubernetesGateway first = gateway();
    first.cachedLedger(server);
    assertThatThrownBy(() -> first.describe(ACCOUNT, server))
        .isInstanceOf(DescriptionPendingException.class);
    respond();
  }

  private void createAccount(String key) {
    Reinstall of = framework.reinstall();
    cluster
        .client()
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withNamespace(of.getMetadata().getNamespace())
                .withName(of.getSpec().credentialsRef().name())
                .endMetadata()
                .addToData("id", SecretBytes.ofText("id").base64())
                .addToData("key", SecretBytes.ofText(key).base64())
                .build())
        .createOr(NonDeletingOperation::update);
  }

  @Test
  void an_edited_request_asks_for_another_description() throws Exception {
    KubernetesGateway first = gateway();
    first.cachedLedger(server);
    assertThatThrownBy(() -> first.describe(ACCOUNT, server))
        .isInstanceOf(DescriptionPendingException.class);
    respond();
    Reinstall edited = framework.reinstall();
    edited.getMetadata().setGeneration(7L);
    KubernetesGateway second = gateway(edited);
    second.cachedLedger(server);
    assertThatThrownBy(() -> second.describe(ACCOUNT, server))
        .isInstanceOf(DescriptionPendingException.class);
  }

  @Test
  void a_ledger_that_was_written_since_asks_for_another_description() throws Exception {
    KubernetesGateway first = gateway();
    first.cachedLedger(server);
    assertThatThrownBy(() -> first.describe(ACCOUNT, server))
        .isInstanceOf(DescriptionPendingException.class);
    respond();
    ledgers.write(Ledger.empty(server));
    KubernetesGateway second = gateway();
    second.cachedLedger(server);
    assertThatThrownBy(() -> second.describe(ACCOUNT, server))
        .isInstanceOf(DescriptionPendingException.class);
  }

  @Test
  void what_is_described_is_judged_by_the_time_at_which_its_call_began() throws Exception {
    KubernetesGateway first = gateway();
    first.cachedLedger(server);
    first.durationSinceFirstSeen("a claim");
    assertThatThrownBy(() -> first.describe(ACCOUNT, server))
        .isInstanceOf(DescriptionPendingException.class);
    respond();
    KubernetesGateway second = gateway();
    second.cachedLedger(server);
    assertThat(second.durationSinceFirstSeen("a claim")).isPositive();
    second.describe(ACCOUNT, server);
    assertThat(second.durationSinceFirstSeen("a claim")).as("seen after the call began").isZero();
  }

  @Test
  void who_is_deleted_follows_its_server_no_more() {
    KubernetesGateway first = gateway();
    first.cachedLedger(server);
    assertThatThrownBy(() -> first.describe(ACCOUNT, server))
        .isInstanceOf(DescriptionPendingException.class);
    new RequeueTimer(poller).onResourceDeleted(framework.reinstall());
    respond();
    assertThat(woken).isEmpty();
    assertThat(poller.lanes()).isZero();
  }

  // Turns.

  @Test
  void a_claim_for_nothing_is_not_followed_by_another_one_at_once() throws Exception {
    KubernetesGateway first = gateway();
    assertThat(first.takeTurn(ACCOUNT, server)).isZero();
    first.writeClaim(first.cachedLedger(server));
    first.markUnsent("c1");
    assertThat(first.takeTurn(ACCOUNT, server)).isBetween(POLL.minusSeconds(10), POLL);
    first.close();
    assertThat(gateway().takeTurn(ACCOUNT, server)).isBetween(POLL.minusSeconds(10), POLL);
  }

  @Test
  void a_process_that_stops_claims_nothing_any_more() throws Exception {
    KubernetesGateway gateway = gateway();
    Ledger ledger = gateway.cachedLedger(server);
    memory.stopClaiming();
    assertThatThrownBy(() -> gateway.writeClaim(ledger)).isInstanceOf(StoppingException.class);
    assertThat(ledgers.fetch(server)).isEqualTo(Ledger.empty(server));
  }

  @Test
  void a_claim_that_lost_a_race_is_made_again_at_once() throws Exception {
    KubernetesGateway first = gateway();
    first.markUnsent("c1");
    assertThat(first.takeTurn(ACCOUNT, server)).isZero();
  }

  @Test
  void a_reconciliation_holds_one_slot_of_its_region_until_it_ends() throws Exception {
    KubernetesGateway first = gateway();
    assertThat(first.takeTurn(ACCOUNT, server)).isZero();
    KubernetesGateway second = gateway();
    assertThat(second.takeTurn(ACCOUNT, server)).isEqualTo(Duration.ofMillis(250));
    first.close();
    assertThat(gateway().takeTurn(ACCOUNT, server))
        .isBetween(Duration.ofNanos(1), Duration.ofMillis(100));
  }

  // The newest copy of a ledger.

  @Test
  void a_watch_that_is_behind_does_not_hide_a_ledger_that_was_fetched() throws Exception {
    Ledger first = ledgers.write(Ledger.empty(server));
    cluster
        .client()
        .resources(ServerLedger.class)
        .withName(server.ledgerName())
        .edit(
            ledger -> {
              ledger.getMetadata().setLabels(Map.of("rack", "r7"));
              return ledger;
            });
    assertThat(ledgers.cached(server)).as("what the watch shows").isEqualTo(first);
    Ledger fetched = ledgers.fetch(server);
    assertThat(fetched).isNotEqualTo(first);
    assertThat(ledgers.cached(server)).isEqualTo(fetched);
    Ledger written = ledgers.write(fetched);
    assertThat(Optional.of(ledgers.cached(server))).contains(written);
  }
}
