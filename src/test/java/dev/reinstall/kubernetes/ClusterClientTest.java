package dev.reinstall.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.reinstall.controlplane.CrudMock;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.HttpLoggingInterceptor;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class ClusterClientTest {
  private static final String VALUE = "c2VjcmV0LW9mLXRoZS11c2Vy";
  private static final String TOKEN = "token-of-the-account";

  private final CrudMock mock = CrudMock.start();

  private static final class Lines extends AppenderBase<ILoggingEvent> {
    private final List<String> all = new CopyOnWriteArrayList<>();

    @Override
    protected void append(ILoggingEvent line) {
      all.add(line.getFormattedMessage());
    }
  }

  @AfterEach
  void close() {
    mock.close();
  }

  /** What is logged at the level TRACE while a client reads a Secret. */
  private String logged(Function<Config, KubernetesClient> opened) {
    mock.create(
        new SecretBuilder()
            .withNewMetadata()
            .withName("login")
            .withNamespace("team")
            .endMetadata()
            .addToData("password", VALUE)
            .build());
    Config config =
        new ConfigBuilder(Config.empty()).withMasterUrl(mock.url()).withOauthToken(TOKEN).build();
    Logger logger = (Logger) LoggerFactory.getLogger(HttpLoggingInterceptor.class);
    Lines lines = new Lines();
    lines.start();
    synchronized (logger) { // the level is that of the whole JVM
      logger.addAppender(lines);
      logger.setAdditive(false);
      logger.setLevel(Level.TRACE);
      try (KubernetesClient client = opened.apply(config)) {
        assertThat(client.secrets().inNamespace("team").withName("login").get().getData())
            .containsValue(VALUE);
      } finally {
        logger.setLevel(null);
        logger.setAdditive(true);
        logger.detachAppender(lines);
      }
    }
    return String.join("\n", lines.all);
  }

  @Test
  void no_level_logs_what_is_sent_to_the_api_server_or_received_from_it() {
    WatchMonitor watches = new WatchMonitor(Duration.ofSeconds(1));

    assertThat(logged(config -> ClusterClient.open(config, watches))).doesNotContain(VALUE, TOKEN);
  }

  @Test
  void nor_does_the_client_of_single_reads() {
    assertThat(logged(ClusterClient::openPlain)).doesNotContain(VALUE, TOKEN);
  }

  @Test
  void another_client_does() {
    assertThat(logged(config -> new KubernetesClientBuilder().withConfig(config).build()))
        .contains(VALUE, TOKEN);
  }
}
