package dev.reinstall.image;

import dev.reinstall.controlplane.Command;
import dev.reinstall.controlplane.CommandResult;
import dev.reinstall.controlplane.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Images and containers, apart from those of the machine. */
final class ImageStore {
  /** In `target`, so that `mvn clean` deletes it. */
  private static final Path FOLDER = Path.of("target", "containers").toAbsolutePath();

  private static final Duration LONGEST = Duration.ofMinutes(3); // a build on a slow machine

  /** Containers must not ask for more than a test that runs in a container may have. */
  private static final String FILES = "nofile=20000:20000";

  private static final String PROCESSES = "nproc=10000:10000";
  private static final List<String> LIMITS = List.of("--ulimit", FILES, "--ulimit", PROCESSES);

  private ImageStore() {}

  /** An environment in which it is the store of other programs, too. */
  static Map<String, String> environment(Path folder) throws IOException {
    Path storage =
        Files.writeString(
            folder.resolve("storage.conf"),
            """
            [storage]
            driver = "overlay"
            graphroot = "%s/root"
            runroot = "%s/run"
            [storage.options.overlay]
            skip_mount_home = "true"
            """
                .formatted(FOLDER, FOLDER));
    Path limits =
        Files.writeString(
            folder.resolve("containers.conf"),
            """
            [containers]
            default_ulimits = ["%s", "%s"]
            """
                .formatted(FILES, PROCESSES));
    return Map.of(
        "CONTAINERS_STORAGE_CONF", storage.toString(), "CONTAINERS_CONF", limits.toString());
  }

  static CommandResult buildah(String... arguments) {
    return run("buildah", List.of(), arguments);
  }

  static CommandResult podman(String... arguments) {
    // Debian's crun refuses some versions of cgroups.
    return run("podman", List.of("--runtime", "runc", "--cgroup-manager", "cgroupfs"), arguments);
  }

  static CommandResult build(String... arguments) {
    CommandResult build = buildah(concat("build", LIMITS, arguments));
    buildah("rmi", "--prune"); // of the first stage, half a gigabyte
    return build;
  }

  static CommandResult start(String... arguments) {
    return podman(concat("run", LIMITS, arguments));
  }

  private static String[] concat(String first, List<String> options, String... rest) {
    return Stream.of(Stream.of(first), options.stream(), Stream.of(rest))
        .flatMap(part -> part)
        .toArray(String[]::new);
  }

  private static CommandResult run(String program, List<String> options, String... arguments) {
    List<String> all =
        Stream.of(
                Stream.of("--root", FOLDER + "/root", "--runroot", FOLDER + "/run"),
                // No mount is left behind, which would keep `mvn clean` from deleting the folder.
                Stream.of("--storage-driver=overlay", "--storage-opt=overlay.skip_mount_home=true"),
                Stream.of("--log-level=error"),
                options.stream(),
                Stream.of(arguments))
            .flatMap(part -> part)
            .toList();
    return Command.run(Programs.path(program), all, Map.of(), "", LONGEST);
  }

  /** Imports the image unless it is there. */
  static void provide(BaseImages image) {
    if (!podman("image", "exists", image.tag()).succeeded()) {
      String command = "--change=ENTRYPOINT [\"/bin/busybox\", \"sleep\", \"infinity\"]";
      podman("import", "-q", command, image.archive().toString(), image.tag()).orFail();
    }
  }
}
