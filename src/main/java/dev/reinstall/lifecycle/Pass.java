package dev.reinstall.lifecycle;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.Phase;
import dev.reinstall.api.Reason;
import dev.reinstall.api.Reinstall;
import dev.reinstall.api.ReinstallSpec;
import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.api.ServerLedger.RecordedEvidence;
import dev.reinstall.api.ServerLedger.State;
import dev.reinstall.cloud.Observation;
import dev.reinstall.lifecycle.Decision.Pace;
import dev.reinstall.lifecycle.Situation.Failure;
import dev.reinstall.lifecycle.Situation.Look;
import dev.reinstall.lifecycle.Situation.Standing;
import dev.reinstall.lifecycle.Situation.Told;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One pass over one order, from top to bottom: look, decide, claim, act on at most one thing,
 * record. Keeps nothing between passes; everything outside is behind {@link World}.
 */
public final class Pass {
  private static final int TRIES = 4; // to decide anew after a lost compare-and-swap

  private final World world;
  private final Timing timing;
  private Inquiry known;

  public Pass(World world, Timing timing) {
    this.world = world;
    this.timing = timing;
  }

  /**
   * Passes once over the order.
   *
   * @return when to come back; empty: only when something changes
   */
  public Optional<Duration> run() {
    Optional<Reinstall> copy = world.order();
    for (int tries = 0; tries < TRIES && copy.isPresent(); tries++) {
      try {
        return begin(copy.get(), tries > 0);
      } catch (Conflict e) {
        copy = world.orderNow();
      }
    }
    return copy.map(c -> timing.poll());
  }

  private Optional<Duration> begin(Reinstall copy, boolean afterConflict) throws Conflict {
    ReinstallSpec spec = copy.getSpec();
    if (spec.cloud() == null || spec.cloud() == CloudName.UNRECOGNIZED) {
      return ofUnknownCloud(copy);
    }
    known = new Inquiry(world, timing, copy, afterConflict);
    // guard: ledger-is-read-anew-after-conflict
    if (afterConflict) {
      known.readLedgerAnew();
    } else {
      known.readLedger();
    }
    while (true) {
      Situation situation = known.situation();
      Decision decision = Lifecycle.decide(situation);
      // guard: glance-decides-nothing
      if (known.hasOnlyGlanced() && !mayRestOnGlance(decision)) {
        known.look(known.name, true);
        continue;
      }
      switch (decision.step()) {
        case READ_LEDGER -> known.readLedgerAnew();
        case READ_ORDER -> known.readOrderAnew();
        case LOOK -> known.glance();
        case READ_SECRETS -> known.readSecrets();
        case RELEASE -> release(known.name);
        case HOLD, CLAIM, RECOVER, START -> {
          return give(decision, situation);
        }
        default -> {
          act(decision);
          return comeBack(decision, situation);
        }
      }
    }
  }

  /**
   * By a glance an order may only go on waiting as it did. What it shows may be from before the
   * copy of the ledger that the decision rests on: a server that runs by now, the end of an order
   * before this one. To wait changes nothing, and the next look is never far; but not even new
   * words are written for its sake.
   */
  private boolean mayRestOnGlance(Decision decision) {
    return switch (decision.step()) {
      case READ_LEDGER -> true; // with it, the glance is forgotten
      case WAIT -> /* guard: glance-tells-nothing-new */
          world.isTold(known.reinstall, told(decision));
      case SHOW -> world.isTold(known.reinstall, new Telling(known).ofSettled(entry()));
      default -> false;
    };
  }

  /** Without its cloud there is no server, and so no ledger to ask. */
  private Optional<Duration> ofUnknownCloud(Reinstall copy) throws Conflict {
    Told told = Inquiry.told(copy.getStatus());
    if (told.isOver()) {
      world.acknowledge(copy);
      return Optional.empty();
    }
    if (told == Told.NOTHING) {
      world.show(
          copy,
          new View(
              Phase.Pending,
              Reason.UnsupportedField.name(),
              "spec.cloud holds a value that this operator does not know: upgrade the operator",
              false,
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              Optional.empty()));
    }
    return Optional.of(timing.slow());
  }

  // Act.

  private void act(Decision decision) throws Conflict {
    switch (decision.step()) {
      case LEAVE -> {
        if (Inquiry.told(known.reinstall.getStatus()).isOver()) {
          world.acknowledge(known.reinstall);
        }
      }
      case WAIT -> show(decision);
      case END -> show(new Telling(known).of(decision, Optional.empty()));
      case SHOW -> show(new Telling(known).ofSettled(entry()));
      case FOLLOW_ORPHAN -> {
        show(decision);
        followOrphan(known.ledger.otherOpenEntry(known.name).orElseThrow());
      }
      default -> {
        settleOrMove(known.name, decision);
        if (entry().state().isOpen()) {
          show(decision);
        } else {
          show(new Telling(known).ofSettled(entry()));
        }
      }
    }
  }

  private View told(Decision decision) {
    return new Telling(known).of(decision, known.entry(known.name));
  }

  private void show(Decision decision) throws Conflict {
    show(told(decision));
  }

  private void show(View view) throws Conflict {
    // named: status-is-shown
    known.reinstall = world.show(known.reinstall, view);
  }

  private Entry entry() {
    return known.entry(known.name).orElseThrow();
  }

  /** A step that changes nothing but the entry. */
  private void settleOrMove(String subject, Decision decision) throws Conflict {
    Instant now = world.now();
    LedgerEntryBuilder builder = new LedgerEntryBuilder(known.entry(subject).orElseThrow());
    Optional<Observation.Operation> operation = known.observation().flatMap(Observation::operation);
    switch (decision.step()) {
      case ADOPT -> {
        builder.state = State.Accepted;
        builder.recordAcceptance(operation.orElseThrow().id(), now);
        builder.adopted = true;
        builder.reason = null;
        builder.message = null;
      }
      case NOTE_TRANSITION -> {
        builder.state = State.Installing;
        builder.evidence = evidence(RecordedEvidence.Kind.Transition, now);
      }
      case NOTE_CHANGE -> {
        builder.state = State.Installing;
        builder.evidence = evidence(RecordedEvidence.Kind.Changed, now);
      }
      case SUCCEED -> {
        boolean adopted = operation.filter(Observation.Operation::reinstall).isPresent();
        if (builder.requestId == null && adopted) {
          builder.requestId = operation.get().id();
          builder.adopted = true;
        }
        builder.finish(State.Succeeded, decision.reason().name(), decision.message(), now);
      }
      case FAIL -> builder.finish(State.Failed, decision.reason().name(), decision.message(), now);
      case GIVE_UP ->
          builder.finish(State.Unknown, decision.reason().name(), decision.message(), now);
      default -> throw new IllegalStateException("not a change of an entry: " + decision.step());
    }
    known.ledger = world.write(known.ledger.with(subject, builder.build(), now));
  }

  private static RecordedEvidence evidence(RecordedEvidence.Kind kind, Instant now) {
    return new RecordedEvidence(kind, LedgerEntryBuilder.wholeSeconds(now), Map.of());
  }

  /** Gives the server back: the claim was never sent, or was surely refused. */
  private void release(String subject) throws Conflict {
    Instant now = world.now();
    LedgerEntryBuilder builder = new LedgerEntryBuilder(known.entry(subject).orElseThrow());
    builder.responseReceived = true;
    builder.finish(State.Released, null, null, now);
    known.ledger = world.write(known.ledger.with(subject, builder.build(), now));
  }

  /** Looks only, with the credentials of the order that waits behind. */
  private void followOrphan(String orphan) throws Conflict {
    known.forgetLook();
    while (true) {
      Decision decision = Lifecycle.decide(known.situationOf(orphan));
      switch (decision.step()) {
        case LOOK -> known.look(orphan, false);
        case RELEASE -> {
          release(orphan);
          return;
        }
        case ADOPT, NOTE_TRANSITION, NOTE_CHANGE, SUCCEED, FAIL, GIVE_UP -> {
          settleOrMove(orphan, decision);
          return;
        }
        default -> {
          return;
        }
      }
    }
  }

  private Optional<Duration> give(Decision decision, Situation situation) throws Conflict {
    Answer result;
    try {
      result = new Delivery(known, decision).give();
    } catch (ClaimRefused e) {
      boolean begins = /* named: gives-order */
          decision.step() == Step.CLAIM || /* named: stops-server */ decision.step() == Step.HOLD;
      return comeBack(begins ? unclaimed(e) : decision, situation);
    }
    Optional<Entry> entry = known.entry(known.name);
    if (entry.isEmpty()) {
      throw new Conflict("the ledger was deleted while the order was under way");
    }
    show(new Telling(known).ofAnswer(decision.step(), result, entry.get()));
    return comeBack(result, entry.get());
  }

  /**
   * Nothing was sent. (A call that follows a send is another matter: what it follows stays told.)
   */
  private Decision unclaimed(ClaimRefused why) throws Conflict {
    Decision wait = new Decision(Step.WAIT, why.reason(), why.getMessage(), Pace.POLL);
    show(wait);
    return wait;
  }

  // Come back.

  private Optional<Duration> comeBack(Answer result, Entry entry) {
    return switch (entry.state()) {
      case Stopping ->
          Optional.of(result.kind() == Answer.Kind.NEEDLESS ? Duration.ZERO : timing.poll());
      case Accepted, Installing -> Optional.of(longer(timing.poll(), result.pause()));
      case Submitting ->
          Optional.of(
              Lifecycle.isRefusedBusy(entry)
                  ? known.cloud.capabilities().settleTime()
                  : timing.fenceOf(
                      known.cloud.capabilities(), /* named: own-time-to-send */
                      timing.sendWithin()));
      case Released -> {
        if (entry.completionTime() != null) {
          yield Optional.empty();
        }
        yield Optional.of(
            result.kind() == Answer.Kind.DENIED
                ? timing.slow()
                : longer(timing.poll(), result.pause()));
      }
      case Unknown -> Optional.of(timing.slow());
      default -> Optional.empty();
    };
  }

  private Optional<Duration> comeBack(Decision decision, Situation situation) {
    Standing standing = situation.standing();
    Optional<Duration> pause = situation.look().flatMap(Look::failure).flatMap(Failure::pause);
    Duration untilNotAfter = Duration.between(world.now(), known.spec.notAfter()).plusMillis(1);
    Duration next =
        switch (decision.pace()) {
          case NEVER -> null;
          case POLL -> longer(timing.poll(), pause.orElse(Duration.ZERO));
          case SLOWLY -> timing.slow();
          case AFTER_FENCE -> atLeastEveryPoll(standing.fence().minus(standing.claimAge()));
          case AFTER_SETTLING -> atLeastEveryPoll(standing.settle().minus(standing.refusalAge()));
          case AT_NOT_AFTER -> untilNotAfter;
          case AT_ONCE -> Duration.ZERO;
        };
    boolean unsent =
        decision.step() == Step.WAIT
            && Set.of(Phase.Pending, Phase.Stopping).contains(Telling.phase(decision));
    return Optional.ofNullable(next)
        .map(
            n ->
                unsent && !untilNotAfter.isNegative() && untilNotAfter.compareTo(n) < 0
                    ? untilNotAfter
                    : n);
  }

  /**
   * Somebody else may settle the order meanwhile; until the time is over a pass reads nothing but
   * its own caches.
   */
  private Duration atLeastEveryPoll(Duration rest) {
    Duration next = rest.compareTo(timing.poll()) < 0 ? rest : timing.poll();
    return longer(next, Duration.ofMillis(1));
  }

  private static Duration longer(Duration a, Duration b) {
    return a.compareTo(b) > 0 ? a : b;
  }
}
