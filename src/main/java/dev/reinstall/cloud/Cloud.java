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

  Traits traits();

  /** Keys that a credentials Secret must hold for this cloud; it may hold more. */
  List<String> credentialKeys();

  /** The Secret keys that the order's block refers to: password, user data. Empty where none. */
  List<SecretKeyRef> secretKeys(ReinstallSpec spec);

  /**
   * What the schema cannot say of the order, judged without any call.
   *
   * @return what is wrong and what to write instead; empty: sound
   */
  Optional<String> unsound(ReinstallSpec spec);

  /**
   * What of the order contradicts what is installed on the server.
   *
   * @return what is wrong and what to write instead; empty: it fits
   */
  Optional<String> unfit(ReinstallSpec spec, Observation observation);

  /**
   * What is wrong with the contents of the Secrets that the block refers to.
   *
   * @return which Secret and key, and what it must hold; never a word of its contents; empty: good
   */
  Optional<String> unusable(ReinstallSpec spec, Map<SecretKeyRef, String> secrets);

  /**
   * What shall be installed, in the same words as {@link Observation#installed()}; only what the
   * order names.
   */
  Map<String, String> ordered(ReinstallSpec spec);

  /** Reads the server; changes nothing. The answer is about exactly this server, or it throws. */
  Observation look(Account account, Server server) throws CloudException;

  /**
   * Asks the cloud to stop the server, softly where it can, and so that it may still be
   * reinstalled.
   *
   * @return empty: the cloud refuses because an install has failed on it; nothing is left to
   *     protect
   */
  Optional<Receipt> stop(Account account, PowerOrder order) throws CloudException;

  /** Gives the order to the cloud: the call that wipes a disk. */
  Receipt order(Account account, Order order) throws CloudException;

  /** Asks the cloud to start the server. */
  Receipt start(Account account, PowerOrder order) throws CloudException;
}
