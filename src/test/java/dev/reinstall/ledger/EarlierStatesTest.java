package dev.reinstall.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.Reason;
import dev.reinstall.api.ServerLedger;
import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.api.ServerLedger.Start;
import dev.reinstall.api.ServerLedger.State;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Ledgers of earlier operators, as a ServerLedger holds them. */
class EarlierStatesTest {
  private static final Start START = new Start("claim-2", null, null, null, Map.of());

  private static EntryBuilder stored(State state, String reason, Start start) {
    EntryBuilder builder = new EntryBuilder();
    builder.specHash = "d";
    builder.state = state;
    builder.claimNumber = 1;
    builder.attempt = 1;
    builder.claimId = "claim-1";
    builder.sendTimeout = "PT10S";
    builder.claimTime = Instant.parse("2026-11-01T00:00:00Z");
    builder.reason = reason;
    builder.start = start;
    return builder;
  }

  private static Ledger read(Entry entry) {
    ServerLedger resource = new ServerLedger();
    resource.setSpec(
        new ServerLedger.Spec(
            CloudName.JDCloud, "cn-north-1", "cps-1", null, 1L, Map.of("web", entry), Map.of()));
    return Ledger.of(resource);
  }

  @ParameterizedTest
  @CsvSource({
    "Submitting, ServerBusy, false, RejectedBusy",
    "Submitting, , false, Submitting",
    "Accepted, , true, Starting",
    "Installing, , true, Starting",
    "Installing, , false, Installing",
    "Stopping, ServerBusy, false, Stopping",
    "Released, ServerBusy, false, Released",
    "Succeeded, Installed, true, Succeeded",
  })
  void what_was_a_field_is_read_as_a_state(
      State stored, String reason, boolean start, State state) {
    Ledger ledger = read(stored(stored, reason, start ? START : null).build());
    assertThat(ledger.entry("web").orElseThrow().state()).isEqualTo(state);
    assertThat(ledger.isSupported()).isTrue();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "UNRECOGNIZED")
  void all_else_of_an_entry_is_as_it_was(State state) {
    EntryBuilder builder = stored(state, Reason.ServerBusy.name(), START);
    builder.message = "busy";
    Entry stored = builder.build();
    EntryBuilder read = new EntryBuilder(read(stored).entry("web").orElseThrow());
    read.state = state;
    assertThat(read.build()).isEqualTo(stored);
  }

  @Test
  void an_entry_of_a_newer_operator_stays_one() {
    EntryBuilder newer = stored(State.Submitting, Reason.ServerBusy.name(), null);
    newer.specHashVersion = SpecHash.VERSION + 1;
    assertThat(read(newer.build()).isSupported()).isFalse();
  }
}
