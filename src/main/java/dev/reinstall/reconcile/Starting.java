package dev.reinstall.reconcile;

import dev.reinstall.api.Reason;
import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.api.ServerLedger.Start;
import dev.reinstall.api.ServerLedger.State;
import dev.reinstall.cloud.Observation.Power;

/** The reinstall is complete, and a start of the server was sent, or may have been. */
final class Starting implements StateHandler {
  @Override
  public Result handle(Facts s) {
    Start start = s.recorded().start().orElseThrow();
    if (s.recorded().startInFlight() && !s.recorded().unsent()) {
      return stay(
          Boolean.TRUE.equals(start.refused())
              ? InstallingMessages.startRejected(s.timeouts().pollInterval())
              : InstallingMessages.startUnanswered(s.timeouts().fence()));
    }
    ServerObservation server = s.server();
    if (!s.recorded().timedOut()) {
      if (server.failure().isPresent()) {
        return stay(
            Sentences.join(
                InstallingMessages.starting(), InstallingMessages.unseen(server.failureMessage())));
      }
      if (server.isBusy() || isUnsettled(start, server)) {
        return stay(InstallingMessages.starting());
      }
    }
    if (
    /* guard: start-is-requested-once */ start.acceptTime() == null && mayStart(s)) {
      return Result.start();
    }
    return Result.succeed(s, installed(s));
  }

  private static Result stay(String message) {
    return Result.stay(Reason.Starting, message);
  }

  private static boolean isUnsettled(Start start, ServerObservation server) {
    return !server.isRunning() && start.acceptTime() != null && !server.powerChangeSettled();
  }

  static boolean mayStart(Facts s) {
    return mayStartServer(s) && !s.recorded().timedOut();
  }

  /** An orphaned entry is only observed. */
  static boolean mayStartServer(Facts s) {
    return /* guard: orphan-is-not-started */ s.recorded().isOwner()
        && /* guard: paused-operator-starts-no-server */ s.pause().isEmpty()
        && /* guard: held-server-is-not-started */ s.recorded().hold().isEmpty()
        && /* guard: moved-server-is-not-started */ s.recorded().notGranted().isEmpty()
        && s.server()
            .observation()
            .filter(/* guard: running-server-is-not-started */ o -> o.power() == Power.STOPPED)
            .isPresent();
  }

  /** The message of a success, with the result of the start that it asks for. */
  static String installed(Facts s) {
    String result = result(s.recorded().entry().orElseThrow());
    boolean startWanted =
        s.recorded().state().isOpen()
            && (s.recorded().state() == State.Starting || s.desired().startAfter());
    if (!startWanted) {
      return result;
    }
    ServerObservation server = s.server();
    if (server.failure().isPresent()) {
      return Sentences.join(result, InstallingMessages.startUnchecked(failure(s)));
    }
    if (server.isRunning()) {
      return result;
    }
    return Sentences.join(
        result,
        s.pause()
            .map(InstallingMessages::startPaused)
            .or(() -> s.recorded().hold().map(InstallingMessages::startHeld))
            .or(() -> s.recorded().notGranted().map(moved -> InstallingMessages.startNotGranted()))
            .orElseGet(() -> InstallingMessages.notSeenRunning(server.described().rawState())));
  }

  /** Who follows an orphaned entry leaves no words of its own account in it. */
  static String failure(Facts s) {
    return /* guard: follower-leaves-no-words */ s.recorded().isOwner()
        ? s.server().failureMessage()
        : Sentences.sentence(s.server().failure().orElseThrow().reason().name());
  }

  static String result(Entry entry) {
    return Boolean.TRUE.equals(entry.adopted())
        ? InstallingMessages.adoptedInstalled()
        : InstallingMessages.installed();
  }
}
