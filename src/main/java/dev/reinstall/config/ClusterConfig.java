package dev.reinstall.config;

import dev.reinstall.cloud.CloudHttp;
import dev.reinstall.cloud.Endpoint;
import dev.reinstall.cloud.ProxySettings;
import dev.reinstall.cloud.ProxySettings.HttpProxy;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.kubernetes.client.utils.Utils;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which cluster the operator works on: the one that {@code KUBECONFIG} or {@code ~/.kube/config}
 * selects, else the one of the pod. The Kubernetes client skips files that it cannot read, and then
 * takes another cluster without a word; here everything that is wrong with them is an error.
 */
public final class ClusterConfig {
  private static final String FIX =
      " Fix the path, or unset KUBECONFIG to use ~/.kube/config or the pod's service account.";

  private ClusterConfig() {}

  /**
   * A cluster.
   *
   * @param proxy through which it is called, with the name of what configures it; for messages
   */
  public record Cluster(Config config, Optional<String> proxy) {}

  /**
   * Reads it.
   *
   * @param proxies of the environment; the kubeconfig may name a proxy of its own
   * @throws SettingsException naming the file and what is wrong with it
   */
  public static Cluster load(ProxySettings proxies) {
    Config config = load();
    requireTls(config);
    return throughProxy(config, proxies);
  }

  /** The Kubernetes client understands fewer proxies, and other lists of hosts without one. */
  private static Cluster throughProxy(Config config, ProxySettings proxies) {
    URI server = URI.create(config.getMasterUrl());
    Optional<HttpProxy> proxy;
    try {
      proxy =
          ownProxy(config)
              .map(url -> HttpProxy.parse("proxy-url of the kubeconfig", url))
              .or(() -> proxies.proxyFor(server));
    } catch (IllegalArgumentException e) {
      throw wrong("The " + e.getMessage());
    }
    String url = proxy.map(HttpProxy::url).orElse(null);
    boolean plain = "http".equals(server.getScheme());
    // A builder would read the environment once more where a value is null.
    config.setHttpProxy(plain ? url : null);
    config.setHttpsProxy(plain ? null : url);
    config.setNoProxy(null);
    return new Cluster(
        config, proxy.map(p -> p + " (" + p.source() + ")").or(() -> proxies.nameFor(server)));
  }

  /** The Kubernetes client keeps it where it keeps those of the environment, by its scheme. */
  private static Optional<String> ownProxy(Config config) {
    Set<String> environment =
        Stream.of("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
            .map(System::getenv)
            .filter(Objects::nonNull)
            .collect(Collectors.toSet());
    return Stream.of(config.getHttpsProxy(), config.getHttpProxy())
        .filter(url -> url != null && !url.isEmpty() && !environment.contains(url))
        .findFirst();
  }

  private static void requireTls(Config config) {
    if (config.getFileWithCluster() != null && skipsVerification(config)) {
      throw wrong(
          "The kubeconfig "
              + config.getFileWithCluster()
              + " must not contain insecure-skip-tls-verify: true for the selected cluster: the"
              + " identity of the Kubernetes API server would not be verified. Remove it, and set"
              + " certificate-authority-data to the CA of the cluster.");
    }
    URI server = URI.create(config.getMasterUrl());
    if ("http".equals(server.getScheme()) && !Endpoint.isLoopback(server.getHost())) {
      throw wrong(
          "The Kubernetes API server "
              + "http://"
              + CloudHttp.hostHeader(server)
              + " must be called by https:// (http:// is allowed only for 127.0.0.0/8, [::1] and"
              + " localhost): its identity would not be verified, and the credentials would be sent"
              + " in plain text.");
    }
  }

  /** Of the kubeconfig alone: the environment can set it too, and then is named for it. */
  private static boolean skipsVerification(Config config) {
    String selected = config.getCurrentContext().getContext().getCluster();
    return parse(config.getFileWithCluster().toPath()).getClusters().stream()
        .filter(cluster -> selected.equals(cluster.getName()))
        .anyMatch(cluster -> Boolean.TRUE.equals(cluster.getCluster().getInsecureSkipTlsVerify()));
  }

  private static Config load() {
    boolean named = Utils.getSystemPropertyOrEnvVar(Config.KUBERNETES_KUBECONFIG_FILE) != null;
    Collection<String> paths = Config.getKubeconfigFilenames();
    List<Path> files = named ? named(paths) : usual(paths);
    if (files.isEmpty()) {
      requireOtherSource(paths);
      return Config.autoConfigure(null);
    }
    Config config;
    try {
      config = Config.autoConfigure(null);
    } catch (RuntimeException e) { // such as a null pointer, for a cluster without a server
      throw wrong(selection(files, "must select a cluster that has a server."));
    }
    if (config.getFileWithCluster() == null) { // the client would take its default address
      throw wrong(
          selection(files, "must select a context and a cluster that are defined there.")
              + " To select another context, run: kubectl config use-context NAME");
    }
    return config;
  }

  private static String selection(List<Path> files, String rule) {
    return "The current-context of the kubeconfig "
        + files.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator))
        + " "
        + rule;
  }

  /** Of several, those that are missing or empty are skipped, as kubectl does. */
  static List<Path> named(Collection<String> paths) {
    List<Path> files = paths.stream().filter(path -> !path.isEmpty()).map(Path::of).toList();
    List<Path> filled = files.stream().filter(ClusterConfig::isFilled).toList();
    if (filled.isEmpty() && files.size() == 1) {
      throw wrong("KUBECONFIG names " + files.get(0) + ", which " + flaw(files.get(0)) + "." + FIX);
    }
    if (filled.isEmpty()) {
      throw wrong(
          "KUBECONFIG must name at least one kubeconfig file: "
              + files.stream()
                  .map(file -> file + " " + flaw(file))
                  .collect(Collectors.joining(", ", "", "."))
              + FIX);
    }
    refuseUnreadable(filled);
    return filled;
  }

  /** None: what may be there does not have to be. */
  static List<Path> usual(Collection<String> paths) {
    List<Path> filled = paths.stream().map(Path::of).filter(ClusterConfig::isFilled).toList();
    refuseUnreadable(filled);
    return filled;
  }

  private static boolean isFilled(Path file) {
    return Files.isRegularFile(file) && file.toFile().length() > 0;
  }

  private static String flaw(Path file) {
    if (!Files.exists(file)) {
      return "does not exist";
    }
    return Files.isRegularFile(file) ? "is empty" : "is not a regular file";
  }

  private static void refuseUnreadable(List<Path> files) {
    List<String> problems = new ArrayList<>();
    for (Path file : files) {
      try {
        parse(file);
      } catch (SettingsException e) {
        problems.addAll(e.problems());
      }
    }
    if (!problems.isEmpty()) {
      throw new SettingsException(problems);
    }
  }

  private static io.fabric8.kubernetes.api.model.Config parse(Path file) {
    try {
      return Optional.ofNullable(
              Serialization.unmarshal(
                  Files.readString(file), io.fabric8.kubernetes.api.model.Config.class))
          .orElseThrow(() -> wrong(notOne(file)));
    } catch (IOException e) {
      throw wrong("The kubeconfig " + file + " cannot be read (" + e + ").");
    } catch (SettingsException e) {
      throw e;
    } catch (RuntimeException e) { // without its message: it may quote a token
      throw wrong(notOne(file));
    }
  }

  private static String notOne(Path file) {
    return "The kubeconfig "
        + file
        + " must be YAML as kubectl writes it, but is not."
        + " Fix the file, or set KUBECONFIG to another one.";
  }

  private static void requireOtherSource(Collection<String> paths) {
    if (Utils.getSystemPropertyOrEnvVar("kubernetes.service.host") == null
        && Utils.getSystemPropertyOrEnvVar(Config.KUBERNETES_MASTER_SYSTEM_PROPERTY) == null) {
      throw wrong(
          "No Kubernetes cluster is configured: KUBECONFIG is not set, "
              + String.join(File.pathSeparator, paths)
              + " does not exist or is empty, and this process does not run in a pod."
              + " Set KUBECONFIG to the path of a kubeconfig file.");
    }
  }

  private static SettingsException wrong(String problem) {
    return new SettingsException(List.of(problem));
  }
}
