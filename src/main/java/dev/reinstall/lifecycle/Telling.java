package dev.reinstall.lifecycle;

import dev.reinstall.api.Phase;
import dev.reinstall.api.Reason;
import dev.reinstall.api.ReinstallStatus;
import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.api.ServerLedger.State;
import dev.reinstall.lifecycle.Decision.Pace;
import java.time.Instant;
import java.util.Optional;

/** What the status shall say: the one place where it is made. */
final class Telling {
  private final Inquiry known;

  Telling(Inquiry known) {
    this.known = known;
  }

  /**
   * Tells a decision.
   *
   * @param entry of the order, as the ledger has it after what was decided was done
   */
  View of(Decision decision, Optional<Entry> entry) {
    Phase phase = phase(decision);
    if (decision.reason() == Reason.LedgerOutdated) {
      return regressed(decision);
    }
    Optional<Entry> sent =
        entry.filter(e -> e.state() != State.Released && e.state() != State.Stopping);
    boolean unsent = phase == Phase.Pending || decision.step() == Step.END;
    return new View(
        phase,
        decision.reason().name(),
        decision.message() + (unsent ? wasStopped(known.entry(known.name)) : ""),
        sent.filter(e -> e.acceptTime() != null).isPresent(),
        sent.map(Entry::requestId),
        known.observation(),
        sent.map(Entry::claimTime),
        phase.isFinished()
            ? Optional.of(sent.map(Entry::completionTime).orElseGet(this::now))
            : Optional.empty());
  }

  /** A server that was stopped for an order that was not sent: who owns it must know. */
  private static String wasStopped(Optional<Entry> entry) {
    return entry
        .filter(e -> e.state() == State.Released)
        .map(Entry::stop)
        .filter(stop -> stop.notNeeded() == null)
        .map(
            stop ->
                ". The server was stopped for this order on "
                    + stop.responseTime()
                    + " and is not started again by it")
        .orElse("");
  }

  /** The status is all that is left of what was sent: it keeps what it knows. */
  private View regressed(Decision decision) {
    Optional<ReinstallStatus> status = Optional.ofNullable(known.reinstall.getStatus());
    return new View(
        Phase.Unknown,
        decision.reason().name(),
        decision.message(),
        Inquiry.told(known.reinstall.getStatus()) == Situation.Told.GIVEN,
        status.map(ReinstallStatus::requestId),
        known.observation(),
        status.map(ReinstallStatus::submitTime),
        Optional.of(now()));
  }

  private Instant now() {
    return LedgerEntryBuilder.wholeSeconds(known.world.now());
  }

  static Phase phase(Decision decision) {
    return switch (decision.step()) {
      case END -> decision.reason() == Reason.LedgerOutdated ? Phase.Unknown : Phase.Failed;
      case SUCCEED -> Phase.Succeeded;
      case FAIL -> Phase.Failed;
      case GIVE_UP -> Phase.Unknown;
      default ->
          switch (decision.reason()) {
            case Stopping -> Phase.Stopping;
            case Submitting, AwaitingConfirmation -> Phase.Submitting;
            case Installing -> Phase.Installing;
            case Starting -> Phase.Starting;
            default -> Phase.Pending;
          };
    };
  }

  /** Tells what the ledger says of an order that is over. */
  View ofSettled(Entry entry) {
    boolean taken = !known.isOwn(entry);
    Phase phase =
        switch (entry.state()) {
          case Succeeded -> Phase.Succeeded;
          case Unknown -> Phase.Unknown;
          default -> Phase.Failed;
        };
    String reason =
        phase == Phase.Succeeded && taken ? Reason.AlreadyCompleted.name() : entry.reason();
    return new View(
        phase,
        reason,
        (taken ? takenOver(entry) : entry.message()) + wasStopped(Optional.of(entry)),
        entry.acceptTime() != null,
        Optional.ofNullable(entry.requestId()).or(() -> forgotten(entry)),
        known.observation(),
        Optional.ofNullable(entry.claimTime()),
        Optional.ofNullable(entry.completionTime()));
  }

  /** What a ledger that was put back does not know any more: the status keeps it. */
  private Optional<String> forgotten(Entry entry) {
    boolean regressed = Reason.LedgerOutdated.name().equals(entry.reason());
    return Optional.ofNullable(known.reinstall.getStatus())
        .filter(status -> regressed && known.isOwn(entry))
        .map(ReinstallStatus::requestId);
  }

  private static String takenOver(Entry entry) {
    return "nothing was done now: this order was given on "
        + entry.claimTime()
        + " for "
        + entry.owner().namespace()
        + "/"
        + entry.owner().name()
        + ". To reinstall again, write a Reinstall with another name. Then: "
        + entry.message();
  }

  /** Tells what came back from a send, by what the ledger says now. */
  View ofAnswer(Step sent, Answer result, Entry entry) throws Conflict {
    Optional<Entry> told = Optional.of(entry);
    return switch (entry.state()) {
      case Submitting -> of(Lifecycle.isRefusedBusy(entry) ? passing(result) : AWAITING, told);
      case Stopping -> of(stopping(result), told);
      case Accepted, Installing -> of(sent == Step.START ? starting(result) : AT_WORK, told);
      case Released -> {
        if (entry.completionTime() == null && result.kind().reason() == null) {
          throw new Conflict("the ledger was put back while the order was under way");
        }
        yield entry.completionTime() == null ? of(passing(result), told) : ofSettled(entry);
      }
      default -> ofSettled(entry);
    };
  }

  private static final Decision AT_WORK =
      new Decision(
          Step.WAIT, Reason.Installing, "the cloud accepted the order and is at work", Pace.POLL);

  private static final Decision AWAITING =
      new Decision(
          Step.WAIT,
          Reason.AwaitingConfirmation,
          "the order was sent and no answer that can be trusted came: its trace is looked for",
          Pace.AFTER_FENCE);

  private static Decision stopping(Answer result) {
    String said =
        result.kind() == Answer.Kind.UNCLEAR ? Lifecycle.STOP_UNANSWERED : Lifecycle.STOPPING;
    return new Decision(Step.WAIT, Reason.Stopping, said, Pace.POLL);
  }

  private static Decision starting(Answer result) {
    String said =
        switch (result.kind()) {
          case ACCEPTED -> Lifecycle.STARTING;
          case UNCLEAR -> Lifecycle.START_UNANSWERED;
          default -> Lifecycle.START_REFUSED;
        };
    return new Decision(Step.WAIT, Reason.Starting, said, Pace.POLL);
  }

  private static Decision passing(Answer result) {
    return new Decision(Step.WAIT, result.kind().reason(), result.message(), Pace.POLL);
  }
}
