package dev.reinstall.controlplane;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.awaitility.core.ConditionTimeoutException;
import org.awaitility.core.TerminalFailureException;
import org.opentest4j.TestAbortedException;

/**
 * A real control plane on the loopback address: etcd, kube-apiserver with RBAC and, on request, the
 * controllers that end namespaces, collect garbage and create service accounts. Address,
 * certificate, tokens and data stay the same over {@link #stop} and {@link #restart}.
 */
public final class ControlPlane implements AutoCloseable {
  private static final Duration START_TIME_OUT = Duration.ofSeconds(90);

  private static final Path HOME = Path.of(System.getProperty("user.home"));
  private static final AtomicBoolean TOLD = new AtomicBoolean();

  private static ControlPlane shared;
  private static RuntimeException sharedFailure;

  private final Binaries binaries;
  private final ControlPlaneLayout site;
  private final Kubectl kubectl;
  private final String adminToken = UUID.randomUUID().toString();
  private final Thread onExit = new Thread(this::end, "end-control-plane");
  private final Deque<ChildProcess> running = new ConcurrentLinkedDeque<>();
  private boolean controllersWanted;
  private boolean schedulerWanted;
  private KubernetesClient client;

  private ControlPlane(Binaries binaries, boolean audited) throws IOException {
    this.binaries = binaries;
    this.site = ControlPlaneLayout.in(Files.createTempDirectory("control-plane-"));
    Path home = Files.createDirectory(site.folder().resolve("home"));
    this.kubectl = new Kubectl(binaries.program("kubectl"), home);
    SigningKey.write(site.signingKey());
    Files.writeString(site.tokens(), adminToken + ",admin,admin,system:masters\n");
    if (audited) {
      Files.writeString(site.auditPolicy(), AuditLog.POLICY);
    }
    Runtime.getRuntime().addShutdownHook(onExit);
  }

  /** Whether its programs are on this machine; if not, prints how to get them. */
  public static boolean isInstalled() {
    try {
      binaries();
      return true;
    } catch (TestAbortedException e) {
      return false;
    }
  }

  /** A separate one, ready when this returns: for tests that stop it or need it empty. */
  public static ControlPlane start() {
    return start(false);
  }

  /** One that keeps an {@link #auditLog}. */
  public static ControlPlane startAudited() {
    return start(true);
  }

  private static ControlPlane start(boolean audited) {
    try {
      ControlPlane plane = new ControlPlane(binaries(), audited);
      plane.restart();
      return plane;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static ControlPlane startWithControllers() {
    return start().withControllers();
  }

  /** The one of this JVM, started on first use and ended with the JVM: do not stop it. */
  @SuppressWarnings("StaticAssignmentOfThrowable") // the original failure, reported to each class
  public static synchronized ControlPlane shared() {
    if (sharedFailure != null) {
      throw sharedFailure; // a failed start is slow; it is not repeated for every test
    }
    if (shared == null) {
      try {
        shared = start();
      } catch (RuntimeException e) {
        sharedFailure = e;
        throw e;
      }
    }
    return shared;
  }

  /** Starts the controllers unless they run. */
  public ControlPlane withControllers() {
    if (!controllersWanted) {
      controllersWanted = true;
      startControllers();
    }
    return this;
  }

  /** Starts the controllers and the scheduler that Deployments, drains and nodes need, besides. */
  public ControlPlane withScheduler() {
    schedulerWanted = true;
    withControllers();
    launch("kube-scheduler", site.schedulerArguments());
    return this;
  }

  /** The folder with kubectl and the other programs. */
  public Path programs() {
    return binaries.folder();
  }

  /** The admin's, in system:masters, to whom RBAC denies nothing. */
  public Path kubeconfig() {
    return site.adminKubeconfig();
  }

  /** A copy of the admin's for another address of the API server, which its certificate names. */
  public Path kubeconfigFor(String url) {
    Path file = site.folder().resolve("other-address.kubeconfig");
    return Kubeconfig.write(file, url, site.certificate(), adminToken);
  }

  public int apiPort() {
    return site.apiPort();
  }

  /**
   * The service account's, with a token by TokenRequest, valid for a day: a demo may be left on.
   */
  public Path kubeconfigOf(String namespace, String serviceAccount) {
    String token =
        kubectl("create", "token", serviceAccount, "-n", namespace, "--duration=24h")
            .orFail()
            .strip();
    Path file = site.folder().resolve(namespace + "." + serviceAccount + ".kubeconfig");
    return Kubeconfig.write(file, site.url(), site.certificate(), token);
  }

  /** The admin's; it is open until the next {@link #stop}. */
  public KubernetesClient client() {
    return client;
  }

  /** One that reports every failure at once, where fabric8's default would retry. */
  public static KubernetesClient clientOf(Path kubeconfig) {
    Config config = Config.fromKubeconfig(kubeconfig.toFile());
    config.setRequestRetryBackoffLimit(0);
    return new KubernetesClientBuilder().withConfig(config).build();
  }

  /** What service accounts requested; requires a start with the audit log. */
  public AuditLog auditLog() {
    return new AuditLog(site.auditLog());
  }

  /** As the admin, from the working directory of the tests. */
  public CommandResult kubectl(String... arguments) {
    return kubectlWithInput("", arguments);
  }

  public CommandResult kubectlWithInput(String stdin, String... arguments) {
    return kubectl.run(kubeconfig(), stdin, List.of(arguments));
  }

  public CommandResult kubectlAs(Path kubeconfig, String... arguments) {
    return kubectl.run(kubeconfig, "", List.of(arguments));
  }

  /** The data of the cluster; to be touched only while it is stopped. */
  public Path dataFolder() {
    return site.data();
  }

  /** A backup: stops, copies the data, restarts. */
  public Path saveData() {
    stop();
    Path saved = site.folder().resolve("saved-" + UUID.randomUUID());
    Folders.copy(dataFolder(), saved);
    restart();
    return saved;
  }

  /** A restore: the whole cluster returns to the state of that copy by {@link #saveData}. */
  public void putDataBack(Path saved) {
    stop();
    Folders.delete(dataFolder());
    Folders.copy(saved, dataFolder());
    restart();
  }

  public List<ProcessHandle> processes() {
    return running.stream().map(ChildProcess::handle).toList();
  }

  /** The last output of its processes. */
  public String lastWords() {
    return running.stream().map(ChildProcess::lastWords).collect(Collectors.joining("\n"));
  }

  public void stop() {
    if (client != null) {
      client.close();
    }
    // In reverse order of the start, so that no process loses one that it depends on.
    for (ChildProcess child = running.poll(); child != null; child = running.poll()) {
      child.stop();
    }
  }

  /** Starts the stopped programs again, controllers included. */
  public void restart() {
    stop();
    try {
      launch("etcd", site.etcdArguments());
      launch("kube-apiserver", site.apiServerArguments());
      awaitOrShow("certificate", () -> Files.exists(site.certificate()));
      Kubeconfig.write(kubeconfig(), site.url(), site.certificate(), adminToken);
      client = clientOf(kubeconfig());
      awaitOrShow("/readyz", () -> "ok".equals(client.raw("/readyz")));
      if (controllersWanted) {
        startControllers();
      }
      if (schedulerWanted) {
        launch("kube-scheduler", site.schedulerArguments());
      }
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(onExit);
    end();
  }

  private void end() {
    stop();
    Folders.delete(site.folder());
  }

  private void startControllers() {
    launch("kube-controller-manager", site.controllerArguments(schedulerWanted));
    awaitOrShow(
        "controllers",
        () -> client.serviceAccounts().inNamespace("default").withName("default").get() != null);
  }

  private static Binaries binaries() {
    try {
      return Binaries.find(System.getenv(), HOME);
    } catch (TestAbortedException e) {
      // Maven counts skipped tests without the reason; a line for each class would be noise.
      if (!TOLD.getAndSet(true)) {
        System.err.println("SKIPPED: " + e.getMessage());
      }
      throw e;
    }
  }

  private void launch(String program, List<String> arguments) {
    running.push(ChildProcess.start(site.log(program), binaries.program(program), arguments));
  }

  private void awaitOrShow(String what, Callable<Boolean> condition) {
    try {
      await(what)
          .atMost(START_TIME_OUT)
          .pollInterval(Duration.ofMillis(100))
          .ignoreExceptionsInstanceOf(KubernetesClientException.class)
          .failFast("a process ended", () -> !running.stream().allMatch(ChildProcess::isAlive))
          .until(condition);
    } catch (ConditionTimeoutException | TerminalFailureException e) {
      throw new IllegalStateException(e.getMessage() + "\n" + lastWords(), e);
    }
  }
}
