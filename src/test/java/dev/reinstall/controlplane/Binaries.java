package dev.reinstall.controlplane;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor.Version;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.opentest4j.TestAbortedException;

/** The folder with the programs of a control plane, in the layout of fabric8's kube-api-test. */
record Binaries(Path folder) {
  private static final List<String> NEEDED =
      List.of("etcd", "kube-apiserver", "kube-controller-manager", "kubectl");

  static final String HOW_TO_GET_THEM =
      "No control plane to test against: run .ci/kube-apiserver/ensure once (needs Go).";

  /**
   * Without the programs a developer's tests are skipped; with CONTROL_PLANE=required they fail, so
   * that no pipeline passes because it tested nothing.
   */
  static Binaries find(Map<String, String> environment, Path home) {
    return newestIn(root(environment, home).resolve("k8s")).orElseThrow(() -> missing(environment));
  }

  /** The folder of all programs that are made for tests. */
  static Path root(Map<String, String> environment, Path home) {
    return Optional.ofNullable(environment.get("KUBE_API_TEST_DIR"))
        .map(Path::of)
        .orElse(home.resolve(".kubeapitest"));
  }

  /** Whether a missing program is a failure. */
  static boolean required(Map<String, String> environment) {
    return "required".equals(environment.get("CONTROL_PLANE"));
  }

  Path program(String name) {
    return folder.resolve(name);
  }

  private static Optional<Binaries> newestIn(Path versions) {
    if (!Files.isDirectory(versions)) {
      return Optional.empty();
    }
    try (Stream<Path> folders = Files.list(versions)) {
      return folders
          .filter(folder -> folder.getFileName().toString().endsWith(platform()))
          .filter(folder -> NEEDED.stream().map(folder::resolve).allMatch(Files::isExecutable))
          .max(Comparator.comparing(Binaries::version))
          .map(Binaries::new);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Version version(Path folder) {
    String name = folder.getFileName().toString();
    return Version.parse(name.substring(0, name.length() - platform().length()));
  }

  private static String platform() {
    return System.getProperty("os.arch").equals("aarch64") ? "-linux-arm64" : "-linux-amd64";
  }

  private static RuntimeException missing(Map<String, String> environment) {
    if (required(environment)) {
      return new IllegalStateException(HOW_TO_GET_THEM);
    }
    return new TestAbortedException(HOW_TO_GET_THEM);
  }
}
