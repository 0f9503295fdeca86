package dev.reinstall.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.controlplane.Command;
import dev.reinstall.controlplane.CommandResult;
import dev.reinstall.controlplane.FreePorts;
import dev.reinstall.controlplane.NeedsControlPlane;
import dev.reinstall.controlplane.NeedsPrograms;
import dev.reinstall.controlplane.Programs;
import dev.reinstall.process.TestCluster;
import dev.reinstall.process.TlsFront;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The image, as a user builds it but for its base images, and as a cluster runs it. */
@Tag("deep")
@NeedsControlPlane
@NeedsRoot
@NeedsPrograms({"buildah", "podman", "runc", "mmdebstrap", "hadolint"})
class ImageIT {
  private static String image;
  private static TestCluster site;

  @TempDir private static Path folder;

  @BeforeAll
  static void build() {
    image = OperatorImage.built();
    site = new TestCluster();
  }

  @AfterAll
  static void close() {
    site.close();
  }

  @Test
  void hadolint_finds_nothing_in_the_containerfile() {
    CommandResult hadolint =
        Command.run(
            Programs.path("hadolint"),
            List.of("--no-fail", "Containerfile"),
            Map.of(),
            "",
            Duration.ofSeconds(30));

    assertThat(hadolint.orFail()).isEmpty();
  }

  @Test
  void a_second_build_is_the_same_but_for_the_archive_of_the_classes() {
    String second = OperatorImage.NAME + "second";
    OperatorImage.build(second, OperatorImage.version()).orFail();

    List<String> layers = layers(image);
    List<String> others = layers(second);
    ImageStore.podman("rmi", "--force", second);

    // base, LICENSE, JRE, jar, archive
    assertThat(layers).hasSize(5);
    assertThat(others.subList(0, 4)).isEqualTo(layers.subList(0, 4));
  }

  @Test
  void another_version_than_that_of_the_jar_fails_the_build() {
    CommandResult build = OperatorImage.build(OperatorImage.NAME + "wrong", "0.0.1");

    assertThat(build.succeeded()).isFalse();
    assertThat(build.out() + build.err()).contains("The jar is not of version 0.0.1");
  }

  @Test
  void its_labels_name_the_version_and_the_licence() {
    assertThat(inspect("{{range $k, $v := .Labels}}{{$k}}={{$v}}\n{{end}}").lines())
        .contains(
            "org.opencontainers.image.title=reinstall-operator",
            "org.opencontainers.image.version=" + OperatorImage.version(),
            "org.opencontainers.image.licenses=Apache-2.0");
  }

  @ParameterizedTest(name = "user {0}")
  @CsvSource({
    "'', 65532, 65532", // as in the Deployment
    "1000650000:0, 1000650000, 0" // as OpenShift chooses one
  })
  void it_carries_out_requests_of_both_clouds_over_tls_without_any_privilege(
      String user, String uid, String gid) throws Exception {
    Path files = Files.createDirectory(folder.resolve("user" + uid));
    int port = FreePorts.free();
    try (TlsFront tencent =
            new TlsFront(Files.createDirectory(files.resolve("tencent")), site.tencent.endpoint());
        TlsFront jd =
            new TlsFront(Files.createDirectory(files.resolve("jd")), site.jd.endpoint())) {
      Map<String, String> settings = new HashMap<>(site.settings());
      settings.put("REINSTALL_TENCENT_ENDPOINT", tencent.endpoint());
      settings.put("REINSTALL_JDCLOUD_ENDPOINT", jd.endpoint());
      settings.put("REINSTALL_HTTP_PORT", "" + port);
      settings.put(
          "JAVA_TOOL_OPTIONS", TlsFront.trusting(files, tencent.certificate(), jd.certificate()));
      try (var operator = new OperatorContainer(image, user, site.rights(), files, settings)) {
        Awaitility.await()
            .atMost(Duration.ofSeconds(60)) // for a slow machine
            .untilAsserted(() -> assertThat(ready(port)).as(operator::log).isTrue());
        report(operator);

        String id = ("000" + uid).substring(0, 8);
        String web = "web-" + uid;
        String node = "node-" + uid;
        site.tencent.newServer("ins-" + id);
        site.jd.newServer("cps-" + id);
        site.apply(TestCluster.tencentRequest(web, "ins-" + id, ""));
        site.apply(TestCluster.jdRequest(node, "cps-" + id, ""));
        site.awaitFinished(web);
        site.awaitFinished(node);

        assertThat(List.of(site.phase(web), site.phase(node)))
            .as(operator::log)
            .containsOnly("Succeeded");
        assertThat(operator.proc("status").lines())
            .contains(
                "Uid:\t%s\t%s\t%s\t%s".formatted(uid, uid, uid, uid),
                "Gid:\t%s\t%s\t%s\t%s".formatted(gid, gid, gid, gid),
                "CapEff:\t0000000000000000",
                "CapBnd:\t0000000000000000",
                "NoNewPrivs:\t1",
                "Seccomp:\t2");
        assertThat(operator.proc("maps")).contains(" /reinstall-operator.jsa");
        assertThat(operator.proc("root/licenses/LICENSE"))
            .isEqualTo(Files.readString(Path.of("LICENSE")));
        assertThat(modules(operator.proc("root/opt/java/release")))
            .containsExactlyInAnyOrder(
                "java.base",
                "java.logging",
                "java.management",
                "java.naming",
                "java.net.http",
                "java.security.sasl",
                "java.sql",
                "java.transaction.xa",
                "java.xml",
                "jdk.crypto.ec",
                "jdk.management");
        assertThat(operator.stop()).as(operator::log).isZero();
      }
    }
  }

  /** What the image costs, for docs/installation.md. */
  private static void report(OperatorContainer operator) {
    String stat = operator.proc("stat");
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    double cpu = (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / 100.0;
    String rss =
        operator.proc("status").lines().filter(line -> line.startsWith("VmRSS")).findAny().get();
    long size = Long.parseLong(inspect("{{.Size}}")) / 1_000_000;
    System.out.printf(
        "image of %d MB: ready after %.2f s of CPU, %s%n", size, cpu, rss.replaceAll("\\s+", " "));
  }

  private static List<String> modules(String release) {
    String line = release.lines().filter(l -> l.startsWith("MODULES=")).findAny().orElseThrow();
    return List.of(line.replaceAll("MODULES=|\"", "").split(" "));
  }

  private static String inspect(String format) {
    return ImageStore.podman("image", "inspect", "--format=" + format, image).orFail().strip();
  }

  private static List<String> layers(String name) {
    String format = "--format={{range .RootFS.Layers}}{{.}}\n{{end}}";
    return ImageStore.podman("image", "inspect", format, name)
        .orFail()
        .lines()
        .filter(line -> !line.isEmpty())
        .toList();
  }

  private static boolean ready(int port) throws InterruptedException {
    try {
      URI uri = URI.create("http://127.0.0.1:" + port + "/readyz");
      return HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(5)).build(),
                  HttpResponse.BodyHandlers.discarding())
              .statusCode()
          == 200;
    } catch (IOException notYet) {
      return false;
    }
  }
}
