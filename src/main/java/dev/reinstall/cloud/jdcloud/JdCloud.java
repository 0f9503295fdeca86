package dev.reinstall.cloud.jdcloud;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.PlannedInstallation;
import dev.reinstall.api.ReinstallSpec;
import dev.reinstall.api.SecretKeyRef;
import dev.reinstall.cloud.CatalogueAnswer;
import dev.reinstall.cloud.CatalogueQuery;
import dev.reinstall.cloud.CloudCapabilities;
import dev.reinstall.cloud.CloudClient;
import dev.reinstall.cloud.CloudHttp;
import dev.reinstall.cloud.CloudProvider;
import dev.reinstall.cloud.CloudSettings;
import dev.reinstall.cloud.CredentialKeys;
import dev.reinstall.cloud.Endpoint;
import dev.reinstall.cloud.Finding;
import dev.reinstall.cloud.Observation;
import dev.reinstall.cloud.OperatorIdentity;
import dev.reinstall.cloud.RateLimits;
import dev.reinstall.cloud.Resolution;
import dev.reinstall.cloud.SecretBytes;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * JD Cloud Distributed Cloud Physical Server (edcps): describeInstance, describeOS,
 * describeDeviceRaids, stopInstance, reinstallInstance, startInstance.
 */
public final class JdCloud implements CloudProvider {

  /** One host for all regions. */
  public static final String DEFAULT_ENDPOINT = "https://edcps.jdcloud-api.com";

  /** How long a changed update time or OS may show before the installation itself has started. */
  public static final Duration DEFAULT_SETTLE_TIME = Duration.ofMinutes(10);

  /**
   * An account has 1,000 calls a minute, whatever it calls: shared out, so that requests in line to
   * be sent never keep their servers from being described.
   */
  public static final RateLimits LIMITS =
      new RateLimits(
          new RateLimits.Rate(600, Duration.ofMinutes(1)),
          new RateLimits.Rate(400, Duration.ofMinutes(1)));

  private final CloudCapabilities capabilities;
  private final CloudClient client;

  /**
   * @param clock for the time of descriptions; a request has its own time
   * @param nonces a new one for every call, such as {@code UUID::randomUUID}
   * @param signature the form in which calls are signed
   */
  public JdCloud(
      CloudHttp http,
      Endpoint endpoint,
      Duration settleTime,
      InstantSource clock,
      Supplier<UUID> nonces,
      JdSignature signature) {
    capabilities = new CloudCapabilities(true, false, settleTime);
    client = new JdClient(http, endpoint, clock, nonces, signature);
  }

  /** As the settings say. */
  public static JdCloud from(CloudSettings settings, CloudHttp http) {
    return new JdCloud(
        http,
        settings.endpoint("REINSTALL_JDCLOUD_ENDPOINT", DEFAULT_ENDPOINT),
        settings.duration("REINSTALL_JD_SETTLE_TIME", DEFAULT_SETTLE_TIME),
        Clock.systemUTC(),
        UUID::randomUUID,
        JdSignature.valueOf(settings.oneOf("REINSTALL_JDCLOUD_SIGNATURE", JdSignature.names())));
  }

  @Override
  public CloudName name() {
    return CloudName.JDCloud;
  }

  @Override
  public CloudCapabilities capabilities() {
    return capabilities;
  }

  @Override
  public RateLimits rateLimits() {
    return LIMITS;
  }

  @Override
  public CloudClient client() {
    return client;
  }

  @Override
  public CredentialKeys credentialKeys() {
    return new CredentialKeys(
        List.of("accessKey", "secretKey"),
        List.of(),
        List.of(JdClient.SECURITY_TOKEN),
        OperatorIdentity.NONE);
  }

  @Override
  public List<SecretKeyRef> secretKeys(ReinstallSpec spec) {
    return JdSpecValidator.secretKeys(spec.jdCloud());
  }

  @Override
  public Optional<SecretKeyRef> generatedPassword(ReinstallSpec spec) {
    return JdSpecValidator.generatedPassword(spec.jdCloud());
  }

  @Override
  public Optional<String> validateSpec(ReinstallSpec spec) {
    return JdSpecValidator.validate(spec);
  }

  @Override
  public List<Finding> checkServer(ReinstallSpec spec, Observation observation) {
    return JdSpecValidator.checkServer(spec.jdCloud(), observation);
  }

  @Override
  public List<Finding> checkSecrets(ReinstallSpec spec, Map<SecretKeyRef, SecretBytes> secrets) {
    return JdSpecValidator.checkSecrets(spec.jdCloud(), secrets);
  }

  @Override
  public PlannedInstallation plan(
      ReinstallSpec spec, Observation observation, Map<SecretKeyRef, SecretBytes> secrets) {
    return JdPlan.of(spec.jdCloud(), observation, secrets);
  }

  @Override
  public Map<String, String> expectedInstallation(ReinstallSpec spec) {
    return JdSpecValidator.installs(spec.jdCloud());
  }

  @Override
  public Map<String, String> names(ReinstallSpec spec) {
    return JdNames.of(spec.jdCloud());
  }

  @Override
  public Resolution resolve(
      ReinstallSpec spec, Observation observation, Map<CatalogueQuery, CatalogueAnswer> answers) {
    return JdNames.resolve(spec, observation, answers);
  }

  @Override
  public ReinstallSpec withIds(ReinstallSpec spec, Map<String, String> ids) {
    return ids.isEmpty() ? spec : spec.withBlock(JdNames.withIds(spec.jdCloud(), ids));
  }

  @Override
  public List<CatalogueQuery> catalogueQueries(ReinstallSpec spec, Observation observation) {
    return JdCatalogueCheck.queries(spec, observation);
  }

  @Override
  public List<Finding> checkCatalogues(
      ReinstallSpec spec,
      Observation observation,
      Map<SecretKeyRef, SecretBytes> secrets,
      Map<CatalogueQuery, CatalogueAnswer> answers) {
    return JdCatalogueCheck.findings(spec, observation, answers);
  }
}
