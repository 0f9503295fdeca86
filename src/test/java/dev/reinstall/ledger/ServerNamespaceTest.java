package dev.reinstall.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.Server;
import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.api.ServerLedger.Owner;
import dev.reinstall.api.ServerLedger.State;
import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.CloudException.Kind;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A server belongs to the namespace whose call its cloud first accepted. */
class ServerNamespaceTest {
  private static final Instant NOW = Instant.parse("2026-11-01T00:00:00Z");
  private static final Server SERVER = new Server(CloudName.JDCloud, "cn-north-1", "cps-1");
  private static final SubmissionResult ACCEPTED = SubmissionResult.accepted("req-1");
  private static final SubmissionResult DENIED =
      SubmissionResult.failed(new CloudException(Kind.DENIED, "words", "req-1", null), "words");

  private static EntryBuilder entry(String namespace, State state, long claim) {
    EntryBuilder builder = LedgerTest.entry(state, claim);
    builder.owner = new Owner(namespace, "web", "uid");
    return builder;
  }

  private static Ledger ledger(String namespace, Map<String, Entry> orders) {
    return new Ledger(SERVER, Ledger.Metadata.NONE, namespace, orders.size(), orders, Map.of());
  }

  private static Ledger ledger(EntryBuilder entry) {
    return ledger(null, Map.of("web", entry.build()));
  }

  @Test
  void a_claim_alone_gives_no_namespace_the_server() {
    assertThat(ledger(entry("team-a", State.Submitting, 1)).namespace()).isNull();
    assertThat(ledger(entry("team-a", State.Stopping, 1)).namespace()).isNull();
    assertThat(Ledger.empty(SERVER).namespace()).isNull();
  }

  @Test
  void an_accepted_reinstall_gives_its_namespace_the_server() {
    Ledger claimed = ledger(entry("team-a", State.Submitting, 1));
    assertThat(claimed.withReinstallResult("web", "mine", DENIED, NOW).namespace()).isNull();
    assertThat(claimed.withReinstallResult("web", "mine", ACCEPTED, NOW).namespace())
        .isEqualTo("team-a");
  }

  @Test
  void an_accepted_stop_gives_its_namespace_the_server() {
    Ledger claimed = ledger(entry("team-a", State.Stopping, 1));
    assertThat(claimed.withStopResult("web", "mine", DENIED, NOW).namespace()).isNull();
    assertThat(claimed.withStopResult("web", "mine", ACCEPTED, NOW).namespace())
        .isEqualTo("team-a");
  }

  @Test
  void an_adopted_operation_gives_its_namespace_the_server() {
    EntryBuilder adopted = entry("team-a", State.Submitting, 1).adopt("op-1", NOW);
    assertThat(ledger(adopted).namespace()).isEqualTo("team-a");
  }

  @Test
  void a_server_that_belongs_to_a_namespace_stays_there_whoever_is_accepted() {
    Ledger moved =
        ledger("team-b", Map.of("web", entry("team-a", State.Submitting, 1).build()))
            .withReinstallResult("web", "mine", ACCEPTED, NOW);
    assertThat(moved.namespace()).isEqualTo("team-b");
  }

  @Test
  void in_a_ledger_of_an_older_operator_the_newest_accepted_entry_counts() {
    EntryBuilder first = entry("team-a", State.Succeeded, 1);
    first.acceptTime = NOW;
    EntryBuilder second = entry("team-b", State.Failed, 2);
    second.acceptTime = NOW;
    EntryBuilder rejected = entry("team-c", State.Released, 3);
    Map<String, Entry> orders =
        Map.of("first", first.build(), "second", second.build(), "third", rejected.build());
    assertThat(ledger(null, orders).namespace()).isEqualTo("team-b");
  }

  private static Ledger afterClaim(Ledger before, String namespace) {
    return before.withClaim("new", entry(namespace, State.Submitting, 1), NOW);
  }

  @Test
  void a_claim_lets_rejected_entries_of_namespaces_go_that_do_not_have_the_server() {
    Map<String, Entry> orders =
        Map.of(
            "own", entry("team-a", State.Released, 1).build(),
            "rejected", entry("team-b", State.Released, 2).build(),
            "unknown", entry("team-b", State.Unknown, 3).build());
    assertThat(afterClaim(ledger("team-a", orders), "team-a").orders())
        .containsOnlyKeys("own", "unknown", "new");
  }

  @Test
  void before_anybody_has_the_server_the_newest_rejection_of_each_namespace_is_kept() {
    Map<String, Entry> orders =
        Map.of(
            "own", entry("team-a", State.Released, 1).build(),
            "first", entry("team-b", State.Released, 2).build(),
            "second", entry("team-b", State.Released, 3).build(),
            "third", entry("team-c", State.Released, 4).build());
    assertThat(afterClaim(ledger(null, orders), "team-a").orders())
        .containsOnlyKeys("own", "second", "third", "new");
  }

  @Test
  void an_entry_whose_server_must_be_started_again_is_kept() {
    EntryBuilder stopped = entry("team-b", State.Released, 1);
    stopped.restartWith = "key";
    assertThat(afterClaim(ledger("team-a", Map.of("web", stopped.build())), "team-a").orders())
        .containsKey("web");
  }
}
