package dev.reinstall.reconcile;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.Reinstall;
import dev.reinstall.api.SecretKeyRef;
import dev.reinstall.api.Server;
import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.api.ServerLedger.Owner;
import dev.reinstall.cloud.CatalogueAnswer;
import dev.reinstall.cloud.CatalogueQuery;
import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.CloudProvider;
import dev.reinstall.cloud.CredentialKeys;
import dev.reinstall.cloud.Credentials;
import dev.reinstall.cloud.Description;
import dev.reinstall.cloud.PowerRequest;
import dev.reinstall.cloud.ReinstallRequest;
import dev.reinstall.ledger.Ledger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything outside, as one reconciliation of one request uses it. What fails for reasons of its
 * own (the Kubernetes API is away) throws unchecked and ends the reconciliation; the next one
 * starts from the ledger.
 */
public interface Ports {

  // Time. Safety never depends on clocks that agree.

  /** The wall clock: for notAfter, for the order time-out and for recorded times. */
  Instant now();

  /** A clock that only runs forward, from any beginning. */
  Duration monotonicTime();

  /** How long this process has known the fact of that name; zero where it hears of it now. */
  Duration durationSinceFirstSeen(String fact);

  /** The fact of that name has ended: seen again, it is new. */
  void forget(String fact);

  // Claims.

  /** A random id, made for one claim. */
  String newClaimId();

  /** Remembers, for as long as this process lives, a claim of its own that will never be sent. */
  void markUnsent(String claim);

  /** Whether the claim is one that this process abandoned. */
  boolean isMarkedUnsent(String claim);

  /**
   * Remembers, for as long as this process lives, that the cloud has just rejected a call of this
   * Reinstall, or namespace: the ledger may show another claim by then.
   */
  void rememberRejection(String who);

  /** How long ago that was the last time; empty: never. */
  Optional<Duration> sinceRejection(String who);

  // The pause.

  /**
   * Why nothing may be claimed, and no call may be sent that changes a server, in one line; as the
   * cache has it. Empty: the operator is not paused.
   */
  Optional<String> cachedPause();

  /** The same, fetched uncached. */
  Optional<String> fetchPause();

  // The cluster.

  /**
   * The Nodes of the cluster that the operator runs in, as they were at most a minute ago; empty:
   * the operator may not list them.
   */
  Optional<List<ClusterNode>> clusterNodes();

  // The Reinstall.

  /** The Reinstall as the cache has it; empty: it is gone. */
  Optional<Reinstall> cachedReinstall();

  /** The Reinstall, fetched uncached. */
  Optional<Reinstall> fetchReinstall();

  /**
   * Whether the status of this copy is the same already: the observed server is volatile, and for
   * it alone nothing is written.
   */
  boolean isUpToDate(Reinstall copy, ReportedStatus reported);

  /**
   * Writes the status by compare-and-swap with this copy, unless it {@linkplain #isUpToDate is} the
   * same already.
   */
  Reinstall updateStatus(Reinstall copy, ReportedStatus reported) throws ConflictException;

  /**
   * Writes the status by compare-and-swap with this copy, even if it is the same already: the point
   * of no return.
   */
  Reinstall commitStart(Reinstall copy, ReportedStatus reported) throws ConflictException;

  /** Leaves the status as it is, but for the generation that it speaks of. */
  Reinstall updateObservedGeneration(Reinstall copy) throws ConflictException;

  /** Whether a server must be granted to a namespace before that may claim it. */
  boolean requiresServerGrant();

  /**
   * The namespaces of the older Reinstalls that are queued for the server of this one, as the
   * caches have them.
   */
  List<String> olderInQueue();

  /**
   * Whether the Reinstall that made a claim certainly exists no more, or is being deleted. Where
   * that cannot be read it is neither, but for one of the name and namespace of this one: then the
   * reconciliation ends.
   */
  boolean isDeleted(Owner owner);

  // The ledger.

  /** The ledger of the server as the cache has it; an empty one if there is none. */
  Ledger cachedLedger(Server server);

  /** The ledger of the server, fetched uncached. */
  Ledger fetchLedger(Server server);

  /** Writes the ledger by compare-and-swap with the copy that it was made from. */
  Ledger writeLedger(Ledger ledger) throws ConflictException;

  /**
   * Writes a ledger with a new claim, if all that may follow can be written as well.
   *
   * @throws ClaimRefusedException nothing was written
   */
  Ledger writeClaim(Ledger ledger) throws ConflictException, ClaimRefusedException;

  /**
   * Reports, by an Event on the ledger, how a request ended for which its server was stopped and
   * nothing was submitted: its Reinstall may be gone.
   */
  void reportUnsubmittedEnd(Server server, Entry entry, String message);

  // Secrets.

  /** The keys of the credentials Secret, each one fit to be used. */
  Credentials credentials(Reinstall reinstall, CredentialKeys keys) throws SecretNotReadyException;

  /**
   * Reads the Secret keys, all of them uncached.
   *
   * @param generated that one of them whose Secret need not exist yet: its contents are then
   *     absent, and that is no problem
   */
  SecretValues secretValues(
      Reinstall reinstall, List<SecretKeyRef> keys, Optional<SecretKeyRef> generated);

  /**
   * Creates the Secret with a new random password. Where it exists, nothing is done: of all
   * processes and reconciliations, one makes the password.
   */
  void createPassword(Reinstall reinstall, SecretKeyRef generated) throws SecretNotReadyException;

  // The cloud. Each call is about the cloud that its server names.

  /** What the cloud is; its calls are made here, and not by its client. */
  CloudProvider cloud(CloudName name);

  /**
   * Takes the turn of this account's next call that changes a server, or reserves one. To be asked
   * before each such call, and before its claim: a claim that waits in line is stale when its turn
   * comes.
   *
   * @return zero: the call may be sent; else how long to wait before asking again
   * @throws CloudException throttled: the cloud asked for a pause
   */
  Duration takeTurn(Credentials credentials, Server server) throws CloudException;

  /**
   * Describes the server, by a call that started after the copy of the ledger was read that the
   * reconciliation is based on. Where that takes time, the reconciliation ends here, and starts
   * again when the server is described.
   */
  Description describe(Credentials credentials, Server server) throws CloudException;

  /**
   * Asks the catalogues of the cloud. The answers may be a minute old, and were given to equal
   * credentials. Where they are not there yet, the reconciliation ends here, and starts again with
   * them.
   *
   * @param queries at least one
   * @return the answer to each query, which may be that it failed
   */
  Map<CatalogueQuery, CatalogueAnswer> catalogues(
      Credentials credentials, CloudName cloud, List<CatalogueQuery> queries);

  /**
   * Asks the cloud to stop the server.
   *
   * @return empty: an installation has failed on it, and nothing is left to protect
   */
  Optional<String> stop(Credentials credentials, PowerRequest request) throws CloudException;

  /** Sends the reinstall request, once: the call that wipes a disk. It waits for no permit. */
  String reinstall(Credentials credentials, ReinstallRequest request) throws CloudException;

  /** Asks the cloud to start the server. */
  String start(Credentials credentials, PowerRequest request) throws CloudException;
}
