package dev.reinstall.cloud;

import dev.reinstall.api.ReinstallSpec;
import dev.reinstall.api.SecretKeyRef;
import dev.reinstall.api.Server;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One cloud. Every call is one HTTP request that succeeds or fails within the call time-out; none
 * is repeated here. Adapters keep no state between calls and decide nothing about a request.
 */
public interface Cloud {

  /** How many servers {@link #describeAll} takes. */
  int MAX_SERVERS_PER_CALL = 100;

  CloudCapabilities capabilities();

  /** The keys of the credentials Secret that the calls of this cloud need. */
  CredentialKeys credentialKeys();

  /** The Secret keys that the block of the cloud refers to: password, user data. Empty if none. */
  List<SecretKeyRef> secretKeys(ReinstallSpec spec);

  /**
   * Validates what the schema cannot express, without a call.
   *
   * @return what is wrong and what it must be; empty: valid
   */
  Optional<String> validateSpec(ReinstallSpec spec);

  /**
   * Validates the spec against what is installed on the server.
   *
   * @return what is wrong and what it must be; empty: valid
   */
  Optional<String> validateAgainst(ReinstallSpec spec, Observation observation);

  /**
   * What is wrong with the contents of the Secrets that the block refers to.
   *
   * @return which Secret and key, and what it must hold; never a word of its contents; empty: good
   */
  Optional<String> validateSecrets(ReinstallSpec spec, Map<SecretKeyRef, SecretBytes> secrets);

  /**
   * What the request installs, by the same field names as {@link Observation#installed()}; only
   * what the spec names.
   */
  Map<String, String> expectedInstallation(ReinstallSpec spec);

  /**
   * Describes the server; changes nothing. The result is about exactly this server, or it throws.
   * The call starts after it was requested.
   */
  Observation describe(Credentials credentials, Server server) throws CloudException;

  /**
   * Describes several servers of one region by one call; changes nothing.
   *
   * @param servers from 1 to {@link #MAX_SERVERS_PER_CALL}, each once
   * @return what the cloud clearly reported, by server. Nothing is known about a server that is not
   *     there, not even that it is missing: only a description of it alone shows that
   */
  Map<Server, Observation> describeAll(Credentials credentials, List<Server> servers)
      throws CloudException;

  /**
   * Like {@link #describe}, but the observation may be kept from a call that started less than a
   * poll interval ago. It may be used to go on waiting, and for nothing else.
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
   * Asks the cloud to stop the server, by a soft shutdown where the cloud supports it, and so that
   * it can still be reinstalled.
   *
   * @return empty: the cloud rejects it because an installation has failed on the server; nothing
   *     is left to protect
   */
  Optional<CloudResponse> stop(Credentials credentials, PowerRequest request) throws CloudException;

  /**
   * Sends the reinstall request: the call that wipes a disk. It never waits; its permit was
   * {@linkplain #acquirePermit acquired}.
   */
  CloudResponse reinstall(Credentials credentials, ReinstallRequest request) throws CloudException;

  /** Asks the cloud to start the server. */
  CloudResponse start(Credentials credentials, PowerRequest request) throws CloudException;
}
