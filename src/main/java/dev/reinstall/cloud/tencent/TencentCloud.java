package dev.reinstall.cloud.tencent;

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
import dev.reinstall.cloud.RateLimits;
import dev.reinstall.cloud.Resolution;
import dev.reinstall.cloud.SecretBytes;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntSupplier;

/**
 * Tencent Cloud CVM, API 2017-03-12: DescribeInstances, DescribeImages, DescribeKeyPairs,
 * StopInstances, ResetInstance, StartInstances.
 */
public final class TencentCloud implements CloudProvider {

  /**
   * Each region's own host: regions that end in -fsi answer nowhere else, and a description through
   * another host than the request could see an older state.
   */
  public static final String DEFAULT_ENDPOINT = "https://cvm.{region}.tencentcloudapi.com";

  /** How long LatestOperation may still show the operation before ours. */
  public static final Duration DEFAULT_SETTLE_TIME = Duration.ofMinutes(2);

  /** Of DescribeInstances, and of ResetInstance for all that changes a server. */
  public static final RateLimits LIMITS =
      new RateLimits(
          new RateLimits.Rate(10, Duration.ofSeconds(1)),
          new RateLimits.Rate(40, Duration.ofSeconds(1)));

  /** The names that {@link #signature} knows; the first is the usual one. */
  public static final List<String> SIGNATURES = List.of("TC3", "V1-SHA256", "V1-SHA1");

  private final CloudCapabilities capabilities;
  private final TencentIdentity identity;
  private final CloudClient client;

  /**
   * Without an identity of its own: all credentials are in Secrets.
   *
   * @param clock for the time of descriptions; a request has its own time
   */
  public TencentCloud(
      CloudHttp http,
      Endpoint endpoint,
      Duration settleTime,
      InstantSource clock,
      Signature signature) {
    this(
        settleTime,
        new TencentIdentity(Map.of(), List.of()),
        new TencentClient(http, endpoint, clock, signature));
  }

  private TencentCloud(Duration settleTime, TencentIdentity identity, TencentClient client) {
    capabilities = new CloudCapabilities(false, true, settleTime);
    this.identity = identity;
    this.client = new IdentityClient(client, identity);
  }

  /** As the settings say. */
  public static TencentCloud from(CloudSettings settings, CloudHttp http) {
    SecureRandom random = new SecureRandom();
    Clock clock = Clock.systemUTC();
    return new TencentCloud(
        settings.duration("REINSTALL_SETTLE_TIME", DEFAULT_SETTLE_TIME),
        TencentIdentity.from(settings, http, clock),
        new TencentClient(
            http,
            settings.endpoint("REINSTALL_TENCENT_ENDPOINT", DEFAULT_ENDPOINT),
            clock,
            signature(
                settings.oneOf("REINSTALL_TENCENT_SIGNATURE", SIGNATURES),
                () -> random.nextInt(1, Integer.MAX_VALUE))));
  }

  /**
   * The signature of that name.
   *
   * @param nonces positive and random; only the older form sends them
   */
  public static Signature signature(String name, IntSupplier nonces) {
    return switch (name) {
      case "TC3" -> new Tc3Signing();
      case "V1-SHA256" -> new V1Signing("HmacSHA256", nonces);
      case "V1-SHA1" -> new V1Signing("HmacSHA1", nonces);
      default -> throw new IllegalArgumentException("not one of " + SIGNATURES);
    };
  }

  @Override
  public CloudName name() {
    return CloudName.TencentCloud;
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
        List.of("secretId", "secretKey"), List.of("token"), List.of(), identity.allowed());
  }

  @Override
  public List<SecretKeyRef> secretKeys(ReinstallSpec spec) {
    return TencentSpecValidator.secretKeys(spec.tencentCloud());
  }

  @Override
  public Optional<SecretKeyRef> generatedPassword(ReinstallSpec spec) {
    return TencentSpecValidator.generatedPassword(spec.tencentCloud());
  }

  @Override
  public Optional<String> validateSpec(ReinstallSpec spec) {
    return TencentSpecValidator.validate(spec);
  }

  @Override
  public List<Finding> checkServer(ReinstallSpec spec, Observation observation) {
    return TencentSpecValidator.checkServer(spec, observation.details());
  }

  @Override
  public List<Finding> checkSecrets(ReinstallSpec spec, Map<SecretKeyRef, SecretBytes> secrets) {
    return TencentSpecValidator.checkSecrets(spec.tencentCloud(), secrets);
  }

  @Override
  public PlannedInstallation plan(
      ReinstallSpec spec, Observation observation, Map<SecretKeyRef, SecretBytes> secrets) {
    return TencentPlan.of(spec.tencentCloud(), observation, secrets);
  }

  @Override
  public Map<String, String> expectedInstallation(ReinstallSpec spec) {
    String image = spec.tencentCloud().imageId();
    return image == null ? Map.of() : Map.of("imageId", image);
  }

  @Override
  public Map<String, String> names(ReinstallSpec spec) {
    return TencentImageName.names(spec.tencentCloud());
  }

  @Override
  public Resolution resolve(
      ReinstallSpec spec, Observation observation, Map<CatalogueQuery, CatalogueAnswer> answers) {
    return TencentImageName.resolve(spec, answers);
  }

  @Override
  public ReinstallSpec withIds(ReinstallSpec spec, Map<String, String> ids) {
    String image = ids.get(TencentImageName.ID_FIELD);
    return image == null ? spec : spec.withBlock(spec.tencentCloud().withImageId(image));
  }

  @Override
  public List<CatalogueQuery> catalogueQueries(ReinstallSpec spec, Observation observation) {
    return TencentCatalogueCheck.queries(spec, observation);
  }

  @Override
  public List<Finding> checkCatalogues(
      ReinstallSpec spec,
      Observation observation,
      Map<SecretKeyRef, SecretBytes> secrets,
      Map<CatalogueQuery, CatalogueAnswer> answers) {
    return TencentCatalogueCheck.findings(spec, observation, secrets, answers);
  }

  @Override
  public int cataloguePerCall() {
    return TencentCatalogue.MOST_IDS;
  }
}
