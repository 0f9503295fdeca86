package dev.reinstall.cloud;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.ReinstallSpec;
import dev.reinstall.api.SecretKeyRef;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What one cloud is, as data and rules. Nothing here makes a call. */
public interface CloudProvider {

  CloudName name();

  CloudCapabilities capabilities();

  RateLimits rateLimits();

  /** Makes the calls of this cloud; {@link CloudCalls} does so within the rate limits. */
  CloudClient client();

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
}
