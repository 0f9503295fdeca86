package dev.reinstall.config;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.joran.spi.JoranException;
import ch.qos.logback.core.spi.FilterReply;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The configuration of the log in the jar; an IT shows that the environment reaches it. */
class LogSettingsTest {
  private static final Path CONFIGURATION = Path.of("src/main/resources/logback.xml");

  private final LoggerContext context = new LoggerContext();

  @Test
  void a_line_is_plain_by_default() throws JoranException {
    assertThat(line(event("Pending -> Submitting", null)))
        .matches(
            "....-..-..T..:..:..[.]...Z INFO  Main team-a/web-1: Pending -> Submitting"
                + System.lineSeparator());
  }

  @Test
  void a_line_of_json_has_its_fields_and_the_whole_message()
      throws JoranException, JsonProcessingException {
    context.putProperty("REINSTALL_LOG_FORMAT", "json");

    String text = line(event("{} -> \"{}\"", null, "Pending", "Submitting\n"));

    assertThat(text).endsWith("\n").containsOnlyOnce("\n");
    JsonNode line = new ObjectMapper().readTree(text);
    assertThat(line.path("level").asText()).isEqualTo("INFO");
    assertThat(line.path("timestamp").isNumber()).isTrue();
    assertThat(line.path("formattedMessage").asText()).isEqualTo("Pending -> \"Submitting\n\"");
    assertThat(line.path("mdc").path("resource.namespace").asText()).isEqualTo("team-a");
    assertThat(line.path("mdc").path("server").asText()).isEqualTo("JDCloud/r/cps-1");
    assertThat(line.has("arguments")).as("they were not made for the log").isFalse();
  }

  @Test
  void a_line_of_json_has_the_failure() throws JoranException, JsonProcessingException {
    context.putProperty("REINSTALL_LOG_FORMAT", "json");

    JsonNode line =
        new ObjectMapper().readTree(line(event("failed", new IllegalStateException("why"))));

    assertThat(line.path("throwable").path("message").asText()).isEqualTo("why");
  }

  @ParameterizedTest
  @ValueSource(strings = {"INFO", "DEBUG", "WARN", "ERROR"})
  void a_level_lets_through_what_is_as_severe_and_nothing_else(String name) throws JoranException {
    context.putProperty("REINSTALL_LOG_LEVEL", name);
    ConsoleAppender<ILoggingEvent> appender = appender();

    Level least = Level.valueOf(name);
    assertThat(context.getLogger("dev.reinstall.Main").getEffectiveLevel()).isEqualTo(least);
    for (Level level : new Level[] {Level.DEBUG, Level.INFO, Level.WARN, Level.ERROR}) {
      assertThat(appender.getFilterChainDecision(event(level, "any", null)) == FilterReply.DENY)
          .as(level.toString())
          .isEqualTo(!level.isGreaterOrEqual(least));
    }
  }

  @Test
  void debug_shows_nothing_of_libraries_which_may_log_what_they_send() throws JoranException {
    context.putProperty("REINSTALL_LOG_LEVEL", "DEBUG");
    appender();

    for (String library : new String[] {"io.fabric8.kubernetes.client", "io.javaoperatorsdk"}) {
      assertThat(context.getLogger(library).isDebugEnabled()).as(library).isFalse();
    }
  }

  @Test
  void malformed_settings_still_give_a_log_that_can_name_them() throws JoranException {
    context.putProperty("REINSTALL_LOG_FORMAT", "xml");
    context.putProperty("REINSTALL_LOG_LEVEL", "loud");

    assertThat(line(event("named", null))).contains("named");
    assertThat(context.getLogger("dev.reinstall.Main").isErrorEnabled()).isTrue();
  }

  private String line(LoggingEvent event) throws JoranException {
    return new String(appender().getEncoder().encode(event), StandardCharsets.UTF_8);
  }

  private ConsoleAppender<ILoggingEvent> appender() throws JoranException {
    JoranConfigurator configurator = new JoranConfigurator();
    configurator.setContext(context);
    configurator.doConfigure(CONFIGURATION.toFile());
    return (ConsoleAppender<ILoggingEvent>)
        context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("out");
  }

  private LoggingEvent event(String message, Throwable failure, Object... arguments) {
    return event(Level.INFO, message, failure, arguments);
  }

  private LoggingEvent event(Level level, String message, Throwable failure, Object... arguments) {
    LoggingEvent event =
        new LoggingEvent(
            "", context.getLogger("dev.reinstall.Main"), level, message, failure, arguments);
    event.setMDCPropertyMap(
        Map.of(
            "resource.namespace", "team-a",
            "resource.name", "web-1",
            "server", "JDCloud/r/cps-1"));
    return event;
  }
}
