package dev.reinstall.reconcile;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.Reinstall;
import dev.reinstall.api.SecretKeyRef;
import dev.reinstall.api.Server;
import dev.reinstall.api.ServerLedger.Owner;
import dev.reinstall.cloud.Cloud;
import dev.reinstall.cloud.Credentials;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Everything outside, as one pass over one order meets it. What fails for reasons of its own (the
 * Kubernetes API is away) throws unchecked and ends the pass; the next one begins from the ledger.
 */
public interface Ports {

  // Time. Nothing that is safe rests on clocks that agree.

  /** The wall clock: for notAfter, for the order time-out and to be written down. */
  Instant now();

  /** A clock that only runs forward, from any beginning. */
  Duration monotonicTime();

  /** How long this process has known the fact of that name; zero where it hears of it now. */
  Duration durationSinceFirstSeen(String fact);

  // Claims.

  /** A random id, made for one claim. */
  String newClaimId();

  /** Remembers, for as long as this process lives, a claim of its own that will never be sent. */
  void markUnsent(String claim);

  /** Whether the claim is one that this process abandoned. */
  boolean isMarkedUnsent(String claim);

  // The order.

  /** The order as the watch last showed it; empty: it is gone. */
  Optional<Reinstall> cachedReinstall();

  /** The order, read anew. */
  Optional<Reinstall> fetchReinstall();

  /**
   * Whether the status of this copy says the same already: what was seen of the server is volatile,
   * and for its sake alone nothing is written.
   */
  boolean isUpToDate(Reinstall copy, ReportedStatus reported);

  /**
   * Writes the status by compare-and-swap with this copy, unless it {@linkplain #isUpToDate says}
   * the same already.
   */
  Reinstall updateStatus(Reinstall copy, ReportedStatus reported) throws ConflictException;

  /**
   * Writes the status by compare-and-swap with this copy, even if it says the same already: the
   * point of no return.
   */
  Reinstall commitStart(Reinstall copy, ReportedStatus reported) throws ConflictException;

  /** Leaves the status as it is, but for the generation that it speaks of. */
  Reinstall updateObservedGeneration(Reinstall copy) throws ConflictException;

  /** Whether the Reinstall that made a claim surely exists no more. */
  boolean isDeleted(Owner owner);

  // The ledger.

  /** The server's book as the watch last showed it; an empty one where there is none. */
  Ledger cachedLedger(Server server);

  /** The server's book, read anew. */
  Ledger fetchLedger(Server server);

  /** Writes the book by compare-and-swap with the copy that it was made from. */
  Ledger writeLedger(Ledger ledger) throws ConflictException;

  /**
   * Writes a book that holds a new claim, where all that may follow can be written as well.
   *
   * @throws ClaimRefusedException nothing may be sent by it, should it have been written
   */
  Ledger writeClaim(Ledger ledger) throws ConflictException, ClaimRefusedException;

  // Secrets and the cloud.

  Credentials credentials(Reinstall reinstall, List<String> keys) throws SecretNotReadyException;

  /** Reads the Secret keys, all of them anew. */
  SecretValues secretValues(Reinstall reinstall, List<SecretKeyRef> keys)
      throws SecretNotReadyException;

  Cloud cloud(CloudName name);
}
