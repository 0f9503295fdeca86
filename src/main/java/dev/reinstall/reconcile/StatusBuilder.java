package dev.reinstall.reconcile;

import dev.reinstall.api.Phase;
import dev.reinstall.api.Reason;
import dev.reinstall.api.ReinstallStatus;
import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.api.ServerLedger.State;
import dev.reinstall.api.ServerLedger.Stop;
import dev.reinstall.cloud.Observation.Power;
import dev.reinstall.ledger.EntryBuilder;
import dev.reinstall.ledger.SubmissionResult;
import dev.reinstall.reconcile.Result.Act;
import dev.reinstall.reconcile.Result.Requeue;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Builds what the status says: the one place where that is decided. */
final class StatusBuilder {
  private final ReconcileContext ctx;

  StatusBuilder(ReconcileContext ctx) {
    this.ctx = ctx;
  }

  /**
   * The status of a result.
   *
   * @param entry of the request, as the ledger has it after the result was carried out
   */
  ReportedStatus of(Result result, Optional<Entry> entry) {
    Phase phase = phase(result);
    if (result.reason() == Reason.LedgerOutdated) {
      return ledgerOutdated(result);
    }
    Optional<Entry> submitted =
        entry.filter(e -> e.state() != State.Released && !e.state().isPowerChange());
    boolean unsent = phase == Phase.Pending || result.act() == Act.FAIL_UNSENT;
    return new ReportedStatus(
        phase,
        result.reason().name(),
        Sentences.join(
            result.message(),
            unsent ? stoppedNote(noted(result)) : "",
            isBeforeSubmit(result, phase) ? NotStartedMessages.deadline(ctx.spec.notAfter()) : ""),
        submitted.filter(e -> e.acceptTime() != null).isPresent(),
        submitted.map(Entry::requestId),
        ctx.observation(),
        isChecked(result, phase) ? check(result) : Optional.empty(),
        result.reason() == Reason.Restarting ? submitTime() : submitted.map(Entry::claimTime),
        phase.isFinished()
            ? Optional.of(submitted.map(Entry::completionTime).orElseGet(this::now))
            : Optional.empty(),
        entry.map(Entry::claimNumber));
  }

  /** Of a spec that is invalid by itself nothing is read, and that is all that is found. */
  private Optional<Check> check(Result result) {
    return CheckBuilder.of(ctx)
        .or(
            () ->
                result.act() == Act.FAIL_UNSENT && result.reason() == Reason.InvalidSpec
                    ? CheckBuilder.ofInvalidSpec(ctx)
                    : Optional.empty());
  }

  /** What was checked before the submit is kept from then on. */
  private static boolean isChecked(Result result, Phase phase) {
    return phase == Phase.Pending
        || phase == Phase.Stopping
        || result.act() == Act.SUBMIT
        || result.act() == Act.FAIL_UNSENT;
  }

  /** The deadline for starting still applies. */
  private boolean isBeforeSubmit(Result result, Phase phase) {
    return result.reason() == Reason.Stopping
        || (phase == Phase.Pending
            && Ownership.ownEntry(ctx).filter(e -> e.state() != State.Released).isEmpty());
  }

  /**
   * Of a submit that was certainly rejected, the status is the only record beside a later claim.
   */
  private Optional<Instant> submitTime() {
    return Optional.ofNullable(ctx.reinstall.getStatus()).map(ReinstallStatus::submitTime);
  }

  /** A request that ends was not what the server was stopped for, if another one has the entry. */
  private Optional<Entry> noted(Result result) {
    return Ownership.ownEntry(ctx)
        .filter(entry -> result.act() != Act.FAIL_UNSENT || ctx.isOwner(entry));
  }

  /** The owner of a server that was stopped for a request that was not sent must know. */
  private String stoppedNote(Optional<Entry> entry) {
    return entry
        .filter(e -> e.state() == State.Released)
        .flatMap(e -> stopTime(e).map(at -> stoppedNote(e, at)))
        .orElse("");
  }

  private String stoppedNote(Entry entry, Instant at) {
    return entry.restartWith() == null
        ? SubmittingMessages.stoppedBefore(at, isStopped())
        : RestartMessages.startsAgainUnlessSubmitted(at);
  }

  /** Of the newest stop that was accepted: a later one may have no response. */
  private static Optional<Instant> stopTime(Entry entry) {
    return Optional.ofNullable(entry.stop())
        .filter(stop -> stop.notNeeded() == null)
        .map(Stop::responseTime)
        .or(() -> Optional.ofNullable(entry.firstStopTime()));
  }

  private boolean isStopped() {
    return ctx.observation().filter(o -> o.power() == Power.STOPPED).isPresent();
  }

  /** The status is all that is left of what was sent: it keeps what it knows. */
  private ReportedStatus ledgerOutdated(Result result) {
    Optional<ReinstallStatus> status = Optional.ofNullable(ctx.reinstall.getStatus());
    return new ReportedStatus(
        Phase.Unknown,
        result.reason().name(),
        result.message(),
        status.map(ReinstallStatus::phase).filter(StatusBuilder::isOfAnAccepted).isPresent(),
        status.map(ReinstallStatus::requestId),
        ctx.observation(),
        Optional.empty(),
        status.map(ReinstallStatus::submitTime),
        Optional.of(now()),
        Optional.empty());
  }

  /** Not every word that says more than a submit: it may be one that somebody made up. */
  private static boolean isOfAnAccepted(String phase) {
    return phase.equals(Phase.Installing.name()) || phase.equals(Phase.Starting.name());
  }

  private Instant now() {
    return EntryBuilder.wholeSeconds(ctx.ports.now());
  }

  static Phase phase(Result result) {
    return switch (result.act()) {
      case FAIL_UNSENT -> result.reason() == Reason.LedgerOutdated ? Phase.Unknown : Phase.Failed;
      default ->
          result.entry() != null && !result.entry().state().isOpen()
              ? phase(result.entry())
              : switch (result.reason()) {
                case Stopping, Restarting -> Phase.Stopping;
                case Submitting, AwaitingConfirmation -> Phase.Submitting;
                case Installing -> Phase.Installing;
                case Starting -> Phase.Starting;
                default -> Phase.Pending;
              };
    };
  }

  /** Of a final entry. */
  private static Phase phase(Entry entry) {
    return switch (entry.state()) {
      case Succeeded -> Phase.Succeeded;
      case Unknown -> Phase.Unknown;
      default -> Phase.Failed;
    };
  }

  /** The status of a final entry. */
  ReportedStatus ofFinal(Entry entry) {
    return Ownership.isOfOwnNamespace(ctx, entry.owner())
        ? ofOwnFinal(entry)
        : ofFinalElsewhere(entry);
  }

  /** Without names, times and ids of another namespace, and without what its cloud said. */
  private ReportedStatus ofFinalElsewhere(Entry entry) {
    Phase phase = phase(entry);
    return new ReportedStatus(
        phase,
        phase == Phase.Succeeded ? Reason.AlreadyCompleted.name() : entry.reason(),
        NotStartedMessages.alreadyCompletedElsewhere(),
        entry.acceptTime() != null,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(now()),
        Optional.empty());
  }

  private ReportedStatus ofOwnFinal(Entry entry) {
    boolean taken = !ctx.isOwner(entry);
    Phase phase = phase(entry);
    String reason =
        phase == Phase.Succeeded && taken ? Reason.AlreadyCompleted.name() : entry.reason();
    return new ReportedStatus(
        phase,
        reason,
        Sentences.join(
            taken ? alreadyCompleted(entry) : entry.message(), stoppedNote(Optional.of(entry))),
        entry.acceptTime() != null,
        Optional.ofNullable(entry.requestId()).or(() -> keptRequestId(entry)),
        ctx.observation(),
        Optional.empty(),
        entry.state() == State.Released ? submitTime() : Optional.ofNullable(entry.claimTime()),
        Optional.ofNullable(entry.completionTime()),
        Optional.ofNullable(entry.claimNumber()));
  }

  /** What a restored ledger does not contain any more: the status keeps it. */
  private Optional<String> keptRequestId(Entry entry) {
    boolean regressed = Reason.LedgerOutdated.name().equals(entry.reason());
    return Optional.ofNullable(ctx.reinstall.getStatus())
        .filter(status -> regressed && ctx.isOwner(entry))
        .map(ReinstallStatus::requestId);
  }

  private static String alreadyCompleted(Entry entry) {
    return NotStartedMessages.alreadyCompleted(
        entry.claimTime(), entry.owner().path(), entry.message());
  }

  /** The status after a call, by what the ledger contains now. */
  ReportedStatus ofResult(SubmissionResult result, Entry entry) throws ConflictException {
    Optional<Entry> recorded = Optional.of(entry);
    return switch (entry.state()) {
      case Submitting -> of(awaitingConfirmation(), recorded);
      case RejectedBusy -> of(rejectedBusy(result), recorded);
      case Stopping -> of(stopping(result, entry), recorded);
      case Accepted, Installing -> of(ACCEPTED, recorded);
      case Starting -> of(starting(result), recorded);
      case Restarting -> of(restarting(result, entry), recorded);
      case Released -> {
        if (entry.completionTime() == null && !result.isRejected()) {
          throw new ConflictException("the ledger was restored while the request was in progress");
        }
        yield entry.completionTime() == null ? of(rejected(result), recorded) : ofFinal(entry);
      }
      default -> ofFinal(entry);
    };
  }

  private static final Result ACCEPTED =
      Result.stay(Reason.Installing, InstallingMessages.installing());

  private Result awaitingConfirmation() {
    Duration fence = ctx.timeouts.fenceOf(ctx.cloud.capabilities(), ctx.timeouts.sendWithin());
    return Result.stay(
        Reason.AwaitingConfirmation, SubmittingMessages.responseLost(fence), Requeue.AFTER_FENCE);
  }

  private Result stopping(SubmissionResult result, Entry entry) {
    String message =
        result.isAmbiguous()
            ? SubmittingMessages.stopUnanswered(ctx.timeouts.fence())
            : Stopping.message(entry);
    return Result.stay(Reason.Stopping, message);
  }

  private Result starting(SubmissionResult result) {
    if (result.isAccepted()) {
      return Result.stay(Reason.Starting, InstallingMessages.starting());
    }
    return Result.stay(
        Reason.Starting,
        result.isAmbiguous()
            ? InstallingMessages.startUnanswered(ctx.timeouts.fence())
            : InstallingMessages.startRejected(ctx.timeouts.pollInterval()));
  }

  private Result restarting(SubmissionResult result, Entry entry) {
    String end = entry.message() == null ? "" : entry.message();
    String more =
        result.isAccepted()
            ? ""
            : result.isAmbiguous()
                ? RestartMessages.restartUnanswered(ctx.timeouts.fence())
                : RestartMessages.restartRejectedForNow(ctx.timeouts.pollInterval());
    return Result.stay(Reason.Restarting, Sentences.join(RestartMessages.restarting(end), more));
  }

  private Result rejectedBusy(SubmissionResult result) {
    Duration settleTime = ctx.cloud.capabilities().settleTime();
    return Result.stay(
        Reason.ServerBusy,
        Sentences.join(result.message(), SubmittingMessages.busyMayBeOurs(settleTime)));
  }

  private static Result rejected(SubmissionResult result) {
    return Result.stay(result.error().reason(), result.message());
  }
}
