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
 * The descriptions of the servers of one account in one region. One shared call is made at a time;
 * requests that arrive in the meantime share the next one. A call that hangs is overtaken.
 */
final class AccountDescriptions {

  // Since it was asked for last. Longer than a busy operator needs to come round: who is forgotten
  // has to ask for himself, and that would keep it busy.
  private static final int REMEMBERED_POLLS = 4;
  private static final Duration REMEMBERED_AT_LEAST = Duration.ofMinutes(1);

  // Longer than the slowest interval of a request: if forgotten, it would make its first shared
  // call fail.
  private static final int REMEMBERED_SEPARATE_POLLS = 20;

  /** One call: of a single server as {@link CloudClient#describe}, else as for all of them. */
  @FunctionalInterface
  interface DescribeCall {
    Map<Server, Observation> describe(Credentials credentials, List<Server> servers)
        throws CloudException;
  }

  /** A server that was asked for of late. */
  private static final class KnownServer {
    private final Server server;
    private long requestedAt;

    /** From a call for others, and not used yet. */
    private Observation cached;

    /** When the newest description started whose response is known. */
    private long observedFrom;

    /**
     * It may be what made a shared call fail: it shares none until a description of it alone is
     * clear.
     */
    private boolean separate;

    KnownServer(Server server) {
      this.server = server;
    }
  }

  /** One pending description; one of its fields is set in the end. */
  private static final class PendingDescription {
    private final Server server;
    private Observation observation;
    private CloudException failure;
    private boolean separate;

    PendingDescription(Server server) {
      this.server = server;
    }

    /**
     * @param response null: the response was not clear
     */
    void complete(Observation response) {
      observation = response;
      separate = response == null;
    }

    /** Or the caller waited too long, and was served by another call. */
    boolean isOpen() {
      return observation == null && failure == null && !separate;
    }
  }

  private final DescribeCall call;
  private final long poll;
  private final LongSupplier nanos;
  private final Duration maxWait;
  private final Map<Server, KnownServer> known = new LinkedHashMap<>(); // by last ask
  private final Set<PendingDescription> waiting = new LinkedHashSet<>();
  private ReentrantLock turn = new ReentrantLock();
  private long requestedAt;

  /**
   * @param poll in nanoseconds
   * @param patience how long the call under way holds up the next one
   */
  AccountDescriptions(DescribeCall call, long poll, LongSupplier nanos, Duration patience) {
    this.call = call;
    this.poll = poll;
    this.nanos = nanos;
    this.maxWait = patience;
  }

  /**
   * @param credentials any that are equal; they are not kept
   * @param acceptCached false: the description starts after this call
   */
  CachedObservation describe(Credentials credentials, Server server, boolean acceptCached)
      throws CloudException {
    KnownServer knownServer;
    PendingDescription pending = new PendingDescription(server);
    synchronized (this) {
      knownServer = knownServer(server);
      Observation kept = takeCached(knownServer);
      if (kept != null && acceptCached) {
        return new CachedObservation(kept, false);
      }
      pending.separate = knownServer.separate;
      if (!pending.separate) {
        waiting.add(pending);
      }
    }
    if (!pending.separate) {
      Observation kept = share(credentials, knownServer, pending, acceptCached);
      if (kept != null) {
        return new CachedObservation(kept, false);
      }
    }
    if (pending.failure != null) {
      throw pending.failure;
    }
    return new CachedObservation(
        pending.separate ? describeSeparately(credentials, knownServer) : pending.observation,
        true);
  }

  /**
   * @return what the previous call returned, if a cached one is accepted; null: the description is
   *     complete
   */
  private Observation share(
      Credentials credentials,
      KnownServer knownServer,
      PendingDescription pending,
      boolean acceptCached)
      throws CloudException {
    ReentrantLock held = awaitTurn(pending);
    try {
      synchronized (this) {
        if (!pending.isOpen()) {
          return null; // who had the turn before took this ask along
        }
        Observation kept = acceptCached ? takeCached(knownServer) : null;
        pending.separate = kept == null && knownServer.separate;
        if (kept != null || pending.separate) {
          waiting.remove(pending);
          return kept;
        }
      }
      describeBatch(credentials, pending);
      return null;
    } finally {
      held.unlock();
    }
  }

  /**
   * @return the turn, locked
   */
  private ReentrantLock awaitTurn(PendingDescription pending) throws CloudException {
    try {
      ReentrantLock next = nextTurn(null);
      while (!next.tryLock(maxWait.toNanos(), TimeUnit.NANOSECONDS)) {
        next = nextTurn(next);
      }
      return next;
    } catch (InterruptedException e) {
      synchronized (this) {
        waiting.remove(pending);
      }
      Thread.currentThread().interrupt();
      throw CloudException.notSent("Interrupted while a call was waiting for the previous one.");
    }
  }

  /** Who has had the turn for too long keeps it for himself; the others go on with a new one. */
  private synchronized ReentrantLock nextTurn(ReentrantLock tooLong) {
    if (turn == tooLong) {
      turn = new ReentrantLock();
    }
    return turn;
  }

  private synchronized KnownServer knownServer(Server server) {
    requestedAt = nanos.getAsLong();
    Iterator<KnownServer> eldest = known.values().iterator();
    while (eldest.hasNext() && isPast(eldest.next(), requestedAt)) {
      eldest.remove();
    }
    KnownServer knownServer = known.remove(server);
    if (knownServer == null) {
      knownServer = new KnownServer(server);
      knownServer.observedFrom = requestedAt - poll; // never
    }
    knownServer.requestedAt = requestedAt;
    known.put(server, knownServer);
    return knownServer;
  }

  /** It serves once, and not for long. */
  private synchronized Observation takeCached(KnownServer knownServer) {
    Observation kept = knownServer.cached;
    knownServer.cached = null;
    return kept != null && nanos.getAsLong() - knownServer.observedFrom < poll ? kept : null;
  }

  // The shared call.

  private void describeBatch(Credentials credentials, PendingDescription own) {
    List<PendingDescription> allPending;
    List<Server> servers;
    long began;
    synchronized (this) {
      allPending = takePending(own);
      began = nanos.getAsLong();
      Set<Server> batch = new LinkedHashSet<>();
      allPending.forEach(pending -> batch.add(pending.server));
      addDueServers(batch, began);
      servers = List.copyOf(batch);
    }
    try {
      answered(allPending, servers, call.describe(credentials, servers), began);
    } catch (CloudException e) {
      failed(own, allPending, servers, e, nanos.getAsLong() - began);
    }
  }

  private List<PendingDescription> takePending(PendingDescription own) {
    List<PendingDescription> allPending = new ArrayList<>(List.of(own));
    waiting.remove(own);
    Iterator<PendingDescription> others = waiting.iterator();
    while (others.hasNext() && allPending.size() < CloudClient.MAX_SERVERS_PER_CALL) {
      PendingDescription other = others.next();
      KnownServer knownServer = known.get(other.server);
      if (knownServer == null || !knownServer.separate) {
        allPending.add(other);
        others.remove();
      }
    }
    return allPending;
  }

  /**
   * The servers that were requested longest ago are due next. A cached observation that is older
   * than half a poll is renewed: a busy operator would otherwise describe the same servers again
   * and again in vain.
   */
  private void addDueServers(Set<Server> batch, long now) {
    Iterator<KnownServer> eldest = known.values().iterator();
    while (eldest.hasNext() && batch.size() < CloudClient.MAX_SERVERS_PER_CALL) {
      KnownServer other = eldest.next();
      if (now - other.requestedAt < poll / 2) {
        return; // what is seen now would be old when it is asked for
      }
      boolean stillYoung = other.cached != null && now - other.observedFrom < poll / 2;
      if (!stillYoung && !other.separate) {
        batch.add(other.server);
      }
    }
  }

  /** It is no longer requested. */
  private boolean isPast(KnownServer one, long now) {
    long polls = poll * (one.separate ? REMEMBERED_SEPARATE_POLLS : REMEMBERED_POLLS);
    return now - one.requestedAt > Math.max(polls, REMEMBERED_AT_LEAST.toNanos());
  }

  private synchronized void answered(
      List<PendingDescription> allPending,
      List<Server> servers,
      Map<Server, Observation> observations,
      long began) {
    for (Server server : servers) {
      Observation one = observations.get(server);
      List<PendingDescription> askers =
          allPending.stream().filter(pending -> pending.server.equals(server)).toList();
      askers.stream().filter(PendingDescription::isOpen).forEach(pending -> pending.complete(one));
      KnownServer about = known.get(server);
      if (about != null && began - about.observedFrom > 0) { // or this call was overtaken
        about.observedFrom = began;
        about.cached = askers.isEmpty() ? one : null;
        about.separate |= askers.isEmpty() && one == null;
      }
    }
  }

  /**
   * Only the callers that asked get the failure of a shared call. Unless it concerns no server, one
   * of the servers may be the cause: each is described separately then. So are the callers'
   * servers, at once, unless the call took so long that another one would not end before the next
   * poll.
   */
  private synchronized void failed(
      PendingDescription own,
      List<PendingDescription> allPending,
      List<Server> servers,
      CloudException e,
      long took) {
    if (Thread.currentThread().isInterrupted()) {
      own.failure = e; // the others ask on their own
      return;
    }
    boolean shared = servers.size() > 1;
    if (isAboutServers(e)) {
      servers.stream().map(known::get).filter(Objects::nonNull).forEach(k -> k.separate = true);
    }
    for (PendingDescription pending :
        allPending.stream().filter(PendingDescription::isOpen).toList()) {
      pending.separate = shared && isAboutServers(e) && took < poll;
      pending.failure = pending.separate ? null : e;
    }
  }

  /** Not so: no call left, or the cloud asks for fewer of them, whatever they are about. */
  private static boolean isAboutServers(CloudException e) {
    return !e.isNotSent() && e.kind() != CloudErrorKind.THROTTLED && e.retryAfter().isEmpty();
  }

  // A call for one.

  private Observation describeSeparately(Credentials credentials, KnownServer knownServer)
      throws CloudException {
    long began = nanos.getAsLong();
    try {
      Observation observation =
          call.describe(credentials, List.of(knownServer.server)).get(knownServer.server);
      synchronized (this) {
        knownServer.separate = false;
        knownServer.cached = null;
        knownServer.observedFrom = began;
      }
      return observation;
    } catch (CloudException e) {
      synchronized (this) {
        knownServer.separate |= isAboutServers(e);
      }
      throw e;
    }
  }

  /** Whether all of it would be let go. */
  synchronized boolean isForgotten() {
    long silent = nanos.getAsLong() - requestedAt;
    return waiting.isEmpty()
        && silent > Math.max(poll * REMEMBERED_SEPARATE_POLLS, REMEMBERED_AT_LEAST.toNanos());
  }

  synchronized int waiting() {
    return waiting.size();
  }
}
