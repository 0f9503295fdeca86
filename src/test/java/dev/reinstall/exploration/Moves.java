package dev.reinstall.exploration;

import dev.reinstall.api.Phase;
import dev.reinstall.api.ReinstallSpec;
import dev.reinstall.api.ReinstallStatus;
import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.api.ServerLedger.State;
import dev.reinstall.cloud.Observation;
import dev.reinstall.cloud.Observation.Power;
import dev.reinstall.lifecycle.Book;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What may happen next in a scene, each thing by itself. */
final class Moves {

  /** Takes what may come next, and how it is told. */
  interface Sink {
    void accept(Scene next, Supplier<String> told);
  }

  final Bound bound;
  final Passages passages;
  private final Judge judge;
  private final List<String> places;
  private final Pool<ServerState> servers = new Pool<>(ServerState::claims);
  private final Pool<Ghost> ghosts = new Pool<>(g -> 0);
  private final Pool<List<Kept<Book>>> shelves = new Pool<>(b -> 0);
  private final Pool<List<Kept<Optional<Thing>>>> histories = new Pool<>(t -> 0);
  private final Map<Integer, Set<String>> subjects = new ConcurrentHashMap<>();
  private final Map<Integer, Set<String>> ages = new ConcurrentHashMap<>();
  private final Kept<Memory> blank;

  Moves(Bound bound) {
    this.bound = bound;
    places = bound.places();
    passages = new Passages(bound.ticks(), bound.jd(), places);
    judge = new Judge(bound);
    blank = passages.kept(Memory.NONE);
  }

  /** A pass over each place that loses a write: what it then does is known from the beginning. */
  private void loseAWrite(Scene scene) {
    for (int p = 0; p < places.size(); p++) {
      Kept<Optional<Thing>> thing = passages.kept(Optional.of(thing(p, 1, "img-new")));
      Kept<Book> none = scene.books.value.get(0);
      Passages.Env env = env(scene, 0, p, 0);
      Passage at = passages.begin(places.get(p), thing, none, blank, env).passage();
      while (passages.anew(p) == null) {
        Object answer =
            at.asks instanceof Request.Look
                ? scene.server.value.looks(0).get(0)
                : at.asks instanceof Request.ReadBook
                    ? none
                    : at.asks instanceof Request.Turn ? "its turn" : Fault.CONFLICT;
        at = passages.go(at, passages.answer(answer), blank, env).passage();
      }
    }
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  Scene beginning() {
    Scene scene = new Scene();
    Power power =
        bound.whenRunning() == ReinstallSpec.WhenRunning.Stop ? Power.RUNNING : Power.STOPPED;
    scene.server = servers.of(ServerState.resting(bound.jd(), power));
    scene.books = shelves.of(List.of(passages.kept(Book.empty(Orders.server(bound.jd())))));
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
    loseAWrite(scene);
    seal(scene);
    return scene;
  }

  private Thing thing(int place, int uid, String image) {
    return new Thing(
        places.get(place),
        uid,
        1,
        false,
        Orders.of(bound.jd(), image, Ticks.NOT_AFTER, bound.whenRunning(), false),
        null);
  }

  /** All that may happen next. */
  void of(Scene scene, Sink sink) {
    for (int r = 0; r < bound.replicas(); r++) {
      if (r > 0 && bound.replicasAreAlike() && isLike(scene, r, r - 1)) {
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
      aPersonActs(scene, sink);
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
        Kept<Book> book = scene.books.value.get(b);
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
      Kept<Book> book,
      Supplier<String> told,
      Sink sink) {
    boolean minded = true;
    int longest = longest(scene);
    for (int h = 0; h <= longest && minded; h++) {
      Passage.Next next =
          passages.begin(places.get(p), thing, book, scene.memories[r], env(scene, r, p, h));
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
    return versions == 0 ? "" : ", " + what + " as it was " + versions + " version(s) ago";
  }

  Passages.Env env(Scene scene, int r, int p, int listening) {
    return new Passages.Env(
        since(scene, r, p),
        scene.wall.ahead(bound.skewOf(r)),
        scene.nextClaim(),
        scene.secrets,
        scene.ghost.value.putBack(),
        scene.uids(),
        scene.claimAges,
        listening);
  }

  /** For how long a process may have known what there is to know: it makes no difference beyond. */
  private static int longest(Scene scene) {
    int longest = 0;
    for (int age : scene.claimAges.value.values()) {
      longest = Math.max(longest, age);
    }
    return longest;
  }

  private int oldest(Passage passage) {
    return passage.known.claim() == 0
        ? bound.ticks().tooLateToClaim()
        : bound.ticks().tooLateToSend();
  }

  /** Ticks since the pass began, as its record has them. */
  private static int since(Scene scene, int r, int p) {
    Passage passage = scene.passages[r][p];
    return scene.ages[r][p] + (passage == null ? 0 : passage.base);
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
      boolean late = scene.ages[r][p] == oldest(scene.passages[r][p]);
      if (late || since(scene, r, p) > scene.passages[r][p].since) {
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
          passages.go(scene.passages[r][p], kept, scene.memories[r], env(scene, r, p, h));
      minded = next.minded();
      moved(scene, r, p, next, begun, told, sink);
    }
  }

  private void answeredByTime(Scene scene, int r, int p, Supplier<String> told, Sink sink) {
    if (scene.passages[r][p].asks instanceof Request.Clock) {
      answered(scene, r, p, Ticks.of(since(scene, r, p)), told, sink);
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
    for (Observation seen : scene.server.value.looks(scene.cloudClock)) {
      answered(scene, r, p, seen, begun, () -> told.get() + "; it sees " + shown(seen), sink);
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

  private static String shown(Observation seen) {
    return seen.word()
        + " with "
        + seen.installed().values().iterator().next()
        + seen.operation()
            .map(o -> ", " + (o.reinstall() ? "reinstall " : "") + o.id() + " " + o.progress())
            .orElseGet(() -> ", updated " + seen.updateTime().orElse("never"));
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
        () -> who(r) + " writes the ledger: " + said(scene.book(), write.book());
    if (Passages.version(write.book()) != version(scene)) {
      answered(scene, r, p, Fault.CONFLICT, () -> who(r) + " loses the write of the ledger", sink);
      return;
    }
    Scene written = scene.copy();
    Kept<Book> next = judged(told, () -> putBook(written, write.book()));
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

  private static int version(Scene scene) {
    Book now = scene.book();
    return now.claims() == 0 && now.orders().isEmpty() ? 0 : scene.books.value.get(0).id;
  }

  Kept<Book> putBook(Scene scene, Book book) {
    Book before = scene.book();
    Kept<Book> next = passages.kept(book);
    scene.ghost = ghosts.of(judge.bookWritten(scene, before, next.value));
    shelve(scene, next);
    return next;
  }

  private void shelve(Scene scene, Kept<Book> next) {
    List<Kept<Book>> shelf = new ArrayList<>(scene.books.value);
    shelf.add(0, next);
    scene.books = shelves.of(List.copyOf(shelf));
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
    Kept<Optional<Thing>> next = judged(told, () -> putStatus(written, r, p, write));
    answered(written, r, p, next, told, sink);
    if (scene.lostWrites > 0) {
      Scene unheard = written.copy();
      unheard.lostWrites--;
      answered(unheard, r, p, Fault.CONFLICT, () -> told.get() + "; the answer is lost", sink);
      notWritten(scene, r, p, told, sink);
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

  private Kept<Optional<Thing>> put(Scene scene, int p, Optional<Thing> thing) {
    Kept<Optional<Thing>> next = passages.kept(thing);
    List<Kept<Optional<Thing>>> history = new ArrayList<>(scene.things[p].value);
    history.add(0, next);
    int kept = Math.min(history.size(), Math.max(1, bound.behind()) + 1); // uids must not return
    scene.things[p] = histories.of(List.copyOf(history.subList(0, kept)));
    return next;
  }

  // Calls to the cloud.

  ServerState.Sent call(Scene scene, int r, int p, Request.Send send) {
    int claim = scene.passages[r][p].known.claim();
    Ghost.Claimed claimed = scene.ghost.value.claims().get(claim);
    String order = places.get(p).substring(places.get(p).indexOf('/') + 1);
    return new ServerState.Sent(
        order,
        send.image(),
        claim,
        claimed == null ? 0 : claimed.number(),
        send.token(),
        since(scene, r, p) - send.signed());
  }

  /** How many ticks after it was claimed it was signed. */
  private static int late(Scene scene, int r, int p, Request.Send send) {
    return send.signed() - scene.passages[r][p].base;
  }

  private void sends(Scene scene, int r, int p, Request.Send send, Sink sink) {
    ServerState.Sent call = call(scene, r, p, send);
    Scene sent = scene.copy();
    Supplier<String> told = () -> who(r) + " sends " + call;
    sent.ghost = ghosts.of(judged(told, () -> judge.sent(sent, call, late(scene, r, p, send))));
    Scene arrived = sent.copy();
    Object answer = judged(told, () -> arrive(arrived, call));
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
      Object second = judged(told, () -> arrive(doubled, call));
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
      late.server = servers.of(late.server.value.with(List.copyOf(onTheirWay)));
      answered(
          late, r, p, Fault.UNCLEAR, () -> told.get() + "; it is held up, and not answered", sink);
    }
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

  private void theCloudGoesOn(Scene scene, Sink sink) {
    ServerState server = scene.server.value;
    for (ServerState.Sent call : Set.copyOf(server.onTheirWay())) {
      Scene landed = scene.copy();
      List<ServerState.Sent> rest = new ArrayList<>(server.onTheirWay());
      rest.remove(call);
      landed.server = servers.of(server.with(List.copyOf(rest)));
      Object answer = judged(() -> call + " arrives late", () -> arrive(landed, call));
      sink.accept(landed, () -> call + " arrives late; the cloud says " + answer);
    }
    if (server.mayEnd()) {
      Scene done = scene.copy();
      end(done, false);
      sink.accept(done, () -> "the cloud ends " + server.work().id());
      if (scene.refusals > 0 && server.work().reinstall()) {
        Scene failed = scene.copy();
        failed.refusals--;
        end(failed, true);
        sink.accept(failed, () -> "the cloud ends " + server.work().id() + ": it failed");
      }
    }
  }

  void end(Scene scene, boolean failed) {
    ServerState.Work work = scene.server.value.work();
    scene.server = servers.of(scene.server.value.ended(failed));
    if (work.reinstall() && !work.order().isEmpty()) {
      scene.ghost = ghosts.of(scene.ghost.value.ended(work.order(), failed));
    }
  }

  void putServer(Scene scene, ServerState server) {
    scene.server = servers.of(server);
  }

  // Processes and time.

  private void crashes(Scene scene, int r, Sink sink) {
    if (scene.crashes == 0 || (scene.isIdle(r) && scene.memories[r] == blank)) {
      return;
    }
    Scene crashed = scene.copy();
    crashed.crashes--;
    forget(crashed, r);
    sink.accept(crashed, () -> who(r) + " dies and starts again");
  }

  void forget(Scene scene, int r) {
    scene.memories[r] = blank;
    scene.passages[r] = new Passage[places.size()];
    scene.ages[r] = new int[places.size()];
  }

  private void timePasses(Scene scene, Sink sink) {
    Scene later = scene.copy();
    tick(later);
    sink.accept(later, () -> "a tick passes");
    if (scene.wall != bound.lastWall()) {
      Scene next = scene.copy();
      next.wall = scene.wall.next();
      sink.accept(next, () -> "by the wall clock it is " + next.wall);
    }
  }

  void tick(Scene scene) {
    scene.server = servers.of(scene.server.value.aged(bound.ticks()));
    for (int r = 0; r < scene.memories.length; r++) {
      Memory memory = scene.memories[r].value;
      Memory aged = memory.aged(bound.ticks().oldest());
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

  private static int baseline(Book book) {
    return book.orders().values().stream()
        .filter(e -> e.baseline() != null && e.baseline().cloudTime() != null)
        .mapToInt(e -> Ticks.cloudTicks(e.baseline().cloudTime()))
        .max()
        .orElse(-1);
  }

  // Persons.

  private void aPersonActs(Scene scene, Sink sink) {
    for (int p = 0; p < places.size(); p++) {
      int place = p;
      Optional<Thing> now = scene.thing(p).value;
      if (now.isEmpty()) {
        act(scene, "creates " + places.get(p), sink, s -> create(s, place, "img-new"));
        act(
            scene,
            "creates " + places.get(p) + " with other contents",
            sink,
            s -> create(s, place, "img-other"));
        continue;
      }
      Thing thing = now.get();
      boolean suspend = !thing.spec().suspended();
      act(scene, "deletes " + places.get(p), sink, s -> delete(s, place));
      act(
          scene,
          (suspend ? "suspends " : "releases ") + places.get(p),
          sink,
          s -> put(s, place, Optional.of(thing.with(Orders.suspended(thing.spec(), suspend)))));
      if (thing.status() != null) {
        act(
            scene,
            "restores " + places.get(p) + " without its status",
            sink,
            s -> edit(s, place, null));
      }
      for (Phase phase : List.of(Phase.Waiting, Phase.Installing, Phase.Succeeded)) {
        act(
            scene,
            "edits the status of " + places.get(p) + " to " + phase,
            sink,
            s -> edit(s, place, phase));
      }
    }
    Set<Kept<Book>> older = new LinkedHashSet<>(scene.books.value);
    older.add(passages.kept(Book.empty(scene.book().server())));
    older.remove(scene.books.value.get(0));
    for (Kept<Book> book : older) {
      act(
          scene,
          "puts the ledger back to: " + said(Book.empty(scene.book().server()), book.value),
          sink,
          s -> {
            s.ghost = ghosts.of(s.ghost.value.tampering());
            shelve(s, book);
          });
    }
    ServerState server = scene.server.value;
    if (server.work() == null) {
      for (String image : List.of("img-new", "img-third")) {
        act(
            scene,
            "resets the server by hand to " + image,
            sink,
            s -> {
              s.ghost = ghosts.of(s.ghost.value.resettingByHand());
              s.server = servers.of(server.resetByHand(image));
            });
      }
      if (server.power() != Power.BROKEN) {
        Power to = server.power() == Power.STOPPED ? Power.RUNNING : Power.STOPPED;
        act(
            scene,
            "makes the server " + to,
            sink,
            s -> s.server = servers.of(server.switchedByHand(to)));
      }
    }
    if (scene.secrets < 2 && bound.jd()) {
      act(scene, "changes the Secret", sink, s -> s.secrets++);
    }
  }

  private void act(Scene scene, String what, Sink sink, Consumer<Scene> how) {
    Scene next = scene.copy();
    next.acts--;
    how.accept(next);
    sink.accept(next, () -> "a person " + what);
  }

  private void create(Scene scene, int p, String image) {
    int last =
        scene.things[p].value.stream()
            .flatMap(k -> k.value.stream())
            .mapToInt(Thing::uid)
            .max()
            .orElse(0);
    if (last > 0) {
      scene.ghost = ghosts.of(scene.ghost.value.withoutWitness(name(p)));
    }
    scene.ghost = ghosts.of(scene.ghost.value.editing(places.get(p), false));
    put(scene, p, Optional.of(thing(p, last + 1, image)));
  }

  private String name(int p) {
    return places.get(p).substring(places.get(p).indexOf('/') + 1);
  }

  private void delete(Scene scene, int p) {
    scene.ghost = ghosts.of(scene.ghost.value.withoutWitness(name(p)));
    put(scene, p, Optional.empty());
  }

  private void edit(Scene scene, int p, Phase phase) {
    Thing now = scene.thing(p).value.orElseThrow();
    scene.ghost = ghosts.of(scene.ghost.value.withoutWitness(name(p)).editing(places.get(p), true));
    ReinstallStatus status =
        phase == null
            ? null
            : new ReinstallStatus(1L, phase.name(), "Edited", "", null, null, null, null, null);
    put(scene, p, Optional.of(now.with(status)));
  }

  // Where nothing goes wrong.

  /** A whole pass of the one replica, with the newest of everything and every answer. */
  Optional<Duration> passes(Scene scene, int p, int listening, List<String> story) {
    Passage.Next next =
        passages.begin(
            places.get(p),
            scene.thing(p),
            scene.books.value.get(0),
            scene.memories[0],
            env(scene, 0, p, listening));
    while (true) {
      scene.memories[0] = next.memory();
      scene.passages[0][p] = next.passage();
      scene.ages[0][p] = next.age();
      if (next.passage() == null) {
        return next.comesBack();
      }
      Object answer = wellAnswered(scene, p, next.passage().asks, story);
      next =
          passages.go(
              next.passage(),
              passages.answer(answer),
              scene.memories[0],
              env(scene, 0, p, listening));
    }
  }

  private Object wellAnswered(Scene scene, int p, Request asks, List<String> story) {
    if (asks instanceof Request.Look) {
      Observation seen = scene.server.value.looks(scene.cloudClock).get(0);
      story.add("         it sees " + shown(seen));
      return seen;
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
      return Ticks.of(since(scene, 0, p));
    }
    if (asks instanceof Request.WriteBook write) {
      if (Passages.version(write.book()) != version(scene)) {
        return Fault.CONFLICT;
      }
      story.add("         it writes the ledger: " + said(scene.book(), write.book()));
      return putBook(scene, write.book());
    }
    if (asks instanceof Request.WriteStatus write) {
      if (scene.thing(p).id != write.version()) {
        return Fault.CONFLICT;
      }
      story.add("         it writes " + write.status().phase() + "/" + write.status().reason());
      return putStatus(scene, 0, p, write);
    }
    Request.Send send = (Request.Send) asks;
    ServerState.Sent call = call(scene, 0, p, send);
    story.add("         it sends " + call);
    scene.ghost = ghosts.of(judge.sent(scene, call, late(scene, 0, p, send)));
    return arrive(scene, call);
  }

  /** Nothing is suspended any more. */
  void release(Scene scene) {
    for (int p = 0; p < places.size(); p++) {
      Optional<Thing> thing = scene.thing(p).value;
      if (thing.isPresent() && thing.get().spec().suspended()) {
        ReinstallSpec released = Orders.suspended(thing.get().spec(), false);
        put(scene, p, Optional.of(thing.get().with(released)));
      }
    }
  }

  /** Every cache is up to date. */
  void forgetHistory(Scene scene) {
    scene.books = shelves.of(List.of(scene.books.value.get(0)));
    for (int p = 0; p < places.size(); p++) {
      scene.things[p] = histories.of(List.of(scene.thing(p)));
    }
  }

  // What makes two scenes one.

  /** Forgets what can make no difference any more, and takes the fingerprint. */
  void seal(Scene scene) {
    for (int r = 0; r < scene.memories.length; r++) {
      for (int p = 0; p < places.size(); p++) {
        losesWhatIsLost(scene, r, p);
      }
    }
    int keep = scene.acts > 0 ? Integer.MAX_VALUE : bound.behind() + 1;
    if (scene.books.value.size() > keep) {
      scene.books = shelves.of(List.copyOf(scene.books.value.subList(0, keep)));
    }
    Set<String> shown = subjects(scene.books);
    Set<String> counted = counted(scene.books.value.get(0));
    if (!scene.claimAges.value.keySet().equals(claimed(counted))) {
      Map<String, Integer> claims = new TreeMap<>();
      claimed(counted).forEach(c -> claims.put(c, scene.claimAges.value.getOrDefault(c, 0)));
      scene.claimAges = passages.keptAges(claims);
    }
    for (int r = 0; r < scene.memories.length; r++) {
      Kept<Memory> memory = scene.memories[r];
      if (memory != blank) {
        long heard = 0;
        for (Passage passage : scene.passages[r]) {
          heard |= passage == null ? 0 : ServerState.bit(passage.known.claim());
        }
        long own = heard;
        Memory trimmed =
            memory.value.trimmed(
                counted::contains, s -> shown.contains(s) || (own & Memory.claimsIn(s)) != 0);
        scene.memories[r] = trimmed == memory.value ? memory : passages.kept(trimmed);
      }
    }
    long live = scene.server.claims;
    for (Passage[] ofReplica : scene.passages) {
      for (Passage passage : ofReplica) {
        live |= passage == null ? 0 : ServerState.bit(passage.known.claim());
      }
    }
    Ghost ghost = scene.ghost.value.only(live);
    scene.ghost = ghost == scene.ghost.value ? scene.ghost : ghosts.of(ghost);
    if (bound.replicasAreAlike()) {
      scene.sortReplicas();
    }
    scene.takeFingerprint();
  }

  /** A write with an old copy is lost, whenever it comes: so it may as well be lost at once. */
  private void losesWhatIsLost(Scene scene, int r, int p) {
    Passage passage = scene.passages[r][p];
    if (passage == null) {
      return;
    }
    boolean lost =
        passage.asks instanceof Request.WriteBook book
                && Passages.version(book.book()) != version(scene)
            || passage.asks instanceof Request.WriteStatus status
                && status.version() != scene.thing(p).id;
    if (!lost) {
      return;
    }
    answeredAtOnce(scene, r, p, Fault.CONFLICT);
    Passage after = scene.passages[r][p];
    if (after != null && after.asks instanceof Request.ReadBook) {
      // Its claim is not there, and never will be; or its receipt is tried again until it is there.
      answeredAtOnce(scene, r, p, scene.books.value.get(0));
    }
  }

  private void answeredAtOnce(Scene scene, int r, int p, Object answer) {
    Passage.Next next =
        passages.go(
            scene.passages[r][p], passages.answer(answer), scene.memories[r], env(scene, r, p, 0));
    boolean over = next.passage() == null || next.passage() == passages.anew(p);
    scene.memories[r] = next.memory();
    scene.passages[r][p] = over ? null : next.passage();
    scene.ages[r][p] = over ? 0 : next.age();
  }

  /**
   * The claims whose age decides something. Of the others' no pass asks any more, or only one that
   * will lose its write anyway.
   */
  private Set<String> counted(Kept<Book> book) {
    return ages.computeIfAbsent(
        book.id,
        id -> {
          Set<String> counted = new HashSet<>();
          for (Entry entry : book.value.orders().values()) {
            boolean answered = Boolean.TRUE.equals(entry.answered());
            boolean open = entry.state().isOpen();
            if (!answered || entry.state() == State.Held) {
              if (entry.claimedBy() != null) {
                counted.add(entry.claimedBy());
              }
            }
            boolean isRefused = entry.reason() != null && entry.endedAt() == null;
            if (isRefused || entry.evidence() != null && open) {
              counted.add(entry.claimedAt().toString());
            }
          }
          return counted;
        });
  }

  private static Set<String> claimed(Set<String> counted) {
    Set<String> claims = new HashSet<>(counted);
    claims.removeIf(c -> !c.startsWith("c"));
    return claims;
  }

  private Set<String> subjects(Kept<List<Kept<Book>>> shelf) {
    return subjects.computeIfAbsent(
        shelf.id,
        id -> {
          Set<String> all = new HashSet<>();
          for (Kept<Book> book : shelf.value) {
            for (Entry entry : book.value.orders().values()) {
              all.add(String.valueOf(entry.claimedBy()));
              all.add(entry.claimedAt().toString());
            }
          }
          return all;
        });
  }

  /** What of a ledger is new, in words. */
  static String said(Book before, Book after) {
    return after.orders().entrySet().stream()
        .filter(e -> !e.getValue().equals(before.orders().get(e.getKey())))
        .map(
            e ->
                e.getKey()
                    + " is "
                    + e.getValue().state()
                    + " (claim "
                    + e.getValue().claim()
                    + (e.getValue().claimedBy() == null ? "" : " by " + e.getValue().claimedBy())
                    + (Boolean.TRUE.equals(e.getValue().recovering()) ? ", recovering" : "")
                    + (Boolean.TRUE.equals(e.getValue().answered()) ? ", answered" : "")
                    + (Boolean.TRUE.equals(e.getValue().adopted()) ? ", adopted" : "")
                    + (e.getValue().reason() == null ? "" : ", " + e.getValue().reason())
                    + ")")
        .reduce((a, b) -> a + "; " + b)
        .orElse("nothing");
  }
}
