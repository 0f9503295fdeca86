package dev.reinstall.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.reinstall.Main;
import dev.reinstall.cloud.ProxySettings;
import io.fabric8.kubernetes.client.Config;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Invalid kubeconfig files, and the startup of the program without a cluster. */
class ClusterConfigTest {
  private static final String FIX =
      " Fix the path, or unset KUBECONFIG to use ~/.kube/config or the pod's service account.";
  private static final String CONTEXT =
      """
      apiVersion: v1
      kind: Config
      current-context: one
      contexts: [{name: one, context: {cluster: its, user: mine}}]
      users: [{name: mine, user: {token: secret-token}}]
      """;
  private static final String NO_CLUSTER =
      "The current-context of the kubeconfig %s must select a context and a cluster that are"
          + " defined there. To select another context, run: kubectl config use-context NAME";

  @TempDir private Path folder;

  @BeforeEach
  void write() throws IOException {
    write("empty", "");
    write("comment", "# nothing\n");
    write("text", "just some text");
    write("broken", "a: [\n  token: \"secret-token");
    write("blank", "apiVersion: v1\nkind: Config\n");
    write("undefined", CONTEXT);
    write("unnamed", CONTEXT + "clusters: [{name: its, cluster: {}}]\n");
    write("good", CONTEXT + "clusters: [{name: its, cluster: {server: 'https://127.0.0.1:1'}}]\n");
    Files.write(folder.resolve("binary"), new byte[] {'a', ':', ' ', (byte) 0xff});
    Files.createDirectory(folder.resolve("folder"));
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  @ParameterizedTest
  @CsvSource({"missing, does not exist", "empty, is empty", "folder, is not a regular file"})
  void one_file_that_is_none_is_named(String name, String flaw) {
    assertThat(problems(name))
        .containsExactly(
            "KUBECONFIG names " + folder.resolve(name) + ", which " + flaw + "." + FIX);
  }

  @ParameterizedTest
  @ValueSource(strings = {"comment", "text", "broken"})
  void one_that_is_no_kubeconfig_is_named_and_nothing_of_it_is_shown(String name) {
    assertThat(problems(name))
        .containsExactly(
            "The kubeconfig "
                + folder.resolve(name)
                + " must be YAML as kubectl writes it, but is not."
                + " Fix the file, or set KUBECONFIG to another one.");
  }

  @Test
  void one_that_cannot_be_read_is_named_with_the_reason() {
    assertThat(problems("binary"))
        .containsExactly(
            "The kubeconfig "
                + folder.resolve("binary")
                + " cannot be read (java.nio.charset.MalformedInputException: Input length = 1).");
  }

  @Test
  void of_several_those_that_are_missing_or_empty_are_skipped() {
    assertThat(ClusterConfig.named(paths("missing", "good", "empty", "folder")))
        .containsExactly(folder.resolve("good"));
    assertThat(ClusterConfig.named(List.of("", folder.resolve("good").toString())))
        .containsExactly(folder.resolve("good"));
  }

  @Test
  void of_several_all_that_are_malformed_are_named() {
    assertThat(problems("text", "good", "binary")).hasSize(2);
  }

  @Test
  void several_of_which_none_can_be_used_are_all_named() {
    assertThat(problems("missing", "empty"))
        .containsExactly(
            "KUBECONFIG must name at least one kubeconfig file: "
                + folder.resolve("missing")
                + " does not exist, "
                + folder.resolve("empty")
                + " is empty."
                + FIX);
  }

  @Test
  void the_usual_file_need_not_be_there_but_must_not_be_malformed() {
    assertThat(ClusterConfig.usual(paths("missing"))).isEmpty();
    assertThat(ClusterConfig.usual(paths("empty"))).isEmpty();
    assertThat(
            catchThrowableOfType(SettingsException.class, () -> ClusterConfig.usual(paths("text"))))
        .isNotNull();
  }

  @Test
  void the_program_ends_with_2_for_a_missing_file_and_says_all_else_that_is_wrong() {
    Path missing = folder.resolve("missing");

    Ended ended =
        run(
            Map.of(
                "KUBECONFIG", missing.toString(),
                "KUBERNETES_TRUST_CERTIFICATES", "true",
                "REINSTALL_POLL", "1s",
                "REINSTALL_TENCENT_ENDPOINT", "http://cvm.example.com"));

    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.errors())
        .containsExactlyInAnyOrder(
            "KUBERNETES_TRUST_CERTIFICATES must not be set: the identity of the Kubernetes API"
                + " server would not be verified. Remove it.",
            "REINSTALL_TENCENT_ENDPOINT must begin with https:// (http:// is allowed only for"
                + " 127.0.0.0/8, [::1] and localhost). Use a URL such as"
                + " https://cloud.example.com or https://cloud.{region}.example.com/path.",
            "REINSTALL_POLL is not a known setting. Did you mean REINSTALL_POLL_INTERVAL?",
            "KUBECONFIG names " + missing + ", which does not exist." + FIX);
  }

  @ParameterizedTest
  @ValueSource(strings = {"blank", "undefined"})
  void the_program_ends_with_2_where_the_client_would_take_its_default_address(String name) {
    Path file = folder.resolve(name);

    Ended ended = run(Map.of("KUBECONFIG", file.toString()));

    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.errors()).containsExactly(NO_CLUSTER.formatted(file));
  }

  @Test
  void the_program_ends_with_2_for_a_cluster_without_a_server() {
    Path file = folder.resolve("unnamed");

    Ended ended = run(Map.of("KUBECONFIG", file.toString()));

    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.errors())
        .containsExactly(
            "The current-context of the kubeconfig "
                + file
                + " must select a cluster that has a server.");
  }

  @Test
  void the_program_ends_with_2_where_nothing_names_a_cluster() {
    Ended ended = run(Map.of());

    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.errors())
        .containsExactly(
            "No Kubernetes cluster is configured: KUBECONFIG is not set, "
                + folder.resolve(".kube/config")
                + " does not exist or is empty, and this process does not run in a pod."
                + " Set KUBECONFIG to the path of a kubeconfig file.");
  }

  private static final String NOT_VERIFIED =
      " must not be set: the identity of the Kubernetes API server would not be verified. Remove"
          + " it.";
  private static final String INSECURE =
      " must not contain insecure-skip-tls-verify: true for the selected cluster: the identity of"
          + " the Kubernetes API server would not be verified. Remove it, and set"
          + " certificate-authority-data to the CA of the cluster.";

  private Path kubeconfig(String cluster) throws IOException {
    return Files.writeString(
        folder.resolve("kubeconfig"),
        """
        apiVersion: v1
        kind: Config
        current-context: a
        contexts: [{name: a, context: {cluster: a, user: a}}]
        clusters: [{name: a, cluster: {%s}}, {name: b, cluster: {server: "https://b", \
        insecure-skip-tls-verify: true}}]
        users: [{name: a, user: {token: t}}]
        """
            .formatted(cluster));
  }

  @Test
  void the_program_ends_with_2_for_all_that_would_not_verify_whom_it_talks_to() throws IOException {
    Path file = kubeconfig("server: \"https://127.0.0.1:1\", insecure-skip-tls-verify: true");

    Ended ended =
        run(
            Map.of(
                "KUBECONFIG",
                file.toString(),
                "JAVA_TOOL_OPTIONS",
                "-Djdk.internal.httpclient.disableHostnameVerification"));

    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.errors())
        .containsExactly(
            "The system property jdk.internal.httpclient.disableHostnameVerification must not be"
                + " set: the identity of the clouds and of the Kubernetes API server would not be"
                + " verified. Remove it.",
            "The kubeconfig " + file + INSECURE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"true", "false", "please"})
  void what_the_environment_sets_is_not_told_of_the_kubeconfig(String value) throws IOException {
    Path file = kubeconfig("server: \"https://127.0.0.1:1\"");

    Ended ended =
        run(
            Map.of(
                "KUBECONFIG", file.toString(),
                "KUBERNETES_TRUST_CERTIFICATES", value,
                "KUBERNETES_DISABLE_HOSTNAME_VERIFICATION", value));

    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.errors())
        .containsExactly(
            "KUBERNETES_TRUST_CERTIFICATES" + NOT_VERIFIED,
            "KUBERNETES_DISABLE_HOSTNAME_VERIFICATION" + NOT_VERIFIED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"true", "false"})
  void what_both_set_is_told_of_both(String value) throws IOException {
    Path file = kubeconfig("server: \"https://127.0.0.1:1\", insecure-skip-tls-verify: true");

    Ended ended =
        run(Map.of("KUBECONFIG", file.toString(), "KUBERNETES_TRUST_CERTIFICATES", value));

    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.errors())
        .containsExactly(
            "KUBERNETES_TRUST_CERTIFICATES" + NOT_VERIFIED, "The kubeconfig " + file + INSECURE);
  }

  @Test
  void the_program_ends_with_2_and_names_each_setting_that_is_malformed() throws IOException {
    Path file =
        kubeconfig("server: \"https://127.0.0.1:1\", proxy-url: \"socks5://me:geheim@p:1\"");

    Ended ended =
        run(
            Map.of(
                "KUBECONFIG", file.toString(),
                "REINSTALL_JDCLOUD_ENDPOINT", "ftp://x",
                "REINSTALL_TENCENT_ENDPOINT", "ftp://{region}",
                "HTTPS_PROXY", "https://me:geheim@p:1"));

    assertThat(ended.code()).isEqualTo(2);
    String use =
        ". Use a URL such as https://cloud.example.com or https://cloud.{region}.example.com/path.";
    String noTls =
        " must begin with http:// (the connection to a proxy by TLS or SOCKS is not supported)."
            + " Use a URL such as http://proxy.example.com:3128.";
    assertThat(ended.errors())
        .containsExactlyInAnyOrder(
            "REINSTALL_TENCENT_ENDPOINT must begin with https://" + use,
            "REINSTALL_JDCLOUD_ENDPOINT must begin with https://" + use,
            "HTTPS_PROXY" + noTls,
            "The proxy-url of the kubeconfig" + noTls);
  }

  @Test
  void a_plain_api_server_must_be_on_this_machine() throws IOException {
    Path file = kubeconfig("server: \"http://me:geheim@api.example.com:8080/\"");

    Ended ended = run(Map.of("KUBECONFIG", file.toString()));

    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.errors())
        .containsExactly(
            "The Kubernetes API server http://api.example.com:8080 must be called by https:// (http://"
                + " is allowed only for 127.0.0.0/8, [::1] and localhost): its identity would not"
                + " be verified, and the credentials would be sent in plain text.");
  }

  /** In this process: what the environment of the test names is not known. */
  @Test
  void the_proxy_of_the_kubeconfig_comes_before_that_of_the_environment() throws IOException {
    ProxySettings proxies = ProxySettings.from(Map.of("HTTPS_PROXY", "http://e:1"));
    String property = Config.KUBERNETES_KUBECONFIG_FILE;
    System.setProperty(property, kubeconfig("server: \"https://10.0.0.1\"").toString());
    try {
      assertThat(ClusterConfig.load(proxies).config().getHttpsProxy()).isEqualTo("http://e:1");
      assertThat(
              ClusterConfig.load(
                      ProxySettings.from(
                          Map.of("HTTPS_PROXY", "http://e:1", "NO_PROXY", "10.0.0.0/8")))
                  .config()
                  .getHttpsProxy())
          .isNull();
      kubeconfig("server: \"https://10.0.0.1\", proxy-url: \"http://me:x%40@k:2\"");
      Config own = ClusterConfig.load(proxies).config();
      assertThat(own.getHttpsProxy()).isEqualTo("http://me:x%40@k:2");
      assertThat(own.getHttpProxy()).isNull();
      kubeconfig("server: \"http://127.0.0.1:1\"");
      assertThat(ClusterConfig.load(proxies).config().getHttpProxy()).isNull();
    } finally {
      System.clearProperty(property);
    }
  }

  private List<String> problems(String... names) {
    return catchThrowableOfType(SettingsException.class, () -> ClusterConfig.named(paths(names)))
        .problems();
  }

  private List<String> paths(String... names) {
    return List.of(names).stream().map(name -> folder.resolve(name).toString()).toList();
  }

  /** The exit code of the program and its logged errors, without time and class. */
  private record Ended(int code, List<String> errors) {}

  private Ended run(Map<String, String> environment) {
    try {
      Path log = folder.resolve("log");
      ProcessBuilder builder =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:TieredStopAtLevel=1",
                  "-Dlogback.configurationFile=src/main/resources/logback.xml",
                  "-cp",
                  System.getProperty("java.class.path"),
                  Main.class.getName())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile());
      builder.environment().clear();
      builder.environment().put("HOME", folder.toString());
      builder.environment().putAll(environment);
      Process process = builder.start();
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("it does not end:\n" + Files.readString(log));
      }
      List<String> errors =
          Files.readString(log, StandardCharsets.UTF_8)
              .lines()
              .filter(line -> line.contains(" ERROR "))
              .map(line -> line.replaceFirst("^.* ERROR Main +", ""))
              .toList();
      return new Ended(process.exitValue(), errors);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
