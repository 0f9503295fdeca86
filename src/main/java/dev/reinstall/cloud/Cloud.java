package dev.reinstall.cloud;

import dev.reinstall.api.ReinstallSpec;
import dev.reinstall.api.SecretKeyRef;
import dev.reinstall.api.Server;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One cloud. Every call is one HTTP request, answered or failed within the call time-out; none is
 * ever repeated here. Adapters neither keep state between calls nor decide anything about an order.
 */
public interface Cloud {

  /** How many servers {@link #describeAll} takes. */
  int MAX_SERVERS_PER_CALL = 100;

  CloudCapabilities capabilities();

  /** Keys that a credentials Secret must hold for this cloud; it may hold more. */
  List<String> credentialKeys();

  /** The Secret keys that the order's block refers to: password, user data. Empty where none. */
  List<SecretKeyRef> secretKeys(ReinstallSpec spec);

  /**
   * What the schema cannot say of the order, judged without any call.
   *
   * @return what is wrong and what to write instead; empty: sound
   */
  Optional<String> validateSpec(ReinstallSpec spec);

  /**
   * What of the order contradicts what is installed on the server.
   *
   * @return what is wrong and what to write instead; empty: it fits
   */
  Optional<String> validateAgainst(ReinstallSpec spec, Observation observation);

  /**
   * What is wrong with the contents of the Secrets that the block refers to.
   *
   * @return which Secret and key, and what it must hold; never a word of its contents; empty: good
   */
  Optional<String> validateSecrets(ReinstallSpec spec, Map<SecretKeyRef, String> secrets);

  /**
   * What shall be installed, in the same words as {@link Observation#installed()}; only what the
   * order names.
   */
  Map<String, String> expectedInstallation(ReinstallSpec spec);

  /**
   * Reads the server; changes nothing. The answer is about exactly this server, or it throws. The
   * call begins after it was asked for.
   */
  Observation describe(Credentials credentials, Server server) throws CloudException;

  /**
   * Reads several servers of one region by one call; changes nothing.
   *
   * @param servers from 1 to {@link #MAX_SERVERS_PER_CALL}, each once
   * @return what the cloud clearly said, by server; of one that is not there nothing is known, not
   *     even that it is missing: only a look at it alone tells
   */
  Map<Server, Observation> describeAll(Credentials credentials, List<Server> servers)
      throws CloudException;

  /**
   * Like {@link #describe}, but what is seen may be kept from a call that began less than a poll
   * interval ago. It is good enough to go on waiting, and for nothing else.
   */
  default CachedObservation describeCached(Credentials credentials, Server server)
      throws CloudException {
    return new CachedObservation(describe(credentials, server), true);
  }

  /**
   * Waits for the turn of this account's next call that changes a server. To be asked before each
   * such call, and before its claim: a claim that waits in line is stale when its turn comes. An
   * adapter knows of no turns.
   *
   * @throws CloudException throttled, where the cloud asked to be left alone or the line is too
   *     long; never sent, where the thread is interrupted, and it stays so
   */
  default void acquirePermit(Credentials credentials) throws CloudException {}

  /**
   * Asks the cloud to stop the server, softly where it can, and so that it may still be
   * reinstalled.
   *
   * @return empty: the cloud refuses because an install has failed on it; nothing is left to
   *     protect
   */
  Optional<CloudResponse> stop(Credentials credentials, PowerRequest request) throws CloudException;

  /**
   * Gives the order to the cloud: the call that wipes a disk. It never waits; its turn was
   * {@linkplain #acquirePermit reserved}.
   */
  CloudResponse reinstall(Credentials credentials, ReinstallRequest request) throws CloudException;

  /** Asks the cloud to start the server. */
  CloudResponse start(Credentials credentials, PowerRequest request) throws CloudException;
}
