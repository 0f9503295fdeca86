package dev.reinstall.exploration;

import dev.reinstall.api.Phase;
import dev.reinstall.api.ReinstallSpec;
import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.cloud.Observation;
import dev.reinstall.cloud.Observation.Power;
import dev.reinstall.reconcile.CoreReinstalls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * L1: from every state, once faults stop, one process alone brings every Reinstall to its end. No
 * dead ends: it reaches the end in time. No cycles without progress of time: it does not reconcile
 * endlessly while no time passes.
 */
final class RecoveryCheck {
  private static final int MOST_PASSES_A_TICK = 12; // over one Reinstall

  private final NextEvents moves;
  private final EventEffects effects;
  private final Replays replays;
  private final List<String> places;
  private final Bound bound;
  private final int patience;

  /** States from which everything completes. */
  private final Visited good = new Visited();

  RecoveryCheck(NextEvents moves) {
    this.moves = moves;
    effects = moves.effects;
    replays = effects.replays;
    places = effects.places;
    bound = effects.bound;
    Ticks ticks = bound.ticks();
    patience = ticks.fence() + ticks.settle() + ticks.trust() + 4;
  }

  void check(ModelState state) {
    for (int r = 0; r < bound.replicas(); r++) {
      boolean again = false;
      for (int other = 0; other < r; other++) {
        again |= state.memories[other] == state.memories[r];
      }
      if (!again) {
        new Survivor(state, state.memories[r]).toTheEnd();
      }
    }
  }

  private static long key(ModelState state, int[] due, int tick) {
    return (state.fingerprint * 31 + Arrays.hashCode(due)) * 0x9E3779B97F4A7C15L + tick | 1;
  }

  /**
   * One process is left, with its memory; its timers follow from the requeue of each
   * reconciliation.
   */
  private final class Survivor {
    private final ModelState state;
    private final int[] due;
    private int tick; // it has been watching since the start
    private final List<String> story = new ArrayList<>();

    Survivor(ModelState from, Interned<ProcessMemory> remembers) {
      state = from.copy();
      state.memories = Arrays.copyOf(state.memories, 1);
      state.memories[0] = remembers;
      state.replays = new Replay[1][places.size()];
      state.ages = new int[1][places.size()];
      state.crashes = 0;
      state.lostWrites = 0;
      state.lostCalls = 0;
      state.refusals = 0;
      state.acts = 0;
      release();
      due = new int[places.size()];
    }

    void toTheEnd() {
      List<Long> trail = new ArrayList<>();
      while (true) {
        effects.forgetHistory(state);
        moves.fingerprint(state);
        int[] rest = Arrays.stream(due).map(d -> Math.max(0, d - tick)).toArray();
        if (!good.isNew(key(state, rest, tick))) {
          break;
        }
        trail.add(key(state, rest, tick));
        work();
        if (isOver()) {
          break;
        }
        if (tick > 4 * patience) {
          throw broken("L1: dead end: " + open());
        }
        timePasses();
      }
      trail.forEach(key -> good.add(key, 0));
    }

    private InvariantBroken broken(String what) {
      return new InvariantBroken(
          "without faults from here on:\n" + String.join("\n", story) + "\n*** " + what);
    }

    private void work() {
      int[] passes = new int[due.length];
      while (true) {
        int next = IntStream.range(0, due.length).filter(this::isDue).findFirst().orElse(-1);
        if (next < 0) {
          return;
        }
        if (++passes[next] > MOST_PASSES_A_TICK) {
          throw broken("L1: hot loop over " + places.get(next));
        }
        reconcile(next);
      }
    }

    private boolean isDue(int p) {
      return due[p] <= tick && state.item(p).value.isPresent();
    }

    private void reconcile(int p) {
      Interned<?> before = state.ledgers.value.get(0);
      story.add("after " + tick + " ticks: reconciliation of " + places.get(p));
      Optional<Duration> comesBack;
      try {
        comesBack = wholeReconciliation(p);
      } catch (InvariantBroken e) {
        throw broken(e.getMessage());
      }
      int ticks = comesBack.map(d -> (int) Math.ceil(d.toMillis() / 60_000.0)).orElse(1_000_000);
      due[p] = tick + ticks;
      if (state.ledgers.value.get(0) != before) {
        Arrays.fill(due, tick); // the watch reports every write
        moves.fingerprint(state); // a new claim is seen from now on
      }
    }

    /** One complete reconciliation with the newest versions and every response. */
    private Optional<Duration> wholeReconciliation(int p) {
      Replay.Next next =
          replays.begin(
              places.get(p),
              state.item(p),
              state.ledgers.value.get(0),
              state.memories[0],
              effects.env(state, 0, p, tick));
      while (true) {
        state.memories[0] = next.memory();
        state.replays[0][p] = next.passage();
        state.ages[0][p] = next.age();
        if (next.passage() == null) {
          return next.comesBack();
        }
        Object response = wellResponded(p, next.passage().asks);
        next =
            replays.go(
                next.passage(),
                replays.response(response),
                state.memories[0],
                effects.env(state, 0, p, tick));
      }
    }

    private Object wellResponded(int p, PortRequest asks) {
      if (asks instanceof PortRequest.Describe) {
        Observation observation = state.server.value.looks(state.cloudClock).get(0);
        story.add("         it observes " + StoryText.shown(observation));
        return observation;
      }
      if (asks instanceof PortRequest.ReadLedger) {
        return state.ledgers.value.get(0);
      }
      if (asks instanceof PortRequest.ReadItem) {
        return state.item(p);
      }
      if (asks instanceof PortRequest.TakeTurn) {
        return "permit";
      }
      if (asks instanceof PortRequest.Clock) {
        return Ticks.of(EventEffects.since(state, 0, p));
      }
      if (asks instanceof PortRequest.WriteLedger write) {
        if (Replays.version(write.book()) != EventEffects.version(state)) {
          return FailedResponse.CONFLICT;
        }
        story.add("         it writes the ledger: " + StoryText.text(state.ledger(), write.book()));
        return effects.putLedger(state, p, write.book());
      }
      if (asks instanceof PortRequest.WriteStatus write) {
        if (state.item(p).id != write.version()) {
          return FailedResponse.CONFLICT;
        }
        story.add("         it writes " + write.status().phase() + "/" + write.status().reason());
        return effects.putStatus(state, 0, p, write);
      }
      PortRequest.Send send = (PortRequest.Send) asks;
      ServerState.Sent call = effects.send(state, 0, p, send);
      story.add("         it submits " + call);
      if (effects.isPowerless(p)) {
        return FailedResponse.DENIED;
      }
      return effects.arrive(state, call);
    }

    /** Nothing is suspended any more. */
    private void release() {
      for (int p = 0; p < places.size(); p++) {
        Optional<Item> item = state.item(p).value;
        if (item.isPresent() && item.get().spec().suspended()) {
          ReinstallSpec released = CoreReinstalls.suspended(item.get().spec(), false);
          effects.put(state, p, Optional.of(item.get().with(released)));
        }
      }
    }

    private void timePasses() {
      tick++;
      effects.tick(state);
      if (tick % patience == 0 && !state.wall.isLast()) {
        state.wall = state.wall.next();
        story.add("the wall clock advances to " + state.wall);
        Arrays.fill(due, tick); // what waits for a time of day reaches it in time
      }
      ServerState server = state.server.value;
      if (server.mayEnd()) {
        effects.end(state, false);
      } else if (server.work() == null && server.power() == Power.RUNNING) {
        state.server = effects.kept(server.switchedByHand(Power.STOPPED)); // the user fixes it
      }
      boolean timedOut = state.wall.compareTo(Ticks.Wall.AFTER_THE_ORDER_TIME_OUT) >= 0;
      for (Entry entry : state.ledger().orders().values()) {
        boolean sent =
            switch (entry.state()) {
              case Restarting, Submitting, RejectedBusy, Accepted, Installing, Starting -> true;
              default -> false;
            };
        if (sent && timedOut && tick % patience == patience - 1 && isWaitedFor(entry)) {
          throw broken(
              "L1: submitted, and open beyond the operation time-out: " + entry.owner().name());
        }
      }
    }

    /** An orphaned entry is followed only by the Reinstall that waits behind it. */
    private boolean isWaitedFor(Entry entry) {
      int place = places.indexOf(entry.owner().namespace() + "/" + entry.owner().name());
      return place >= 0 && state.item(place).value.isPresent();
    }

    private boolean isOver() {
      return open().isEmpty();
    }

    private List<String> open() {
      List<String> open = new ArrayList<>();
      for (int p = 0; p < due.length; p++) {
        Optional<Item> item = state.item(p).value;
        boolean over =
            item.map(t -> t.status() != null && Phase.valueOf(t.status().phase()).isFinished())
                .orElse(true);
        if (!over) {
          open.add(places.get(p) + ": " + item.get().status());
        }
      }
      return open;
    }
  }
}
