package dev.reinstall.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.reinstall.controlplane.Command;
import dev.reinstall.controlplane.CommandResult;
import dev.reinstall.controlplane.ControlPlane;
import dev.reinstall.controlplane.NeedsControlPlane;
import dev.reinstall.controlplane.NeedsPrograms;
import dev.reinstall.controlplane.Programs;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code mvn -Prelease package} makes of copies of the source, twice. */
@Tag("deep")
@NeedsControlPlane
@NeedsRoot
@NeedsPrograms({"mvn", "buildah", "podman", "mmdebstrap", "helm"})
class ReleaseIT {
  private static final String VERSION = OperatorImage.version();
  private static final String NAME = "reinstall-operator-" + VERSION;
  private static final String IMAGE = "registry.example.com/reinstall-operator";
  private static final String REPOSITORY = "https://git.example.com/platform/reinstall";
  private static final String ARCHIVE = NAME + ".oci.tar";
  private static final String PLUGIN = "kubectl-reinstall-" + VERSION + ".tar.gz";
  private static final String BOM = NAME + ".cdx.json";
  private static final Duration LONG = Duration.ofMinutes(4); // an empty local repository

  @TempDir private static Path folder;
  private static ControlPlane cluster;
  private static Path release;
  private static Path second;
  private static String log;

  @BeforeAll
  static void build() throws IOException {
    cluster = ControlPlane.start();
    ImageStore.provide(BaseImages.BASE);
    ImageStore.provide(BaseImages.JDK);
    release = release("one", "-Drelease.build.image=true");
    second = release("two", "-Drelease.build.image=false");
  }

  @AfterAll
  static void close() {
    ImageStore.podman("rmi", "--force", IMAGE + ":" + VERSION);
    cluster.close();
  }

  private static Path release(String name, String option) throws IOException {
    Path project = Files.createDirectory(folder.resolve(name));
    try (Stream<Path> all = Files.list(Path.of(""))) {
      List<String> sources =
          all.map(Path::toString).filter(f -> !Set.of("target", ".git").contains(f)).toList();
      List<String> arguments = new ArrayList<>(List.of("-R"));
      arguments.addAll(sources);
      arguments.add(project.toString());
      Command.run(Path.of("/bin/cp"), arguments, Map.of(), "", LONG).orFail();
    }
    log = maven(project, option, "package").orFail();
    return project.resolve("target/release");
  }

  private static CommandResult maven(Path project, String option, String phase) throws IOException {
    Map<String, String> environment = new HashMap<>(ImageStore.environment(folder));
    environment.put("PATH", path());
    environment.put("JDK", BaseImages.JDK.tag());
    environment.put("BASE", BaseImages.BASE.tag());
    List<String> arguments =
        List.of(
            "-B",
            "-Prelease",
            "-Dmaven.test.skip=true",
            "-Dmaven.repo.local=" + System.getProperty("localRepository"),
            "-f",
            project.toString(),
            option,
            "-Drelease.repository=" + REPOSITORY,
            phase);
    return Command.run(Programs.path("mvn"), arguments, environment, "", LONG);
  }

  private static String path() {
    return cluster.programs() + File.pathSeparator + System.getenv("PATH");
  }

  private static Set<String> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(file -> file.getFileName().toString())
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  @Test
  void it_is_all_that_the_page_lists() throws IOException {
    String page = Files.readString(Path.of("docs", "release.md"));
    Set<String> listed =
        Pattern.compile("^\\| `([^`]+)` \\|", Pattern.MULTILINE)
            .matcher(page.split("## What it makes\n", 2)[1].split("\n## ", 2)[0])
            .results()
            .map(row -> row.group(1).replace("VERSION", VERSION))
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(files(release)).isEqualTo(listed);
  }

  @Test
  void a_second_one_in_another_folder_has_the_same_bytes() throws IOException {
    Set<String> same = files(release);
    same.removeAll(Set.of(ARCHIVE, "SHA256SUMS")); // docs/image.md: why the image differs

    assertThat(files(second)).hasSize(same.size() + 1).containsAll(same);
    for (String file : same) {
      assertThat(second.resolve(file)).hasSameBinaryContentAs(release.resolve(file));
    }
  }

  @Test
  void the_sums_are_those_of_all_other_files() throws IOException {
    Path sums = release.resolve("SHA256SUMS");
    String check = "cd " + release + " && sha256sum --check --strict SHA256SUMS";
    Command.run(Path.of("/bin/sh"), List.of("-c", check), Map.of(), "", LONG).orFail();

    assertThat(Files.readAllLines(sums).stream().map(line -> line.substring(66)))
        .containsExactlyInAnyOrderElementsOf(
            files(release).stream().filter(file -> !file.equals("SHA256SUMS")).toList());
  }

  @Test
  void a_cluster_accepts_the_manifest_which_is_deploy_with_the_image_of_the_release() {
    String base = cluster.kubectl("kustomize", "deploy").orFail();
    String image = "image: reinstall-operator:" + VERSION + "\n";
    assertThat(base).containsOnlyOnce(image);
    assertThat(release.resolve("install.yaml"))
        .content()
        .isEqualTo(base.replace(image, "image: " + IMAGE + ":" + VERSION + "\n"));

    cluster
        .kubectl("apply", "--server-side", "-f", release.resolve("install.yaml").toString())
        .orFail();

    assertThat(
            cluster
                .kubectl("-n", "reinstall-system", "get", "deployment", "-o", "name")
                .orFail()
                .strip())
        .isEqualTo("deployment.apps/reinstall-operator");
    assertThat(cluster.kubectl("get", "reinstalls", "-A").succeeded()).isTrue();
  }

  @Test
  void the_jar_runs_and_refuses_a_wrong_setting_with_one_message() {
    CommandResult refused =
        Command.run(
            Path.of(System.getProperty("java.home"), "bin", "java"),
            List.of("-jar", release.resolve(NAME + ".jar").toString()),
            Map.of("REINSTALL_POLL_INTERVAL", "5", "KUBECONFIG", cluster.kubeconfig().toString()),
            "",
            LONG);

    assertThat(refused.exitCode()).as(refused::toString).isEqualTo(2);
    assertThat((refused.out() + refused.err()).lines())
        .singleElement()
        .asString()
        .contains("REINSTALL_POLL_INTERVAL must be ");
  }

  @Test
  void helm_reads_the_chart() throws IOException {
    String chart = release.resolve(NAME + ".tgz").toString();

    helm("lint", "--strict", chart).orFail();
    assertThat(helm("show", "chart", chart).orFail().lines()).contains("version: " + VERSION);
    String image = "image.registry=registry.example.com,image.repository=reinstall-operator";
    assertThat(helm("template", "reinstall-operator", chart).orFail())
        .isEqualTo(helm("template", "reinstall-operator", "deploy/chart", "--set", image).orFail())
        .contains("image: \"" + IMAGE + ":" + VERSION + "\"");
    assertThat(helm("show", "values", chart).orFail())
        .contains("runbookUrl: " + REPOSITORY + "/blob/main/docs/troubleshooting.md");
  }

  private static CommandResult helm(String... arguments) {
    Map<String, String> home = Map.of("HOME", folder.toString());
    return Command.run(Programs.path("helm"), List.of(arguments), home, "", LONG);
  }

  @Test
  void kubectl_runs_the_plugin_that_the_manifest_of_krew_names() throws Exception {
    JsonNode platform = krew().at("/spec/platforms/0");
    Path unpacked = Files.createDirectory(folder.resolve("plugin"));
    String archive = release.resolve(PLUGIN).toString();
    List<String> tar = List.of("-xzf", archive, "-C", unpacked.toString());
    Command.run(Path.of("/bin/tar"), tar, Map.of(), "", LONG).orFail();

    assertThat(platform.path("uri").asText())
        .isEqualTo(REPOSITORY + "/releases/download/v" + VERSION + "/" + PLUGIN);
    assertThat(Files.readString(release.resolve("SHA256SUMS")))
        .contains(platform.path("sha256").asText() + "  " + PLUGIN);
    assertThat(files(unpacked)).containsExactly("LICENSE", platform.path("bin").asText());
    String path = unpacked + File.pathSeparator + path();
    assertThat(
            Command.run(
                    cluster.programs().resolve("kubectl"),
                    List.of("reinstall", "--help"),
                    Map.of("PATH", path, "KUBECONFIG", cluster.kubeconfig().toString()),
                    "",
                    LONG)
                .orFail())
        .contains("kubectl reinstall wait");
  }

  /** The rules of krew: a name of these letters, a version with v, a short description. */
  @Test
  void the_manifest_of_krew_follows_its_rules() throws IOException {
    JsonNode krew = krew();

    assertThat(krew.at("/metadata/name").asText()).matches("[a-z0-9][a-z0-9-]*");
    assertThat(krew.at("/spec/version").asText()).isEqualTo("v" + VERSION);
    assertThat(krew.at("/spec/shortDescription").asText()).hasSizeLessThanOrEqualTo(50);
    assertThat(krew.at("/spec/homepage").asText()).isEqualTo(REPOSITORY);
    assertThat(krew.at("/spec/platforms/0/sha256").asText()).matches("[0-9a-f]{64}");
  }

  private static JsonNode krew() throws IOException {
    return Serialization.unmarshal(
        Files.readString(release.resolve("reinstall.krew.yaml")), JsonNode.class);
  }

  @Test
  void the_image_has_the_version_and_the_date_of_the_release() {
    ImageStore.podman("load", "-q", "-i", release.resolve(ARCHIVE).toString()).orFail();
    String format = "--format={{index .Labels \"org.opencontainers.image.version\"}} {{.Created}}";

    assertThat(
            ImageStore.podman("image", "inspect", format, IMAGE + ":" + VERSION).orFail().strip())
        .isEqualTo(VERSION + " 2026-01-01 00:00:00 +0000 UTC");
  }

  @Test
  void the_bill_of_materials_and_the_licences_are_those_of_the_libraries_in_the_jar()
      throws IOException {
    Set<String> libraries = new TreeSet<>();
    components()
        .forEach(
            one ->
                libraries.add(
                    "%s:%s:%s"
                        .formatted(
                            one.path("group").asText(),
                            one.path("name").asText(),
                            one.path("version").asText())));

    String licences = Files.readString(release.resolve("THIRD-PARTY.txt"));
    assertThat(found("^ +\\([^)]+.*\\(([^():]+:[^:]+:[^: ]+) - [^()]*\\)$", licences))
        .isEqualTo(libraries);
    try (JarFile jar = new JarFile(release.resolve(NAME + ".jar").toFile())) {
      Set<String> inJar =
          jar.stream()
              .map(entry -> entry.getName())
              .filter(name -> name.matches("META-INF/maven/.*/pom.properties"))
              .map(name -> name.replaceFirst("META-INF/maven/(.*)/(.*)/pom.properties", "$1:$2"))
              .collect(Collectors.toCollection(TreeSet::new));
      assertThat(inJar).hasSizeGreaterThan(20).contains("dev.reinstall:reinstall-operator");
      inJar.remove("dev.reinstall:reinstall-operator");
      assertThat(libraries.stream().map(library -> library.replaceFirst(":[^:]+$", "")))
          .containsExactlyInAnyOrderElementsOf(inJar);
    }
  }

  private static JsonNode components() throws IOException {
    return new ObjectMapper().readTree(release.resolve(BOM).toFile()).path("components");
  }

  private static Set<String> found(String pattern, String text) {
    return Pattern.compile(pattern, Pattern.MULTILINE)
        .matcher(text)
        .results()
        .map((MatchResult one) -> one.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void the_jar_has_our_licence_and_those_of_the_libraries_and_their_notices() throws IOException {
    try (JarFile jar = new JarFile(release.resolve(NAME + ".jar").toFile())) {
      assertThat(text(jar, "META-INF/LICENSE")).startsWith(Files.readString(Path.of("LICENSE")));
      int checked = 0;
      for (Path library : libraries()) {
        try (JarFile its = new JarFile(library.toFile())) {
          for (String name : licences(its)) {
            assertThat(text(jar, name)).as(library + ": " + name).contains(text(its, name).strip());
            checked++;
          }
        }
      }
      assertThat(checked).isGreaterThan(20);
    }
  }

  /** The files of the libraries that the bill of materials names. */
  private static List<Path> libraries() throws IOException {
    Path repository = Path.of(System.getProperty("localRepository"));
    List<Path> files = new ArrayList<>();
    for (JsonNode one : components()) {
      String name = one.path("name").asText();
      String version = one.path("version").asText();
      files.add(
          repository
              .resolve(one.path("group").asText().replace('.', '/'))
              .resolve(name)
              .resolve(version)
              .resolve(name + "-" + version + ".jar"));
    }
    return files;
  }

  private static List<String> licences(JarFile jar) {
    return jar.stream()
        .map(entry -> entry.getName())
        .filter(name -> name.matches("META-INF/[^/]*(LICENSE|NOTICE)[^/]*"))
        .toList();
  }

  private static String text(JarFile jar, String name) throws IOException {
    try (var content = jar.getInputStream(jar.getEntry(name))) {
      return new String(content.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"kubectl", "tar", "buildah"})
  void a_missing_program_is_named(String program) throws IOException {
    Path bin = programs("without-" + program);
    Files.delete(bin.resolve(program));

    CommandResult check = check(bin);

    assertThat(check.exitCode()).isEqualTo(1);
    assertThat(check.err())
        .contains("A release needs programs that are not on the PATH: " + program + ".");
  }

  @Test
  void a_tar_that_is_not_of_gnu_is_refused() throws IOException {
    Path bin = programs("another-tar");
    assertThat(check(bin).orFail()).isEmpty();
    Path tar = bin.resolve("tar");
    Files.delete(tar);
    Files.writeString(tar, "#!/bin/sh\necho bsdtar 3.7.2 - libarchive 3.7.2\n");
    assertThat(tar.toFile().setExecutable(true)).isTrue();

    CommandResult check = check(bin);

    assertThat(check.exitCode()).isEqualTo(1);
    assertThat(check.err().lines()).singleElement().asString().contains("needs GNU tar");
  }

  /** A folder with all that is looked for before a release. */
  private static Path programs(String name) throws IOException {
    Path bin = Files.createDirectory(folder.resolve(name));
    for (String program : List.of("dirname", "tar")) {
      Files.createSymbolicLink(bin.resolve(program), Programs.path(program));
    }
    for (String program : List.of("kubectl", "buildah")) {
      Files.createSymbolicLink(bin.resolve(program), Path.of("/bin/true"));
    }
    return bin;
  }

  private static CommandResult check(Path bin) {
    Map<String, String> environment =
        new HashMap<>(Map.of("PATH", bin.toString(), "BUILD_IMAGE", "true"));
    for (String name : List.of("VERSION", "TIMESTAMP", "REPOSITORY", "IMAGE", "MAVEN")) {
      environment.put(name, "any");
    }
    return Command.run(
        Path.of("/bin/bash"), List.of("deploy/release/assemble", "check"), environment, "", LONG);
  }

  @Test
  void maven_without_a_network_is_refused_because_the_bill_of_materials_would_be_missing()
      throws IOException {
    CommandResult offline = maven(Path.of("").toAbsolutePath(), "-o", "validate");

    assertThat(offline.succeeded()).isFalse();
    assertThat(offline.out() + offline.err()).contains("A release cannot be made with -o");
  }

  @Test
  void the_programs_are_looked_for_before_anything_is_built() {
    assertThat(log).contains(":exec (check)");
    assertThat(log.indexOf(":exec (check)")).isLessThan(log.indexOf(":compile ("));
  }
}
