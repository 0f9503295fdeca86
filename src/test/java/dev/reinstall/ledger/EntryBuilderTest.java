package dev.reinstall.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.api.Reason;
import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.api.ServerLedger.State;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class EntryBuilderTest {
  private static final Instant NOW = Instant.parse("2026-11-01T00:00:00.7Z");

  @Test
  void an_adopted_operation_is_the_acceptance_of_the_request() {
    EntryBuilder builder = new EntryBuilder();
    builder.state = State.RejectedBusy;
    builder.reason = Reason.ServerBusy.name();
    builder.message = "busy";
    Entry entry = builder.adopt("op-1", NOW).build();
    assertThat(entry.state()).isEqualTo(State.Accepted);
    assertThat(entry.requestId()).isEqualTo("op-1");
    assertThat(entry.adopted()).isTrue();
    assertThat(entry.acceptTime()).isEqualTo(Instant.parse("2026-11-01T00:00:00Z"));
    assertThat(entry.reason()).isNull();
    assertThat(entry.message()).isNull();
  }

  @Test
  void the_id_of_an_operation_is_adopted_only_where_none_is_known() {
    EntryBuilder builder = new EntryBuilder();
    builder.adoptMissingId("op-1");
    assertThat(builder.requestId).isEqualTo("op-1");
    assertThat(builder.adopted).isTrue();
    EntryBuilder accepted = new EntryBuilder();
    accepted.recordAcceptance("req-1", NOW);
    accepted.adoptMissingId("op-1");
    assertThat(accepted.requestId).isEqualTo("req-1");
    assertThat(accepted.adopted).isNull();
  }
}
