package dev.reinstall.lifecycle;

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
public interface World {

  // Time. Nothing that is safe rests on clocks that agree.

  /** The wall clock: for notAfter, for the order time-out and to be written down. */
  Instant now();

  /** A clock that only runs forward, from any beginning. */
  Duration uptime();

  /** How long this process has known the fact of that name; zero where it hears of it now. */
  Duration knownFor(String fact);

  // Claims.

  /** A random id, made for one claim. */
  String newClaim();

  /** Remembers, for as long as this process lives, a claim of its own that will never be sent. */
  void abandon(String claim);

  /** Whether the claim is one that this process abandoned. */
  boolean isAbandoned(String claim);

  // The order.

  /** The order as the watch last showed it; empty: it is gone. */
  Optional<Reinstall> order();

  /** The order, read anew. */
  Optional<Reinstall> orderNow();

  /**
   * Whether the status of this copy says the same already: what was seen of the server is volatile,
   * and for its sake alone nothing is written.
   */
  boolean isTold(Reinstall copy, View view);

  /**
   * Writes the status by compare-and-swap with this copy, unless it {@linkplain #isTold says} the
   * same already.
   */
  Reinstall show(Reinstall copy, View view) throws Conflict;

  /**
   * Writes the status by compare-and-swap with this copy, even if it says the same already: the
   * point of no return.
   */
  Reinstall declare(Reinstall copy, View view) throws Conflict;

  /** Leaves the status as it is, but for the generation that it speaks of. */
  Reinstall acknowledge(Reinstall copy) throws Conflict;

  /** Whether the Reinstall that made a claim surely exists no more. */
  boolean isGone(Owner owner);

  // The ledger.

  /** The server's book as the watch last showed it; an empty one where there is none. */
  Ledger book(Server server);

  /** The server's book, read anew. */
  Ledger bookNow(Server server);

  /** Writes the book by compare-and-swap with the copy that it was made from. */
  Ledger write(Ledger ledger) throws Conflict;

  /**
   * Writes a book that holds a new claim, where all that may follow can be written as well.
   *
   * @throws ClaimRefused nothing may be sent by it, should it have been written
   */
  Ledger claim(Ledger ledger) throws Conflict, ClaimRefused;

  // Secrets and the cloud.

  Credentials account(Reinstall reinstall, List<String> keys) throws MissingSecret;

  /** Reads the Secret keys, all of them anew. */
  Secrets secrets(Reinstall reinstall, List<SecretKeyRef> keys) throws MissingSecret;

  Cloud cloud(CloudName name);
}
