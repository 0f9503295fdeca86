package dev.reinstall.process;

import dev.reinstall.cloud.ConnectProxy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The places in which a secret value must not be. */
final class CanaryPlaces {
  private static final List<String> KINDS =
      List.of("events", "serverledgers", "configmaps", "leases", "pods", "nodes");

  private final Map<String, String> texts = new LinkedHashMap<>();

  void add(String place, String text) {
    texts.put(place, text);
  }

  /**
   * Of all namespaces.
   *
   * @param inline the namespace whose Reinstalls have user data in their spec
   */
  void addObjects(TestCluster site, String inline) {
    for (String kind : KINDS) {
      add(kind, site.cluster.kubectl("get", kind, "-A", "-o", "yaml").orFail());
    }
    add(
        "reinstalls",
        site.cluster
            .kubectl(
                "get", "reinstalls", "-n", site.namespace, "-o", "yaml", "--show-managed-fields")
            .orFail());
    add(
        "status of a Reinstall with inline user data",
        site.cluster
            .kubectl("get", "reinstalls", "-n", inline, "-o", "jsonpath={.items[*].status}")
            .orFail());
  }

  /** What the process left in its folder for temporary files. */
  void addFiles(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        add(file.toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
      }
    }
  }

  String of(String place) {
    return texts.getOrDefault(place, "");
  }

  Map<String, String> texts() {
    return texts;
  }

  /** In characters. */
  long size() {
    return texts.values().stream().mapToLong(String::length).sum();
  }

  /** The one place where each secret has to be: what the clouds and the proxy received. */
  static Map<String, String> received(TestCluster site, ConnectProxy proxy) {
    Map<String, String> received = new LinkedHashMap<>();
    for (CloudUnderTest cloud : CloudUnderTest.values()) {
      received.put(
          cloud + " receives",
          cloud.cloud(site).callsLog().stream()
              .filter(call -> call.action().equals(cloud.send()))
              .map(call -> call.body() + call.request().headers())
              .collect(Collectors.joining("\n")));
    }
    received.put("the proxy receives", String.join("\n", proxy.requests()));
    return received;
  }
}
