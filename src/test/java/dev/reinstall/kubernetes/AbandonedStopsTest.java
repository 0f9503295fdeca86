package dev.reinstall.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.ServerLedger;
import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.api.ServerLedger.Owner;
import dev.reinstall.api.ServerLedger.State;
import dev.reinstall.controlplane.CrudMock;
import dev.reinstall.ledger.TestEntry;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AbandonedStopsTest {
  private static final Instant STOPPED = Instant.parse("2026-11-01T12:00:00Z");

  private final CrudMock cluster = CrudMock.start();
  private final Set<String> deleted = new HashSet<>();
  private final List<String> restarted = new ArrayList<>();
  private int lookups;
  private final AbandonedStops stops =
      new AbandonedStops(
          new EventRecorder(cluster.client(), "operator-1"),
          owner -> {
            lookups++;
            return deleted.contains(owner.name());
          },
          (ledger, entry) -> restarted.add(entry.owner().name()));

  @AfterEach
  void close() {
    cluster.close();
  }

  @Test
  void a_server_that_a_deleted_request_left_stopped_is_reported_once_on_its_ledger() {
    ServerLedger ledger = ledger(entry(State.Stopping, STOPPED));
    report(Stream.of(ledger));
    assertThat(events()).as("its Reinstall still exists").isEmpty();

    deleted.add("web-1");
    report(Stream.of(ledger));
    int requests = cluster.requests();
    report(Stream.of(ledger));
    report(Stream.of(ledger));
    assertThat(cluster.requests()).as("no more calls").isEqualTo(requests);

    assertThat(events()).hasSize(1);
    Event event = events().get(0);
    assertThat(event.getReason()).isEqualTo("ServerLeftStopped");
    assertThat(event.getRegarding().getKind()).isEqualTo("ServerLedger");
    assertThat(event.getRegarding().getNamespace()).isNull();
    assertThat(event.getNote())
        .isEqualTo(
            "Reinstall team-a/web-1 was deleted after the server was stopped for it at"
                + " 2026-11-01T12:00:00Z. No reinstall request was sent for it. The server is not"
                + " started again by the operator: start it in the cloud console, or create the"
                + " Reinstall again to continue.");
    assertThat(lookups).as("once for the living, once for the dead").isEqualTo(2);
  }

  @Test
  void a_server_that_must_be_started_again_is_started_where_its_namespace_is_watched() {
    ServerLedger ledger =
        ledger(new TestEntry(entry(State.Stopping, STOPPED)).restartWith("account").build());
    stops.report(Stream.of(ledger), Set.of("team-a"));
    assertThat(restarted).as("its Reinstall still exists").isEmpty();

    deleted.add("web-1");
    stops.report(Stream.of(ledger), Set.of("team-b"));
    assertThat(restarted).as("another operator does it").isEmpty();
    stops.report(Stream.of(ledger), Set.of("team-a"));
    assertThat(restarted).containsExactly("web-1");
    assertThat(events()).as("it is not left stopped").isEmpty();
  }

  @Test
  void each_claim_of_each_server_is_reported() {
    deleted.add("web-1");

    report(
        Stream.of(
            ledger(
                "0d1e2f3a-0000-0000-0000-000000000000",
                Map.of("web-1", entry(3L), "web-2", entry(4L))),
            ledger("1d1e2f3a-0000-0000-0000-000000000000", Map.of("web-1", entry(3L)))));

    assertThat(events()).hasSize(3);
  }

  @Test
  void what_is_in_no_ledger_any_more_is_forgotten() {
    deleted.add("web-1");
    report(Stream.of(ledger(entry(State.Stopping, STOPPED))));
    report(Stream.of());
    report(Stream.of(ledger(entry(State.Stopping, STOPPED))));

    assertThat(lookups).isEqualTo(2);
  }

  @Test
  void a_server_of_a_deleted_request_that_only_waited_is_reported_too() {
    deleted.add("web-1");
    report(Stream.of(ledger(entry(State.Released, STOPPED))));
    assertThat(events()).hasSize(1);
  }

  @Test
  void no_other_entry_is_reported() {
    deleted.add("web-1");
    report(
        Stream.of(
            ledger(entry(State.Stopping, null)),
            ledger(entry(State.Submitting, STOPPED)),
            ledger(new TestEntry(entry(State.Released, STOPPED)).completionTime(STOPPED).build()),
            ledger("0d1e2f3a-0000-0000-0000-000000000000", null),
            new ServerLedger()));
    assertThat(events()).isEmpty();
    assertThat(lookups).isZero();
  }

  private List<Event> events() {
    return cluster.client().resources(Event.class).inNamespace("default").list().getItems();
  }

  private static ServerLedger ledger(Entry entry) {
    return ledger("0d1e2f3a-0000-0000-0000-000000000000", Map.of("web-1", entry));
  }

  private static ServerLedger ledger(String uid, Map<String, Entry> entries) {
    ServerLedger ledger = new ServerLedger();
    ledger.setMetadata(
        new ObjectMetaBuilder()
            .withName("tencentcloud.ap-guangzhou.ins-r8hr2upy-303c2a5a")
            .withUid(uid)
            .build());
    ledger.setSpec(
        new ServerLedger.Spec(
            CloudName.TencentCloud, "ap-guangzhou", "ins-r8hr2upy", null, 3L, entries, Map.of()));
    return ledger;
  }

  private void report(Stream<ServerLedger> ledgers) {
    stops.report(ledgers, Set.of());
  }

  private static Entry entry(long claimNumber) {
    return entry(State.Stopping, STOPPED, claimNumber);
  }

  private static Entry entry(State state, Instant firstStopTime) {
    return entry(state, firstStopTime, 3L);
  }

  private static Entry entry(State state, Instant firstStopTime, long claimNumber) {
    return new Entry(
        "d",
        1,
        new Owner("team-a", "web-1", "uid-1"),
        state,
        claimNumber,
        1,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        firstStopTime,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        STOPPED,
        null,
        null,
        null,
        null,
        Map.of());
  }
}
