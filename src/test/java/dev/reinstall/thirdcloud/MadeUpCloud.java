package dev.reinstall.thirdcloud;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.PlannedInstallation;
import dev.reinstall.api.ReinstallSpec;
import dev.reinstall.api.SecretKeyRef;
import dev.reinstall.api.Server;
import dev.reinstall.cloud.CloudCapabilities;
import dev.reinstall.cloud.CloudClient;
import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.CloudHttp;
import dev.reinstall.cloud.CloudProvider;
import dev.reinstall.cloud.CloudSettings;
import dev.reinstall.cloud.CredentialKeys;
import dev.reinstall.cloud.Credentials;
import dev.reinstall.cloud.Finding;
import dev.reinstall.cloud.Observation;
import dev.reinstall.cloud.Observation.Operation;
import dev.reinstall.cloud.Observation.Power;
import dev.reinstall.cloud.Observation.Progress;
import dev.reinstall.cloud.PowerRequest;
import dev.reinstall.cloud.RateLimits;
import dev.reinstall.cloud.ReinstallRequest;
import dev.reinstall.cloud.SecretBytes;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A cloud with one stopped server, in memory; a reinstallation ends at the second look. */
public final class MadeUpCloud implements CloudProvider, CloudClient {
  private final Duration settleTime;
  private String installed = "old";
  private String wanted;
  private int reinstalls;
  private int looks;

  private MadeUpCloud(Duration settleTime) {
    this.settleTime = settleTime;
  }

  public static MadeUpCloud from(CloudSettings settings, CloudHttp http) {
    return new MadeUpCloud(
        settings.duration("REINSTALL_MADEUP_SETTLE_TIME", Duration.ofMinutes(1)));
  }

  public synchronized int reinstalls() {
    return reinstalls;
  }

  private static String system(ReinstallSpec spec) {
    return ((MadeUpSpec) spec.block().orElseThrow()).system();
  }

  @Override
  public CloudName name() {
    return CloudName.valueOf("MadeUpCloud");
  }

  @Override
  public CloudCapabilities capabilities() {
    return new CloudCapabilities(false, true, settleTime);
  }

  @Override
  public RateLimits rateLimits() {
    return new RateLimits(
        new RateLimits.Rate(1000, Duration.ofSeconds(1)),
        new RateLimits.Rate(1000, Duration.ofSeconds(1)));
  }

  @Override
  public CloudClient client() {
    return this;
  }

  @Override
  public CredentialKeys credentialKeys() {
    return new CredentialKeys(List.of("apiKey"), List.of());
  }

  @Override
  public List<SecretKeyRef> secretKeys(ReinstallSpec spec) {
    return List.of();
  }

  @Override
  public Optional<String> validateSpec(ReinstallSpec spec) {
    return Optional.empty();
  }

  @Override
  public List<Finding> checkServer(ReinstallSpec spec, Observation observation) {
    return List.of();
  }

  @Override
  public List<Finding> checkSecrets(ReinstallSpec spec, Map<SecretKeyRef, SecretBytes> secrets) {
    return List.of();
  }

  @Override
  public PlannedInstallation plan(
      ReinstallSpec spec, Observation observation, Map<SecretKeyRef, SecretBytes> secrets) {
    return new PlannedInstallation(
        observation.installed(),
        expectedInstallation(spec),
        List.of("system disk"),
        List.of(),
        List.of(),
        null,
        null,
        null);
  }

  @Override
  public Map<String, String> expectedInstallation(ReinstallSpec spec) {
    return Map.of("system", system(spec));
  }

  @Override
  public synchronized Observation describe(Credentials credentials, Server server)
      throws CloudException {
    credentials.credential("apiKey");
    if (wanted != null && looks++ > 0) {
      installed = wanted;
    }
    boolean busy = wanted != null && !wanted.equals(installed);
    return new Observation(
        busy ? Power.CHANGING : Power.STOPPED,
        busy ? "BUSY" : "OFF",
        Map.of("system", installed),
        wanted == null
            ? Optional.empty()
            : Optional.of(
                new Operation(true, "made-up-1", busy ? Progress.IN_PROGRESS : Progress.DONE)),
        Optional.empty(),
        Optional.empty());
  }

  @Override
  public Map<Server, Observation> describeAll(Credentials credentials, List<Server> servers)
      throws CloudException {
    Map<Server, Observation> all = new HashMap<>();
    for (Server server : servers) {
      all.put(server, describe(credentials, server));
    }
    return all;
  }

  @Override
  public synchronized String reinstall(Credentials credentials, ReinstallRequest request) {
    reinstalls++;
    wanted = system(request.spec());
    return "made-up-1";
  }

  @Override
  public Optional<String> stop(Credentials credentials, PowerRequest request) {
    throw new AssertionError("the server is stopped");
  }

  @Override
  public String start(Credentials credentials, PowerRequest request) {
    throw new AssertionError("nobody wants it started");
  }
}
