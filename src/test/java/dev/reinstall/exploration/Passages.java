package dev.reinstall.exploration;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.Reinstall;
import dev.reinstall.api.ReinstallSpec;
import dev.reinstall.api.ReinstallStatus;
import dev.reinstall.api.SecretKeyRef;
import dev.reinstall.api.Server;
import dev.reinstall.api.ServerLedger.Owner;
import dev.reinstall.cloud.Account;
import dev.reinstall.cloud.Cloud;
import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.Glance;
import dev.reinstall.cloud.Observation;
import dev.reinstall.cloud.Order;
import dev.reinstall.cloud.PowerOrder;
import dev.reinstall.cloud.Receipt;
import dev.reinstall.cloud.Traits;
import dev.reinstall.lifecycle.Book;
import dev.reinstall.lifecycle.Conflict;
import dev.reinstall.lifecycle.Orders;
import dev.reinstall.lifecycle.Pass;
import dev.reinstall.lifecycle.Secrets;
import dev.reinstall.lifecycle.Timing;
import dev.reinstall.lifecycle.View;
import dev.reinstall.lifecycle.World;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Runs the shipped {@link Pass}: answers it from a record, gives it one answer more, and stops it
 * where it asks for the next. What only it can know (its memory, its clock, a new id) is answered
 * at once; everything else is asked for, and whoever explores decides the answer.
 *
 * <p>How far one answer takes a pass depends on the answer, its memory and on few other things that
 * make up the {@code env}: how many ticks ago it began, its wall clock, the id that a new claim
 * would get, the version of the Secrets, and which objects there are.
 */
final class Passages {

  /** The order and the ledger as the caches of the process show them. */
  record Begin(Kept<Optional<Thing>> thing, Kept<Book> book) {}

  /**
   * What is true while a pass takes an answer.
   *
   * @param ages of the claims, in ticks
   * @param listening for how many ticks the process has known what there is to know: it may have
   *     heard of a claim at once, or only now
   */
  record Env(
      int since,
      Ticks.Wall wall,
      int nextClaim,
      int secrets,
      int putBack,
      List<Integer> uids,
      Kept<Map<String, Integer>> ages,
      int listening) {
    long packed() {
      long packed = since;
      packed = packed * 4 + wall.ordinal();
      packed = packed * 64 + nextClaim;
      packed = packed * 4 + secrets;
      packed = packed * 4 + putBack;
      packed = packed * 128 + listening;
      for (int uid : uids) {
        packed = packed * 16 + uid;
      }
      return packed;
    }
  }

  private static final Account ACCOUNT = new Account(Map.of("key", "key"));

  private final Ticks ticks;
  private final Timing timing;
  private final Traits traits;
  private final boolean jd;
  private final List<String> places;
  private final Map<String, Passage> idle = new ConcurrentHashMap<>();
  private final Map<Integer, Kept<Optional<Thing>>> versions = new ConcurrentHashMap<>();
  private final Map<Object, Passage> points = new ConcurrentHashMap<>();
  private final Map<Passage, Optional<Passage>> onlyWritesLeft = new ConcurrentHashMap<>();
  private final AtomicInteger ids = new AtomicInteger();
  private final Pool<Object> answers = new Pool<>(a -> 0);
  private final Pool<Memory> memories = new Pool<>(Memory::claims);
  private final Pool<Optional<Thing>> things = new Pool<>(t -> 0);
  private final Pool<Book> books = new Pool<>(Passages::claims);
  private final Pool<Map<String, Integer>> ages = new Pool<>(a -> 0);
  private final Kept<Map<String, Integer>> noAges = ages.of(Map.of());
  private final Map<Integer, Reinstall> objects = new ConcurrentHashMap<>();

  Passages(Ticks ticks, boolean jd, List<String> places) {
    this.ticks = ticks;
    this.jd = jd;
    this.places = places;
    timing = ticks.timing();
    traits = ticks.traits(jd);
  }

  Kept<Memory> kept(Memory memory) {
    return memories.of(memory);
  }

  Kept<Optional<Thing>> kept(Optional<Thing> thing) {
    Kept<Optional<Thing>> kept = things.of(thing);
    versions.putIfAbsent(kept.id, kept);
    return kept;
  }

  /** Where every pass over the place stands that tries anew; null: none has been there yet. */
  Passage anew(int place) {
    return points.get(new Anew(places.get(place)));
  }

  /** A book is known by what it says: equal ones are one version. */
  Kept<Book> kept(Book book) {
    return books.of(new Book(book.server(), null, book.claims(), book.orders(), book.unknown()));
  }

  Kept<Map<String, Integer>> keptAges(Map<String, Integer> ofClaims) {
    return ages.of(Map.copyOf(ofClaims));
  }

  Kept<?> answer(Object answer) {
    return answers.of(answer);
  }

  private static long claims(Book book) {
    long claims = 0;
    for (var entry : book.orders().values()) {
      if (entry.claimedBy() != null) {
        claims |= Memory.claimsIn(entry.claimedBy());
      }
    }
    return claims;
  }

  static int version(Book copy) {
    return copy.resourceVersion() == null ? 0 : Integer.parseInt(copy.resourceVersion());
  }

  /** A pass begins: it reads the order and the ledger, as its caches have them. */
  Passage.Next begin(
      String place, Kept<Optional<Thing>> thing, Kept<Book> book, Kept<Memory> memory, Env env) {
    Passage from =
        idle.computeIfAbsent(
            place, p -> new Passage(0, p, List.of(), null, Passage.Known.NOTHING, true, 0, 0, 0));
    return go(from, answer(new Begin(thing, book)), memory, env);
  }

  /** A pass that waits is answered. */
  Passage.Next go(Passage from, Kept<?> answer, Kept<Memory> memory, Env env) {
    Passage.Turn turn = new Passage.Turn(answer, memory, env.ages(), env.packed());
    Passage.Next next = from.nexts.get(turn);
    if (next == null) {
      next = new Run(from, answer, memory, env).next();
      Passage twin = from.twin;
      if (twin != null) {
        alike(next, asTwin(from, twin, answer, memory, env));
      }
      from.nexts.put(turn, next);
    }
    return next;
  }

  private Passage.Next asTwin(
      Passage from, Passage twin, Kept<?> answer, Kept<Memory> memory, Env env) {
    int since = env.since() - from.base + twin.base;
    Env its =
        new Env(
            since,
            env.wall(),
            env.nextClaim(),
            env.secrets(),
            env.putBack(),
            env.uids(),
            env.ages(),
            env.listening());
    Kept<?> toIt = from.asks instanceof Request.Clock ? answer(Ticks.of(since)) : answer;
    return new Run(twin, toIt, memory, its).next();
  }

  /** What was taken for one is checked, whenever a pass does what was not seen before. */
  private static void alike(Passage.Next one, Passage.Next other) {
    boolean alike =
        one.memory() == other.memory()
            && (one.passage() == null
                ? other.passage() == null && one.comesBack().equals(other.comesBack())
                : other.passage() != null
                    && untimed(one.passage().asks).equals(untimed(other.passage().asks)));
    if (!alike) {
      throw new IllegalStateException(
          "passes were taken for one that are not: " + said(one) + " and " + said(other));
    }
  }

  private static String said(Passage.Next next) {
    return next.memory() + " " + (next.passage() == null ? next.comesBack() : next.passage().asks);
  }

  /** When it was signed is counted from the beginning of a pass. */
  private static Request untimed(Request asks) {
    return asks instanceof Request.Send send
        ? new Request.Send(send.image(), send.token(), 0)
        : asks;
  }

  /** The one that stands for all that are known to stand at this point. */
  private Passage standing(Object point, Passage passage) {
    Passage first = points.computeIfAbsent(point, p -> passage);
    if (first.twin == null && !first.answers.equals(passage.answers)) {
      first.twin = passage;
    }
    return first;
  }

  /** What it will write one after the other, under each time that the wall clock may show. */
  private record Writes(String place, List<List<Object>> writes) {}

  /** What a pass holds in its hands where it asks; how it came to that makes no difference. */
  private record Point(
      String place, String at, Request asks, Passage.Known known, int secrets, int putBack) {}

  /** Where a pass tries anew after a lost write it keeps nothing of what was before. */
  private record Anew(String place) {}

  /**
   * A pass that only writes any more, whatever the clock shows, and that tries anew if a write is
   * lost, is known by what it writes: how it came to that makes no difference.
   */
  private Optional<Passage> withOnlyWritesLeft(Passage passage) {
    if (!isPlainWrite(passage.asks)) {
      return Optional.empty();
    }
    Optional<Passage> seen = onlyWritesLeft.get(passage);
    if (seen == null) {
      seen = lookAhead(passage);
      onlyWritesLeft.put(passage, seen);
    }
    return seen;
  }

  private Optional<Passage> lookAhead(Passage passage) {
    List<List<Object>> writes = new ArrayList<>();
    for (Ticks.Wall wall : Ticks.Wall.values()) {
      List<Object> left = new ArrayList<>();
      Passage at = passage;
      while (at != null) {
        if (!isPlainWrite(at.asks)) {
          return Optional.empty();
        }
        left.add(at.asks);
        Env env = new Env(0, wall, 0, 0, 0, List.of(), noAges, 0);
        Run lost = new Run(at, answer(Fault.CONFLICT), memories.of(Memory.NONE), env);
        lost.looksAhead = true;
        lost.stops();
        if (lost.consultsMore || !lost.triesAnew) {
          return Optional.empty();
        }
        Run won = new Run(at, answer(won(at)), memories.of(Memory.NONE), env);
        won.looksAhead = true;
        boolean goesOn = won.stops();
        if (won.consultsMore) {
          return Optional.empty();
        }
        at = goesOn ? won.after() : null;
        if (!goesOn) {
          left.add(won.comesBack);
        }
      }
      writes.add(left);
    }
    long claims = passage.asks instanceof Request.WriteBook write ? claims(write.book()) : 0;
    return Optional.of(standing(new Writes(passage.place, writes), timeless(passage, claims)));
  }

  private Passage timeless(Passage passage, long claims) {
    return new Passage(
        ids.incrementAndGet(),
        passage.place,
        passage.answers,
        passage.asks,
        Passage.Known.NOTHING,
        true,
        passage.since,
        passage.since,
        claims);
  }

  private static boolean isPlainWrite(Request asks) {
    return asks instanceof Request.WriteBook
        || asks instanceof Request.WriteStatus write && !write.gates();
  }

  private Object won(Passage at) {
    if (at.asks instanceof Request.WriteBook write) {
      return kept(write.book());
    }
    Request.WriteStatus write = (Request.WriteStatus) at.asks;
    Thing before = versions.get(write.version()).value.orElseThrow();
    return kept(Optional.of(before.with(write.status())));
  }

  private Reinstall object(Kept<Optional<Thing>> thing) {
    return objects.computeIfAbsent(thing.id, id -> thing.value.orElseThrow().object(thing.id));
  }

  private static ReinstallStatus status(Reinstall copy, View view) {
    return new ReinstallStatus(
        copy.getMetadata().getGeneration(),
        view.phase().name(),
        view.reason(),
        view.message(),
        view.requestId().orElse(null),
        null,
        view.orderedAt().orElse(null),
        view.finishedAt().orElse(null),
        null);
  }

  /** The next question stops the pass, in the middle of whatever it is doing. */
  private static final class Stopped extends Error {
    private static final long serialVersionUID = 1L;
    static final Stopped HERE = new Stopped();

    Stopped() {
      super("the pass waits", null, false, false);
    }
  }

  private static final class Away extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Away() {
      super("the Kubernetes API is away", null, false, false);
    }
  }

  /** The shipped pass, from its beginning to its next question. */
  private final class Run implements World, Cloud {
    private final Passage from;
    private final Env env;
    private final List<Object> record;
    private int at;
    private final Kept<?> answered;
    private Kept<?> given;
    private Kept<Memory> memory;
    private int claim;
    private int base;
    private int lookedSince;
    private boolean mayYetSend;
    private boolean hasSent;
    private Request asks;
    private String asksAt;
    private boolean triesAnew;
    private Optional<Duration> comesBack = Optional.empty();
    private boolean looksAhead;
    private boolean consultsMore;
    private boolean consultsAges;

    Run(Passage from, Kept<?> given, Kept<Memory> memory, Env env) {
      this.from = from;
      this.given = given;
      answered = given;
      this.memory = memory;
      this.env = env;
      record = new ArrayList<>(from.answers);
    }

    /** Whether it comes to a question, and not to its end. */
    boolean stops() {
      try {
        comesBack = new Pass(this, timing).run();
        return false;
      } catch (Stopped e) {
        return true;
      }
    }

    Passage.Next next() {
      try {
        if (stops()) {
          Passage passage = passage();
          int age = passage.timeless ? 0 : env.since() - base;
          return new Passage.Next(passage, memory, age, consultsAges, comesBack);
        }
      } catch (Away e) {
        comesBack = Optional.of(timing.poll());
      }
      return new Passage.Next(null, memory, 0, consultsAges, comesBack);
    }

    private Passage passage() {
      Passage after = after();
      if (triesAnew) {
        return standing(new Anew(from.place), timeless(after, 0));
      }
      Passage.Known matters =
          claim == 0 ? after.known.whatever(Ticks.Wall.BEFORE_NOT_AFTER) : after.known.claimed();
      int putBack = claim == 0 ? 0 : env.putBack();
      Point point = new Point(from.place, asksAt, untimed(asks), matters, env.secrets(), putBack);
      after = standing(point, after);
      return withOnlyWritesLeft(after).orElse(after);
    }

    private Passage after() {
      List<Object> added = List.copyOf(record.subList(from.answers.size(), record.size()));
      return from.children.computeIfAbsent(
          added,
          a -> {
            Passage.Known known = known();
            long claims = (known.book() == null ? 0 : known.book().claims) | ServerState.bit(claim);
            return new Passage(
                ids.incrementAndGet(),
                from.place,
                List.copyOf(record),
                asks,
                known,
                asksNoClock(),
                base,
                env.since(),
                claims | (asks instanceof Request.WriteBook write ? claims(write.book()) : 0));
          });
    }

    /** Before its look, once it has sent, and while it gives a claim back unsent. */
    private boolean asksNoClock() {
      return claim == 0
          ? asks instanceof Request.ReadBook
          : hasSent || asksAt.contains("giveBack:");
    }

    /** By the answer that it was given last. */
    private Passage.Known known() {
      Passage.Known before = from.known;
      int thing = before.thing();
      boolean fresh = before.fresh();
      Kept<?> book = before.book();
      boolean bookFresh = before.bookFresh();
      int look = before.look();
      int heard = claim == before.claim() ? before.heard() : 0;
      if (answered.value instanceof Begin begin) {
        thing = begin.thing().id;
        book = begin.book();
      } else if (from.asks instanceof Request.ReadBook || from.asks instanceof Request.WriteBook) {
        boolean read = from.asks instanceof Request.ReadBook;
        book = answered.value instanceof Kept<?> kept ? kept : book;
        bookFresh = read || bookFresh;
        look = read ? 0 : look;
      } else if (from.asks instanceof Request.Look) {
        look = answered.id;
      } else if (from.asks instanceof Request.Send) {
        heard = answered.id;
      } else if (answered.value instanceof Kept<?> kept) {
        thing = kept.id;
        fresh = fresh || from.asks instanceof Request.ReadThing;
      }
      return new Passage.Known(thing, fresh, book, bookFresh, look, claim, heard, env.wall());
    }

    private Object ask(Request request) {
      if (asks != null) {
        throw Stopped.HERE;
      }
      if (at == record.size()) {
        if (given == null) {
          asks = request;
          asksAt = here();
          if (request instanceof Request.ReadThing && asksAt.startsWith("run:")) {
            triesAnew = true;
            claim = 0;
          }
          throw Stopped.HERE;
        }
        record.add(given);
        given = null;
      }
      return ((Kept<?>) record.get(at++)).value;
    }

    /** Where in the code it asks. */
    private static String here() {
      return StackWalker.getInstance()
          .walk(
              frames ->
                  frames
                      .filter(f -> f.getClassName().startsWith(Pass.class.getPackageName()))
                      .map(f -> f.getMethodName() + ":" + f.getLineNumber())
                      .collect(Collectors.joining(" ")));
    }

    private <T> T atOnce(Supplier<T> live) {
      return atOnce(live, false);
    }

    @SuppressWarnings("unchecked")
    private <T> T atOnce(Supplier<T> live, boolean isClock) {
      if (asks != null) {
        throw Stopped.HERE;
      }
      if (at == record.size()) {
        consultsMore |= looksAhead && !isClock;
        record.add(live.get());
      }
      return (T) record.get(at++);
    }

    private Begin begin() {
      if (record.isEmpty()) {
        record.add(given);
        given = null;
      }
      return (Begin) ((Kept<?>) record.get(0)).value;
    }

    // Time.

    @Override
    public Instant now() {
      return atOnce(() -> Ticks.at(env.wall(), env.since(), env.putBack()), true);
    }

    @Override
    public Duration uptime() {
      if (!mayYetSend) {
        Duration uptime = atOnce(() -> Ticks.of(env.since()));
        lookedSince = Ticks.in(uptime);
        return uptime;
      }
      return (Duration) ask(new Request.Clock());
    }

    @Override
    public Duration knownFor(String fact) {
      return atOnce(
          () -> {
            if (fact.startsWith("claim ")) {
              consultsAges = true;
              int age = env.ages().value.getOrDefault(fact.substring(6), ticks.oldest());
              return Ticks.of(Math.min(age, env.listening()));
            }
            Integer age = memory.value.known().get(fact);
            if (age == null) {
              memory = kept(memory.value.knowing(fact));
              return Duration.ZERO;
            }
            return Ticks.of(age);
          });
    }

    // Claims.

    @Override
    public String newClaim() {
      claim = atOnce(env::nextClaim);
      base = atOnce(env::since);
      hasSent = false;
      return "c" + claim;
    }

    @Override
    public void abandon(String unsent) {
      if (asks != null) {
        return; // it was not: the pass only waits
      }
      mayYetSend = false;
      claim = 0;
      if (at == record.size() && given == null) {
        consultsMore = true;
        memory = kept(memory.value.abandoning(unsent));
      }
    }

    @Override
    public boolean isAbandoned(String unsent) {
      return atOnce(() -> memory.value.abandoned().contains(unsent));
    }

    // The order.

    @Override
    public Optional<Reinstall> order() {
      Kept<Optional<Thing>> thing = begin().thing();
      at = 1;
      return thing.value.map(t -> object(thing));
    }

    @Override
    public Optional<Reinstall> orderNow() {
      if (hasSent) {
        claim = 0; // it begins anew: with a claim that was sent there is nothing left to do
        hasSent = false;
      }
      Object answer = ask(new Request.ReadThing());
      if (answer == Fault.AWAY) {
        throw new Away();
      }
      return thing(answer);
    }

    @SuppressWarnings("unchecked")
    private Optional<Reinstall> thing(Object answer) {
      Kept<Optional<Thing>> thing = (Kept<Optional<Thing>>) answer;
      return thing.value.map(t -> object(thing));
    }

    @Override
    public boolean isTold(Reinstall copy, View view) {
      return status(copy, view).equals(copy.getStatus());
    }

    @Override
    public Reinstall show(Reinstall copy, View view) throws Conflict {
      return isTold(copy, view) ? copy : write(copy, view, false);
    }

    @Override
    public Reinstall declare(Reinstall copy, View view) throws Conflict {
      return write(copy, view, true);
    }

    private Reinstall write(Reinstall copy, View view, boolean gates) throws Conflict {
      int version = Integer.parseInt(copy.getMetadata().getResourceVersion());
      return thing(written(new Request.WriteStatus(version, status(copy, view), gates)))
          .orElseThrow();
    }

    private Object written(Request request) throws Conflict {
      Object answer = ask(request);
      if (answer == Fault.CONFLICT) {
        throw new Conflict("lost, or unclear");
      }
      if (answer == Fault.AWAY) {
        throw new Away();
      }
      return answer;
    }

    /** Which generation a status speaks of decides nothing that is explored here. */
    @Override
    public Reinstall acknowledge(Reinstall copy) {
      return copy;
    }

    @Override
    public boolean isGone(Owner owner) {
      return atOnce(
          () -> {
            for (int i = 0; i < places.size(); i++) {
              String uid = "uid-" + places.get(i) + "-" + env.uids().get(i);
              if (env.uids().get(i) > 0 && uid.equals(owner.uid())) {
                return false;
              }
            }
            return true;
          });
    }

    // The ledger.

    private Book copy(Kept<Book> book) {
      Book content = book.value;
      boolean none = content.claims() == 0 && content.orders().isEmpty();
      return new Book(
          content.server(),
          none ? null : String.valueOf(book.id),
          content.claims(),
          content.orders(),
          content.unknown());
    }

    @Override
    public Book book(Server server) {
      return copy(begin().book());
    }

    @Override
    @SuppressWarnings("unchecked")
    public Book bookNow(Server server) {
      Object answer = ask(new Request.ReadBook());
      if (answer == Fault.AWAY) {
        throw new Away();
      }
      return copy((Kept<Book>) answer);
    }

    @Override
    @SuppressWarnings("unchecked")
    public Book write(Book book) throws Conflict {
      return copy((Kept<Book>) written(new Request.WriteBook(book)));
    }

    @Override
    public Book claim(Book book) throws Conflict {
      try {
        return write(book);
      } finally {
        mayYetSend = true;
      }
    }

    // Secrets and the cloud.

    @Override
    public Account account(Reinstall order, List<String> keys) {
      return ACCOUNT;
    }

    @Override
    public Secrets secrets(Reinstall order, List<SecretKeyRef> keys) {
      int version = atOnce(env::secrets);
      return new Secrets(
          Map.of(Orders.LOGIN, "password " + version), Map.of("login", String.valueOf(version)));
    }

    @Override
    public Cloud cloud(CloudName name) {
      return this;
    }

    @Override
    public Traits traits() {
      return traits;
    }

    @Override
    public List<String> credentialKeys() {
      return List.of("key");
    }

    @Override
    public List<SecretKeyRef> secretKeys(ReinstallSpec spec) {
      return List.of(Orders.LOGIN);
    }

    @Override
    public Optional<String> unsound(ReinstallSpec spec) {
      return Optional.empty();
    }

    @Override
    public Optional<String> unfit(ReinstallSpec spec, Observation observation) {
      return Optional.empty();
    }

    @Override
    public Optional<String> unusable(ReinstallSpec spec, Map<SecretKeyRef, String> secrets) {
      return Optional.empty();
    }

    @Override
    public Map<String, String> ordered(ReinstallSpec spec) {
      return Map.of(jd ? "osTypeId" : "imageId", Orders.image(spec));
    }

    private Object heard(Request request) throws CloudException {
      Object answer = ask(request);
      hasSent |= request instanceof Request.Send;
      if (answer instanceof Fault fault) {
        throw fault.inTheCloud();
      }
      return answer;
    }

    @Override
    public Observation look(Account account, Server server) throws CloudException {
      base = lookedSince;
      return (Observation) heard(new Request.Look());
    }

    /** Always a look of its own: by a kept one a pass does less, and nothing else. */
    @Override
    public Glance glance(Account account, Server server) throws CloudException {
      return new Glance(look(account, server), true);
    }

    @Override
    public Map<Server, Observation> lookAtAll(Account account, List<Server> servers) {
      throw new AssertionError("a pass looks at one server");
    }

    @Override
    public void reserve(Account account) throws CloudException {
      heard(new Request.Turn());
    }

    @Override
    public Optional<Receipt> stop(Account account, PowerOrder stop) throws CloudException {
      return Optional.of(sent(new Request.Send(null, stop.token(), Ticks.since(stop.signedAt()))));
    }

    @Override
    public Receipt start(Account account, PowerOrder start) {
      throw new AssertionError("no order asks for a start");
    }

    @Override
    public Receipt order(Account account, Order order) throws CloudException {
      return sent(
          new Request.Send(
              Orders.image(order.spec()), order.token(), Ticks.since(order.signedAt())));
    }

    private Receipt sent(Request request) throws CloudException {
      mayYetSend = false;
      String id = (String) heard(request);
      return new Receipt(id);
    }
  }
}
