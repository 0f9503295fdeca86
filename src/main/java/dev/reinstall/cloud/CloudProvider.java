package dev.reinstall.cloud;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.PlannedInstallation;
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

  /** That one of them whose Secret is made, with a password, if there is none. Empty: none is. */
  default Optional<SecretKeyRef> generatedPassword(ReinstallSpec spec) {
    return Optional.empty();
  }

  /**
   * Validates what the schema cannot express, without a call.
   *
   * @return what is wrong and what it must be; empty: valid
   */
  Optional<String> validateSpec(ReinstallSpec spec);

  /** Checks the spec against what the cloud reports of the server. Empty: nothing is wrong. */
  List<Finding> checkServer(ReinstallSpec spec, Observation observation);

  /**
   * Checks the contents of the Secrets that the block refers to.
   *
   * @param secrets what of them could be read
   * @return empty: nothing is wrong with these
   */
  List<Finding> checkSecrets(ReinstallSpec spec, Map<SecretKeyRef, SecretBytes> secrets);

  /**
   * What the request will install, wipe and keep.
   *
   * @param spec complete, or a cached one without its user data; with the IDs that were resolved
   * @param secrets what of them could be read
   */
  PlannedInstallation plan(
      ReinstallSpec spec, Observation observation, Map<SecretKeyRef, SecretBytes> secrets);

  /**
   * What the request installs, by the same field names as {@link Observation#installed()}; only
   * what the spec names.
   *
   * @param spec with the IDs that were resolved
   */
  Map<String, String> expectedInstallation(ReinstallSpec spec);

  // Names, which stand in a block in place of IDs. Some clouds have none.

  /** What the spec gives by name, by the field that has its ID, such as {@code imageId}. */
  default Map<String, String> names(ReinstallSpec spec) {
    return Map.of();
  }

  /**
   * The IDs of what the spec gives by name, and a finding for each name that does not stand for
   * exactly one.
   *
   * @param answers to all of {@link #catalogueQueries}
   */
  default Resolution resolve(
      ReinstallSpec spec, Observation observation, Map<CatalogueQuery, CatalogueAnswer> answers) {
    return Resolution.NONE;
  }

  /** The spec with these IDs beside its names, as the call to the cloud needs it. */
  default ReinstallSpec withIds(ReinstallSpec spec, Map<String, String> ids) {
    return spec;
  }

  // Catalogues: what can be installed, and with which keys to log in. Some clouds have none.

  /** What {@link #checkCatalogues} needs to know, each query once. */
  default List<CatalogueQuery> catalogueQueries(ReinstallSpec spec, Observation observation) {
    return List.of();
  }

  /**
   * Checks the spec, and the contents of the Secrets, against the catalogues. One that could not be
   * read is a warning that names its call, and the permission if that is what was missing.
   *
   * @param spec with the IDs that were resolved
   * @param secrets what of them could be read
   * @param answers to all of {@link #catalogueQueries}
   */
  default List<Finding> checkCatalogues(
      ReinstallSpec spec,
      Observation observation,
      Map<SecretKeyRef, SecretBytes> secrets,
      Map<CatalogueQuery, CatalogueAnswer> answers) {
    return List.of();
  }

  /** How many IDs one call to a catalogue takes. */
  default int cataloguePerCall() {
    return 1;
  }
}
