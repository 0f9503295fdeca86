package dev.reinstall.reconcile;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.Phase;
import dev.reinstall.api.Reason;
import dev.reinstall.api.Reinstall;
import dev.reinstall.api.ReinstallSpec;
import dev.reinstall.api.SecretKeyRef;
import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.api.ServerLedger.State;
import dev.reinstall.cloud.CloudException;
import dev.reinstall.ledger.SubmissionResult;
import dev.reinstall.reconcile.Result.Act;
import java.time.Duration;
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
    boolean passwordCreated = false;
    while (true) {
      ReadFacts facts = ReadFacts.of(ctx);
      Result result = StateHandlers.decide(facts);
      if (facts.haveReadMore()) {
        if (ctx.secretsRead != null && !ctx.isSpecComplete()) {
          ctx.fetchReinstall(); // the plan shows inline user data, which no cache keeps
        }
        continue;
      }
      switch (result.act()) {
        case READ_LEDGER -> ctx.fetchLedger();
        case READ_REINSTALL -> ctx.fetchReinstall();
        case CREATE_PASSWORD -> {
          if (passwordCreated) { // it exists, and cannot be read yet
            return Optional.of(timeouts.pollInterval());
          }
          passwordCreated = true;
          createPassword(facts.secrets().toGenerate().orElseThrow());
        }
        case TRANSITION -> {
          write(ctx.name, result);
          if (!result.isRelease()) {
            updateStatus(
                entry().state().isOpen()
                    ? statusOf(result)
                    : new StatusBuilder(ctx).ofFinal(entry()));
            return requeueAfter(result, facts);
          }
        }
        case STOP, SUBMIT, RESEND -> {
          if (!ctx.isSpecComplete()) { // what is claimed is all of it
            ctx.fetchReinstall();
            continue;
          }
          return submit(result, facts);
        }
        case START, RESTART -> {
          return submit(result, facts);
        }
        default -> {
          act(result, facts);
          return requeueAfter(result, facts);
        }
      }
    }
  }

  /** Without its cloud there is no server, and so no ledger to ask. */
  private Optional<Duration> reconcileUnknownCloud(Reinstall copy) throws ConflictException {
    ReportedProgress reported = ReportedProgress.of(copy.getStatus());
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
              NotStartedMessages.unsupportedCloud(),
              false,
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              Optional.empty()));
    }
    return Optional.of(timeouts.slowInterval());
  }

  /** What is sent is what is read afterwards: another process may have made it. */
  private void createPassword(SecretKeyRef generated) {
    try {
      ports.createPassword(ctx.reinstall, generated);
      ctx.discardSecrets();
    } catch (SecretNotReadyException e) {
      ctx.secretsRead = SecretsRead.failed(e);
    }
  }

  // Act.

  private void act(Result result, Facts facts) throws ConflictException {
    switch (result.act()) {
      case KEEP_STATUS -> {
        if (ReportedProgress.of(ctx.reinstall.getStatus()).isFinished()) {
          ports.updateObservedGeneration(ctx.reinstall);
        }
      }
      case STAY -> updateStatus(result);
      case FAIL_UNSENT -> updateStatus(new StatusBuilder(ctx).of(result, Optional.empty()));
      case SHOW_RESULT -> updateStatus(new StatusBuilder(ctx).ofFinal(entry()));
      case FOLLOW_ORPHANED_ENTRY -> {
        updateStatus(result);
        followOrphanedEntry(facts.recorded().blocking().orElseThrow().name());
      }
      default -> throw new IllegalStateException("no act of a reconciliation: " + result.act());
    }
  }

  private ReportedStatus statusOf(Result result) {
    return new StatusBuilder(ctx).of(result, Ownership.ownEntry(ctx));
  }

  private void updateStatus(Result result) throws ConflictException {
    updateStatus(statusOf(result));
  }

  private void updateStatus(ReportedStatus reported) throws ConflictException {
    // named: status-is-shown
    ctx.reinstall = ports.updateStatus(ctx.reinstall, reported);
  }

  private Entry entry() {
    return ctx.entry(ctx.name).orElseThrow();
  }

  private void write(String subject, Result result) throws ConflictException {
    ctx.ledger = ports.writeLedger(ctx.ledger.with(subject, result.entry()));
    if (result.endsUnsubmitted()) {
      ports.reportUnsubmittedEnd(ctx.spec.server(), result.entry(), result.message());
    }
  }

  /** Only observes, with the credentials of the request that waits behind it. */
  private void followOrphanedEntry(String orphaned) throws ConflictException {
    ctx.discardObservation();
    while (true) {
      ReadFacts facts = ReadFacts.ofOrphan(ctx, orphaned);
      Result result = StateHandlers.decide(facts);
      if (facts.haveReadMore()) {
        continue;
      }
      if (result.act() == Act.TRANSITION) {
        write(orphaned, result);
      }
      return;
    }
  }

  private Optional<Duration> submit(Result result, Facts facts) throws ConflictException {
    SubmissionResult answer;
    try {
      answer = new Submission(ctx, result).submit();
    } catch (NotYetException e) {
      return Optional.of(notYet(e, result));
    } catch (ClaimRefusedException e) {
      boolean begins = /* named: submits-reinstall */
          result.act() == Act.SUBMIT
              || /* named: stops-server */ result.act() == Act.STOP
              || result.act() == Act.RESTART;
      return requeueAfter(begins ? unclaimed(e) : result, facts);
    }
    Optional<Entry> entry = ctx.entry(ctx.name);
    if (entry.isEmpty()) {
      throw new ConflictException("the ledger was deleted while the request was in progress");
    }
    if (entry.get().state() == State.Released
        && entry.get().completionTime() != null
        && entry.get().restartWith() != null) {
      return Optional.of(Duration.ZERO); // the server is started again before the end is shown
    }
    updateStatus(new StatusBuilder(ctx).ofResult(answer, entry.get()));
    return requeueAfter(answer, entry.get());
  }

  /** Nothing was sent, and it is tried again after a while: one of more than a poll is shown. */
  private Duration notYet(NotYetException e, Result result) throws ConflictException {
    if (Ownership.ownEntry(ctx).filter(entry -> entry.state().isOpen()).isPresent()) {
      return e.pause();
    }
    if (result.act() == Act.RESTART) {
      updateStatus(Result.stay(result.reason(), result.message()));
    } else if (e.pause().compareTo(timeouts.pollInterval()) > 0) {
      updateStatus(Result.stay(Reason.Throttled, e.getMessage()));
    }
    Duration untilNotAfter = untilNotAfter();
    return untilNotAfter.isNegative() || untilNotAfter.compareTo(e.pause()) > 0
        ? e.pause()
        : untilNotAfter;
  }

  /** Nothing was sent. (For a call that follows a submit, the status keeps what it reports.) */
  private Result unclaimed(ClaimRefusedException refused) throws ConflictException {
    Result wait = Result.stay(refused.reason(), refused.getMessage());
    updateStatus(wait);
    return wait;
  }

  // Come back.

  private Optional<Duration> requeueAfter(SubmissionResult result, Entry entry) {
    return switch (entry.state()) {
      case Stopping ->
          Optional.of(
              result.equals(SubmissionResult.NOT_NEEDED) ? Duration.ZERO : timeouts.pollInterval());
      case Accepted, Installing, Starting, Restarting ->
          Optional.of(longer(timeouts.pollInterval(), result.pause()));
      case Submitting ->
          Optional.of(
              timeouts.fenceOf(
                  ctx.cloud.capabilities(), /* named: own-time-to-send */
                  ctx.timeouts.sendWithin()));
      case RejectedBusy -> Optional.of(ctx.cloud.capabilities().settleTime());
      case Released -> {
        if (entry.completionTime() != null) {
          yield Optional.empty();
        }
        yield Optional.of(
            result.error() == CloudException.Kind.DENIED
                ? timeouts.slowInterval()
                : longer(timeouts.pollInterval(), result.pause()));
      }
      case Unknown -> Optional.of(timeouts.slowInterval());
      default -> Optional.empty();
    };
  }

  private Optional<Duration> requeueAfter(Result result, Facts facts) {
    RecordedState recorded = facts.recorded();
    Optional<Duration> pause = ctx.pause();
    Duration untilNotAfter = untilNotAfter();
    Duration next =
        switch (result.requeue()) {
          case NEVER -> null;
          case AT_NEXT_POLL -> longer(timeouts.pollInterval(), pause.orElse(Duration.ZERO));
          case AT_SLOW_INTERVAL -> timeouts.slowInterval();
          case AFTER_FENCE -> atLeastEveryPoll(recorded.fence().minus(recorded.claimAge()));
          case AFTER_SETTLING ->
              atLeastEveryPoll(recorded.settleTime().minus(recorded.rejectionAge()));
          case AFTER_BACKOFF ->
              longer(
                  recorded.backoff().map(Backoff::remaining).orElseThrow(), Duration.ofMillis(1));
          case AT_NOT_AFTER -> untilNotAfter;
          case NOW -> Duration.ZERO;
        };
    boolean unsent =
        result.act() == Act.STAY
            && Set.of(Phase.Pending, Phase.Stopping).contains(StatusBuilder.phase(result));
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
