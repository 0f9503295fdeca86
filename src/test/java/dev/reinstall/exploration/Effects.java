package dev.reinstall.exploration;

import dev.reinstall.api.ReinstallSpec;
import dev.reinstall.cloud.Observation.Power;
import dev.reinstall.lifecycle.CoreReinstalls;
import dev.reinstall.lifecycle.Ledger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What one thing that happens does to a scene, and what the judge says of it. */
final class Effects {
  final Bound bound;
  final List<String> places;
  final Passages passages;
  final Kept<Memory> blank;
  private final Judge judge;
  private final Pool<ServerState> servers = new Pool<>(ServerState::claims);
  private final Pool<Ghost> ghosts = new Pool<>(g -> 0);
  private final Pool<List<Kept<Ledger>>> shelves = new Pool<>(b -> 0);
  private final Pool<List<Kept<Optional<Thing>>>> histories = new Pool<>(t -> 0);

  Effects(Bound bound) {
    this.bound = bound;
    places = bound.places();
    passages = new Passages(bound.ticks(), bound.jd(), places);
    judge = new Judge(bound);
    blank = passages.kept(Memory.NONE);
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  Scene beginning() {
    Scene scene = new Scene();
    Power power =
        bound.whenRunning() == ReinstallSpec.WhenRunning.Stop ? Power.RUNNING : Power.STOPPED;
    scene.server = servers.of(ServerState.resting(bound.jd(), power));
    scene.books =
        shelves.of(List.of(passages.kept(Ledger.empty(CoreReinstalls.server(bound.cloud())))));
    scene.things = new Kept[places.size()];
    for (int i = 0; i < places.size(); i++) {
      boolean there = i < bound.created().size();
      scene.things[i] =
          histories.of(
              List.of(
                  passages.kept(there ? Optional.of(thing(i, 1, "img-new")) : Optional.empty())));
    }
    scene.memories = new Kept[bound.replicas()];
    scene.passages = new Passage[bound.replicas()][places.size()];
    scene.ages = new int[bound.replicas()][places.size()];
    for (int i = 0; i < bound.replicas(); i++) {
      scene.memories[i] = blank;
    }
    scene.ghost = ghosts.of(Ghost.NONE);
    scene.claimAges = passages.keptAges(Map.of());
    scene.secrets = 1;
    scene.crashes = bound.crashes();
    scene.lostWrites = bound.lostWrites();
    scene.lostCalls = bound.lostCalls();
    scene.refusals = bound.refusals();
    scene.acts = bound.acts();
    return scene;
  }

  Thing thing(int place, int uid, String image) {
    return new Thing(
        places.get(place),
        uid,
        1,
        false,
        CoreReinstalls.of(bound.cloud(), image, Ticks.NOT_AFTER, bound.whenRunning(), false),
        null);
  }

  Kept<ServerState> kept(ServerState server) {
    return servers.of(server);
  }

  Kept<Ghost> kept(Ghost ghost) {
    return ghosts.of(ghost);
  }

  Kept<List<Kept<Ledger>>> kept(List<Kept<Ledger>> shelf) {
    return shelves.of(shelf);
  }

  Passages.Env env(Scene scene, int r, int p, int listening) {
    return new Passages.Env(
        since(scene, r, p),
        scene.wall,
        scene.nextClaim(),
        scene.secrets,
        scene.ghost.value.putBack(),
        scene.uids(),
        scene.claimAges,
        listening);
  }

  int oldest(Passage passage) {
    return passage.known.claim() == 0
        ? bound.ticks().tooLateToClaim()
        : bound.ticks().tooLateToSend();
  }

  /** Ticks since the pass began, as its record has them. */
  static int since(Scene scene, int r, int p) {
    Passage passage = scene.passages[r][p];
    return scene.ages[r][p] + (passage == null ? 0 : passage.base);
  }

  // The ledger and the status.

  static int version(Scene scene) {
    Ledger now = scene.book();
    return now.claims() == 0 && now.orders().isEmpty() ? 0 : scene.books.value.get(0).id;
  }

  Kept<Ledger> putBook(Scene scene, Ledger ledger) {
    Ledger before = scene.book();
    Kept<Ledger> next = passages.kept(ledger);
    scene.ghost = ghosts.of(judge.bookWritten(scene, before, next.value));
    shelve(scene, next);
    return next;
  }

  void shelve(Scene scene, Kept<Ledger> next) {
    List<Kept<Ledger>> shelf = new ArrayList<>(scene.books.value);
    shelf.add(0, next);
    scene.books = shelves.of(List.copyOf(shelf));
  }

  /** Every cache is up to date. */
  void forgetHistory(Scene scene) {
    scene.books = shelves.of(List.of(scene.books.value.get(0)));
    for (int p = 0; p < places.size(); p++) {
      scene.things[p] = histories.of(List.of(scene.thing(p)));
    }
  }

  Kept<Optional<Thing>> putStatus(Scene scene, int r, int p, Request.WriteStatus write) {
    Thing before = scene.thing(p).value.orElseThrow();
    judge.statusWritten(scene, before, write.status());
    if (write.gates()) {
      scene.ghost = ghosts.of(judge.declared(scene, before, scene.passages[r][p]));
    }
    return put(scene, p, Optional.of(before.with(write.status())));
  }

  Kept<Optional<Thing>> put(Scene scene, int p, Optional<Thing> thing) {
    Kept<Optional<Thing>> next = passages.kept(thing);
    List<Kept<Optional<Thing>>> history = new ArrayList<>(scene.things[p].value);
    history.add(0, next);
    int kept = Math.min(history.size(), Math.max(1, bound.behind()) + 1); // uids must not return
    scene.things[p] = histories.of(List.copyOf(history.subList(0, kept)));
    return next;
  }

  // The cloud.

  /** Of the order at that place. */
  String name(int p) {
    return places.get(p).substring(places.get(p).indexOf('/') + 1);
  }

  private ServerState.Sent call(Scene scene, int r, int p, Request.Send send) {
    int claim = scene.passages[r][p].known.claim();
    Ghost.Claimed claimed = scene.ghost.value.claims().get(claim);
    return new ServerState.Sent(
        name(p),
        send.image(),
        claim,
        claimed == null ? 0 : claimed.number(),
        send.token(),
        since(scene, r, p) - send.signed());
  }

  /** A pass sends: what it is signed with is as old as its claim, or younger. */
  ServerState.Sent send(Scene scene, int r, int p, Request.Send send) {
    ServerState.Sent call = call(scene, r, p, send);
    int signedAfterTheClaim = send.signed() - scene.passages[r][p].base;
    scene.ghost = ghosts.of(judge.sent(scene, call, signedAfterTheClaim));
    return call;
  }

  /** Returns the operation's id, or the fault. */
  Object arrive(Scene scene, ServerState.Sent call) {
    ServerState.Met met = scene.server.value.arrive(call, bound.ticks());
    if (met.obeyed()) {
      scene.ghost = ghosts.of(judge.obeyed(scene, call));
    }
    scene.server = servers.of(met.server());
    return met.refusal() == null ? met.requestId() : Fault.of(met.refusal());
  }

  void end(Scene scene, boolean failed) {
    ServerState.Work work = scene.server.value.work();
    scene.server = servers.of(scene.server.value.ended(failed));
    if (work.reinstall() && !work.order().isEmpty()) {
      scene.ghost = ghosts.of(scene.ghost.value.ended(work.order(), failed));
    }
  }

  // Processes and time.

  void forget(Scene scene, int r) {
    scene.memories[r] = blank;
    scene.passages[r] = new Passage[places.size()];
    scene.ages[r] = new int[places.size()];
  }

  void tick(Scene scene) {
    scene.server = servers.of(scene.server.value.aged(bound.ticks()));
    for (int r = 0; r < scene.memories.length; r++) {
      Memory memory = scene.memories[r].value;
      Memory aged = memory.aged(bound.ticks().settled());
      scene.memories[r] = aged == memory ? scene.memories[r] : passages.kept(aged);
      for (int p = 0; p < places.size(); p++) {
        if (scene.passages[r][p] != null && !scene.passages[r][p].timeless) {
          scene.ages[r][p] = Math.min(scene.ages[r][p] + 1, oldest(scene.passages[r][p]));
        }
      }
    }
    Map<String, Integer> older = new TreeMap<>();
    scene.claimAges.value.forEach(
        (claim, age) -> older.put(claim, Math.min(age + 1, bound.ticks().oldest())));
    scene.claimAges = passages.keptAges(older);
    if (bound.jd()) {
      scene.cloudClock = cloudClock(scene);
    }
  }

  /**
   * Only the time since a baseline that may be compared with is of interest: without one the
   * cloud's clock stands still. So what was seen before a claim is taken to be seen with it, and a
   * token is trusted for longer than it is, by as long as a claim may rest on a look.
   */
  private int cloudClock(Scene scene) {
    int newest = scene.books.value.stream().mapToInt(b -> baseline(b.value)).max().orElse(-1);
    for (Passage[] ofReplica : scene.passages) {
      for (Passage passage : ofReplica) {
        newest = Math.max(newest, passage == null ? -1 : baseline(passage.asks));
      }
    }
    if (newest < 0) {
      return scene.passesUnderWay() == 0 ? 0 : scene.cloudClock;
    }
    return Math.min(scene.cloudClock + 1, newest + bound.ticks().trust());
  }

  private static int baseline(Request asks) {
    return asks instanceof Request.WriteBook write ? baseline(write.book()) : -1;
  }

  private static int baseline(Ledger ledger) {
    return ledger.orders().values().stream()
        .filter(e -> e.baseline() != null && e.baseline().cloudTime() != null)
        .mapToInt(e -> Ticks.cloudTicks(e.baseline().cloudTime()))
        .max()
        .orElse(-1);
  }
}
