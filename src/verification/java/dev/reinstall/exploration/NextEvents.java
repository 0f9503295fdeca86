package dev.reinstall.exploration;

import dev.reinstall.cloud.Observation;
import dev.reinstall.ledger.Ledger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Enumerates the events that can happen next in a state, each by itself. */
final class NextEvents {

  /** Receives each possible next state and its description. */
  interface Sink {
    void accept(ModelState next, Supplier<String> reported);
  }

  final EventEffects effects;
  private final Bound bound;
  private final Replays replays;
  private final List<String> places;
  private final UserActions users;
  private final StateFingerprint stateFingerprint;

  NextEvents(Bound bound) {
    this.bound = bound;
    effects = new EventEffects(bound);
    replays = effects.replays;
    places = effects.places;
    users = new UserActions(effects);
    stateFingerprint = new StateFingerprint(effects);
  }

  ModelState beginning() {
    ModelState state = effects.beginning();
    loseAWrite(state);
    fingerprint(state);
    return state;
  }

  /** A reconciliation of each place that loses a write: what it then does is known in advance. */
  private void loseAWrite(ModelState state) {
    for (int p = 0; p < places.size(); p++) {
      Interned<Optional<Item>> item = replays.kept(Optional.of(effects.item(p, 1, "img-new")));
      Interned<Ledger> none = state.ledgers.value.get(0);
      Replays.Env env = effects.env(state, 0, p, 0);
      Replay at = replays.begin(places.get(p), item, none, effects.blank, env).passage();
      while (replays.again(p) == null) {
        Object response =
            at.asks instanceof PortRequest.Describe
                ? state.server.value.looks(0).get(0)
                : at.asks instanceof PortRequest.ReadLedger
                    ? none
                    : at.asks instanceof PortRequest.TakeTurn ? "permit" : FailedResponse.CONFLICT;
        at = replays.go(at, replays.response(response), effects.blank, env).passage();
      }
    }
  }

  /** Drops what cannot affect any further decision. */
  void fingerprint(ModelState state) {
    stateFingerprint.put(state);
  }

  /** All events that can happen next. */
  void of(ModelState state, Sink sink) {
    for (int r = 0; r < bound.replicas(); r++) {
      if (r > 0 && isLike(state, r, r - 1)) {
        continue;
      }
      for (int p = 0; p < places.size(); p++) {
        if (state.replays[r][p] != null) {
          goesOn(state, r, p, sink);
        } else if (state.replaysInProgress() < bound.atOnce()) {
          begins(state, r, p, sink);
          startsAgain(state, r, p, sink);
        }
      }
      crashes(state, r, sink);
    }
    theCloudGoesOn(state, sink);
    if (state.acts > 0) {
      users.act(state, sink);
    }
    timePasses(state, sink);
  }

  private static boolean isLike(ModelState state, int r, int other) {
    return state.memories[r] == state.memories[other]
        && Arrays.equals(state.ages[r], state.ages[other])
        && Arrays.equals(state.replays[r], state.replays[other]);
  }

  // Reconciliations.

  private void begins(ModelState state, int r, int p, Sink sink) {
    int items = Math.min(state.items[p].value.size(), bound.behind() + 1);
    int ledgers = Math.min(state.ledgers.value.size(), bound.behind() + 1);
    for (int t = 0; t < items; t++) {
      Interned<Optional<Item>> item = state.items[p].value.get(t);
      if (item.value.isEmpty() || state.items[p].value.indexOf(item) < t) {
        continue;
      }
      for (int b = 0; b < ledgers; b++) {
        Interned<Ledger> ledger = state.ledgers.value.get(b);
        if (state.ledgers.value.indexOf(ledger) == b) {
          int behindThing = t;
          int behindBook = b;
          begins(
              state,
              r,
              p,
              item,
              ledger,
              () ->
                  who(r)
                      + " starts to reconcile "
                      + places.get(p)
                      + stale("the Reinstall", behindThing)
                      + stale("the ledger", behindBook),
              sink);
        }
      }
    }
  }

  /** As a reconciliation does after a lost write: it reads everything uncached. */
  private void startsAgain(ModelState state, int r, int p, Sink sink) {
    ModelState begun = state.copy();
    begun.replays[r][p] = replays.again(p);
    answered(begun, r, p, state.item(p), () -> who(r) + " retries " + places.get(p), sink);
  }

  private void begins(
      ModelState state,
      int r,
      int p,
      Interned<Optional<Item>> item,
      Interned<Ledger> ledger,
      Supplier<String> reported,
      Sink sink) {
    boolean minded = true;
    int longest = longest(state);
    for (int h = 0; h <= longest && minded; h++) {
      Replay.Next next =
          replays.begin(
              places.get(p), item, ledger, state.memories[r], effects.env(state, r, p, h));
      minded = next.minded();
      if (next.passage() != null || next.memory() != state.memories[r]) { // otherwise it only waits
        moved(state, r, p, next, true, reported, sink);
      }
    }
  }

  /** The replicas may be reordered; the story keeps the original numbers. */
  private static String who(int replica) {
    return "{" + replica + "}";
  }

  private static String stale(String what, int versions) {
    return versions == 0 ? "" : ", " + what + " as it was " + versions + " version(s) ago";
  }

  /** How long a process may have known everything: beyond this it makes no difference. */
  private static int longest(ModelState state) {
    int longest = 0;
    for (int age : state.claimAges.value.values()) {
      longest = Math.max(longest, age);
    }
    return longest;
  }

  /**
   * The reconciliation continues to its next request; steps that commute with those of all others
   * are taken at once.
   */
  private void moved(
      ModelState state,
      int r,
      int p,
      Replay.Next next,
      boolean begun,
      Supplier<String> reported,
      Sink sink) {
    ModelState after = state.copy();
    after.memories[r] = next.memory();
    after.replays[r][p] = next.passage();
    after.ages[r][p] = next.age();
    if (next.passage() == null) {
      sink.accept(after, () -> reported.get() + "; the reconciliation ends");
      return;
    }
    if (next.passage() == replays.again(p)) {
      after.replays[r][p] = null;
      sink.accept(after, () -> reported.get() + "; it retries, at once or later");
      return;
    }
    PortRequest asks = next.passage().asks;
    if (asks instanceof PortRequest.WriteLedger write && write.book().claims() > bound.claims()) {
      return; // one claim more than is explored
    }
    if (asks instanceof PortRequest.Describe && begun) {
      looks(after, r, p, true, reported, sink);
      return;
    }
    if (asks instanceof PortRequest.ReadLedger && begun) {
      // The earlier reads are dropped with it, so they are equivalent to reads made now.
      answered(after, r, p, after.ledgers.value.get(0), true, reported, sink);
      return;
    }
    boolean onlyTimeMatters =
        asks instanceof PortRequest.TakeTurn || asks instanceof PortRequest.Clock;
    if (onlyTimeMatters) {
      respondedByTime(after, r, p, reported, sink);
      if (asks instanceof PortRequest.TakeTurn && after.ledger().claims() >= bound.claims()) {
        return;
      }
    }
    sink.accept(after, onlyTimeMatters ? () -> reported.get() + "; it is delayed" : reported);
  }

  private void goesOn(ModelState state, int r, int p, Sink sink) {
    PortRequest asks = state.replays[r][p].asks;
    if (asks instanceof PortRequest.Describe) {
      looks(state, r, p, false, () -> who(r) + " continues", sink);
    } else if (asks instanceof PortRequest.TakeTurn || asks instanceof PortRequest.Clock) {
      boolean late = state.ages[r][p] == effects.oldest(state.replays[r][p]);
      if (late || EventEffects.since(state, r, p) > state.replays[r][p].since) {
        respondedByTime(state, r, p, () -> who(r) + " continues after a delay", sink);
      }
    } else if (asks instanceof PortRequest.ReadLedger) {
      answered(
          state,
          r,
          p,
          state.ledgers.value.get(0),
          true,
          () -> who(r) + " reads the ledger again",
          sink);
      away(state, r, p, sink);
    } else if (asks instanceof PortRequest.ReadItem) {
      answered(state, r, p, state.item(p), () -> who(r) + " reads the Reinstall again", sink);
      away(state, r, p, sink);
    } else if (asks instanceof PortRequest.WriteLedger write) {
      writesLedger(state, r, p, write, sink);
    } else if (asks instanceof PortRequest.WriteStatus write) {
      writesStatus(state, r, p, write, sink);
    } else if (asks instanceof PortRequest.Send send) {
      sends(state, r, p, send, sink);
    }
  }

  private void answered(
      ModelState state, int r, int p, Object response, Supplier<String> reported, Sink sink) {
    answered(state, r, p, response, false, reported, sink);
  }

  private void answered(
      ModelState state,
      int r,
      int p,
      Object response,
      boolean begun,
      Supplier<String> reported,
      Sink sink) {
    Interned<?> kept = replays.response(response);
    boolean minded = true;
    int longest = longest(state);
    for (int h = 0; h <= longest && minded; h++) {
      Replay.Next next =
          replays.go(state.replays[r][p], kept, state.memories[r], effects.env(state, r, p, h));
      minded = next.minded();
      moved(state, r, p, next, begun, reported, sink);
    }
  }

  private void respondedByTime(
      ModelState state, int r, int p, Supplier<String> reported, Sink sink) {
    if (state.replays[r][p].asks instanceof PortRequest.Clock) {
      answered(state, r, p, Ticks.of(EventEffects.since(state, r, p)), reported, sink);
      return;
    }
    answered(state, r, p, "permit", reported, sink);
    if (state.refusals > 0) {
      ModelState refused = state.copy();
      refused.refusals--;
      answered(
          refused,
          r,
          p,
          FailedResponse.THROTTLED,
          () -> reported.get() + "; the rate limiter denies the submission",
          sink);
    }
  }

  private void looks(
      ModelState state, int r, int p, boolean begun, Supplier<String> reported, Sink sink) {
    for (Observation observation : state.server.value.looks(state.cloudClock)) {
      answered(
          state,
          r,
          p,
          observation,
          begun,
          () -> reported.get() + "; it observes " + StoryText.shown(observation),
          sink);
    }
    if (state.refusals > 0) {
      ModelState refused = state.copy();
      refused.refusals--;
      for (FailedResponse fault :
          List.of(FailedResponse.NOT_SENT, FailedResponse.DENIED, FailedResponse.NOT_FOUND)) {
        answered(
            refused,
            r,
            p,
            fault,
            begun,
            () -> reported.get() + "; the description fails: " + fault,
            sink);
      }
    }
  }

  private void away(ModelState state, int r, int p, Sink sink) {
    if (state.lostWrites > 0) {
      ModelState lost = state.copy();
      lost.lostWrites--;
      answered(lost, r, p, FailedResponse.AWAY, () -> who(r) + " cannot reach the cluster", sink);
    }
  }

  // Writes.

  private void writesLedger(
      ModelState state, int r, int p, PortRequest.WriteLedger write, Sink sink) {
    Supplier<String> reported =
        () -> who(r) + " writes the ledger: " + StoryText.text(state.ledger(), write.book());
    if (Replays.version(write.book()) != EventEffects.version(state)) {
      answered(
          state,
          r,
          p,
          FailedResponse.CONFLICT,
          () -> who(r) + " loses the write of the ledger",
          sink);
      return;
    }
    ModelState written = state.copy();
    Interned<Ledger> next = judged(reported, () -> effects.putLedger(written, p, write.book()));
    answered(written, r, p, next, reported, sink);
    if (state.lostWrites > 0) {
      lost(state, written, r, p, reported, sink);
    }
  }

  /** A broken invariant is reported with the event that broke it. */
  private static <T> T judged(Supplier<String> reported, Supplier<T> what) {
    try {
      return what.get();
    } catch (AssertionError e) {
      throw new InvariantBroken(reported.get() + "\n*** " + e.getMessage());
    }
  }

  /** A write is lost, or only its response. */
  private void lost(
      ModelState state, ModelState written, int r, int p, Supplier<String> reported, Sink sink) {
    ModelState unheard = written.copy();
    unheard.lostWrites--;
    answered(
        unheard,
        r,
        p,
        FailedResponse.CONFLICT,
        () -> reported.get() + "; the response is lost",
        sink);
    ModelState lost = state.copy();
    lost.lostWrites--;
    answered(
        lost, r, p, FailedResponse.CONFLICT, () -> reported.get() + "; the request is lost", sink);
    answered(
        lost,
        r,
        p,
        FailedResponse.AWAY,
        () -> reported.get() + "; the cluster cannot be reached",
        sink);
  }

  private void writesStatus(
      ModelState state, int r, int p, PortRequest.WriteStatus write, Sink sink) {
    Supplier<String> reported =
        () ->
            who(r)
                + " writes of "
                + places.get(p)
                + ": "
                + write.status().phase()
                + "/"
                + write.status().reason();
    Interned<Optional<Item>> now = state.item(p);
    if (now.id != write.version() || now.value.isEmpty()) {
      answered(
          state,
          r,
          p,
          FailedResponse.CONFLICT,
          () -> who(r) + " loses the status write of " + places.get(p),
          sink);
      return;
    }
    ModelState written = state.copy();
    Interned<Optional<Item>> next = judged(reported, () -> effects.putStatus(written, r, p, write));
    answered(written, r, p, next, reported, sink);
    if (state.lostWrites > 0) {
      lost(state, written, r, p, reported, sink);
    }
  }

  private void sends(ModelState state, int r, int p, PortRequest.Send send, Sink sink) {
    ModelState sent = state.copy();
    ServerState.Sent call = judged(() -> who(r) + " submits", () -> effects.send(sent, r, p, send));
    Supplier<String> reported = () -> who(r) + " submits " + call;
    if (effects.isPowerless(p)) {
      answered(sent, r, p, FailedResponse.DENIED, () -> reported.get() + "; it is denied", sink);
      return;
    }
    ModelState arrived = sent.copy();
    Object response = judged(reported, () -> effects.arrive(arrived, call));
    answered(
        arrived, r, p, response, () -> reported.get() + "; the cloud responds " + response, sink);
    if (state.refusals > 0) {
      ModelState refused = sent.copy();
      refused.refusals--;
      for (FailedResponse fault :
          List.of(
              FailedResponse.BUSY,
              FailedResponse.THROTTLED,
              FailedResponse.DENIED,
              FailedResponse.INVALID,
              FailedResponse.NOT_FOUND,
              FailedResponse.NOT_SENT)) {
        answered(refused, r, p, fault, () -> reported.get() + "; it is rejected: " + fault, sink);
      }
    }
    if (state.lostCalls > 0) {
      ModelState unheard = arrived.copy();
      unheard.lostCalls--;
      answered(
          unheard,
          r,
          p,
          FailedResponse.AMBIGUOUS,
          () -> reported.get() + "; it arrives, and the response is lost",
          sink);
      ModelState doubled = unheard.copy();
      Object second = judged(reported, () -> effects.arrive(doubled, call));
      answered(
          doubled,
          r,
          p,
          second,
          () ->
              reported.get()
                  + "; it arrives twice, and the response to the second copy is "
                  + second,
          sink);
      ModelState late = sent.copy();
      late.lostCalls--;
      List<ServerState.Sent> onTheirWay = new ArrayList<>(late.server.value.onTheirWay());
      onTheirWay.add(call);
      late.server = effects.kept(late.server.value.with(List.copyOf(onTheirWay)));
      answered(
          late,
          r,
          p,
          FailedResponse.AMBIGUOUS,
          () -> reported.get() + "; it is delayed, without a response",
          sink);
    }
  }

  private void theCloudGoesOn(ModelState state, Sink sink) {
    ServerState server = state.server.value;
    for (ServerState.Sent call : Set.copyOf(server.onTheirWay())) {
      ModelState landed = state.copy();
      List<ServerState.Sent> rest = new ArrayList<>(server.onTheirWay());
      rest.remove(call);
      landed.server = effects.kept(server.with(List.copyOf(rest)));
      Object response = judged(() -> call + " arrives late", () -> effects.arrive(landed, call));
      sink.accept(landed, () -> call + " arrives late; the cloud responds " + response);
    }
    if (server.mayEnd()) {
      ModelState done = state.copy();
      effects.end(done, false);
      sink.accept(done, () -> "the cloud finishes " + server.work().id());
      if (state.refusals > 0 && server.work().reinstall()) {
        ModelState failed = state.copy();
        failed.refusals--;
        effects.end(failed, true);
        sink.accept(failed, () -> "the cloud finishes " + server.work().id() + ": it failed");
      }
    }
  }

  // Processes and time.

  private void crashes(ModelState state, int r, Sink sink) {
    if (state.crashes == 0 || (state.isIdle(r) && state.memories[r] == effects.blank)) {
      return;
    }
    ModelState crashed = state.copy();
    crashed.crashes--;
    effects.forget(crashed, r);
    sink.accept(crashed, () -> who(r) + " crashes and restarts");
  }

  private void timePasses(ModelState state, Sink sink) {
    ModelState later = state.copy();
    effects.tick(later);
    sink.accept(later, () -> "a tick passes");
    if (state.wall != bound.lastWall()) {
      ModelState next = state.copy();
      next.wall = state.wall.next();
      sink.accept(next, () -> "the wall clock advances to " + next.wall);
    }
  }
}
