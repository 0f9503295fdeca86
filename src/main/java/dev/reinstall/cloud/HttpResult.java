package dev.reinstall.cloud;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.reinstall.cloud.CloudException.Kind;
import java.net.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/**
 * What came back for a {@link SignedRequest}, whole; never printed, a cloud may echo secrets.
 *
 * @param body read as UTF-8
 */
public record HttpResult(int status, HttpHeaders headers, String body) {

  /** No cloud may delay a request for longer than this. */
  static final Duration MAX_PAUSE = Duration.ofHours(1);

  /** A description of a server has about 200; a tree of so many takes a few megabytes. */
  private static final long MOST_TOKENS = 50_000;

  // A second value for one name, or text after the end, makes a response with two meanings.
  private static final ObjectMapper STRICT =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxTokenCount(MOST_TOKENS).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  /**
   * The body as a JSON object.
   *
   * @throws CloudException ambiguous, if it is anything else
   */
  public Fields json() throws CloudException {
    JsonNode node;
    try {
      node = STRICT.readTree(body);
    } catch (StreamConstraintsException e) {
      throw ambiguous(
          "The response (HTTP " + status + ") has more values than a description of 100 servers.");
    } catch (JsonProcessingException e) {
      throw ambiguous("The response (HTTP " + status + ") is not JSON."); // e quotes the body
    }
    if (!node.isObject()) {
      throw ambiguous("The response (HTTP " + status + ") is not a JSON object.");
    }
    return new Fields(node, this::ambiguous);
  }

  /** The cloud's own clock. */
  public Optional<Instant> date() {
    return headers.firstValue("date").flatMap(HttpResult::httpDate);
  }

  /**
   * The pause that the cloud asks for, at most an hour; null if it asks for none. A date is
   * compared with the cloud's own clock, never with ours: without a Date header it has no meaning.
   */
  public Duration retryAfter() {
    return headers.firstValue("retry-after").flatMap(this::pause).orElse(null);
  }

  /** An ambiguous outcome that keeps the pause of this response. */
  public CloudException ambiguous(String message) {
    return new CloudException(Kind.AMBIGUOUS, message, null, retryAfter());
  }

  private Optional<Duration> pause(String value) {
    String text = value.trim();
    if (text.matches("[0-9]+")) {
      boolean huge = text.length() > 9;
      return Optional.of(bounded(huge ? MAX_PAUSE : Duration.ofSeconds(Long.parseLong(text))));
    }
    return httpDate(text)
        .flatMap(until -> date().map(now -> bounded(Duration.between(now, until))));
  }

  private static Duration bounded(Duration pause) {
    if (pause.isNegative()) {
      return Duration.ZERO;
    }
    return pause.compareTo(MAX_PAUSE) > 0 ? MAX_PAUSE : pause;
  }

  private static Optional<Instant> httpDate(String text) {
    try {
      return Optional.of(Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text.trim())));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return "Answer[HTTP " + status + "]";
  }
}
