package dev.reinstall.reconcile;

import dev.reinstall.api.Reason;
import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.api.ServerLedger.Start;
import dev.reinstall.reconcile.Result.Act;
import dev.reinstall.reconcile.Result.Requeue;
import dev.reinstall.reconcile.ServerObservation.DescribeFailure;
import java.util.Optional;

/**
 * The request has ended without being submitted, and the server, which was stopped for it, is being
 * started again: nothing but start requests may have been sent.
 */
final class Restarting implements StateHandler {
  @Override
  public Result handle(Facts s) {
    Entry entry = s.recorded().entry().orElseThrow();
    boolean inFlight = s.recorded().startInFlight() && !s.recorded().unsent();
    // guard: status-beside-a-restart-is-kept
    if (Submitting.isBesideAnotherSubmit(s) || s.desired().reportedProgress().isFinished()) {
      return inFlight ? Result.keepStatus(Requeue.AT_NEXT_POLL) : Result.endWithoutRestart(s);
    }
    Start start = entry.start();
    if (inFlight) {
      return stay(
          entry.message(),
          Boolean.TRUE.equals(start.refused())
              ? RestartMessages.restartRejectedForNow(s.timeouts().pollInterval())
              : RestartMessages.restartUnanswered(s.timeouts().fence()));
    }
    // guard: moved-server-is-not-started-again
    if (start.acceptTime() == null && s.recorded().notGranted().isPresent()) {
      return Result.endUnsubmitted(
          s,
          entry.reason(),
          entry.message(),
          leftStopped(entry, RestartMessages.restartNotGranted()));
    }
    ServerObservation server = s.server();
    if (!s.recorded().timedOut()) {
      if (server.failure().isPresent()) {
        return stay(entry.message(), InstallingMessages.unseen(server.failureMessage()));
      }
      boolean accepted = start.acceptTime() != null;
      boolean unsettled = !server.isRunning() && accepted && !server.powerChangeSettled();
      if (server.isBusy() || unsettled) {
        return stay(entry.message(), "");
      }
      if (
      /* guard: restart-is-requested-once */ !accepted && Starting.mayStartServer(s)) {
        return Result.restart(s, entry.reason(), entry.message());
      }
      // It is for who may start it: one that waits behind it only observes.
      if (!accepted && !server.isRunning() && !s.recorded().isOwner()) {
        return stay(entry.message(), "");
      }
    }
    return Result.endUnsubmitted(s, entry.reason(), entry.message(), result(s));
  }

  /**
   * What comes before a request ends that still has to start its server again.
   *
   * @param end how the request is about to end
   */
  static Result before(Facts s, Result end) {
    Entry entry = s.recorded().entry().orElseThrow();
    boolean failsNow = end.act() == Act.FAIL_UNSENT;
    String reason = failsNow ? end.reason().name() : entry.reason();
    String message = failsNow ? end.message() : entry.message();
    Optional<String> forbidden = forbidden(s);
    if (forbidden.isPresent()) {
      return Result.endUnsubmitted(s, reason, message, leftStopped(entry, forbidden.get()));
    }
    ServerObservation server = s.server();
    // guard: who-sees-no-server-ends-no-restart
    if (server.failure().isPresent() && !s.recorded().sameObject()) {
      return end;
    }
    boolean lasting = server.failure().filter(DescribeFailure::lasting).isPresent();
    if (lasting || s.restartOverdue()) {
      return Result.endUnsubmitted(s, reason, message, result(s));
    }
    if (server.failure().isPresent()) {
      return stay(message, InstallingMessages.unseen(server.failureMessage()));
    }
    // guard: restart-when-the-stop-has-settled
    if (server.isBusy() || !server.powerChangeSettled()) {
      return stay(message, "");
    }
    if (server.isRunning()) {
      return Result.endRunning(s, reason, message, runsAgain(entry));
    }
    return Starting.mayStartServer(s)
        ? Result.restart(s, reason, message)
        : Result.endUnsubmitted(s, reason, message, result(s));
  }

  private static Optional<String> forbidden(Facts s) {
    // guard: restart-takes-no-server-from-another
    if (s.recorded().restartSuperseded()) {
      return Optional.of(RestartMessages.restartSuperseded());
    }
    return s.pause()
        .map(RestartMessages::restartPaused)
        .or(() -> s.recorded().hold().map(RestartMessages::restartHeld))
        .or(() -> s.recorded().notGranted().map(moved -> RestartMessages.restartNotGranted()));
  }

  private static Result stay(String end, String more) {
    return Result.stay(
        Reason.Restarting,
        Sentences.join(RestartMessages.restarting(end == null ? "" : end), more));
  }

  /** What is known of the server as the request ends. */
  private static String result(Facts s) {
    ServerObservation server = s.server();
    Entry entry = s.recorded().entry().orElseThrow();
    if (server.failure().isPresent()) {
      return RestartMessages.restartNotKnown(Starting.failure(s));
    }
    if (server.isRunning()) {
      return RestartMessages.restarted(entry.firstStopTime());
    }
    return leftStopped(
        entry,
        forbidden(s)
            .orElseGet(() -> RestartMessages.restartNotSeen(server.described().rawState())));
  }

  /** The status of a request that has ended is not evaluated again: its message has it all. */
  static String leftStopped(Entry entry, String why) {
    return entry.firstStopTime() == null
        ? why
        : Sentences.join(SubmittingMessages.stoppedBefore(entry.firstStopTime(), true), why);
  }

  private static String runsAgain(Entry entry) {
    return entry.firstStopTime() == null ? "" : RestartMessages.runsAgain(entry.firstStopTime());
  }
}
