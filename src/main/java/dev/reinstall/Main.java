package dev.reinstall;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.Reinstall;
import dev.reinstall.cloud.CloudCalls;
import dev.reinstall.cloud.CloudHttp;
import dev.reinstall.cloud.CloudProvider;
import dev.reinstall.cloud.ProxySettings;
import dev.reinstall.config.ClusterConfig;
import dev.reinstall.config.JvmValidation;
import dev.reinstall.config.OperatorConfig;
import dev.reinstall.config.Settings;
import dev.reinstall.config.SettingsException;
import dev.reinstall.config.TimeoutValidation;
import dev.reinstall.kubernetes.ApiServerCheck;
import dev.reinstall.kubernetes.CachedReinstalls;
import dev.reinstall.kubernetes.ClusterClient;
import dev.reinstall.kubernetes.CrdCompatibilityCheck;
import dev.reinstall.kubernetes.ExitReason;
import dev.reinstall.kubernetes.HealthServer;
import dev.reinstall.kubernetes.LeaderLease;
import dev.reinstall.kubernetes.OperatorMetrics;
import dev.reinstall.kubernetes.PauseWatch;
import dev.reinstall.kubernetes.ReinstallCrdCheck;
import dev.reinstall.kubernetes.ReinstallReconciler;
import dev.reinstall.kubernetes.ShutdownTimes;
import dev.reinstall.kubernetes.StartException;
import dev.reinstall.kubernetes.WatchMonitor;
import dev.reinstall.kubernetes.WatchedNamespaces;
import dev.reinstall.reconcile.Timeouts;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ConfigurationServiceOverrider;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Wiring only: environment, objects, started. */
public final class Main {
  private static final Logger LOG = LoggerFactory.getLogger(Main.class);

  private static final int BAD_SETTINGS = 2;
  private static final int FAILED = 1;
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

  private final AtomicBoolean stopping = new AtomicBoolean();

  private Main() {}

  /** Exits 0 on SIGTERM, 2 on bad settings, 1 otherwise. */
  public static void main(String[] args) {
    ProxySettings.allowPasswords();
    List<String> problems =
        new ArrayList<>(
            JvmValidation.problems(Runtime.version(), System.getProperties(), System.getenv()));
    ProxySettings proxies =
        read(() -> ProxySettings.from(System.getenv()), problems).orElse(ProxySettings.ofJvm());
    Optional<ClusterConfig.Cluster> cluster = read(() -> ClusterConfig.load(proxies), problems);
    OperatorMetrics metrics = new OperatorMetrics(version());
    Optional<Settings> read =
        read(
            () ->
                Settings.read(
                    System.getenv(),
                    WiredClouds.ALL,
                    timeout -> new CloudHttp(CONNECT_TIMEOUT, timeout, proxies)),
            problems);
    if (!problems.isEmpty()) {
      problems.forEach(LOG::error);
      halt(BAD_SETTINGS);
      return;
    }
    Settings settings = read.orElseThrow();
    TimeoutValidation.warning(settings.unsafe()).ifPresent(LOG::warn);
    try {
      WatchMonitor watches = new WatchMonitor(settings.operator().pollInterval());
      KubernetesClient client = ClusterClient.open(cluster.orElseThrow().config(), watches);
      ApiServerCheck apiServer =
          new ApiServerCheck(client.getConfiguration(), cluster.orElseThrow().proxy());
      apiServer.awaitResponse();
      new Main()
          .start(
              settings.operator(),
              client,
              apiServer,
              watches,
              calls(settings.clouds(), metrics),
              metrics);
    } catch (IOException | RuntimeException e) {
      ExitReason why = ExitReason.of(e);
      LOG.error("The operator could not start: {}", why.message(), why.trace());
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

  /** From the manifest of the jar; classes that were not packaged have none. */
  private static String version() {
    return Optional.ofNullable(Main.class.getPackage().getImplementationVersion())
        .orElse("unknown");
  }

  private static Map<CloudName, CloudCalls> calls(
      List<CloudProvider> clouds, OperatorMetrics metrics) {
    return clouds.stream()
        .collect(Collectors.toMap(CloudProvider::name, cloud -> new CloudCalls(cloud, metrics)));
  }

  private void start(
      OperatorConfig config,
      KubernetesClient client,
      ApiServerCheck apiServer,
      WatchMonitor watches,
      Map<CloudName, CloudCalls> clouds,
      OperatorMetrics metrics)
      throws IOException {
    Timeouts timeouts =
        new Timeouts(
            config.pollInterval(),
            config.sendWithin(),
            config.fence(),
            config.tokenTrust(),
            config.orderTimeout());
    CompletableFuture<Optional<String>> crdCheck =
        CompletableFuture.supplyAsync(() -> CrdCompatibilityCheck.problem(client))
            .thenCombine(
                CompletableFuture.supplyAsync(
                    () -> ReinstallCrdCheck.problem(client, config.namespaces())),
                (ledgers, reinstalls) -> ledgers.or(() -> reinstalls));
    PauseWatch pause = new PauseWatch(client, config.ownNamespace());
    CompletableFuture<Optional<String>> paused = CompletableFuture.supplyAsync(pause::fetch);
    ReinstallReconciler reconciler =
        new ReinstallReconciler(
            client,
            clouds,
            timeouts,
            config.requireServerGrant(),
            instance(),
            config.callTimeout(),
            config.concurrency(),
            pause,
            metrics);
    ShutdownTimes times = ShutdownTimes.of(config.callTimeout());
    Optional<LeaderElectionConfiguration> election = election(config, times, metrics);
    Operator operator =
        new Operator(
            (ConfigurationServiceOverrider o) -> {
              o.withKubernetesClient(client)
                  .withCloseClientOnStop(false) // the Lease is released after the stop
                  .withResourceCloner(CachedReinstalls.cloner(client))
                  .withConcurrentReconciliationThreads(config.concurrency())
                  .withUseSSAToPatchPrimaryResource(false)
                  .withReconciliationTerminationTimeout(times.grace())
                  .withInformerStoppedHandler((watch, why) -> watchStopped(why));
              election.ifPresent(o::withLeaderElectionConfiguration);
            });
    WatchedNamespaces namespaces = new WatchedNamespaces(client, config.namespaces());
    operator.register(reconciler, o -> configure(o, namespaces));
    Supplier<Optional<String>> unready =
        () -> startProblem(operator).or(watches::problem).or(namespaces::problem);
    metrics.readiness(unready);
    HealthServer probes =
        HealthServer.start(config.httpPort(), reconciler::stuck, unready, metrics::scrape);
    LeaderLease lease = new LeaderLease(client, config.ownNamespace(), instance());
    Runnable release = config.leaderElection() ? lease::release : () -> {};
    Consumer<Integer> exit = code -> stop(code, reconciler, operator, probes, release, times);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> exit.accept(0), "shutdown"));
    repeat(
        config.pollInterval(),
        () -> {
          if (operator.getRuntimeInfo().isStarted()) {
            if (metrics.leads()) {
              reconciler.endAbandonedStops(namespaces.watched());
            }
            namespaces.retry(reconciler::watch);
            watches
                .stalled()
                .filter(why -> apiServer.responds())
                .ifPresent(why -> restart(why, exit));
          }
        });
    Optional<String> outdated = crdCheck.join(); // before it, nothing may be claimed
    if (outdated.isPresent()) {
      throw new StartException(outdated.get());
    }
    paused.join().ifPresent(why -> LOG.warn("The operator is paused: {}", why));
    operator.start();
    Set<String> watched = namespaces.watched();
    LOG.info("Watching {}", watched.isEmpty() ? "all namespaces" : watched);
  }

  private static Optional<String> startProblem(Operator operator) {
    boolean watching =
        operator.getRuntimeInfo().isStarted()
            && operator.getRuntimeInfo().allEventSourcesAreHealthy();
    return watching ? Optional.empty() : Optional.of("the watches are not established");
  }

  private static void configure(
      ControllerConfigurationOverrider<Reinstall> controller, WatchedNamespaces namespaces) {
    if (!namespaces.watched().isEmpty()) {
      controller.settingNamespaces(namespaces.watched());
    }
    ReinstallReconciler.configure(controller);
  }

  /** A namespace may become permitted, and a watch may stall. */
  @SuppressWarnings("FutureReturnValueIgnored")
  private static void repeat(Duration interval, Runnable checks) {
    Executors.newSingleThreadScheduledExecutor(Main::daemon)
        .scheduleWithFixedDelay(
            () -> {
              try {
                checks.run();
              } catch (RuntimeException e) { // the executor would never run them again
                LOG.error("A periodic check failed: {}", e.getMessage(), e);
              }
            },
            interval.toMillis(),
            interval.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  /** The API server responds, and a watch does not end: only a new connection helps. */
  private static void restart(String why, Consumer<Integer> exit) {
    LOG.error("{}; exiting, so that the next process opens new connections", why);
    exit.accept(FAILED);
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "cluster-watch");
    thread.setDaemon(true);
    return thread;
  }

  /** The framework would call System.exit, which looks like a requested stop. */
  private void watchStopped(Throwable failure) {
    if (failure != null && !stopping.get()) {
      ExitReason why = ExitReason.of(failure);
      LOG.error("Informer stopped; exiting: {}", why.message(), why.trace());
      halt(FAILED);
    }
  }

  /** The way the framework stops after a lost lease goes on reconciling: halt at once instead. */
  private Optional<LeaderElectionConfiguration> election(
      OperatorConfig config, ShutdownTimes times, OperatorMetrics metrics) {
    if (!config.leaderElection()) {
      metrics.lead();
      return Optional.empty();
    }
    LeaderCallbacks callbacks =
        new LeaderCallbacks(
            () -> {
              LOG.info("This replica is the leader");
              metrics.lead();
            },
            () -> {
              if (!stopping.get()) {
                LOG.error("Lost the leader lease; exiting, so that another replica takes over");
                halt(FAILED);
              }
            },
            leader -> {
              if (leader != null) { // otherwise the last one has released the Lease
                LOG.info("Leader: {}", leader);
              }
            });
    return Optional.of(
        LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(LeaderLease.NAME)
            .withLeaseNamespace(config.ownNamespace())
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
  private void stop(
      int code,
      ReinstallReconciler reconciler,
      Operator operator,
      HealthServer probes,
      Runnable releaseLease,
      ShutdownTimes times) {
    if (!stopping.compareAndSet(false, true)) {
      while (true) {
        LockSupport.park(); // another thread is stopping, and ends the process
      }
    }
    LOG.info("Stopping");
    haltAfter(times.grace().plus(ShutdownTimes.MARGIN), code);
    try {
      reconciler.stopClaiming();
      operator.stop();
      releaseLease.run();
      probes.close();
    } finally {
      halt(code); // the JVM would exit with 143
    }
  }

  /** Also if something never stops. */
  @SuppressWarnings("FutureReturnValueIgnored")
  private static void haltAfter(Duration time, int code) {
    Executors.newSingleThreadScheduledExecutor(Main::daemon)
        .schedule(() -> halt(code), time.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static void halt(int code) {
    Runtime.getRuntime().halt(code);
  }
}
