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
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class ClusterClientTest {
  private static final String VALUE = "c2VjcmV0LW9mLXRoZS11c2Vy";
  private static final String MOCK = "io.fabric8.kubernetes.client.server";
  private static final String TOKEN = "token-of-the-account";

  private final CrudMock mock = CrudMock.start();
  private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
  private final Level level = root.getLevel();
  private final Lines lines = new Lines();

  private static final class Lines extends AppenderBase<ILoggingEvent> {
    private final List<String> all = new CopyOnWriteArrayList<>();

    @Override
    protected void append(ILoggingEvent line) {
      if (!line.getLoggerName().startsWith(MOCK)) {
        all.add(line.getFormattedMessage());
      }
    }
  }

  @BeforeEach
  void log() {
    mock.create(
        new SecretBuilder()
            .withNewMetadata()
            .withName("login")
            .withNamespace("team")
            .endMetadata()
            .addToData("password", VALUE)
            .build());
    lines.start();
    root.addAppender(lines);
    root.setLevel(Level.TRACE);
  }

  @AfterEach
  void close() {
    root.setLevel(level);
    root.detachAppender(lines);
    mock.close();
  }

  /** What is logged while a client reads a Secret. */
  private String logged(Function<Config, KubernetesClient> opened) {
    Config config =
        new ConfigBuilder(Config.empty()).withMasterUrl(mock.url()).withOauthToken(TOKEN).build();
    try (KubernetesClient client = opened.apply(config)) {
      assertThat(client.secrets().inNamespace("team").withName("login").get().getData())
          .containsValue(VALUE);
    }
    return String.join("\n", lines.all);
  }

  @Test
  void no_level_logs_what_is_sent_to_the_api_server_or_received_from_it() {
    WatchMonitor watches = new WatchMonitor(Duration.ofSeconds(1));

    assertThat(logged(config -> ClusterClient.open(config, watches)))
        .doesNotContain(VALUE, TOKEN, "Authorization");
  }

  @Test
  void nor_does_the_client_of_single_reads() {
    assertThat(logged(ClusterClient::openPlain)).doesNotContain(VALUE, TOKEN, "Authorization");
  }

  @Test
  void another_client_does() {
    assertThat(logged(config -> new KubernetesClientBuilder().withConfig(config).build()))
        .contains(VALUE, TOKEN);
  }
}
