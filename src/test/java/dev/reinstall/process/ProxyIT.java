package dev.reinstall.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.cloud.ConnectProxy;
import dev.reinstall.controlplane.FreePorts;
import dev.reinstall.controlplane.NeedsControlPlane;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Proxies and CAs of the environment, for the API server and the clouds alike. */
@Tag("deep")
@NeedsControlPlane
class ProxyIT {
  private static final Pattern AUTHORITY =
      Pattern.compile(", certificate-authority-data: \"([^\"]*)\"");
  private static final Pattern SERVER = Pattern.compile("server: \"https://([^\"/]*)");

  @TempDir private Path folder;
  private TestCluster site;
  private ConnectProxy proxy;

  @BeforeEach
  void start() {
    site = new TestCluster();
    proxy = new ConnectProxy();
  }

  @AfterEach
  void close() {
    proxy.close();
    site.close();
  }

  private String apiServer() throws IOException {
    Matcher server = SERVER.matcher(Files.readString(site.rights()));
    assertThat(server.find()).isTrue();
    return server.group(1);
  }

  @ParameterizedTest
  @EnumSource
  void both_clients_go_through_the_proxy_and_trust_the_ca_that_java_trusts(CloudUnderTest cloud)
      throws IOException {
    String id = cloud.id("proxy001");
    cloud.newServer(site, id);
    String rights = Files.readString(site.rights());
    Matcher authority = AUTHORITY.matcher(rights);
    assertThat(authority.find()).isTrue();
    Path ca = Files.write(folder.resolve("ca.pem"), Base64.getDecoder().decode(authority.group(1)));
    Path kubeconfig = Files.writeString(folder.resolve("kubeconfig"), authority.replaceFirst(""));
    try (var front =
        new TlsFront(
            folder,
            cloud == CloudUnderTest.TENCENT ? site.tencent.endpoint() : site.jd.endpoint())) {
      OperatorProcess operator =
          site.with("REINSTALL_TENCENT_ENDPOINT", front.endpoint())
              .with("REINSTALL_JDCLOUD_ENDPOINT", front.endpoint())
              .with("HTTPS_PROXY", "http://me:gehe%40im@127.0.0.1:" + proxy.port())
              .with("JAVA_TOOL_OPTIONS", TlsFront.trusting(folder, ca, front.certificate()))
              .startOperator(kubeconfig);
      site.apply(cloud.request(id, id));
      site.awaitFinished(id);

      assertThat(site.phase(id)).as(operator::log).isEqualTo("Succeeded");
      String cloudAddress = front.endpoint().replace("https://", "");
      assertThat(proxy.requests())
          .allMatch(head -> head.contains("\r\nProxy-Authorization: Basic bWU6Z2VoZUBpbQ==\r\n"))
          .extracting(head -> head.split(" ")[1])
          .contains(apiServer(), cloudAddress)
          .isSubsetOf(apiServer(), cloudAddress);
      assertThat(cloud.cloud(site).callsLog())
          .allMatch(call -> !call.request().headers().toString().contains("roxy-"));
      assertThat(operator.log()).doesNotContain("gehe", "bWU6Z2VoZUBpbQ");
    }
  }

  @Test
  void a_proxy_that_is_not_there_is_named_with_the_api_server_at_once_and_at_the_end()
      throws IOException {
    String dead = "127.0.0.1:" + FreePorts.free();
    OperatorProcess operator = site.with("HTTPS_PROXY", "http://me:geheim@" + dead).startOperator();
    String message =
        "No response from the Kubernetes API server https://"
            + apiServer()
            + "/ through the proxy http://"
            + dead
            + " (HTTPS_PROXY) (ConnectException). If it is reached without a proxy, add 127.0.0.1"
            + " to NO_PROXY.";

    site.await("the proxy to be named", () -> operator.log().contains(message + " Retrying."));
    assertThat(operator.isAlive()).isTrue();
    assertThat(operator.exitCode()).isEqualTo(1);
    assertThat(operator.log())
        .contains("ERROR Main The operator could not start: " + message)
        .endsWith(message + System.lineSeparator())
        .doesNotContain("geheim", "An error has occurred", "\tat ", "Exception:");
  }

  @ParameterizedTest
  @CsvSource({"HTTPS_PROXY,NO_PROXY,cps-proxy002", "https_proxy,no_proxy,cps-proxy003"})
  void a_host_of_no_proxy_is_reached_without_it(String variable, String exempt, String server) {
    site.jd.newServer(server);
    OperatorProcess operator =
        site.with(variable, proxy.url()).with(exempt, "*.svc, 127.0.0.0/8").startOperator();
    site.apply(TestCluster.jdRequest("node", server, ""));
    site.awaitFinished("node");

    assertThat(site.phase("node")).as(operator::log).isEqualTo("Succeeded");
    assertThat(proxy.requests()).isEmpty();
  }
}
