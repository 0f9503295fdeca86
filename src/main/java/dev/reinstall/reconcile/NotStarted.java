package dev.reinstall.reconcile;

import dev.reinstall.api.Reason;
import dev.reinstall.api.ReinstallSpec.WhenRunning;
import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.cloud.Finding;
import dev.reinstall.cloud.Observation;
import dev.reinstall.cloud.Observation.Power;
import dev.reinstall.reconcile.Result.Requeue;
import dev.reinstall.reconcile.ServerObservation.DescribeFailure;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Nothing was submitted, or all that was is certainly rejected. What forbids to start is checked
 * cheapest first: the ledger and the Reinstall, then the server, then the Secrets and the
 * catalogues.
 */
final class NotStarted implements StateHandler {
  @Override
  public Result handle(Facts s) {
    return ended(s)
        .or(() -> expired(s))
        .or(() -> paused(s))
        .or(() -> forbidden(s))
        .or(() -> notGranted(s))
        .or(() -> suspended(s))
        .or(() -> waits(s))
        .or(() -> undescribed(s))
        .or(() -> busyServer(s))
        .or(() -> stillWaits(s))
        .or(() -> checkFailed(s))
        .or(() -> unfitServer(s))
        .orElseGet(() -> start(s));
  }

  /** It is over, or it may be, and the status is all that shows it. */
  private static Optional<Result> ended(Facts s) {
    // guard: ended-is-not-started
    if (s.recorded().isFinalForThisObject()) {
      return Optional.of(Result.showResult(Requeue.NEVER));
    }
    // guard: finished-status-is-not-started
    if (s.desired().reportedProgress().isFinished()) {
      return Optional.of(Result.keepStatus(Requeue.NEVER));
    }
    // guard: deleted-is-not-started
    if (s.desired().deleted()) {
      return Optional.of(Result.keepStatus(Requeue.NEVER));
    }
    if (isStatusAheadOfLedger(s)) {
      return Optional.of(
          s.recorded().uncached()
              ? Result.failUnsent(Reason.LedgerOutdated, NotStartedMessages.ledgerOutdated())
              : Result.readLedger());
    }
    return Optional.empty();
  }

  /**
   * The status reports a submit that the ledger does not contain; also one of a claim that the
   * ledger does not contain, although another one was made and released since.
   */
  private static boolean isStatusAheadOfLedger(Facts s) {
    Optional<Entry> entry = s.recorded().entry();
    // guard: status-reports-a-submit
    return s.desired().statusIsAheadOf(entry.map(Entry::claimTime).orElse(null))
        || /* guard: status-reports-another-submit */ entry
            .filter(e -> s.recorded().mine() || !s.recorded().isNameUsed())
            .filter(s.desired()::statusReportsOtherClaim)
            .isPresent();
  }

  private static Optional<Result> expired(Facts s) {
    // guard: expired-is-not-started
    if (s.desired().expired()) {
      String rejection = s.recorded().entry().map(Entry::message).orElse(null);
      boolean elsewhere = s.recorded().entry().isPresent() && !s.recorded().mine();
      return Optional.of(
          Result.failUnsent(
              Reason.DeadlineExceeded,
              elsewhere
                  ? NotStartedMessages.deadlineExceededElsewhere(s.desired().notAfter())
                  : NotStartedMessages.deadlineExceeded(s.desired().notAfter(), rejection)));
    }
    return Optional.empty();
  }

  /** Before everything else that a request waits for: each one shows that the pause is in force. */
  private static Optional<Result> paused(Facts s) {
    // guard: paused-operator-claims-nothing
    if (s.pause().isPresent()) {
      return Optional.of(
          Result.stay(
              Reason.OperatorPaused,
              NotStartedMessages.operatorPaused(s.pause().orElseThrow()),
              Requeue.AT_NOT_AFTER));
    }
    return Optional.empty();
  }

  /** By what the Reinstall says. */
  private static Optional<Result> forbidden(Facts s) {
    // guard: unsupported-field-is-not-started
    if (!s.desired().supported()) {
      return Optional.of(unsupportedField(s));
    }
    // guard: invalid-is-not-started
    if (s.desired().validationError().isPresent()) {
      return Optional.of(
          Result.failUnsent(
              Reason.InvalidSpec,
              NotStartedMessages.invalidSpec(s.desired().validationError().orElseThrow())));
    }
    return Optional.empty();
  }

  /** Not even a plan is made: what its key shows of the server is for who may have it. */
  private static Optional<Result> notGranted(Facts s) {
    // guard: server-of-another-namespace-is-not-claimed
    if (s.recorded().notGranted().isPresent()) {
      return Optional.of(
          Result.stay(
              Reason.ServerNotGranted,
              s.recorded().notGranted().orElseThrow(),
              Requeue.AT_SLOW_INTERVAL)); // a grant wakes it, if it was shown as this by then
    }
    return Optional.empty();
  }

  /** Everything is read that a plan needs; nothing is wrong with a plan that has errors. */
  private static Optional<Result> suspended(Facts s) {
    // guard: suspended-is-not-started
    if (s.desired().suspended()) {
      s.server();
      readWhatIsChecked(s);
      return Optional.of(
          Result.stay(Reason.Suspended, CheckMessages.suspended(), Requeue.AT_SLOW_INTERVAL));
    }
    return Optional.empty();
  }

  /** The status then shows all that is wrong, whatever the request waits for. */
  private static void readWhatIsChecked(Facts s) {
    s.secrets();
    s.catalogues();
  }

  static Result unsupportedField(Facts s) {
    return Result.stay(
        Reason.UnsupportedField,
        NotStartedMessages.unsupportedField(s.desired().unknownFields()),
        Requeue.AT_SLOW_INTERVAL);
  }

  /** By what the ledger says of the server, and of the last attempt. */
  private static Optional<Result> waits(Facts s) {
    // guard: held-server-is-not-claimed
    if (s.recorded().hold().isPresent()) {
      return Optional.of(
          Result.stay(
              Reason.ServerHeld,
              NotStartedMessages.serverHeld(s.recorded().hold().orElseThrow()),
              Requeue.AT_NOT_AFTER));
    }
    if (s.recorded().blocking().isPresent()) {
      return Optional.of(queued(s));
    }
    return s.recorded()
        .backoff()
        .map(b -> Result.stay(b.reason(), b.message(), Requeue.AFTER_BACKOFF));
  }

  private static Result queued(Facts s) {
    BlockingEntry ahead = s.recorded().blocking().orElseThrow();
    // guard: orphaned-entry-is-followed
    if (ahead.open() && ahead.orphaned()) {
      return Result.followOrphanedEntry(
          NotStartedMessages.queuedBehindOrphanedEntry(ahead.owner()));
    }
    if (ahead.restart()) {
      return Result.stay(Reason.Queued, NotStartedMessages.queuedBehindRestart(ahead.owner()));
    }
    return Result.stay(
        Reason.Queued,
        ahead.open()
            ? NotStartedMessages.queued(ahead.owner())
            : NotStartedMessages.queuedBehindFence(ahead.owner(), s.timeouts().fence()));
  }

  private static Optional<Result> undescribed(Facts s) {
    Optional<DescribeFailure> failure = s.server().failure();
    failure.filter(found -> !found.passes()).ifPresent(found -> readWhatIsChecked(s));
    return failure.map(found -> undescribed(s, found));
  }

  private static Result undescribed(Facts s, DescribeFailure failure) {
    if (failure.lasting()) {
      return /* named: ends-unsent */ Result.failUnsent(
          failure.reason(), NotStartedMessages.finalBeforeStart(failure.message()));
    }
    return switch (failure.reason()) {
      case ServerNotFound ->
          Result.stay(
              failure.reason(),
              NotStartedMessages.notFoundYet(failure.message(), s.recorded().settleTime()));
      case AccessDenied ->
          Result.stay(
              failure.reason(),
              NotStartedMessages.deniedBeforeStart(failure.message(), s.timeouts().slowInterval()),
              Requeue.AT_SLOW_INTERVAL);
      default -> Result.stay(failure.reason(), retried(s.timeouts(), failure));
    };
  }

  private static String retried(Timeouts timeouts, DescribeFailure failure) {
    if (failure.pause().isPresent()) {
      return NotStartedMessages.pausedBeforeStart(failure.message());
    }
    return failure.reason() == Reason.CloudUnreachable
        ? NotStartedMessages.unreachableBeforeStart(
            failure.message(), timeouts.pollInterval(), timeouts.slowInterval())
        : NotStartedMessages.retriedBeforeStart(failure.message(), timeouts.pollInterval());
  }

  /**
   * Another operation is in progress: what the cloud reports meanwhile is no reason for a request
   * to fail. But a server that its cloud restricts does not become idle by itself.
   */
  private static Optional<Result> busyServer(Facts s) {
    ServerObservation server = s.server();
    // guard: busy-server-is-waited-for
    if (!server.isBusy()) {
      return Optional.empty();
    }
    if (errors(server.findings(), Finding.Kind.CORRECTABLE).isEmpty()) {
      return Optional.of(busy(NotStartedMessages.serverBusy(server.described().rawState())));
    }
    return Optional.of(checkFailed(s, errors(findings(s), Finding.Kind.CORRECTABLE)));
  }

  private static Result busy(String message) {
    return Result.stay(Reason.ServerBusy, message);
  }

  /** It was checked when it began to wait for this, and is checked again before it starts. */
  private static Optional<Result> stillWaits(Facts s) {
    return unfitServer(s)
        .filter(wait -> wait.act() == Result.Act.STAY)
        .filter(wait -> s.desired().checkedReason().equals(Optional.of(wait.reason().name())));
  }

  /** All that can be known is checked while the server is as it was: everything is read first. */
  private static Optional<Result> checkFailed(Facts s) {
    List<Finding> findings = findings(s);
    List<Finding> invalid = errors(findings, Finding.Kind.INVALID);
    // guard: invalid-request-is-not-claimed
    if (!invalid.isEmpty()) {
      return Optional.of(
          Result.failUnsent(
              Reason.InvalidSpec, NotStartedMessages.invalidSpec(CheckMessages.list(invalid))));
    }
    List<Finding> errors = errors(findings, Finding.Kind.CORRECTABLE);
    // guard: incorrect-request-is-not-claimed
    if (!errors.isEmpty()) {
      return Optional.of(checkFailed(s, errors));
    }
    List<String> problems = s.secrets().problems();
    return problems.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Result.stay(
                Reason.SecretNotReady,
                NotStartedMessages.retriedBeforeStart(
                    String.join(" ", problems), s.timeouts().pollInterval())));
  }

  private static List<Finding> findings(Facts s) {
    return Stream.of(s.server().findings(), s.secrets().findings(), s.catalogues())
        .flatMap(List::stream)
        .toList();
  }

  private static List<Finding> errors(List<Finding> findings, Finding.Kind kind) {
    return findings.stream().filter(found -> found.kind() == kind).toList();
  }

  private static Result checkFailed(Facts s, List<Finding> errors) {
    return Result.stay(
        Reason.CheckFailed,
        CheckMessages.checkFailed(errors, s.secrets().problems(), s.timeouts().pollInterval()));
  }

  /** By what the cloud reports of the server. */
  private static Optional<Result> unfitServer(Facts s) {
    ServerObservation server = s.server();
    Observation observation = server.described();
    if (observation.power() == Power.BROKEN) {
      return Optional.of(busy(NotStartedMessages.serverBroken(observation.rawState())));
    }
    if (InstalledPreconditions.areUnmet(s)) {
      return Optional.of(
          Result.failUnsent(Reason.PreconditionFailed, InstalledPreconditions.failed(s)));
    }
    return server.isRunning() ? running(s.desired().whenRunning()) : Optional.empty();
  }

  private static Optional<Result> running(WhenRunning whenRunning) {
    return switch (whenRunning) {
      case Stop -> Optional.empty();
      case Fail ->
          Optional.of(
              Result.failUnsent(Reason.ServerRunning, NotStartedMessages.serverRunningFail()));
      default ->
          Optional.of(Result.stay(Reason.ServerRunning, NotStartedMessages.serverRunningWait()));
    };
  }

  /** Nothing forbids it. What can be refused is done before what cannot be undone. */
  private static Result start(Facts s) {
    // guard: password-exists-before-the-server-is-claimed
    if (s.secrets().toGenerate().isPresent()) {
      return Result.createPassword();
    }
    return s.server().isRunning() ? Result.stop(SubmittingMessages.stopping()) : Result.submit();
  }
}
