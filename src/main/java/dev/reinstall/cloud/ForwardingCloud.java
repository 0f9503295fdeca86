package dev.reinstall.cloud;

import dev.reinstall.api.ReinstallSpec;
import dev.reinstall.api.SecretKeyRef;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A decorator of a cloud. It forwards what makes no call; each call is left to the subclass. */
public abstract class ForwardingCloud implements Cloud {
  protected final Cloud cloud;

  protected ForwardingCloud(Cloud cloud) {
    this.cloud = cloud;
  }

  @Override
  public final CloudCapabilities capabilities() {
    return cloud.capabilities();
  }

  @Override
  public final CredentialKeys credentialKeys() {
    return cloud.credentialKeys();
  }

  @Override
  public final List<SecretKeyRef> secretKeys(ReinstallSpec spec) {
    return cloud.secretKeys(spec);
  }

  @Override
  public final Optional<String> validateSpec(ReinstallSpec spec) {
    return cloud.validateSpec(spec);
  }

  @Override
  public final Optional<String> validateAgainst(ReinstallSpec spec, Observation observation) {
    return cloud.validateAgainst(spec, observation);
  }

  @Override
  public final Optional<String> validateSecrets(
      ReinstallSpec spec, Map<SecretKeyRef, SecretBytes> secrets) {
    return cloud.validateSecrets(spec, secrets);
  }

  @Override
  public final Map<String, String> expectedInstallation(ReinstallSpec spec) {
    return cloud.expectedInstallation(spec);
  }
}
