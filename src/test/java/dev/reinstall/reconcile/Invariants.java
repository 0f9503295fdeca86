package dev.reinstall.reconcile;

import dev.reinstall.api.Phase;
import dev.reinstall.api.Reason;
import dev.reinstall.api.Reinstall;
import dev.reinstall.api.ReinstallStatus;
import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.api.ServerLedger.State;
import dev.reinstall.cloud.Observation;
import dev.reinstall.ledger.EntryBuilder;
import dev.reinstall.ledger.Ledger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Checks every event and throws at the first broken invariant. */
final class Invariants {

  private record ObservedClaim(String name, State state, long number, Instant at) {}

  private record ObservedWipe(String requestId, long until, boolean ok) {}

  private final InMemoryCluster cluster;
  private final Map<String, ObservedClaim> claims = new HashMap<>();

  /** Claims that passed the point of no return, and whether before notAfter. */
  private final Map<String, Boolean> declared = new HashMap<>();

  private final Set<String> notInstalled = new HashSet<>();
  private final Set<String> sent = new HashSet<>();
  private final Set<String> late = new HashSet<>();
  private final Map<String, Long> stopsUnanswered = new HashMap<>();
  private final Map<String, List<ObservedWipe>> wipes = new HashMap<>();
  private final Map<String, String> uids = new HashMap<>();
  private final Set<String> withoutWitness = new HashSet<>();
  private final Set<String> edited = new HashSet<>();
  private boolean ledgerTampered;
  private boolean anyResetCounts;

  Invariants(InMemoryCluster cluster) {
    this.cluster = cluster;
  }

  private static void broken(String what) {
    throw new InvariantViolation(what);
  }

  // Actions of users, which limit what can be guaranteed.

  void created(Reinstall object) {
    String name = object.getMetadata().getName();
    if (uids.put(name, object.getMetadata().getUid()) != null) {
      withoutWitness.add(name);
    }
    edited.remove(InMemoryCluster.place(object));
  }

  void deleted(String place) {
    withoutWitness.add(name(place));
  }

  void statusEdited(String place) {
    withoutWitness.add(name(place));
    edited.add(place);
  }

  void ledgerTampered() {
    ledgerTampered = true;
  }

  /** Without operation ids another reset cannot be distinguished from ours. */
  void resetByHand() {
    anyResetCounts = !cluster.cloud.capabilities.namesOperations();
  }

  /** Without its ledger entry a Reinstall has only its status as evidence. */
  private boolean isGuarded(String name) {
    return !ledgerTampered || !withoutWitness.contains(name);
  }

  /** What a cloud other than the one in memory did is not known here. */
  private boolean knowsTheTruth() {
    return cluster.line == null;
  }

  private static String name(String place) {
    return place.substring(place.indexOf('/') + 1);
  }

  // The pause.

  /**
   * A call that changes the server is sent.
   *
   * @param notPaused whether the last look, since the last write, showed no pause
   */
  void looked(boolean notPaused) {
    if (!notPaused) {
      broken("a call was sent without a last look whether the operator is paused");
    }
  }

  // The ledger.

  void ledgerWritten(Ledger before, Ledger after) {
    LedgerWriteRules.check(before, after);
    after.orders().forEach((name, entry) -> checkBounds(name, before, entry));
    before
        .orders()
        .forEach((name, old) -> stoppingAgain(name, old, after.entry(name).orElse(null)));
    after.orders().forEach((name, entry) -> entryWritten(name, before, entry));
  }

  private static void checkBounds(String name, Ledger before, Entry entry) {
    if (before.entry(name).filter(entry::equals).isEmpty()) {
      SchemaBounds.check(entry);
    }
  }

  private void stoppingAgain(String name, Entry old, Entry next) {
    boolean uncached =
        next != null
            && old.state() == State.Stopping
            && next.claimId() != null
            && !Objects.equals(old.claimId(), next.claimId());
    if (uncached && stopsUnanswered.containsKey(old.claimId())) {
      Duration since = Duration.ofMillis(cluster.millis() - stopsUnanswered.get(old.claimId()));
      if (since.compareTo(InMemoryCloud.VALIDITY) < 0) {
        broken("I2: " + name + " goes on while a stop of it may be under way");
      }
    }
  }

  private void entryWritten(String name, Ledger before, Entry entry) {
    Entry old = before.entry(name).orElse(null);
    if (entry.equals(old)) {
      return;
    }
    if ((entry.state() == State.Submitting || entry.state() == State.Stopping)
        && (old == null || !Objects.equals(old.claimId(), entry.claimId()))) {
      claims.put(
          entry.claimId(),
          new ObservedClaim(name, entry.state(), entry.claimNumber(), entry.claimTime()));
    }
    cluster.counters.count((old == null ? "nothing" : old.state()) + " to " + entry.state());
    if (!ledgerTampered && knowsTheTruth()) {
      honest(name, old, entry);
    }
    silent(entry.message());
  }

  private void honest(String name, Entry old, Entry entry) {
    if (old != null && old.state() == entry.state()) {
      return;
    }
    switch (entry.state()) {
      case Succeeded -> {
        if (!isDone(name) && !Boolean.TRUE.equals(entry.adopted())) {
          broken("I6: the ledger says Succeeded of " + name + ", which is not done");
        }
      }
      case Failed -> {
        if (isDone(name) && !anyResetCounts && !Boolean.TRUE.equals(entry.adopted())) {
          broken("I6: the ledger says Failed of " + name + ", which is done");
        }
      }
      case Released -> {
        if (!wipes(name).isEmpty()) {
          broken("I1: " + name + " is Released, and was carried out");
        }
        if (late.contains(name)) {
          broken("I1: " + name + " is Released, and may still be carried out");
        }
      }
      default -> {}
    }
  }

  // The Reinstall.

  /** The point of no return: the status was written with a copy that was the newest. */
  void declared(Reinstall copy, String claim, Instant now) {
    String place = InMemoryCluster.place(copy);
    if (copy.getSpec().suspended()) {
      broken("I5: " + place + " is suspended and passes the point of no return");
    }
    if (copy.getMetadata().getDeletionTimestamp() != null) {
      broken("I5: " + place + " is being deleted and passes the point of no return");
    }
    if (!isAllowedByWhatIsInstalled(copy)) {
      notInstalled.add(claim); // harmless as long as it is not submitted
    }
    // No compare-and-swap includes a clock: what was checked may expire before it is written.
    Duration late = Duration.between(copy.getSpec().notAfter(), now);
    declared.put(claim, late.compareTo(cluster.timeouts.sendWithin()) <= 0);
  }

  /**
   * Whether a description that the claim may rest on allowed it; a resend may find its own
   * operation.
   */
  private boolean isAllowedByWhatIsInstalled(Reinstall copy) {
    Set<String> allowed = new HashSet<>(copy.getSpec().requiredInstallation().values());
    if (allowed.isEmpty()) {
      return true;
    }
    cluster.counters.count("points of no return with preconditions");
    boolean resending =
        cluster
            .ledger()
            .entry(copy.getMetadata().getName())
            .filter(e -> Boolean.TRUE.equals(e.resending()))
            .isPresent();
    String ordered = CoreReinstalls.image(copy.getSpec());
    if (resending && ordered == null) {
      return true;
    }
    if (resending) {
      allowed.add(ordered);
    }
    Duration sinceTheLook =
        cluster.timeouts.observationValidity().plus(cluster.timeouts.sendWithin());
    return cluster.cloud.imagesShown(sinceTheLook).stream().anyMatch(allowed::contains);
  }

  void sent(InMemoryCloud.Sent order, FaultSchedule.CallOutcome outcome) {
    cluster.counters.sends++;
    cluster.counters.outcomes.merge(outcome, 1L, Long::sum);
    if (!claims.containsKey(order.claim())) {
      broken("I2: " + order.name() + " is sent without a claim");
    }
    if (EntryBuilder.wholeSeconds(order.signedAt()).isAfter(claims.get(order.claim()).at())) {
      broken("I4: " + order.name() + " is signed later than it was claimed");
    }
    if (!declared.containsKey(order.claim())) {
      broken("I5: " + order.name() + " is sent and its gates were not closed");
    }
    if (!declared.get(order.claim())) {
      broken("I5: " + order.name() + " is sent, but notAfter had passed");
    }
    if (notInstalled.contains(order.claim())) {
      broken("I5: " + order.name() + " is sent, and what it must begin from was not installed");
    }
    if (!sent.add(order.claim())) {
      broken("I1: " + order.name() + " is sent twice under one claim");
    }
    if (outcome == FaultSchedule.CallOutcome.LATE) {
      late.add(order.name());
    }
  }

  // The power.

  void stopSent(InMemoryCloud.Sent stop, FaultSchedule.CallOutcome outcome) {
    cluster.counters.count("stops sent, " + outcome);
    ObservedClaim claim = claims.get(stop.claim());
    if (claim == null || claim.state() != State.Stopping) {
      broken("I2: the server is stopped for " + stop.name() + " without a claim");
    }
    if (!Boolean.TRUE.equals(declared.get(stop.claim()))) {
      broken("I5: the server is stopped for " + stop.name() + " and its gates were not closed");
    }
    if (EntryBuilder.wholeSeconds(stop.signedAt()).isAfter(claim.at())) {
      broken("I4: a stop for " + stop.name() + " is signed later than it was claimed");
    }
    if (notInstalled.contains(stop.claim())) {
      broken("I5: the server is stopped for " + stop.name() + ", which may not begin from it");
    }
    if (!sent.add(stop.claim())) {
      broken("I1: the server is stopped twice for " + stop.name() + " under one claim");
    }
    if (outcome == FaultSchedule.CallOutcome.LATE) {
      stopsUnanswered.put(stop.claim(), cluster.millis());
    }
  }

  void startSent(InMemoryCloud.Sent start, FaultSchedule.CallOutcome outcome) {
    cluster.counters.count("starts sent, " + outcome);
    Optional<Entry> entry = cluster.ledger().entry(start.name());
    boolean adopted = entry.filter(e -> Boolean.TRUE.equals(e.adopted())).isPresent();
    boolean again =
        entry
            .filter(e -> e.state() == State.Restarting)
            .filter(e -> start.claim().equals(e.start().claimId()))
            .isPresent();
    if (!ledgerTampered && !adopted && !again && !isDone(start.name())) {
      broken("powerAfter: the server is started for " + start.name() + ", which is not done");
    }
    if (!sent.add(start.claim())) {
      broken("I1: the server is started twice for " + start.name() + " under one claim");
    }
  }

  /** The server executes the call: no other process may have it by now. */
  void switched(InMemoryCloud.Sent by, Observation.Power to) {
    cluster.counters.count("the server obeys: " + to);
    if (ledgerTampered) {
      return;
    }
    long newest =
        claims.values().stream()
            .filter(c -> c.name().equals(by.name()))
            .mapToLong(ObservedClaim::number)
            .max()
            .orElse(0);
    long since = to == Observation.Power.STOPPED ? claims.get(by.claim()).number() : newest;
    for (ObservedClaim other : claims.values()) {
      boolean beside = !other.name().equals(by.name());
      if (other.number() > since && (beside || other.state() == State.Submitting)) {
        broken("I2: " + by.name() + " makes the server " + to + " after " + other + " was made");
      }
    }
  }

  void executed(InMemoryCloud.Sent order, String requestId, long until, boolean ok) {
    cluster.counters.wipes++;
    wipes
        .computeIfAbsent(order.name(), n -> new ArrayList<>())
        .add(new ObservedWipe(requestId, until, ok));
    if (isGuarded(order.name()) && wipes(order.name()).size() > 1) {
      broken("I1: " + order.name() + " is carried out twice");
    }
    if (!ledgerTampered) {
      ObservedClaim by = claims.get(order.claim());
      for (ObservedClaim other : claims.values()) {
        if (!other.name().equals(by.name()) && other.number() > by.number()) {
          broken("I3: " + by.name() + " is carried out after " + other.name() + " was claimed");
        }
      }
    }
  }

  int wipesOf(String name) {
    return wipes(name).size();
  }

  private List<ObservedWipe> wipes(String name) {
    return wipes.getOrDefault(name, List.of());
  }

  private boolean isDone(String name) {
    return wipes(name).stream()
        .anyMatch(w -> anyResetCounts || (w.ok() && w.until() <= cluster.millis()));
  }

  // The status.

  void statusWritten(Reinstall before, ReinstallStatus after) {
    String place = InMemoryCluster.place(before);
    String name = before.getMetadata().getName();
    silent(after.message());
    String old = before.getStatus() == null ? "" : before.getStatus().phase();
    String next = after.phase();
    boolean wasOver = !old.isEmpty() && Phase.valueOf(old).isFinished();
    if (wasOver && !edited.contains(place) && !next.equals(old) && !isTheLedgers(name, next)) {
      broken("I4: the status of " + place + " goes from " + old + " to " + next);
    }
    if (!isGuarded(name) || !knowsTheTruth()) {
      return;
    }
    if (next.equals(Phase.Succeeded.name())
        && !isDone(name)
        && !after.message().contains("adopted")) {
      broken("I6: the status says Succeeded of " + place + ", which is not done");
    }
    if (next.equals(Phase.Failed.name())
        && !withoutWitness.contains(name)
        && !after.reason().equals(Reason.NameConflict.name())
        && !after.message().contains("adopted")
        && wipes(name).stream().anyMatch(ObservedWipe::ok)) {
      broken("I6: the status says Failed of " + place + ", which was carried out");
    }
  }

  /** A final status changes only if the ledger says so. */
  private boolean isTheLedgers(String name, String phase) {
    return ledgerTampered
        || LedgerWriteRules.says(cluster.ledger().entry(name).orElse(null), phase);
  }

  private static void silent(String message) {
    if (message != null && message.contains(InMemoryCluster.PASSWORD)) {
      broken("I7: a message holds the password");
    }
  }

  /** Describes what is new in a ledger. */
  static String changes(Ledger before, Ledger after) {
    List<String> words = new ArrayList<>();
    Set<String> names = new TreeSet<>(after.orders().keySet());
    for (String name : names) {
      Entry next = after.orders().get(name);
      Entry old = before == null ? null : before.orders().get(name);
      if (!next.equals(old)) {
        words.add(
            name
                + " "
                + (old == null ? "" : old.state() + " -> ")
                + next.state()
                + " (claim "
                + next.claimNumber()
                + " by "
                + next.claimId()
                + (Boolean.TRUE.equals(next.resending()) ? ", recovering" : "")
                + (Boolean.TRUE.equals(next.responseReceived()) ? ", answered" : "")
                + (Boolean.TRUE.equals(next.adopted()) ? ", adopted" : "")
                + (next.token() == null ? "" : ", attempt " + next.attempt())
                + (next.requestId() == null ? "" : ", " + next.requestId())
                + (next.reason() == null ? "" : ", " + next.reason())
                + ")");
      }
    }
    return words.isEmpty() ? "nothing new" : String.join("; ", words);
  }
}
