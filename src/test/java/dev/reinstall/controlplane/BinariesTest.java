package dev.reinstall.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

class BinariesTest {
  @TempDir Path home;

  @Test
  void without_a_control_plane_a_developers_tests_are_skipped_and_say_how_to_get_one() {
    assertThatThrownBy(() -> Binaries.find(Map.of(), home))
        .isInstanceOf(TestAbortedException.class)
        .hasMessageContaining(".ci/kube-apiserver/ensure");
  }

  @Test
  void without_a_control_plane_a_pipelines_tests_fail() {
    assertThatThrownBy(() -> Binaries.find(Map.of("CONTROL_PLANE", "required"), home))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(".ci/kube-apiserver/ensure");
  }

  @Test
  void the_newest_whole_version_is_taken_by_number_and_not_by_spelling() throws IOException {
    List<String> programs = List.of("etcd", "kube-apiserver", "kube-controller-manager", "kubectl");
    Path kept = home.resolve("elsewhere");
    install(kept, "1.9.12", programs);
    install(kept, "1.35.4", programs);
    install(kept, "1.36.0", programs.subList(0, 3));

    Binaries found = Binaries.find(Map.of("KUBE_API_TEST_DIR", kept.toString()), home);

    assertThat(found.folder().getFileName().toString()).startsWith("1.35.4-linux-");
    assertThat(found.program("etcd")).isExecutable();
  }

  private static void install(Path root, String version, List<String> programs) throws IOException {
    for (String architecture : List.of("amd64", "arm64")) {
      Path folder = root.resolve("k8s").resolve(version + "-linux-" + architecture);
      Files.createDirectories(folder);
      for (String program : programs) {
        Files.createFile(
            folder.resolve(program),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
    }
  }
}
