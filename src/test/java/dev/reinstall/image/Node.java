package dev.reinstall.image;

import dev.reinstall.cloud.SocketServer;
import dev.reinstall.controlplane.Command;
import dev.reinstall.controlplane.ControlPlane;
import dev.reinstall.controlplane.FreePorts;
import dev.reinstall.controlplane.Programs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * A real node: containerd and a kubelet in namespaces of their own ({@code node.sh}), which is
 * linked to this machine by two virtual network interfaces. Pods reach the API server by the
 * Service {@code kubernetes}, as in every cluster.
 */
final class Node implements AutoCloseable {
  private static final Duration SHORT = Duration.ofSeconds(30);
  private static final Path CGROUPS = Path.of("/sys/fs/cgroup");

  final String name;

  /** The address of this machine that the node and its Pods can reach. */
  final InetAddress gateway;

  private final Path folder;
  private final Process process;
  private final SocketServer apiServer;
  private final Thread onExit = new Thread(this::end, "end-node");

  /**
   * @param number 0 to 63, of its addresses
   */
  Node(ControlPlane plane, int number, Path images) {
    name = "node-%d-%d".formatted(number, ProcessHandle.current().pid());
    String link = "rn%d-%d".formatted(number, ProcessHandle.current().pid());
    int apiPort = FreePorts.free();
    try {
      folder = Files.createTempDirectory(name);
      // Networks that are reserved for documentation: nobody here uses them.
      gateway = InetAddress.getByName("198.51.100." + (4 * number + 1));
      Files.copy(
          plane.kubeconfigFor("https://10.96.0.1"),
          folder.resolve("kubeconfig"),
          StandardCopyOption.REPLACE_EXISTING);
      Path script = Path.of("src", "test", "resources", "node", "node.sh").toAbsolutePath();
      ProcessBuilder builder =
          new ProcessBuilder(script.toString(), "outside", "" + ProcessHandle.current().pid())
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("node.log").toFile());
      builder
          .environment()
          .putAll(
              Map.of(
                  "NODE",
                  name,
                  "FOLDER",
                  folder.toString(),
                  "LINK",
                  link,
                  "ADDRESS",
                  "198.51.100." + (4 * number + 2),
                  "GATEWAY",
                  gateway.getHostAddress(),
                  "API_PORT",
                  "" + apiPort,
                  "PODS",
                  "203.0.113.%d/28".formatted(16 * number),
                  "KUBELET",
                  plane.programs().resolve("kubelet").toString(),
                  "IMAGES",
                  images.toString()));
      process = builder.start();
      Runtime.getRuntime().addShutdownHook(onExit);
      Awaitility.await("the link to the node")
          .until(() -> Files.exists(Path.of("/sys/class/net", link)));
      ip("address", "add", gateway.getHostAddress() + "/30", "dev", link);
      ip("link", "set", link, "up");
      apiServer =
          new SocketServer(
              new ServerSocket(apiPort, 50, gateway), client -> forward(client, plane.apiPort()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void forward(Socket client, int port) throws IOException {
    try (Socket server = new Socket(InetAddress.getLoopbackAddress(), port)) {
      SocketServer.join(client, server);
    }
  }

  private static void ip(String... arguments) {
    Command.run(Programs.path("ip"), List.of(arguments), Map.of(), "", SHORT).orFail();
  }

  /** The last output of its programs. */
  String logs() {
    return Stream.of("node.log", "containerd.log", "kubelet.log")
        .map(folder::resolve)
        .map(Node::end)
        .collect(Collectors.joining("\n"));
  }

  private static String end(Path log) {
    try {
      List<String> lines = Files.readAllLines(log);
      return log
          + "\n"
          + String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
    } catch (IOException e) {
      return log + ": " + e;
    }
  }

  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(onExit);
    end();
  }

  /** With the process end all others of its namespaces, and with these its mounts and rules. */
  private void end() {
    if (apiServer != null) {
      apiServer.close();
    }
    process.destroyForcibly().onExit().join();
    Awaitility.await("the end of the node's processes")
        .atMost(SHORT)
        .ignoreExceptions()
        .until(this::removeControlGroups);
    delete(folder);
  }

  /** A control group can be removed when its processes have ended. */
  private boolean removeControlGroups() throws IOException {
    try (Stream<Path> hierarchies = Files.list(CGROUPS)) {
      for (Path group : hierarchies.map(hierarchy -> hierarchy.resolve(name)).toList()) {
        if (Files.exists(group)) {
          try (Stream<Path> tree = Files.walk(group)) {
            List<Path> folders =
                tree.filter(Files::isDirectory).sorted(Comparator.reverseOrder()).toList();
            for (Path path : folders) {
              Files.delete(path);
            }
          }
        }
      }
    }
    return true;
  }

  private static void delete(Path folder) {
    Command.run(Programs.path("rm"), List.of("-rf", folder.toString()), Map.of(), "", SHORT);
  }
}
