package dev.reinstall.exploration;

import dev.reinstall.cloud.Observation;
import dev.reinstall.lifecycle.Ledger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** What may happen next in a scene, each thing by itself. */
final class Moves {

  /** Takes what may come next, and how it is told. */
  interface Sink {
    void accept(Scene next, Supplier<String> told);
  }

  final Effects effects;
  private final Bound bound;
  private final Passages passages;
  private final List<String> places;
  private final Persons persons;
  private final Seal seal;

  Moves(Bound bound) {
    this.bound = bound;
    effects = new Effects(bound);
    passages = effects.passages;
    places = effects.places;
    persons = new Persons(effects);
    seal = new Seal(effects);
  }

  Scene beginning() {
    Scene scene = effects.beginning();
    loseAWrite(scene);
    seal(scene);
    return scene;
  }

  /** A pass over each place that loses a write: what it then does is known from the beginning. */
  private void loseAWrite(Scene scene) {
    for (int p = 0; p < places.size(); p++) {
      Kept<Optional<Thing>> thing = passages.kept(Optional.of(effects.thing(p, 1, "img-new")));
      Kept<Ledger> none = scene.books.value.get(0);
      Passages.Env env = effects.env(scene, 0, p, 0);
      Passage at = passages.begin(places.get(p), thing, none, effects.blank, env).passage();
      while (passages.anew(p) == null) {
        Object answer =
            at.asks instanceof Request.Look
                ? scene.server.value.looks(0).get(0)
                : at.asks instanceof Request.ReadBook
                    ? none
                    : at.asks instanceof Request.Turn ? "its turn" : Fault.CONFLICT;
        at = passages.go(at, passages.answer(answer), effects.blank, env).passage();
      }
    }
  }

  /** Forgets what can make no difference any more. */
  void seal(Scene scene) {
    seal.put(scene);
  }

  /** All that may happen next. */
  void of(Scene scene, Sink sink) {
    for (int r = 0; r < bound.replicas(); r++) {
      if (r > 0 && isLike(scene, r, r - 1)) {
        continue;
      }
      for (int p = 0; p < places.size(); p++) {
        if (scene.passages[r][p] != null) {
          goesOn(scene, r, p, sink);
        } else if (scene.passesUnderWay() < bound.atOnce()) {
          begins(scene, r, p, sink);
          beginsAnew(scene, r, p, sink);
        }
      }
      crashes(scene, r, sink);
    }
    theCloudGoesOn(scene, sink);
    if (scene.acts > 0) {
      persons.act(scene, sink);
    }
    timePasses(scene, sink);
  }

  private static boolean isLike(Scene scene, int r, int other) {
    return scene.memories[r] == scene.memories[other]
        && Arrays.equals(scene.ages[r], scene.ages[other])
        && Arrays.equals(scene.passages[r], scene.passages[other]);
  }

  // Passes.

  private void begins(Scene scene, int r, int p, Sink sink) {
    int things = Math.min(scene.things[p].value.size(), bound.behind() + 1);
    int books = Math.min(scene.books.value.size(), bound.behind() + 1);
    for (int t = 0; t < things; t++) {
      Kept<Optional<Thing>> thing = scene.things[p].value.get(t);
      if (thing.value.isEmpty() || scene.things[p].value.indexOf(thing) < t) {
        continue;
      }
      for (int b = 0; b < books; b++) {
        Kept<Ledger> book = scene.books.value.get(b);
        if (scene.books.value.indexOf(book) == b) {
          int behindThing = t;
          int behindBook = b;
          begins(
              scene,
              r,
              p,
              thing,
              book,
              () ->
                  who(r)
                      + " begins a pass over "
                      + places.get(p)
                      + stale("the Reinstall", behindThing)
                      + stale("the ledger", behindBook),
              sink);
        }
      }
    }
  }

  /** As a pass does that lost a write: it reads everything uncached. */
  private void beginsAnew(Scene scene, int r, int p, Sink sink) {
    Scene begun = scene.copy();
    begun.passages[r][p] = passages.anew(p);
    answered(
        begun, r, p, scene.thing(p), () -> who(r) + " begins anew over " + places.get(p), sink);
  }

  private void begins(
      Scene scene,
      int r,
      int p,
      Kept<Optional<Thing>> thing,
      Kept<Ledger> book,
      Supplier<String> told,
      Sink sink) {
    boolean minded = true;
    int longest = longest(scene);
    for (int h = 0; h <= longest && minded; h++) {
      Passage.Next next =
          passages.begin(
              places.get(p), thing, book, scene.memories[r], effects.env(scene, r, p, h));
      minded = next.minded();
      if (next.passage() != null || next.memory() != scene.memories[r]) { // else it only waits
        moved(scene, r, p, next, true, told, sink);
      }
    }
  }

  /** Where processes change places, the story knows who is who. */
  private static String who(int replica) {
    return "{" + replica + "}";
  }

  private static String stale(String what, int versions) {
    return versions == 0 ? "" : ", " + what + " as it was " + versions + " Effects.version(s) ago";
  }

  /** For how long a process may have known what there is to know: it makes no difference beyond. */
  private static int longest(Scene scene) {
    int longest = 0;
    for (int age : scene.claimAges.value.values()) {
      longest = Math.max(longest, age);
    }
    return longest;
  }

  /** The pass goes on to its next question; what commutes with all that others do is at once. */
  private void moved(
      Scene scene,
      int r,
      int p,
      Passage.Next next,
      boolean begun,
      Supplier<String> told,
      Sink sink) {
    Scene after = scene.copy();
    after.memories[r] = next.memory();
    after.passages[r][p] = next.passage();
    after.ages[r][p] = next.age();
    if (next.passage() == null) {
      sink.accept(after, () -> told.get() + "; the pass is over");
      return;
    }
    if (next.passage() == passages.anew(p)) {
      after.passages[r][p] = null;
      sink.accept(after, () -> told.get() + "; it begins anew, or later");
      return;
    }
    Request asks = next.passage().asks;
    if (asks instanceof Request.WriteBook write && write.book().claims() > bound.claims()) {
      return; // one claim more than is explored
    }
    if (asks instanceof Request.Look && begun) {
      looks(after, r, p, true, told, sink);
      return;
    }
    if (asks instanceof Request.ReadBook && begun) {
      // What was read before is forgotten with it, so it may as well have been read now.
      answered(after, r, p, after.books.value.get(0), true, told, sink);
      return;
    }
    boolean onlyTimeMatters = asks instanceof Request.Turn || asks instanceof Request.Clock;
    if (onlyTimeMatters) {
      answeredByTime(after, r, p, told, sink);
      if (asks instanceof Request.Turn && after.book().claims() >= bound.claims()) {
        return;
      }
    }
    sink.accept(after, onlyTimeMatters ? () -> told.get() + "; it is held up" : told);
  }

  private void goesOn(Scene scene, int r, int p, Sink sink) {
    Request asks = scene.passages[r][p].asks;
    if (asks instanceof Request.Look) {
      looks(scene, r, p, false, () -> who(r) + " goes on", sink);
    } else if (asks instanceof Request.Turn || asks instanceof Request.Clock) {
      boolean late = scene.ages[r][p] == effects.oldest(scene.passages[r][p]);
      if (late || Effects.since(scene, r, p) > scene.passages[r][p].since) {
        answeredByTime(scene, r, p, () -> who(r) + " goes on after a pause", sink);
      }
    } else if (asks instanceof Request.ReadBook) {
      answered(
          scene,
          r,
          p,
          scene.books.value.get(0),
          true,
          () -> who(r) + " reads the ledger anew",
          sink);
      away(scene, r, p, sink);
    } else if (asks instanceof Request.ReadThing) {
      answered(scene, r, p, scene.thing(p), () -> who(r) + " reads the Reinstall anew", sink);
      away(scene, r, p, sink);
    } else if (asks instanceof Request.WriteBook write) {
      writesBook(scene, r, p, write, sink);
    } else if (asks instanceof Request.WriteStatus write) {
      writesStatus(scene, r, p, write, sink);
    } else if (asks instanceof Request.Send send) {
      sends(scene, r, p, send, sink);
    }
  }

  private void answered(
      Scene scene, int r, int p, Object answer, Supplier<String> told, Sink sink) {
    answered(scene, r, p, answer, false, told, sink);
  }

  private void answered(
      Scene scene, int r, int p, Object answer, boolean begun, Supplier<String> told, Sink sink) {
    Kept<?> kept = passages.answer(answer);
    boolean minded = true;
    int longest = longest(scene);
    for (int h = 0; h <= longest && minded; h++) {
      Passage.Next next =
          passages.go(scene.passages[r][p], kept, scene.memories[r], effects.env(scene, r, p, h));
      minded = next.minded();
      moved(scene, r, p, next, begun, told, sink);
    }
  }

  private void answeredByTime(Scene scene, int r, int p, Supplier<String> told, Sink sink) {
    if (scene.passages[r][p].asks instanceof Request.Clock) {
      answered(scene, r, p, Ticks.of(Effects.since(scene, r, p)), told, sink);
      return;
    }
    answered(scene, r, p, "its turn", told, sink);
    if (scene.refusals > 0) {
      Scene refused = scene.copy();
      refused.refusals--;
      answered(
          refused, r, p, Fault.THROTTLED, () -> told.get() + "; it gets no turn to send", sink);
    }
  }

  private void looks(Scene scene, int r, int p, boolean begun, Supplier<String> told, Sink sink) {
    for (Observation observation : scene.server.value.looks(scene.cloudClock)) {
      answered(
          scene,
          r,
          p,
          observation,
          begun,
          () -> told.get() + "; it sees " + Words.shown(observation),
          sink);
    }
    if (scene.refusals > 0) {
      Scene refused = scene.copy();
      refused.refusals--;
      for (Fault fault : List.of(Fault.NEVER_SENT, Fault.DENIED, Fault.MISSING)) {
        answered(
            refused, r, p, fault, begun, () -> told.get() + "; its look fails: " + fault, sink);
      }
    }
  }

  private void away(Scene scene, int r, int p, Sink sink) {
    if (scene.lostWrites > 0) {
      Scene lost = scene.copy();
      lost.lostWrites--;
      answered(lost, r, p, Fault.AWAY, () -> who(r) + " cannot reach the cluster", sink);
    }
  }

  // Writes.

  private void writesBook(Scene scene, int r, int p, Request.WriteBook write, Sink sink) {
    Supplier<String> told =
        () -> who(r) + " writes the ledger: " + Words.said(scene.book(), write.book());
    if (Passages.version(write.book()) != Effects.version(scene)) {
      answered(scene, r, p, Fault.CONFLICT, () -> who(r) + " loses the write of the ledger", sink);
      return;
    }
    Scene written = scene.copy();
    Kept<Ledger> next = judged(told, () -> effects.putBook(written, write.book()));
    answered(written, r, p, next, told, sink);
    if (scene.lostWrites > 0) {
      Scene unheard = written.copy();
      unheard.lostWrites--;
      answered(unheard, r, p, Fault.CONFLICT, () -> told.get() + "; the answer is lost", sink);
      notWritten(scene, r, p, told, sink);
    }
  }

  /** What breaks a promise is told with what was being done. */
  private static <T> T judged(Supplier<String> told, Supplier<T> what) {
    try {
      return what.get();
    } catch (AssertionError e) {
      throw new Broken(told.get() + "\n*** " + e.getMessage());
    }
  }

  private void notWritten(Scene scene, int r, int p, Supplier<String> told, Sink sink) {
    Scene lost = scene.copy();
    lost.lostWrites--;
    answered(lost, r, p, Fault.CONFLICT, () -> told.get() + "; it does not get through", sink);
    answered(lost, r, p, Fault.AWAY, () -> told.get() + "; the cluster cannot be reached", sink);
  }

  private void writesStatus(Scene scene, int r, int p, Request.WriteStatus write, Sink sink) {
    Supplier<String> told =
        () ->
            who(r)
                + " writes of "
                + places.get(p)
                + ": "
                + write.status().phase()
                + "/"
                + write.status().reason();
    Kept<Optional<Thing>> now = scene.thing(p);
    if (now.id != write.version() || now.value.isEmpty()) {
      answered(
          scene,
          r,
          p,
          Fault.CONFLICT,
          () -> who(r) + " loses the status write of " + places.get(p),
          sink);
      return;
    }
    Scene written = scene.copy();
    Kept<Optional<Thing>> next = judged(told, () -> effects.putStatus(written, r, p, write));
    answered(written, r, p, next, told, sink);
    if (scene.lostWrites > 0) {
      Scene unheard = written.copy();
      unheard.lostWrites--;
      answered(unheard, r, p, Fault.CONFLICT, () -> told.get() + "; the answer is lost", sink);
      notWritten(scene, r, p, told, sink);
    }
  }

  private void sends(Scene scene, int r, int p, Request.Send send, Sink sink) {
    Scene sent = scene.copy();
    ServerState.Sent call = judged(() -> who(r) + " sends", () -> effects.send(sent, r, p, send));
    Supplier<String> told = () -> who(r) + " sends " + call;
    Scene arrived = sent.copy();
    Object answer = judged(told, () -> effects.arrive(arrived, call));
    answered(arrived, r, p, answer, () -> told.get() + "; the cloud says " + answer, sink);
    if (scene.refusals > 0) {
      Scene refused = sent.copy();
      refused.refusals--;
      for (Fault fault :
          List.of(
              Fault.BUSY,
              Fault.THROTTLED,
              Fault.DENIED,
              Fault.INVALID,
              Fault.MISSING,
              Fault.NEVER_SENT)) {
        answered(refused, r, p, fault, () -> told.get() + "; it is refused: " + fault, sink);
      }
    }
    if (scene.lostCalls > 0) {
      Scene unheard = arrived.copy();
      unheard.lostCalls--;
      answered(
          unheard,
          r,
          p,
          Fault.UNCLEAR,
          () -> told.get() + "; it arrives, and the answer is lost",
          sink);
      Scene doubled = unheard.copy();
      Object second = judged(told, () -> effects.arrive(doubled, call));
      answered(
          doubled,
          r,
          p,
          second,
          () -> told.get() + "; it arrives twice, and the second copy is answered " + second,
          sink);
      Scene late = sent.copy();
      late.lostCalls--;
      List<ServerState.Sent> onTheirWay = new ArrayList<>(late.server.value.onTheirWay());
      onTheirWay.add(call);
      late.server = effects.kept(late.server.value.with(List.copyOf(onTheirWay)));
      answered(
          late, r, p, Fault.UNCLEAR, () -> told.get() + "; it is held up, and not answered", sink);
    }
  }

  private void theCloudGoesOn(Scene scene, Sink sink) {
    ServerState server = scene.server.value;
    for (ServerState.Sent call : Set.copyOf(server.onTheirWay())) {
      Scene landed = scene.copy();
      List<ServerState.Sent> rest = new ArrayList<>(server.onTheirWay());
      rest.remove(call);
      landed.server = effects.kept(server.with(List.copyOf(rest)));
      Object answer = judged(() -> call + " arrives late", () -> effects.arrive(landed, call));
      sink.accept(landed, () -> call + " arrives late; the cloud says " + answer);
    }
    if (server.mayEnd()) {
      Scene done = scene.copy();
      effects.end(done, false);
      sink.accept(done, () -> "the cloud ends " + server.work().id());
      if (scene.refusals > 0 && server.work().reinstall()) {
        Scene failed = scene.copy();
        failed.refusals--;
        effects.end(failed, true);
        sink.accept(failed, () -> "the cloud ends " + server.work().id() + ": it failed");
      }
    }
  }

  // Processes and time.

  private void crashes(Scene scene, int r, Sink sink) {
    if (scene.crashes == 0 || (scene.isIdle(r) && scene.memories[r] == effects.blank)) {
      return;
    }
    Scene crashed = scene.copy();
    crashed.crashes--;
    effects.forget(crashed, r);
    sink.accept(crashed, () -> who(r) + " dies and starts again");
  }

  private void timePasses(Scene scene, Sink sink) {
    Scene later = scene.copy();
    effects.tick(later);
    sink.accept(later, () -> "a tick passes");
    if (scene.wall != bound.lastWall()) {
      Scene next = scene.copy();
      next.wall = scene.wall.next();
      sink.accept(next, () -> "by the wall clock it is " + next.wall);
    }
  }
}
