package dev.reinstall.exploration;

import dev.reinstall.api.Phase;
import dev.reinstall.api.ReinstallSpec;
import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.cloud.Observation;
import dev.reinstall.cloud.Observation.Power;
import dev.reinstall.lifecycle.CoreReinstalls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * L1: from every scene, as soon as nothing goes wrong any more, one process alone brings every
 * order to its end. No dead ends: it comes to the end in time. No cycles without time passing: it
 * never passes again and again while none goes by.
 */
final class Healing {
  private static final int MOST_PASSES_A_TICK = 12; // over one order

  private final Moves moves;
  private final Effects effects;
  private final Passages passages;
  private final List<String> places;
  private final Bound bound;
  private final int patience;

  /** Scenes from which all ends well. */
  private final Visited good = new Visited();

  Healing(Moves moves) {
    this.moves = moves;
    effects = moves.effects;
    passages = effects.passages;
    places = effects.places;
    bound = effects.bound;
    Ticks ticks = bound.ticks();
    patience = ticks.fence() + ticks.settle() + ticks.trust() + 4;
  }

  void check(Scene scene) {
    for (int r = 0; r < bound.replicas(); r++) {
      boolean again = false;
      for (int other = 0; other < r; other++) {
        again |= scene.memories[other] == scene.memories[r];
      }
      if (!again) {
        new Survivor(scene, scene.memories[r]).toTheEnd();
      }
    }
  }

  private static long key(Scene scene, int[] due, int tick) {
    return (scene.fingerprint * 31 + Arrays.hashCode(due)) * 0x9E3779B97F4A7C15L + tick | 1;
  }

  /** One process is left, with its memory; its timers are told by what each pass asked for. */
  private final class Survivor {
    private final Scene scene;
    private final int[] due;
    private int tick; // it listens since the beginning
    private final List<String> story = new ArrayList<>();

    Survivor(Scene from, Kept<Memory> remembers) {
      scene = from.copy();
      scene.memories = Arrays.copyOf(scene.memories, 1);
      scene.memories[0] = remembers;
      scene.passages = new Passage[1][places.size()];
      scene.ages = new int[1][places.size()];
      scene.crashes = 0;
      scene.lostWrites = 0;
      scene.lostCalls = 0;
      scene.refusals = 0;
      scene.acts = 0;
      release();
      due = new int[places.size()];
    }

    void toTheEnd() {
      List<Long> trail = new ArrayList<>();
      while (true) {
        effects.forgetHistory(scene);
        moves.seal(scene);
        int[] rest = Arrays.stream(due).map(d -> Math.max(0, d - tick)).toArray();
        if (!good.isNew(key(scene, rest, tick))) {
          break;
        }
        trail.add(key(scene, rest, tick));
        work();
        if (isOver()) {
          break;
        }
        if (tick > 4 * patience) {
          throw broken("L1: a dead end: " + open());
        }
        timePasses();
      }
      trail.forEach(key -> good.add(key, 0));
    }

    private Broken broken(String what) {
      return new Broken("from here all goes well:\n" + String.join("\n", story) + "\n*** " + what);
    }

    private void work() {
      int[] passes = new int[due.length];
      while (true) {
        int next = IntStream.range(0, due.length).filter(this::isDue).findFirst().orElse(-1);
        if (next < 0) {
          return;
        }
        if (++passes[next] > MOST_PASSES_A_TICK) {
          throw broken("L1: a hot loop over " + places.get(next));
        }
        pass(next);
      }
    }

    private boolean isDue(int p) {
      return due[p] <= tick && scene.thing(p).value.isPresent();
    }

    private void pass(int p) {
      Kept<?> before = scene.books.value.get(0);
      story.add("after " + tick + " ticks" + "  a pass over " + places.get(p));
      Optional<Duration> comesBack;
      try {
        comesBack = wholePass(p);
      } catch (Broken e) {
        throw broken(e.getMessage());
      }
      int ticks = comesBack.map(d -> (int) Math.ceil(d.toMillis() / 60_000.0)).orElse(1_000_000);
      due[p] = tick + ticks;
      if (scene.books.value.get(0) != before) {
        Arrays.fill(due, tick); // the watch tells of every write
      }
    }

    /** A whole pass with the newest of everything and every answer. */
    private Optional<Duration> wholePass(int p) {
      Passage.Next next =
          passages.begin(
              places.get(p),
              scene.thing(p),
              scene.books.value.get(0),
              scene.memories[0],
              effects.env(scene, 0, p, tick));
      while (true) {
        scene.memories[0] = next.memory();
        scene.passages[0][p] = next.passage();
        scene.ages[0][p] = next.age();
        if (next.passage() == null) {
          return next.comesBack();
        }
        Object answer = wellAnswered(p, next.passage().asks);
        next =
            passages.go(
                next.passage(),
                passages.answer(answer),
                scene.memories[0],
                effects.env(scene, 0, p, tick));
      }
    }

    private Object wellAnswered(int p, Request asks) {
      if (asks instanceof Request.Look) {
        Observation observation = scene.server.value.looks(scene.cloudClock).get(0);
        story.add("         it sees " + Words.shown(observation));
        return observation;
      }
      if (asks instanceof Request.ReadBook) {
        return scene.books.value.get(0);
      }
      if (asks instanceof Request.ReadThing) {
        return scene.thing(p);
      }
      if (asks instanceof Request.Turn) {
        return "its turn";
      }
      if (asks instanceof Request.Clock) {
        return Ticks.of(Effects.since(scene, 0, p));
      }
      if (asks instanceof Request.WriteBook write) {
        if (Passages.version(write.book()) != Effects.version(scene)) {
          return Fault.CONFLICT;
        }
        story.add("         it writes the ledger: " + Words.said(scene.book(), write.book()));
        return effects.putBook(scene, write.book());
      }
      if (asks instanceof Request.WriteStatus write) {
        if (scene.thing(p).id != write.version()) {
          return Fault.CONFLICT;
        }
        story.add("         it writes " + write.status().phase() + "/" + write.status().reason());
        return effects.putStatus(scene, 0, p, write);
      }
      Request.Send send = (Request.Send) asks;
      ServerState.Sent call = effects.send(scene, 0, p, send);
      story.add("         it sends " + call);
      return effects.arrive(scene, call);
    }

    /** Nothing is suspended any more. */
    private void release() {
      for (int p = 0; p < places.size(); p++) {
        Optional<Thing> thing = scene.thing(p).value;
        if (thing.isPresent() && thing.get().spec().suspended()) {
          ReinstallSpec released = CoreReinstalls.suspended(thing.get().spec(), false);
          effects.put(scene, p, Optional.of(thing.get().with(released)));
        }
      }
    }

    private void timePasses() {
      tick++;
      effects.tick(scene);
      if (tick % patience == 0 && !scene.wall.isLast()) {
        scene.wall = scene.wall.next();
        story.add("by the wall clock it is " + scene.wall);
        Arrays.fill(due, tick); // whoever waits for a time of day is there in time
      }
      ServerState server = scene.server.value;
      if (server.mayEnd()) {
        effects.end(scene, false);
      } else if (server.work() == null && server.power() == Power.RUNNING) {
        scene.server = effects.kept(server.switchedByHand(Power.STOPPED)); // somebody cares
      }
      boolean timedOut = scene.wall.compareTo(Ticks.Wall.AFTER_THE_ORDER_TIME_OUT) >= 0;
      for (Entry entry : scene.book().orders().values()) {
        boolean sent =
            switch (entry.state()) {
              case Submitting, Accepted, Installing -> true;
              default -> false;
            };
        if (sent && timedOut && tick % patience == patience - 1 && isWaitedFor(entry)) {
          throw broken("L1: sent, and open beyond the order time-out: " + entry.owner().name());
        }
      }
    }

    /** An orphan is followed by whoever waits behind it, and by nobody else. */
    private boolean isWaitedFor(Entry entry) {
      int place = places.indexOf(entry.owner().namespace() + "/" + entry.owner().name());
      return place >= 0 && scene.thing(place).value.isPresent();
    }

    private boolean isOver() {
      return open().isEmpty();
    }

    private List<String> open() {
      List<String> open = new ArrayList<>();
      for (int p = 0; p < due.length; p++) {
        Optional<Thing> thing = scene.thing(p).value;
        boolean over =
            thing
                .map(t -> t.status() != null && Phase.valueOf(t.status().phase()).isFinished())
                .orElse(true);
        if (!over) {
          open.add(places.get(p) + ": " + thing.get().status());
        }
      }
      return open;
    }
  }
}
