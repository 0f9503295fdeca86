package dev.reinstall.cloud;

import dev.reinstall.api.Server;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * The looks of one account at its servers in one region. One call that many share is made at a
 * time; who asks meanwhile shares the next one. A call that hangs is overtaken.
 */
final class AccountLooks {

  // Since it was asked for last. Longer than a busy operator needs to come round: who is forgotten
  // has to ask for himself, and that would keep it busy.
  private static final int REMEMBERED_POLLS = 4;
  private static final Duration REMEMBERED_AT_LEAST = Duration.ofMinutes(1);

  // Longer than an order's slowest pace: forgotten, it would spoil the call that it shares first.
  private static final int REMEMBERED_ALONE_POLLS = 20;

  /** A server that was asked for of late. */
  private static final class Known {
    private final Server server;
    private long askedAt;

    /** From a call for others, and not used yet. */
    private Observation kept;

    /** When the newest look began whose answer is known. */
    private long seenFrom;

    /** It may be what made a shared call fail: it shares none until a look at it alone is clear. */
    private boolean alone;

    Known(Server server) {
      this.server = server;
    }
  }

  /** One asker's wish for a look that is still to begin; one of its fields is set in the end. */
  private static final class Ask {
    private final Server server;
    private Observation seen;
    private CloudException failure;
    private boolean goesAlone;

    Ask(Server server) {
      this.server = server;
    }

    /**
     * @param answer null: it was not clear
     */
    void settle(Observation answer) {
      seen = answer;
      goesAlone = answer == null;
    }

    /** Or who asked lost patience, and was answered by another call. */
    boolean isOpen() {
      return seen == null && failure == null && !goesAlone;
    }
  }

  private final Cloud cloud;
  private final long poll;
  private final LongSupplier nanos;
  private final Duration patience;
  private final Map<Server, Known> known = new LinkedHashMap<>(); // by last ask
  private final Set<Ask> waiting = new LinkedHashSet<>();
  private ReentrantLock turn = new ReentrantLock();
  private long askedAt;

  /**
   * @param poll in nanoseconds
   * @param patience how long the call under way holds up the next one
   */
  AccountLooks(Cloud cloud, long poll, LongSupplier nanos, Duration patience) {
    this.cloud = cloud;
    this.poll = poll;
    this.nanos = nanos;
    this.patience = patience;
  }

  /**
   * @param account any that has the same credentials; it is not kept
   * @param keptWillDo false: the look begins after this was asked
   */
  Glance look(Account account, Server server, boolean keptWillDo) throws CloudException {
    Known asked;
    Ask ask = new Ask(server);
    synchronized (this) {
      asked = asked(server);
      Observation kept = takeKept(asked);
      if (kept != null && keptWillDo) {
        return new Glance(kept, false);
      }
      ask.goesAlone = asked.alone;
      if (!ask.goesAlone) {
        waiting.add(ask);
      }
    }
    if (!ask.goesAlone) {
      Observation kept = share(account, asked, ask, keptWillDo);
      if (kept != null) {
        return new Glance(kept, false);
      }
    }
    if (ask.failure != null) {
      throw ask.failure;
    }
    return new Glance(ask.goesAlone ? lookAlone(account, asked) : ask.seen, true);
  }

  /**
   * @return what the call before this one's brought, where that will do; null: the ask is settled
   */
  private Observation share(Account account, Known asked, Ask ask, boolean keptWillDo)
      throws CloudException {
    ReentrantLock held = awaitTurn(ask);
    try {
      synchronized (this) {
        if (!ask.isOpen()) {
          return null; // who had the turn before took this ask along
        }
        Observation kept = keptWillDo ? takeKept(asked) : null;
        ask.goesAlone = kept == null && asked.alone;
        if (kept != null || ask.goesAlone) {
          waiting.remove(ask);
          return kept;
        }
      }
      callFor(account, ask);
      return null;
    } finally {
      held.unlock();
    }
  }

  /**
   * @return the turn, locked
   */
  private ReentrantLock awaitTurn(Ask ask) throws CloudException {
    try {
      ReentrantLock next = overtaking(null);
      while (!next.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS)) {
        next = overtaking(next);
      }
      return next;
    } catch (InterruptedException e) {
      synchronized (this) {
        waiting.remove(ask);
      }
      Thread.currentThread().interrupt();
      throw CloudException.neverSent("Interrupted while a look waited for the one before it.");
    }
  }

  /** Who has had the turn for too long keeps it for himself; the others go on with a new one. */
  private synchronized ReentrantLock overtaking(ReentrantLock tooLong) {
    if (turn == tooLong) {
      turn = new ReentrantLock();
    }
    return turn;
  }

  private synchronized Known asked(Server server) {
    askedAt = nanos.getAsLong();
    Iterator<Known> eldest = known.values().iterator();
    while (eldest.hasNext() && isPast(eldest.next(), askedAt)) {
      eldest.remove();
    }
    Known asked = known.remove(server);
    if (asked == null) {
      asked = new Known(server);
      asked.seenFrom = askedAt - poll; // never
    }
    asked.askedAt = askedAt;
    known.put(server, asked);
    return asked;
  }

  /** It serves once, and not for long. */
  private synchronized Observation takeKept(Known asked) {
    Observation kept = asked.kept;
    asked.kept = null;
    return kept != null && nanos.getAsLong() - asked.seenFrom < poll ? kept : null;
  }

  // The shared call.

  private void callFor(Account account, Ask own) {
    List<Ask> asks;
    List<Server> servers;
    long began;
    synchronized (this) {
      asks = takeWaiting(own);
      began = nanos.getAsLong();
      Set<Server> aboard = new LinkedHashSet<>();
      asks.forEach(ask -> aboard.add(ask.server));
      takeAlong(aboard, began);
      servers = List.copyOf(aboard);
    }
    try {
      Map<Server, Observation> seen =
          servers.size() == 1
              ? Map.of(own.server, cloud.look(account, own.server))
              : cloud.lookAtAll(account, servers);
      answered(asks, servers, seen, began);
    } catch (CloudException e) {
      failed(own, asks, servers, e, nanos.getAsLong() - began);
    }
  }

  private List<Ask> takeWaiting(Ask own) {
    List<Ask> asks = new ArrayList<>(List.of(own));
    waiting.remove(own);
    Iterator<Ask> others = waiting.iterator();
    while (others.hasNext() && asks.size() < Cloud.MOST_AT_ONCE) {
      Ask other = others.next();
      Known asked = known.get(other.server);
      if (asked == null || !asked.alone) {
        asks.add(other);
        others.remove();
      }
    }
    return asks;
  }

  /**
   * Those that were asked for longest ago will be asked for next. What was kept of them for a while
   * is seen anew: if it went by unused, a busy operator would carry ever the same ones in vain.
   */
  private void takeAlong(Set<Server> aboard, long now) {
    Iterator<Known> eldest = known.values().iterator();
    while (eldest.hasNext() && aboard.size() < Cloud.MOST_AT_ONCE) {
      Known other = eldest.next();
      if (now - other.askedAt < poll / 2) {
        return; // what is seen now would be old when it is asked for
      }
      boolean stillYoung = other.kept != null && now - other.seenFrom < poll / 2;
      if (!stillYoung && !other.alone) {
        aboard.add(other.server);
      }
    }
  }

  /** Nobody seems to ask for it any more. */
  private boolean isPast(Known one, long now) {
    long polls = poll * (one.alone ? REMEMBERED_ALONE_POLLS : REMEMBERED_POLLS);
    return now - one.askedAt > Math.max(polls, REMEMBERED_AT_LEAST.toNanos());
  }

  private synchronized void answered(
      List<Ask> asks, List<Server> servers, Map<Server, Observation> seen, long began) {
    for (Server server : servers) {
      Observation one = seen.get(server);
      List<Ask> askers = asks.stream().filter(ask -> ask.server.equals(server)).toList();
      askers.stream().filter(Ask::isOpen).forEach(ask -> ask.settle(one));
      Known about = known.get(server);
      if (about != null && began - about.seenFrom > 0) { // or this call was overtaken
        about.seenFrom = began;
        about.kept = askers.isEmpty() ? one : null;
        about.alone |= askers.isEmpty() && one == null;
      }
    }
  }

  /**
   * The failure of a shared call is told to those only who asked. Unless it says nothing about any
   * server, one of them may be to blame: each is looked at alone then. So are the askers, at once,
   * but for a call that took so long that another would not end before the next poll.
   */
  private synchronized void failed(
      Ask own, List<Ask> asks, List<Server> servers, CloudException e, long took) {
    if (Thread.currentThread().isInterrupted()) {
      own.failure = e; // the others ask on their own
      return;
    }
    boolean shared = servers.size() > 1;
    if (isAboutServers(e)) {
      servers.stream().map(known::get).filter(Objects::nonNull).forEach(k -> k.alone = true);
    }
    for (Ask ask : asks.stream().filter(Ask::isOpen).toList()) {
      ask.goesAlone = shared && isAboutServers(e) && took < poll;
      ask.failure = ask.goesAlone ? null : e;
    }
  }

  /** Not so: no call left, or the cloud asks for fewer of them, whatever they are about. */
  private static boolean isAboutServers(CloudException e) {
    return !e.isNeverSent() && e.trouble() != Trouble.THROTTLED && e.retryAfter().isEmpty();
  }

  // A call for one.

  private Observation lookAlone(Account account, Known asked) throws CloudException {
    long began = nanos.getAsLong();
    try {
      Observation seen = cloud.look(account, asked.server);
      synchronized (this) {
        asked.alone = false;
        asked.kept = null;
        asked.seenFrom = began;
      }
      return seen;
    } catch (CloudException e) {
      synchronized (this) {
        asked.alone |= isAboutServers(e);
      }
      throw e;
    }
  }

  /** Whether all of it would be let go. */
  synchronized boolean isForgotten() {
    long silent = nanos.getAsLong() - askedAt;
    return waiting.isEmpty()
        && silent > Math.max(poll * REMEMBERED_ALONE_POLLS, REMEMBERED_AT_LEAST.toNanos());
  }

  synchronized int waiting() {
    return waiting.size();
  }
}
