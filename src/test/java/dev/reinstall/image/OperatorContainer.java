package dev.reinstall.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The operator in a container, as restricted as the Deployment restricts it. */
final class OperatorContainer implements AutoCloseable {
  private final String id;

  /**
   * @param user as podman takes it; empty: the one of the image
   */
  OperatorContainer(
      String image, String user, Path kubeconfig, Path files, Map<String, String> settings) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--detach",
                "--log-driver=k8s-file",
                "--network=host",
                "--read-only",
                "--cap-drop=all",
                "--security-opt=no-new-privileges",
                "--memory=512m",
                "--tmpfs=/tmp:rw,size=64m,mode=1777",
                "--volume=" + kubeconfig + ":/kubeconfig:ro",
                "--volume=" + files + ":" + files + ":ro",
                "--env=KUBECONFIG=/kubeconfig"));
    settings.forEach((name, value) -> arguments.add("--env=" + name + "=" + value));
    if (!user.isEmpty()) {
      arguments.add("--user=" + user);
    }
    arguments.add(image);
    id = ImageStore.start(arguments.toArray(String[]::new)).orFail().strip();
  }

  private String inspect(String field) {
    return ImageStore.podman("container", "inspect", "--format={{" + field + "}}", id)
        .orFail()
        .strip();
  }

  /** A file of its process in /proc. */
  String proc(String file) {
    try {
      return Files.readString(Path.of("/proc", inspect(".State.Pid"), file));
    } catch (IOException e) {
      throw new AssertionError(log(), e);
    }
  }

  String log() {
    return ImageStore.podman("logs", id).orFail();
  }

  /** Sends SIGTERM; the exit code. */
  int stop() {
    ImageStore.podman("stop", "--time=45", id).orFail();
    return Integer.parseInt(inspect(".State.ExitCode"));
  }

  @Override
  public void close() {
    ImageStore.podman("rm", "--force", "--time=0", id);
  }
}
