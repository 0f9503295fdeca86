package dev.reinstall.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.cloud.ConnectProxy;
import dev.reinstall.controlplane.FreePorts;
import dev.reinstall.controlplane.NeedsControlPlane;
import dev.reinstall.simulator.tencent.MetadataSimulator;
import dev.reinstall.simulator.tencent.StsSimulator;
import io.fabric8.kubernetes.client.Config;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each value of each Secret has a mark. Whatever goes wrong, and however much is logged, the mark
 * is found in what the clouds receive, and nowhere else.
 */
@Tag("deep")
@NeedsControlPlane
class CanaryIT {
  private static final String TRACE =
      """
      <configuration>
        <statusListener class="ch.qos.logback.core.status.NopStatusListener"/>
        <appender name="out" class="ch.qos.logback.core.ConsoleAppender">
          <encoder%s
          </encoder>
        </appender>
        <root level="TRACE"><appender-ref ref="out"/></root>
      </configuration>
      """;

  /** What is logged: by the settings, and by a configuration that a user passes to Logback. */
  private enum Logged {
    DEBUG_JSON(""),
    TRACE_PLAIN("><pattern>%date %level %logger %thread %mdc %msg%n%ex{full}</pattern>");

    private final String encoder;

    Logged(String encoder) {
      this.encoder = encoder;
    }

    String jvmOption(Path folder) throws IOException {
      Path file = folder.resolve(name() + ".xml");
      return encoder.isEmpty()
          ? "-Dcanary=none"
          : "-Dlogback.configurationFile=" + Files.writeString(file, TRACE.formatted(encoder));
    }

    /** Something that is logged only at this level. */
    String witness() {
      return encoder.isEmpty() ? "DEBUG" : "TRACE";
    }
  }

  /** The one mark in the cluster that the search has to find. */
  private static final String PLANTED = "planted=" + CanaryForms.value("planted");

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource
  void no_value_of_a_secret_is_shown_whatever_goes_wrong(Logged logged) throws Exception {
    int port = FreePorts.free();
    try (TestCluster site = new TestCluster();
        ConnectProxy proxy = new ConnectProxy();
        StsSimulator sts = StsSimulator.start(site.tencent);
        MetadataSimulator metadata = MetadataSimulator.start(site.tencent)) {
      String inline = site.newNamespace();
      Path files = Files.createDirectory(folder.resolve("tmp"));
      site.with("REINSTALL_LOG_LEVEL", "DEBUG")
          .with("REINSTALL_LOG_FORMAT", logged == Logged.DEBUG_JSON ? "json" : "plain")
          .with("REINSTALL_CALL_TIMEOUT", "2s")
          .with("REINSTALL_SEND_WITHIN", "4s")
          .with("REINSTALL_LEADER_ELECTION", "true")
          .with("REINSTALL_HTTP_PORT", "" + port)
          .with("HTTPS_PROXY", proxyUrl(CanaryForms.value("proxy"), proxy.port()));
      CanaryRequests requests = new CanaryRequests(site, logged.ordinal());
      CanaryIdentity identity = new CanaryIdentity(site, sts, metadata, folder, logged.ordinal());
      requests.giveInline(inline);
      OperatorProcess operator =
          site.startOperator(site.rights(), logged.jvmOption(folder), "-Djava.io.tmpdir=" + files);
      requests.runAll();
      identity.use();
      CanaryPlaces places = new CanaryPlaces();
      for (String path : List.of("/livez", "/readyz", "/metrics")) {
        places.add(path, HealthProbe.get(port, path));
      }
      new ProcessBuilder("kill", "-QUIT", "" + operator.pid()).start().waitFor();
      site.await("the threads", () -> operator.log().contains("Full thread dump"));
      operator.stop();
      places.add("log", operator.log());
      site.kubectl("create", "configmap", "planted", "--from-literal=" + PLANTED).orFail();
      places.addObjects(site, inline);
      places.addFiles(files);
      String bearer = Config.fromKubeconfig(site.rights().toFile()).getAutoOAuthToken();
      List<String> whole = new ArrayList<>(CanaryRequests.CODES);
      whole.addAll(List.of(bearer, "issued-key-of-", "issued-token-of-"));
      List<String> generated = requests.generatedPasswords();
      whole.addAll(generated);
      CanaryForms forms = new CanaryForms(whole.toArray(new String[0]));
      List<String> hits = forms.hits(places.texts());

      assertThat(places.of("log")).contains(logged.witness(), "can" + logged.ordinal() + "0001");
      assertThat(places.of("/metrics")).startsWith("200 ");
      assertThat(places.of("events")).contains("can" + logged.ordinal() + "0001");
      assertThat(places.of("leases")).contains("reinstall-operator");
      List<String> sent = forms.hits(CanaryPlaces.received(site, proxy));
      assertThat(sent)
          .as("the same search finds them in what was sent")
          .anyMatch(hit -> hit.startsWith("TENCENT "))
          .anyMatch(hit -> hit.startsWith("JD "))
          .anyMatch(hit -> hit.startsWith("the proxy"));
      assertThat(generated)
          .hasSameSizeAs(CloudUnderTest.values())
          .allSatisfy(one -> assertThat(sent).anyMatch(hit -> hit.contains(one)));
      assertThat(hits).as("what was planted is found").anyMatch(CanaryIT::isPlanted);
      hits.removeIf(CanaryIT::isPlanted);
      System.out.printf(
          "%s: %d requests, %d places, %d bytes, %d forms, %d hits%n",
          logged,
          requests.count(),
          places.texts().size(),
          places.size(),
          forms.count(),
          hits.size());
      assertThat(hits.stream().limit(5)).as(hits.size() + " hits").isEmpty();
    }
  }

  private static boolean isPlanted(String hit) {
    return hit.startsWith("configmaps, plain: ") && hit.contains(CanaryForms.value("planted"));
  }

  /** Each start fails: the password of a proxy, or the token of a kubeconfig, is what is wrong. */
  @Test
  void no_value_of_a_secret_is_shown_where_the_operator_cannot_start() throws IOException {
    String password = CanaryForms.value("proxy");
    String encoded = URLEncoder.encode(password, StandardCharsets.UTF_8);
    String trace = Logged.TRACE_PLAIN.jvmOption(folder);
    CanaryForms forms = new CanaryForms();
    try (TestCluster site = new TestCluster();
        ConnectProxy proxy = new ConnectProxy()) {
      proxy.refuses(
          "HTTP/1.1 407 " + password + "\r\nProxy-Authenticate: " + password + "\r\n\r\n");
      List<OperatorProcess> refused = new ArrayList<>();
      for (String url :
          List.of(
              "http://me:" + password + "@127.0.0.1:1",
              "http://me:" + encoded + "@127.0.0.1",
              "http://me:" + encoded + "%zz@127.0.0.1:1",
              "socks5://me:" + encoded + "@127.0.0.1:1",
              proxyUrl(password, proxy.port()))) {
        refused.add(site.with("HTTPS_PROXY", url).startOperator(site.rights(), trace));
      }
      site.without("HTTPS_PROXY");
      for (String token :
          List.of("\"" + password, "[" + password, "{" + password + ": " + password)) {
        String good = Files.readString(site.rights());
        Path bad = Files.createTempFile(folder, "bad", ".kubeconfig");
        Files.writeString(bad, good.replaceFirst("token: *\"?[^\"},\\n]+\"?", "token: " + token));
        assertThat(Files.readString(bad)).contains(password);
        refused.add(site.startOperator(bad, trace));
      }
      for (OperatorProcess one : refused) {
        assertThat(one.exitCode()).as(one::log).isNotZero();
        assertThat(one.log()).contains("ERROR");
        assertThat(forms.hits(Map.of("log", one.log()))).isEmpty();
      }
      assertThat(forms.hits(CanaryPlaces.received(site, proxy))).isNotEmpty();
    }
  }

  private static String proxyUrl(String password, int port) {
    return "http://me:"
        + URLEncoder.encode(password, StandardCharsets.UTF_8)
        + "@127.0.0.1:"
        + port;
  }
}
