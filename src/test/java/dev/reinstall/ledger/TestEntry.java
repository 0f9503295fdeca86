package dev.reinstall.ledger;

import dev.reinstall.api.ServerLedger.Baseline;
import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.api.ServerLedger.Owner;
import dev.reinstall.api.ServerLedger.RecordedEvidence;
import dev.reinstall.api.ServerLedger.Start;
import dev.reinstall.api.ServerLedger.State;
import dev.reinstall.api.ServerLedger.Stop;
import java.time.Instant;
import java.util.Map;

/** An entry as a test wants it, also one that no operator would write. */
public final class TestEntry {
  private final EntryBuilder builder;

  public TestEntry(Entry from) {
    builder = new EntryBuilder(from);
  }

  /** The first claim of a request. */
  public TestEntry(State state, Instant claimTime) {
    builder = new EntryBuilder();
    builder.specHash = "d";
    builder.owner = new Owner("ns", "web", "uid");
    builder.state = state;
    builder.claimNumber = 1;
    builder.attempt = 1;
    builder.claimTime = claimTime;
  }

  public TestEntry claimId(String value) {
    builder.claimId = value;
    return this;
  }

  public TestEntry sendTimeout(String value) {
    builder.sendTimeout = value;
    return this;
  }

  public TestEntry resending(Boolean value) {
    builder.resending = value;
    return this;
  }

  public TestEntry responseReceived(Boolean value) {
    builder.responseReceived = value;
    return this;
  }

  public TestEntry state(State value) {
    builder.state = value;
    return this;
  }

  public TestEntry expected(Map<String, String> value) {
    builder.expected = value;
    return this;
  }

  public TestEntry stop(Stop value) {
    builder.stop = value;
    return this;
  }

  public TestEntry restartWith(String value) {
    builder.restartWith = value;
    return this;
  }

  public TestEntry start(Start value) {
    builder.start = value;
    return this;
  }

  public TestEntry resolved(Map<String, String> value) {
    builder.resolved = value;
    return this;
  }

  public TestEntry baseline(Baseline value) {
    builder.baseline = value;
    return this;
  }

  public TestEntry evidence(RecordedEvidence value) {
    builder.evidence = value;
    return this;
  }

  public TestEntry adopted(Boolean value) {
    builder.adopted = value;
    return this;
  }

  public TestEntry requestId(String value) {
    builder.requestId = value;
    return this;
  }

  public TestEntry reason(String value) {
    builder.reason = value;
    return this;
  }

  public TestEntry message(String value) {
    builder.message = value;
    return this;
  }

  public TestEntry completionTime(Instant value) {
    builder.completionTime = value;
    return this;
  }

  public TestEntry notAfter(Instant value) {
    builder.notAfter = value;
    return this;
  }

  /** Claimed again, a second later, and released. */
  public TestEntry claimedAgainAndReleased(Instant now) {
    builder.claimTime = builder.claimTime.plusSeconds(1);
    builder.release(now);
    return this;
  }

  public Entry build() {
    return builder.build();
  }
}
