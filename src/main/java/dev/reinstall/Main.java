package dev.reinstall;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.Reinstall;
import dev.reinstall.cloud.Cloud;
import dev.reinstall.cloud.CloudHttp;
import dev.reinstall.cloud.Endpoint;
import dev.reinstall.cloud.RateLimitedCloud;
import dev.reinstall.cloud.SharedDescriptions;
import dev.reinstall.cloud.jdcloud.JdCloud;
import dev.reinstall.cloud.tencent.Signature;
import dev.reinstall.cloud.tencent.TencentCloud;
import dev.reinstall.config.ClusterConfig;
import dev.reinstall.config.OperatorConfig;
import dev.reinstall.config.SettingsException;
import dev.reinstall.config.TimeoutValidation;
import dev.reinstall.kubernetes.CrdCompatibilityCheck;
import dev.reinstall.kubernetes.HealthServer;
import dev.reinstall.kubernetes.ReinstallReconciler;
import dev.reinstall.kubernetes.RollbackDetector;
import dev.reinstall.kubernetes.ShutdownTimes;
import dev.reinstall.reconcile.Timeouts;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ConfigurationServiceOverrider;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import io.javaoperatorsdk.operator.monitoring.micrometer.MicrometerMetricsV2;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Wiring only: environment, objects, started. */
public final class Main {
  private static final Logger LOG = LoggerFactory.getLogger(Main.class);

  private static final int BAD_SETTINGS = 2;
  private static final int FAILED = 1;
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

  /** Either makes the Kubernetes client talk to anybody who claims to be the API server. */
  private static final List<String> NO_TRUST =
      List.of("kubernetes.trust.certificates", "kubernetes.disable.hostname.verification");

  private static final String NOT_VERIFIED =
      " must not be set: the identity of the Kubernetes API server would not be verified."
          + " Remove it.";

  private final AtomicBoolean stopping = new AtomicBoolean();

  private Main() {}

  /** Exits 0 on SIGTERM, 2 on bad settings, 1 otherwise. */
  public static void main(String[] args) {
    List<String> problems = new ArrayList<>(untrusted());
    Optional<OperatorConfig> settings = read(() -> OperatorConfig.from(System.getenv()), problems);
    Optional<Config> cluster = read(ClusterConfig::load, problems);
    Optional<Map<CloudName, Cloud>> clouds =
        settings.flatMap(valid -> read(() -> clouds(valid), problems));
    if (!problems.isEmpty()) {
      problems.forEach(LOG::error);
      halt(BAD_SETTINGS);
      return;
    }
    TimeoutValidation.warning(settings.orElseThrow()).ifPresent(LOG::warn);
    try {
      new Main().start(settings.orElseThrow(), client(cluster.orElseThrow()), clouds.orElseThrow());
    } catch (IOException | RuntimeException e) {
      LOG.error("The operator could not start: {}", e.getMessage(), e);
      halt(FAILED);
    }
  }

  /** Empty: it cannot be read, and the problems say why. */
  private static <T> Optional<T> read(Supplier<T> source, List<String> problems) {
    try {
      return Optional.of(source.get());
    } catch (SettingsException e) {
      problems.addAll(e.problems());
    } catch (IllegalArgumentException | IllegalStateException e) {
      problems.add(e.getMessage());
    }
    return Optional.empty();
  }

  private static List<String> untrusted() {
    List<String> problems = new ArrayList<>();
    for (String property : NO_TRUST) {
      String variable = property.replace('.', '_').toUpperCase(Locale.ROOT);
      if (System.getProperty(property) != null) {
        problems.add("The system property " + property + NOT_VERIFIED);
      }
      if (System.getenv(variable) != null) {
        problems.add(variable + NOT_VERIFIED);
      }
    }
    return problems;
  }

  private static Map<CloudName, Cloud> clouds(OperatorConfig config) {
    CloudHttp http = new CloudHttp(CONNECT_TIMEOUT, config.callTimeout());
    InstantSource clock = Clock.systemUTC();
    SecureRandom random = new SecureRandom();
    IntSupplier nonces = () -> random.nextInt(1, Integer.MAX_VALUE);
    Cloud tencent =
        new TencentCloud(
            http,
            new Endpoint(config.tencentEndpoint()),
            config.settleTime(),
            clock,
            Signature.named(config.tencentSignature(), nonces));
    Cloud jd =
        new JdCloud(
            http,
            new Endpoint(config.jdCloudEndpoint()),
            config.jdSettleTime(),
            clock,
            UUID::randomUUID);
    return Map.of(
        CloudName.TencentCloud,
        shared(new RateLimitedCloud(tencent, TencentCloud.LIMITS, clock), config),
        CloudName.JDCloud,
        shared(new RateLimitedCloud(jd, JdCloud.LIMITS, clock), config));
  }

  private static Cloud shared(Cloud cloud, OperatorConfig config) {
    return new SharedDescriptions(cloud, config.pollInterval());
  }

  private void start(OperatorConfig config, KubernetesClient client, Map<CloudName, Cloud> clouds)
      throws IOException {
    PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    Timeouts timeouts =
        new Timeouts(
            config.pollInterval(),
            config.sendWithin(),
            config.fence(),
            config.tokenTrust(),
            config.orderTimeout());
    CrdCompatibilityCheck crdCheck = new CrdCompatibilityCheck(client);
    RollbackDetector rollbackDetector = new RollbackDetector(client, config.memoryFile());
    ReinstallReconciler reconciler =
        new ReinstallReconciler(client, crdCheck, rollbackDetector, clouds, timeouts, instance());
    ShutdownTimes times = ShutdownTimes.of(config.callTimeout());
    Optional<LeaderElectionConfiguration> election = election(config, times);
    Operator operator =
        new Operator(
            (ConfigurationServiceOverrider o) -> {
              o.withKubernetesClient(client)
                  .withConcurrentReconciliationThreads(config.concurrency())
                  .withUseSSAToPatchPrimaryResource(false)
                  .withReconciliationTerminationTimeout(times.grace())
                  .withInformerStoppedHandler((watch, why) -> watchStopped(why))
                  .withMetrics(MicrometerMetricsV2.newBuilder(metrics).build());
              election.ifPresent(o::withLeaderElectionConfiguration);
            });
    operator.register(reconciler, o -> configure(o, config));
    HealthServer probes =
        HealthServer.start(
            config.httpPort(),
            () -> startProblem(operator).or(rollbackDetector::problem).or(crdCheck::problem),
            metrics::scrape);
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> stop(reconciler, operator, probes), "shutdown"));
    keepWatch(crdCheck, rollbackDetector, config.pollInterval());
    operator.start();
    LOG.info("Watching {}", config.namespaces().isEmpty() ? "all namespaces" : config.namespaces());
  }

  private static Optional<String> startProblem(Operator operator) {
    boolean watching =
        operator.getRuntimeInfo().isStarted()
            && operator.getRuntimeInfo().allEventSourcesAreHealthy();
    return watching ? Optional.empty() : Optional.of("the watches are not established");
  }

  private static void configure(
      ControllerConfigurationOverrider<Reinstall> controller, OperatorConfig config) {
    if (!config.namespaces().isEmpty()) {
      controller.settingNamespaces(Set.copyOf(config.namespaces()));
    }
    ReinstallReconciler.configure(controller);
  }

  /**
   * At start and periodically: CRDs may be upgraded after the operator, and a cluster may be
   * restored under it.
   */
  private static void keepWatch(
      CrdCompatibilityCheck crdCheck, RollbackDetector rollbackDetector, Duration interval) {
    crdCheck.run();
    rollbackDetector.probe();
    Executors.newSingleThreadScheduledExecutor(Main::daemon)
        .scheduleWithFixedDelay(
            () -> {
              crdCheck.problem().ifPresent(problem -> crdCheck.run());
              rollbackDetector.probe();
            },
            interval.toMillis(),
            interval.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "cluster-watch");
    thread.setDaemon(true);
    return thread;
  }

  /** The framework would call System.exit, which looks like a requested stop. */
  private void watchStopped(Throwable why) {
    if (why != null && !stopping.get()) {
      LOG.error("Informer stopped; exiting: {}", why.getMessage(), why);
      halt(FAILED);
    }
  }

  /** A closed watch is normal; until it is open again the operator receives no events. */
  private static KubernetesClient client(Config cluster) {
    Config config =
        new ConfigBuilder(cluster)
            .withWatchReconnectInterval(50)
            .withHttp2Disable(true) // HTTP/2 breaks off above 100 requests on its one connection
            .build();
    return new KubernetesClientBuilder().withConfig(config).build();
  }

  /** The way the framework stops after a lost lease goes on reconciling: halt at once instead. */
  private Optional<LeaderElectionConfiguration> election(
      OperatorConfig config, ShutdownTimes times) {
    if (!config.leaderElection()) {
      return Optional.empty();
    }
    LeaderCallbacks callbacks =
        new LeaderCallbacks(
            () -> LOG.info("This replica is the leader"),
            () -> {
              if (!stopping.get()) {
                LOG.error("Lost the leader lease; exiting, so that another replica takes over");
                halt(FAILED);
              }
            },
            leader -> LOG.info("Leader: {}", leader));
    return Optional.of(
        LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration("reinstall-operator")
            .withLeaseNamespace(config.leaseNamespace())
            .withIdentity(instance())
            .withLeaseDuration(times.lease())
            .withRenewDeadline(times.renewDeadline())
            .withRetryPeriod(times.retryPeriod())
            .withLeaderCallbacks(callbacks)
            .buildForTest(false));
  }

  private static String instance() {
    return Stream.of("POD_NAME", "HOSTNAME")
            .map(System.getenv()::get)
            .filter(name -> name != null && !name.isEmpty())
            .findFirst()
            .orElse("reinstall-operator")
        + "-"
        + ProcessHandle.current().pid();
  }

  /** What is in flight is waited for; the probes respond meanwhile. */
  private void stop(ReinstallReconciler reconciler, Operator operator, HealthServer probes) {
    stopping.set(true);
    LOG.info("Stopping");
    try {
      reconciler.stopClaiming();
      operator.stop();
      probes.close();
    } finally {
      halt(0); // the JVM would exit with 143
    }
  }

  private static void halt(int code) {
    Runtime.getRuntime().halt(code);
  }
}
