package dev.reinstall.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.ServerLedger;
import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.api.ServerLedger.Owner;
import dev.reinstall.api.ServerLedger.State;
import dev.reinstall.controlplane.CrudMock;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import java.time.Instant;
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
  private int lookups;
  private final AbandonedStops stops =
      new AbandonedStops(
          new EventRecorder(cluster.client(), "operator-1"),
          owner -> {
            lookups++;
            return deleted.contains(owner.name());
          });

  @AfterEach
  void close() {
    cluster.close();
  }

  @Test
  void a_server_that_a_deleted_request_left_stopped_is_reported_once_on_its_ledger() {
    ServerLedger ledger = ledger(entry(State.Stopping, STOPPED));
    stops.report(Stream.of(ledger));
    assertThat(events()).as("its Reinstall still exists").isEmpty();

    deleted.add("web-1");
    for (int poll = 0; poll < 3; poll++) {
      stops.report(Stream.of(ledger));
    }

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
  void no_other_entry_is_reported() {
    deleted.add("web-1");
    stops.report(
        Stream.of(
            ledger(entry(State.Stopping, null)),
            ledger(entry(State.Submitting, STOPPED)),
            ledger(entry(State.Released, STOPPED)),
            new ServerLedger()));
    assertThat(events()).isEmpty();
    assertThat(lookups).isZero();
  }

  private List<Event> events() {
    return cluster.client().resources(Event.class).inNamespace("default").list().getItems();
  }

  private static ServerLedger ledger(Entry entry) {
    ServerLedger ledger = new ServerLedger();
    ledger.setMetadata(
        new ObjectMetaBuilder()
            .withName("tencentcloud.ap-guangzhou.ins-r8hr2upy-303c2a5a")
            .withUid("0d1e2f3a-0000-0000-0000-000000000000")
            .build());
    ledger.setSpec(
        new ServerLedger.Spec(
            CloudName.TencentCloud,
            "ap-guangzhou",
            "ins-r8hr2upy",
            3L,
            Map.of("web-1", entry),
            Map.of()));
    return ledger;
  }

  private static Entry entry(State state, Instant firstStopTime) {
    return new Entry(
        "d",
        1,
        new Owner("team-a", "web-1", "uid-1"),
        state,
        3L,
        1,
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
        STOPPED,
        null,
        null,
        null,
        null,
        Map.of());
  }
}
