package dev.reinstall.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.controlplane.ChildProcess;
import dev.reinstall.controlplane.ControlPlane;
import dev.reinstall.controlplane.FreePorts;
import dev.reinstall.controlplane.NeedsControlPlane;
import dev.reinstall.controlplane.NeedsPrograms;
import dev.reinstall.controlplane.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * Flux's own kustomize-controller applies {@code deploy/examples/gitops}: it installs the operator,
 * and then the Reinstalls of a repository. {@link FluxSources} takes the place of Git.
 */
@Tag("deep")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@NeedsControlPlane
@NeedsPrograms("kustomize-controller")
class FluxIT {
  private static final Path EXAMPLE = Path.of("deploy/examples/gitops");
  private static final String SERVERS = "servers-team-a";
  private static final String SYSTEM = "reinstall-system";
  private static final String TEAM = "team-a";

  private static ControlPlane cluster;
  private static ChildProcess flux;
  private static FluxSources sources;
  private static TestCluster site;

  @TempDir private static Path folder;

  @BeforeAll
  static void let_flux_install_the_operator() throws IOException {
    cluster = ControlPlane.start();
    sources = new FluxSources(cluster);
    cluster.kubectl("create", "namespace", "flux-system").orFail();
    cluster
        .kubectl(
            "apply", "--server-side", "-f", Programs.folder().resolve("flux-crds.yaml").toString())
        .orFail();
    flux = startFlux();
    Awaitility.await("the kinds of Flux to be served")
        .until(() -> cluster.kubectl("apply", "-R", "-f", EXAMPLE + "/flux").succeeded());
    String revision = sources.commit("reinstall-operator", Path.of("."), "deploy", "crds");
    // There is no node: the status is what a Deployment has whose Pods are ready.
    Awaitility.await("the Deployment")
        .atMost(Duration.ofSeconds(60))
        .until(FluxIT::deploymentIsReady);
    awaitReady("reinstall-operator", revision, "True");
    awaitReady("reinstall-tenant-team-a", revision, "True");

    TestCluster.awaitKinds(cluster);
    site = new TestCluster(cluster);
    site.with("REINSTALL_NAMESPACES", TEAM);
    createCredentialsAsDocumented();
    site.startOperator();
  }

  @AfterAll
  static void end() {
    if (site != null) {
      site.close();
    }
    if (flux != null) {
      flux.stop();
    }
    sources.close();
    cluster.close();
  }

  private static void createCredentialsAsDocumented() throws IOException {
    String page = Files.readString(Path.of("docs/gitops.md"));
    Matcher line =
        Pattern.compile("^kubectl (-n team-a create secret .*)$", Pattern.MULTILINE).matcher(page);
    assertThat(line.find()).isTrue();
    String arguments =
        line.group(1)
            .replace("=ID", "=" + TestCluster.SECRET_ID)
            .replace("=KEY", "=" + TestCluster.SECRET_KEY);
    cluster.kubectl(arguments.split(" ")).orFail();
  }

  private static ChildProcess startFlux() throws IOException {
    Path log = Files.createTempFile("kustomize-controller", ".log");
    // Flags of its Deployment, but for the addresses, and for a dependency that is looked at
    // sooner.
    return ChildProcess.start(
        log,
        Path.of("/usr/bin/env"),
        List.of(
            "KUBECONFIG=" + cluster.kubeconfig(),
            "RUNTIME_NAMESPACE=flux-system",
            Programs.path("kustomize-controller").toString(),
            "--enable-leader-election=false",
            "--metrics-addr=127.0.0.1:" + FreePorts.free(),
            "--health-addr=127.0.0.1:" + FreePorts.free(),
            "--requeue-dependency=1s",
            "--feature-gates=CancelHealthCheckOnNewRevision=true",
            "--events-addr="));
  }

  /** A field of the operator's Deployment; empty as long as that does not exist. */
  private static String deployment(String path) {
    return cluster
        .kubectl(
            "-n",
            SYSTEM,
            "get",
            "deployment",
            "reinstall-operator",
            "--ignore-not-found",
            "-o",
            "jsonpath={" + path + "}")
        .orFail();
  }

  private static boolean deploymentIsReady() {
    String replicas = deployment(".spec.replicas");
    String status =
        """
        {"status": {"observedGeneration": 1, "replicas": %1$s, "updatedReplicas": %1$s,
          "readyReplicas": %1$s, "availableReplicas": %1$s, "conditions": [
            {"type": "Available", "status": "True", "reason": "MinimumReplicasAvailable"},
            {"type": "Progressing", "status": "True", "reason": "NewReplicaSetAvailable"}]}}
        """
            .formatted(replicas);
    return !replicas.isEmpty()
        && cluster
            .kubectl(
                "-n",
                SYSTEM,
                "patch",
                "deployment",
                "reinstall-operator",
                "--subresource=status",
                "--type=merge",
                "-p",
                status)
            .succeeded();
  }

  /** The Ready condition of a Kustomization, as "status reason: message". */
  private static String ready(String kustomization) {
    return cluster
        .kubectl(
            "-n",
            "flux-system",
            "get",
            "kustomization",
            kustomization,
            "-o",
            "jsonpath={range .status.conditions[?(@.type==\"Ready\")]}{.status} {.reason}: {.message}{end}")
        .orFail();
  }

  private static void awaitReady(String kustomization, String revision, String status) {
    Awaitility.await(kustomization + " to be Ready=" + status + " at " + revision)
        .atMost(Duration.ofSeconds(90))
        .untilAsserted(
            () -> {
              assertThat(
                      cluster
                          .kubectl(
                              "-n",
                              "flux-system",
                              "get",
                              "kustomization",
                              kustomization,
                              "-o",
                              "jsonpath={.status.lastAttemptedRevision}")
                          .orFail())
                  .isEqualTo(revision);
              assertThat(ready(kustomization)).startsWith(status + " ");
            });
  }

  // The repository of the servers.

  @BeforeEach
  void copy_the_example() throws IOException {
    try (var files = Files.list(EXAMPLE.resolve("servers/team-a"))) {
      Files.createDirectories(folder.resolve("team-a"));
      for (Path file : files.toList()) {
        Files.copy(
            file,
            folder.resolve("team-a").resolve(file.getFileName()),
            java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  private static void list(String... resources) throws IOException {
    Path file = folder.resolve("team-a/kustomization.yaml");
    String listed = "resources: [" + String.join(", ", resources) + "]\n";
    Files.writeString(
        file, Files.readString(file).replaceFirst("resources:(\n- .*)+\n|resources: .*\n", listed));
  }

  /** A second Reinstall beside that of the example, made from it. */
  private static void write(String name, String instance, String more) throws IOException {
    Path example = folder.resolve("team-a/web-1-2026-11.yaml");
    String text =
        Files.readString(example)
            .replace("name: web-1-2026-11\n", "name: " + name + "\n")
            .replace("ins-gitops01", instance);
    Files.writeString(folder.resolve("team-a/" + name + ".yaml"), text + more);
  }

  private static void replace(String file, String what, String by) throws IOException {
    Path path = folder.resolve("team-a/" + file);
    String text = Files.readString(path);
    assertThat(text).contains(what);
    Files.writeString(path, text.replace(what, by));
  }

  private static String commit() {
    return sources.commit("servers", folder, "team-a");
  }

  private static String field(String name, String path) {
    return site.fieldIn(TEAM, name, path);
  }

  @Test
  void the_image_of_the_operator_is_the_one_that_the_example_sets() {
    assertThat(deployment(".spec.template.spec.containers[*].image"))
        .startsWith("registry.example.com/reinstall-operator:");
  }

  @Test
  void a_request_is_carried_out_once_however_often_git_brings_it_back() throws IOException {
    site.tencent.newServer("ins-gitops01");

    awaitReady(SERVERS, commit(), "True");

    assertThat(field("web-1-2026-11", ".status.reason")).isEqualTo("Installed");
    assertThat(field("web-1-2026-11", ".spec.tencentCloud.loginSettings.passwordRef.name"))
        .matches("web-1-2026-11-login-[a-z0-9]{10}"); // name-reference.yaml
    assertThat(site.tencent.wipes("ins-gitops01")).isEqualTo(1);
    final String requestId = field("web-1-2026-11", ".status.requestId");

    list(); // removed
    awaitReady(SERVERS, commit(), "True");
    assertThat(field("web-1-2026-11", ".metadata.name")).isEmpty();

    list("web-1-2026-11.yaml"); // and put back
    awaitReady(SERVERS, commit(), "True");
    assertThat(field("web-1-2026-11", ".status.reason")).isEqualTo("AlreadyCompleted");
    assertThat(field("web-1-2026-11", ".status.requestId")).isEqualTo(requestId);

    replace("web-1-2026-11.yaml", "img-ubuntu22", "img-debian12"); // edited
    awaitReady(SERVERS, commit(), "False");
    assertThat(ready(SERVERS))
        .contains("(Invalid)", "web-1-2026-11", "create a Reinstall with a new name");

    force(true);
    replace("web-1-2026-11.yaml", "img-debian12", "img-rocky009");
    awaitReady(SERVERS, commit(), "False");
    assertThat(field("web-1-2026-11", ".status.reason")).isEqualTo("NameConflict");
    force(false);

    assertThat(site.tencent.wipes("ins-gitops01")).isEqualTo(1);
    assertThat(site.tencent.calls("ResetInstance", "ins-gitops01")).isEqualTo(1);
  }

  @Test
  @Order(Integer.MAX_VALUE) // no other test works after it
  void without_its_kustomization_the_operator_goes_and_what_is_recorded_stays() throws IOException {
    site.tencent.newServer("ins-gitops05");
    write("kept", "ins-gitops05", "");
    list("kept.yaml");
    awaitReady(SERVERS, commit(), "True");

    cluster.kubectl("-n", "flux-system", "delete", "kustomization", "reinstall-operator").orFail();

    Awaitility.await("the Deployment to be deleted")
        .atMost(Duration.ofSeconds(60))
        .until(
            () ->
                cluster
                    .kubectl("-n", SYSTEM, "get", "deployments", "-o", "name")
                    .orFail()
                    .isEmpty());
    assertThat(field("kept", ".status.phase")).isEqualTo("Succeeded");
    assertThat(site.ledgerState("ins-gitops05", "kept")).isEqualTo("Succeeded");
    assertThat(cluster.kubectl("delete", "serverledgers", "--all").err())
        .contains("keep-serverledgers");
  }

  private static void force(boolean force) {
    cluster
        .kubectl(
            "-n",
            "flux-system",
            "patch",
            "kustomization",
            SERVERS,
            "--type=merge",
            "-p",
            "{\"spec\":{\"force\":" + force + "}}")
        .orFail();
  }

  @Test
  void a_rejected_request_fails_the_kustomization_long_before_its_time_out() throws IOException {
    site.tencent.newServer("ins-gitops02");
    site.tencent.newServer("ins-gitops03");
    write("good", "ins-gitops02", "");
    write("rejected", "ins-gitops03", "");
    replace("rejected.yaml", "img-ubuntu22", "img-unknown0");
    list("good.yaml", "rejected.yaml");

    awaitReady(SERVERS, commit(), "False"); // the time-out is 15 minutes

    assertThat(ready(SERVERS)).contains("HealthCheckFailed", "rejected", "'Failed'");
    site.awaitFinishedIn(TEAM, "good");
    assertThat(field("good", ".status.phase")).isEqualTo("Succeeded");
    assertThat(site.tencent.wipes("ins-gitops02")).isEqualTo(1);
    assertThat(site.tencent.wipes("ins-gitops03")).isZero();
  }

  @Test
  void a_suspended_request_waits_until_git_resumes_it() throws IOException {
    site.tencent.newServer("ins-gitops04");
    write("later", "ins-gitops04", "  suspend: true\n");
    list("later.yaml");

    awaitReady(SERVERS, commit(), "Unknown");
    site.awaitReasonIn(TEAM, "later", "Suspended");
    assertThat(ready(SERVERS)).startsWith("Unknown Progressing");

    replace("later.yaml", "suspend: true", "suspend: false");
    awaitReady(SERVERS, commit(), "True");

    assertThat(field("later", ".status.reason")).isEqualTo("Installed");
    assertThat(site.tencent.wipes("ins-gitops04")).isEqualTo(1);
  }

  @Test
  void a_commit_that_resumes_a_request_does_not_undo_the_hold_of_its_server() throws IOException {
    String server = "ins-gitops06";
    site.tencent.newServer(server).plugIn();
    String ledger = CloudUnderTest.TENCENT.server(server).ledgerName();
    cluster
        .kubectlWithInput(HoldIT.held(CloudUnderTest.TENCENT.server(server)), "create", "-f", "-")
        .orFail();
    write("held", server, "  whenRunning: Stop\n  suspend: true\n");
    list("held.yaml");
    awaitReady(SERVERS, commit(), "Unknown");
    site.awaitReasonIn(TEAM, "held", "Suspended");

    replace("held.yaml", "suspend: true", "suspend: false");
    String resumed = commit();
    awaitReady(SERVERS, resumed, "Unknown");

    site.awaitReasonIn(TEAM, "held", "ServerHeld");
    assertThat(field("held", ".spec.suspend")).isEqualTo("false");
    assertThat(field("held", ".status.phase")).isEqualTo("Pending");
    assertThat(field("held", ".status.message")).contains("disk swap until Friday.");
    assertThat(site.tencent.calls("StopInstances", server)).isZero();
    assertThat(site.tencent.calls("ResetInstance", server)).isZero();
    assertThat(cluster.kubectl("get", "serverledger", ledger, "-o", "yaml").orFail())
        .contains("reinstall.dev/hold: disk swap until Friday");

    cluster.kubectl("annotate", "serverledger", ledger, "reinstall.dev/hold-").orFail();
    awaitReady(SERVERS, resumed, "True");
    assertThat(site.tencent.wipes(server)).isEqualTo(1);
  }
}
