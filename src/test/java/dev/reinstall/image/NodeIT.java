package dev.reinstall.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.controlplane.ControlPlane;
import dev.reinstall.controlplane.NeedsControlPlane;
import dev.reinstall.controlplane.NeedsPrograms;
import dev.reinstall.process.TestCluster;
import dev.reinstall.process.TlsFront;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The Deployment of {@code deploy/} on real nodes: kubelets, containerd, a Pod network, and a
 * namespace that enforces the restricted Pod Security Standard. An overlay adds what is different
 * in a test: the addresses of the clouds, their certificates and short times.
 */
@Tag("deep")
@NeedsControlPlane
@NeedsRoot
@NeedsPrograms({"buildah", "podman", "mmdebstrap", "containerd", "ctr", "iptables", "unshare"})
class NodeIT {
  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final String SYSTEM = "reinstall-system";
  private static final String LABEL = "app.kubernetes.io/name=reinstall-operator";
  private static final String DEPLOYED = "docker.io/library/reinstall-operator:";

  @TempDir private static Path folder;

  private static ControlPlane plane;
  private static TestCluster site;
  private static final List<Node> NODES = new ArrayList<>();
  private static final List<TlsFront> FRONTS = new ArrayList<>();

  @BeforeAll
  static void start() throws IOException {
    Path images = images();
    plane = TestCluster.withBase(ControlPlane.start().withScheduler());
    site = new TestCluster(plane);
    for (int i = 0; i < 2; i++) {
      NODES.add(new Node(plane, i, images));
    }
    reachClouds(Files.createDirectory(folder.resolve("overlay")));
    deploy(OperatorImage.version());
  }

  @AfterAll
  static void close() {
    FRONTS.forEach(TlsFront::close);
    NODES.forEach(Node::close);
    if (site != null) {
      site.close();
    }
    if (plane != null) {
      plane.close();
    }
  }

  /** The image as the Deployment names it, and once more as if it were of the next version. */
  private static Path images() {
    String built = OperatorImage.built();
    List<String> names =
        List.of(DEPLOYED + OperatorImage.version(), DEPLOYED + "next", "localhost/pause:node");
    ImageStore.provide(BaseImages.PAUSE);
    ImageStore.podman("tag", built, names.get(0), names.get(1)).orFail();
    ImageStore.podman("tag", BaseImages.PAUSE.tag(), names.get(2)).orFail();
    Path archive = folder.resolve("images.tar");
    List<String> save =
        new ArrayList<>(List.of("save", "--multi-image-archive", "--output=" + archive));
    save.addAll(names);
    ImageStore.podman(save.toArray(String[]::new)).orFail();
    return archive;
  }

  /** The simulated clouds by TLS at an address that the Pods reach, and a trust store for it. */
  private static void reachClouds(Path files) throws IOException {
    InetAddress address = NODES.get(0).gateway;
    Path tencent = Files.createDirectory(folder.resolve("tencent"));
    Path jd = Files.createDirectory(folder.resolve("jd"));
    FRONTS.add(new TlsFront(tencent, site.tencent.endpoint(), address));
    FRONTS.add(new TlsFront(jd, site.jd.endpoint(), address));
    TlsFront.trusting(files, FRONTS.get(0).certificate(), FRONTS.get(1).certificate());
  }

  /** An overlay as a user writes it, applied with this version of the image. */
  private static void deploy(String version) throws IOException {
    Map<String, String> settings = new TreeMap<>(site.settings());
    settings
        .keySet()
        .removeAll(
            Set.of("REINSTALL_LEADER_ELECTION", "REINSTALL_HTTP_PORT", "REINSTALL_NAMESPACES"));
    settings.put("REINSTALL_TENCENT_ENDPOINT", FRONTS.get(0).endpoint());
    settings.put("REINSTALL_JDCLOUD_ENDPOINT", FRONTS.get(1).endpoint());
    settings.put(
        "JAVA_TOOL_OPTIONS",
        "-Djavax.net.ssl.trustStore=/trust/trust.p12 -Djavax.net.ssl.trustStorePassword=changeit");
    String env =
        settings.entrySet().stream()
            .map(e -> "{name: %s, value: \"%s\"}".formatted(e.getKey(), e.getValue()))
            .collect(Collectors.joining(", "));
    Path overlay = folder.resolve("overlay");
    Files.writeString(
        overlay.resolve("kustomization.yaml"),
        """
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources: [%s]
        images:
        - {name: reinstall-operator, newTag: %s}
        configMapGenerator:
        - {name: trust, namespace: reinstall-system, files: [trust.p12]}
        patches:
        - patch: |
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: reinstall-operator, namespace: reinstall-system}
            spec:
              template:
                spec:
                  containers:
                  - name: operator
                    env: [%s]
                    volumeMounts: [{name: trust, mountPath: /trust}]
                  volumes: [{name: trust, configMap: {name: trust}}]
        """
            .formatted(
                overlay.toRealPath().relativize(Path.of("deploy").toRealPath()), version, env));
    plane.kubectl("apply", "-k", overlay.toString()).orFail();
  }

  @Test
  void the_operator_becomes_ready_and_carries_out_requests_of_both_clouds() {
    awaitRollout();
    site.tencent.newServer("ins-node0001");
    site.jd.newServer("cps-node0001");
    site.apply(TestCluster.tencentRequest("web", "ins-node0001", ""));
    site.apply(TestCluster.jdRequest("node", "cps-node0001", ""));
    site.awaitFinished("web");
    site.awaitFinished("node");

    assertThat(List.of(site.phase("web"), site.phase("node")))
        .as(NodeIT::everything)
        .containsOnly("Succeeded");
    assertThat(fields("namespace", SYSTEM, "{.metadata.labels}"))
        .contains("\"pod-security.kubernetes.io/enforce\":\"restricted\"");
    assertThat(plane.kubectl("-n", SYSTEM, "logs", "-l", LABEL, "--tail=-1").orFail())
        .contains("This replica is the leader");
  }

  @Test
  void a_rolling_upgrade_continues_a_request_that_is_under_way() throws IOException {
    awaitRollout();
    begin("upgraded", "ins-node0002");
    deploy("next");
    awaitRollout();

    site.await(
        "the old replicas to end",
        () ->
            List.of(fields("pods", "", "{.items[*].spec.containers[*].image}").split(" ")).stream()
                .allMatch("reinstall-operator:next"::equals));
    end("upgraded", "ins-node0002");
  }

  @Test
  void a_drain_of_a_node_moves_its_operator_to_the_other_and_loses_no_request() {
    awaitRollout();
    begin("drained", "ins-node0003");
    String leader = leader();
    awaitSuccess("drain", leader, "--ignore-daemonsets", "--delete-emptydir-data", "--timeout=50s");
    awaitRollout();

    assertThat(fields("pods", "", "{.items[*].spec.nodeName}").split(" ")).doesNotContain(leader);
    end("drained", "ins-node0003");
    plane.kubectl("uncordon", leader).orFail();
  }

  /** The request is accepted by the cloud, and its installation does not go on. */
  private static void begin(String request, String server) {
    site.tencent.newServer(server).stayInTransition();
    site.apply(TestCluster.tencentRequest(request, server, ""));
    site.await(request + " to be installing", () -> site.phase(request).equals("Installing"));
  }

  private static void end(String request, String server) {
    site.tencent.server(server).goOn();
    site.awaitFinished(request);
    assertThat(site.phase(request)).as(NodeIT::everything).isEqualTo("Succeeded");
    assertThat(site.tencent.calls("ResetInstance", server)).isEqualTo(1);
  }

  /** The node of the replica that has the Lease, whose holder begins with the name of its Pod. */
  private static String leader() {
    String holder = fields("lease", "reinstall-operator", "{.spec.holderIdentity}");
    String pod = holder.substring(0, holder.lastIndexOf('-'));
    return fields("pod", pod, "{.spec.nodeName}");
  }

  private static String fields(String kind, String name, String path) {
    List<String> command = new ArrayList<>(List.of("-n", SYSTEM, "get", kind));
    if (!name.isEmpty()) {
      command.add(name);
    }
    command.add("-o=jsonpath=" + path);
    return plane.kubectl(command.toArray(String[]::new)).orFail();
  }

  private static void awaitRollout() {
    awaitSuccess(
        "-n", SYSTEM, "rollout", "status", "deployment/reinstall-operator", "--timeout=50s");
  }

  /** A busy machine needs more than one try. */
  private static void awaitSuccess(String... command) {
    Awaitility.await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> assertThat(plane.kubectl(command).succeeded()).as(NodeIT::everything).isTrue());
  }

  private static String everything() {
    return plane.kubectl("get", "nodes,pods,events", "-A", "-o", "wide").out()
        + plane.kubectl("-n", SYSTEM, "describe", "pods").out()
        + plane.kubectl("-n", SYSTEM, "logs", "-l", LABEL, "--tail=-1", "--prefix").out()
        + NODES.stream().map(Node::logs).collect(Collectors.joining("\n"));
  }
}
