package dev.reinstall.reconcile;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.Phase;
import dev.reinstall.api.Reason;
import dev.reinstall.api.Reinstall;
import dev.reinstall.api.ReinstallSpec;
import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.api.ServerLedger.RecordedEvidence;
import dev.reinstall.api.ServerLedger.State;
import dev.reinstall.cloud.Observation;
import dev.reinstall.ledger.EntryBuilder;
import dev.reinstall.ledger.SubmissionResult;
import dev.reinstall.reconcile.Decision.Requeue;
import dev.reinstall.reconcile.Facts.RecordedState;
import dev.reinstall.reconcile.Facts.ReportedProgress;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One reconciliation of one request, from top to bottom: describe, decide, claim, do at most one
 * thing, record. Keeps nothing between reconciliations; everything outside is behind {@link Ports}.
 */
public final class ReinstallReconciliation {
  private static final int MAX_ATTEMPTS = 4; // to decide again after a lost compare-and-swap

  private final Ports ports;
  private final Timeouts timeouts;
  private ReconcileContext ctx;

  public ReinstallReconciliation(Ports ports, Timeouts timeouts) {
    this.ports = ports;
    this.timeouts = timeouts;
  }

  /**
   * Reconciles the request once.
   *
   * @return when to reconcile again; empty: only after a change
   */
  public Optional<Duration> run() {
    Optional<Reinstall> copy = ports.cachedReinstall();
    for (int tries = 0; tries < MAX_ATTEMPTS && copy.isPresent(); tries++) {
      try {
        return reconcile(copy.get(), tries > 0);
      } catch (ConflictException e) {
        copy = ports.fetchReinstall();
      }
    }
    return copy.map(c -> timeouts.pollInterval());
  }

  private Optional<Duration> reconcile(Reinstall copy, boolean afterConflict)
      throws ConflictException {
    ReinstallSpec spec = copy.getSpec();
    if (spec.cloud() == null || spec.cloud() == CloudName.UNRECOGNIZED) {
      return reconcileUnknownCloud(copy);
    }
    ctx = new ReconcileContext(ports, timeouts, copy, afterConflict);
    // guard: ledger-is-read-uncached-after-conflict
    if (afterConflict) {
      ctx.fetchLedger();
    } else {
      ctx.readLedger();
    }
    while (true) {
      ReconcileContext.ReadFacts facts = ctx.facts();
      Decision decision = StateHandlers.decide(facts);
      if (facts.haveReadMore()) {
        continue;
      }
      switch (decision.step()) {
        case READ_LEDGER -> ctx.fetchLedger();
        case READ_REINSTALL -> ctx.fetchReinstall();
        case RELEASE -> release(ctx.name);
        case STOP, SUBMIT, RESEND -> {
          if (!ctx.isSpecComplete()) { // what is claimed is all of it
            ctx.fetchReinstall();
            continue;
          }
          return submit(decision, facts);
        }
        case START -> {
          return submit(decision, facts);
        }
        default -> {
          act(decision);
          return requeueAfter(decision, facts);
        }
      }
    }
  }

  /** Without its cloud there is no server, and so no ledger to ask. */
  private Optional<Duration> reconcileUnknownCloud(Reinstall copy) throws ConflictException {
    ReportedProgress reported = ReconcileContext.reportedProgress(copy.getStatus());
    if (reported.isFinished()) {
      ports.updateObservedGeneration(copy);
      return Optional.empty();
    }
    if (reported == ReportedProgress.NONE) {
      ports.updateStatus(
          copy,
          new ReportedStatus(
              Phase.Pending,
              Reason.UnsupportedField.name(),
              Messages.unsupportedCloud(),
              false,
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              Optional.empty()));
    }
    return Optional.of(timeouts.slowInterval());
  }

  // Act.

  private void act(Decision decision) throws ConflictException {
    switch (decision.step()) {
      case KEEP_STATUS -> {
        if (ReconcileContext.reportedProgress(ctx.reinstall.getStatus()).isFinished()) {
          ports.updateObservedGeneration(ctx.reinstall);
        }
      }
      case WAIT -> updateStatus(decision);
      case FAIL_UNSENT -> updateStatus(new StatusBuilder(ctx).of(decision, Optional.empty()));
      case SHOW_RESULT -> updateStatus(new StatusBuilder(ctx).ofFinal(entry()));
      case FOLLOW_ORPHANED_ENTRY -> {
        updateStatus(decision);
        followOrphanedEntry(ctx.ledger.otherOpenEntry(ctx.name).orElseThrow());
      }
      default -> {
        updateEntry(ctx.name, decision);
        if (entry().state().isOpen()) {
          updateStatus(decision);
        } else {
          updateStatus(new StatusBuilder(ctx).ofFinal(entry()));
        }
      }
    }
  }

  private ReportedStatus statusOf(Decision decision) {
    return new StatusBuilder(ctx).of(decision, ctx.entry(ctx.name));
  }

  private void updateStatus(Decision decision) throws ConflictException {
    updateStatus(statusOf(decision));
  }

  private void updateStatus(ReportedStatus reported) throws ConflictException {
    // named: status-is-shown
    ctx.reinstall = ports.updateStatus(ctx.reinstall, reported);
  }

  private Entry entry() {
    return ctx.entry(ctx.name).orElseThrow();
  }

  /** A step that changes nothing but the entry. */
  private void updateEntry(String subject, Decision decision) throws ConflictException {
    Instant now = ports.now();
    EntryBuilder builder = new EntryBuilder(ctx.entry(subject).orElseThrow());
    Optional<Observation.Operation> operation = ctx.observation().flatMap(Observation::operation);
    switch (decision.step()) {
      case ADOPT -> {
        builder.state = State.Accepted;
        builder.recordAcceptance(operation.map(Observation.Operation::id).orElse(null), now);
        builder.adopted = true;
        builder.reason = null;
        builder.message = null;
      }
      case RECORD_TRANSITION -> {
        builder.state = State.Installing;
        builder.evidence = evidence(RecordedEvidence.Kind.Transition, now);
      }
      case RECORD_CHANGE -> {
        builder.state = State.Installing;
        builder.evidence = evidence(RecordedEvidence.Kind.Changed, now);
      }
      case RECORD_LATE_TRANSITION ->
          builder.evidence = evidence(RecordedEvidence.Kind.Transition, now);
      case RECORD_LATE_CHANGE -> builder.evidence = evidence(RecordedEvidence.Kind.Changed, now);
      case SUCCEED -> {
        boolean adopted = operation.filter(Observation.Operation::reinstall).isPresent();
        if (builder.requestId == null && adopted) {
          builder.requestId = operation.get().id();
          builder.adopted = true;
        }
        builder.finish(State.Succeeded, decision.reason().name(), decision.message(), now);
      }
      case FAIL -> builder.finish(State.Failed, decision.reason().name(), decision.message(), now);
      case MARK_UNKNOWN ->
          builder.finish(State.Unknown, decision.reason().name(), decision.message(), now);
      default -> throw new IllegalStateException("not a change of an entry: " + decision.step());
    }
    ctx.ledger = ports.writeLedger(ctx.ledger.with(subject, builder.build()));
  }

  private static RecordedEvidence evidence(RecordedEvidence.Kind kind, Instant now) {
    return new RecordedEvidence(kind, EntryBuilder.wholeSeconds(now), Map.of());
  }

  /** Releases the server: the claim was never submitted, or was certainly rejected. */
  private void release(String subject) throws ConflictException {
    Instant now = ports.now();
    EntryBuilder builder = new EntryBuilder(ctx.entry(subject).orElseThrow());
    builder.responseReceived = true;
    builder.finish(State.Released, null, null, now);
    ctx.ledger = ports.writeLedger(ctx.ledger.with(subject, builder.build()));
  }

  /** Only observes, with the credentials of the request that waits behind it. */
  private void followOrphanedEntry(String orphaned) throws ConflictException {
    ctx.discardObservation();
    while (true) {
      ReconcileContext.ReadFacts facts = ctx.factsOf(orphaned);
      Decision decision = StateHandlers.decide(facts);
      if (facts.haveReadMore()) {
        continue;
      }
      switch (decision.step()) {
        case RELEASE -> {
          release(orphaned);
          return;
        }
        case ADOPT, RECORD_TRANSITION, RECORD_CHANGE, SUCCEED, FAIL, MARK_UNKNOWN -> {
          updateEntry(orphaned, decision);
          return;
        }
        default -> {
          return;
        }
      }
    }
  }

  private Optional<Duration> submit(Decision decision, Facts facts) throws ConflictException {
    SubmissionResult result;
    try {
      result = new Submission(ctx, decision).submit();
    } catch (NotYetException e) {
      return Optional.of(notYet(e));
    } catch (ClaimRefusedException e) {
      boolean begins = /* named: submits-reinstall */
          decision.step() == Step.SUBMIT || /* named: stops-server */ decision.step() == Step.STOP;
      return requeueAfter(begins ? unclaimed(e) : decision, facts);
    }
    Optional<Entry> entry = ctx.entry(ctx.name);
    if (entry.isEmpty()) {
      throw new ConflictException("the ledger was deleted while the request was in progress");
    }
    updateStatus(new StatusBuilder(ctx).ofResult(result, entry.get()));
    return requeueAfter(result, entry.get());
  }

  /** Nothing was sent, and it is tried again after a while: one of more than a poll is shown. */
  private Duration notYet(NotYetException e) throws ConflictException {
    if (ctx.entry(ctx.name).filter(entry -> entry.state().isOpen()).isPresent()) {
      return e.pause();
    }
    if (e.pause().compareTo(timeouts.pollInterval()) > 0) {
      updateStatus(new Decision(Step.WAIT, Reason.Throttled, e.getMessage(), Requeue.AT_NEXT_POLL));
    }
    Duration untilNotAfter = untilNotAfter();
    return untilNotAfter.isNegative() || untilNotAfter.compareTo(e.pause()) > 0
        ? e.pause()
        : untilNotAfter;
  }

  /** Nothing was sent. (For a call that follows a submit, the status keeps what it reports.) */
  private Decision unclaimed(ClaimRefusedException refused) throws ConflictException {
    Decision wait =
        new Decision(Step.WAIT, refused.reason(), refused.getMessage(), Requeue.AT_NEXT_POLL);
    updateStatus(wait);
    return wait;
  }

  // Come back.

  private Optional<Duration> requeueAfter(SubmissionResult result, Entry entry) {
    return switch (entry.state()) {
      case Stopping ->
          Optional.of(
              result.kind() == SubmissionResult.Kind.NOT_NEEDED
                  ? Duration.ZERO
                  : timeouts.pollInterval());
      case Accepted, Installing, Starting ->
          Optional.of(longer(timeouts.pollInterval(), result.pause()));
      case Submitting ->
          Optional.of(
              timeouts.fenceOf(
                  ctx.cloud.capabilities(), /* named: own-time-to-send */ timeouts.sendWithin()));
      case RejectedBusy -> Optional.of(ctx.cloud.capabilities().settleTime());
      case Released -> {
        if (entry.completionTime() != null) {
          yield Optional.empty();
        }
        yield Optional.of(
            result.kind() == SubmissionResult.Kind.DENIED
                ? timeouts.slowInterval()
                : longer(timeouts.pollInterval(), result.pause()));
      }
      case Unknown -> Optional.of(timeouts.slowInterval());
      default -> Optional.empty();
    };
  }

  private Optional<Duration> requeueAfter(Decision decision, Facts facts) {
    RecordedState recorded = facts.recorded();
    Optional<Duration> pause = ctx.pause();
    Duration untilNotAfter = untilNotAfter();
    Duration next =
        switch (decision.requeue()) {
          case NEVER -> null;
          case AT_NEXT_POLL -> longer(timeouts.pollInterval(), pause.orElse(Duration.ZERO));
          case AT_SLOW_INTERVAL -> timeouts.slowInterval();
          case AFTER_FENCE -> atLeastEveryPoll(recorded.fence().minus(recorded.claimAge()));
          case AFTER_SETTLING ->
              atLeastEveryPoll(recorded.settleTime().minus(recorded.rejectionAge()));
          case AT_NOT_AFTER -> untilNotAfter;
          case NOW -> Duration.ZERO;
        };
    boolean unsent =
        decision.step() == Step.WAIT
            && Set.of(Phase.Pending, Phase.Stopping).contains(StatusBuilder.phase(decision));
    return Optional.ofNullable(next)
        .map(
            n ->
                unsent && !untilNotAfter.isNegative() && untilNotAfter.compareTo(n) < 0
                    ? untilNotAfter
                    : n);
  }

  private Duration untilNotAfter() {
    return Duration.between(ports.now(), ctx.spec.notAfter()).plusMillis(1);
  }

  /**
   * Another process may finish the request in the meantime; until the time is over a reconciliation
   * reads nothing but its own caches.
   */
  private Duration atLeastEveryPoll(Duration remaining) {
    Duration next =
        remaining.compareTo(timeouts.pollInterval()) < 0 ? remaining : timeouts.pollInterval();
    return longer(next, Duration.ofMillis(1));
  }

  private static Duration longer(Duration a, Duration b) {
    return a.compareTo(b) > 0 ? a : b;
  }
}
