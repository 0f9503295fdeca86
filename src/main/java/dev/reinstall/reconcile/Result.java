package dev.reinstall.reconcile;

import dev.reinstall.api.Reason;
import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.api.ServerLedger.RecordedEvidence;
import dev.reinstall.api.ServerLedger.State;
import dev.reinstall.cloud.Observation.Operation;
import dev.reinstall.cloud.Observation.Power;
import dev.reinstall.ledger.EntryBuilder;

/**
 * What a handler decided: what to do, how to say it, and when to reconcile again.
 *
 * @param reason null where something is read, or where the ledger's own words are shown
 * @param entry the entry as it becomes; null but for a transition
 */
record Result(Act act, Reason reason, String message, Entry entry, Requeue requeue) {

  /** To read something more and decide again, or one act with which a reconciliation ends. */
  enum Act {
    READ_LEDGER,
    READ_REINSTALL,
    /** Create the Secret of a generated password. */
    CREATE_PASSWORD,
    /** Change nothing at all. */
    KEEP_STATUS,
    /** Say in the status why nothing is done yet. */
    STAY,
    /** Report in the status that the request failed unsent. */
    FAIL_UNSENT,
    /** Report in the status the result in the ledger. */
    SHOW_RESULT,
    /** Follow an open entry whose Reinstall is gone. */
    FOLLOW_ORPHANED_ENTRY,
    /** Write the entry as it becomes. A released one is decided on again. */
    TRANSITION,
    /** Claim the server to stop it, and ask the cloud to. */
    STOP,
    SUBMIT,
    /** Claim again, to send the same request with the same token again. */
    RESEND,
    /** Start the server of a completed request. */
    START,
    /** Start the server again that was stopped for a request that ends unsubmitted. */
    RESTART
  }

  /** When to come back. */
  enum Requeue {
    NEVER,
    /** The next poll, or when the cloud's pause is over. */
    AT_NEXT_POLL,
    /** Now and then: a person must act, or nothing is likely to change. */
    AT_SLOW_INTERVAL,
    /** When the newest claim is as old as its fence asks; the next poll, if that is sooner. */
    AFTER_FENCE,
    /** When the settling time has passed; the next poll, if that is sooner. */
    AFTER_SETTLING,
    /** When the backoff is over. */
    AFTER_BACKOFF,
    /** When notAfter passes; a change of the Reinstall comes by the watch. */
    AT_NOT_AFTER,
    NOW
  }

  // Nothing is written to the ledger.

  static Result readLedger() {
    return of(Act.READ_LEDGER, null, "", Requeue.NOW);
  }

  static Result readReinstall() {
    return of(Act.READ_REINSTALL, null, "", Requeue.NOW);
  }

  static Result createPassword() {
    return of(Act.CREATE_PASSWORD, null, "", Requeue.NOW);
  }

  static Result keepStatus(Requeue requeue) {
    return of(Act.KEEP_STATUS, null, "", requeue);
  }

  static Result showResult(Requeue requeue) {
    return of(Act.SHOW_RESULT, null, "", requeue);
  }

  static Result stay(Reason reason, String message, Requeue requeue) {
    return of(Act.STAY, reason, message, requeue);
  }

  static Result stay(Reason reason, String message) {
    return stay(reason, message, Requeue.AT_NEXT_POLL);
  }

  static Result followOrphanedEntry(String message) {
    return of(Act.FOLLOW_ORPHANED_ENTRY, Reason.Queued, message, Requeue.AT_NEXT_POLL);
  }

  static Result failUnsent(Reason reason, String message) {
    return of(Act.FAIL_UNSENT, reason, message, Requeue.NEVER);
  }

  // A call is sent, under a claim.

  static Result stop(String message) {
    return of(Act.STOP, Reason.Stopping, message, Requeue.AT_NEXT_POLL);
  }

  static Result submit() {
    return of(Act.SUBMIT, Reason.Submitting, SubmittingMessages.submitting(), Requeue.AT_NEXT_POLL);
  }

  static Result resend() {
    return of(Act.RESEND, Reason.Submitting, SubmittingMessages.resending(), Requeue.AT_NEXT_POLL);
  }

  static Result start() {
    return of(Act.START, Reason.Starting, InstallingMessages.starting(), Requeue.AT_NEXT_POLL);
  }

  /**
   * Start the server again.
   *
   * @param why reason of the end of the request; null: its Reinstall is gone
   */
  static Result restart(Facts s, String why, String end) {
    String claim = ""; // it is not made yet
    return new Result(
        Act.RESTART,
        Reason.Restarting,
        RestartMessages.restarting(end == null ? "" : end),
        change(s).restarting(claim, why, end).build(),
        Requeue.AT_NEXT_POLL);
  }

  private static Result of(Act act, Reason reason, String message, Requeue requeue) {
    return new Result(act, reason, message, null, requeue);
  }

  // Transitions.

  /** Release the server: the stop was certainly not sent. */
  static Result releaseUnsentStop(Facts s) {
    return transition(null, "", change(s).stopRejected().release(s.recorded().now()), Requeue.NOW);
  }

  /** Release the server: nothing was submitted, or it was certainly rejected. */
  static Result release(Facts s) {
    return transition(null, "", change(s).release(s.recorded().now()), Requeue.NOW);
  }

  /**
   * Release the server, and end the request: it cannot start any more.
   *
   * @param why null: its Reinstall is gone
   * @param end the same for people; null: its Reinstall is gone
   * @param result what is known of the server, and of its start
   */
  static Result endUnsubmitted(Facts s, String why, String end, String result) {
    boolean started =
        s.recorded().start().isPresent()
            && s.server().observation().filter(o -> o.power() == Power.RUNNING).isPresent();
    return endUnsubmitted(s, why, Sentences.join(end == null ? "" : end, result), started, result);
  }

  /** The same, where the server runs and was not started: nobody needs to hear of it. */
  static Result endRunning(Facts s, String why, String end, String note) {
    return endUnsubmitted(s, why, Sentences.join(end == null ? "" : end, note), false, "");
  }

  /** The server is not started again: it is not granted to this namespace any more. */
  static Result leaveStopped(Facts s) {
    return transition(null, "", change(s).restartWith(null), Requeue.NOW);
  }

  /** The server is not started: the status shows an end already, or a submit. */
  static Result endWithoutRestart(Facts s) {
    Entry entry = s.recorded().entry().orElseThrow();
    boolean ended = entry.completionTime() != null;
    return endUnsubmitted(s, ended ? entry.reason() : null, entry.message(), false, "");
  }

  private static Result endUnsubmitted(
      Facts s, String why, String what, boolean started, String event) {
    return transition(
        null, event, change(s).endUnsubmitted(why, what, started, s.recorded().now()), Requeue.NOW);
  }

  /** Adopt what the cloud shows as the result of this request. */
  static Result adopt(Facts s, String message) {
    String id = s.server().described().operation().map(Operation::id).orElse(null);
    return transition(
        Reason.Installing, message, change(s).adopt(id, s.recorded().now()), Requeue.AT_NEXT_POLL);
  }

  /** Write down the first evidence of the install. */
  static Result installing(Facts s, RecordedEvidence.Kind kind, String message) {
    return transition(
        Reason.Installing,
        message,
        change(s).installing().evidence(kind, s.recorded().now()),
        Requeue.AT_NEXT_POLL);
  }

  /** Write down the first evidence of the install of a request whose outcome is unknown. */
  static Result lateEvidence(Facts s, RecordedEvidence.Kind kind) {
    return transition(
        null, "", change(s).evidence(kind, s.recorded().now()), Requeue.AT_SLOW_INTERVAL);
  }

  /** It is complete. */
  static Result succeed(Facts s, String message) {
    EntryBuilder builder = change(s);
    s.server()
        .observation()
        .flatMap(o -> o.operation())
        .filter(Operation::reinstall)
        .ifPresent(operation -> builder.adoptMissingId(operation.id()));
    return end(s, builder, State.Succeeded, Reason.Installed, message, Requeue.NEVER);
  }

  static Result fail(Facts s, String message) {
    return end(s, change(s), State.Failed, Reason.InstallFailed, message, Requeue.NEVER);
  }

  static Result outcomeUnknown(Facts s, String message) {
    return end(
        s, change(s), State.Unknown, Reason.OutcomeUnknown, message, Requeue.AT_SLOW_INTERVAL);
  }

  /** No evidence will resolve it. */
  static Result ledgerOutdated(Facts s) {
    return end(
        s,
        change(s),
        State.Unknown,
        Reason.LedgerOutdated,
        NotStartedMessages.ledgerOutdated(),
        Requeue.NEVER);
  }

  private static EntryBuilder change(Facts s) {
    return new EntryBuilder(s.recorded().entry().orElseThrow());
  }

  private static Result end(
      Facts s, EntryBuilder builder, State state, Reason reason, String message, Requeue requeue) {
    builder.finish(state, reason.name(), message, s.recorded().now());
    return transition(reason, message, builder, requeue);
  }

  private static Result transition(
      Reason reason, String message, EntryBuilder builder, Requeue requeue) {
    return new Result(Act.TRANSITION, reason, message, builder.build(), requeue);
  }

  /** Whether it ends a request for which the server was stopped, and its message is what became. */
  boolean endsUnsubmitted() {
    return isRelease() && !message.isEmpty();
  }

  boolean isRelease() {
    return entry != null && entry.state() == State.Released;
  }
}
