package dev.reinstall.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URLEncoder;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The search for secrets finds what it looks for. */
class CanaryFormsTest {
  private static final String PASSWORD = CanaryForms.value("a password");

  static Stream<UnaryOperator<String>> quotations() {
    return Stream.of(
        text -> text,
        text -> new ObjectMapper().createObjectNode().put("a", text).toString(),
        text -> text.replace("<", "\\u003c").replace("&", "\\u0026"),
        text -> URLEncoder.encode(text, UTF_8),
        text -> HexFormat.of().formatHex(text.getBytes(UTF_8)),
        text -> base64(text),
        text -> base64("a" + text),
        text -> base64("ab" + text),
        text -> base64("abc" + text),
        text -> Base64.getUrlEncoder().encodeToString(("?" + text).getBytes(UTF_8)));
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }

  @ParameterizedTest
  @MethodSource("quotations")
  void a_value_is_found_however_it_is_quoted(UnaryOperator<String> quoted) {
    String text = "before " + quoted.apply(PASSWORD) + " after";

    assertThat(new CanaryForms().hits(Map.of("a log", text, "an Event", "nothing")))
        .hasSizeGreaterThanOrEqualTo(2)
        .allMatch(hit -> hit.startsWith("a log, "));
  }

  @ParameterizedTest
  @MethodSource("quotations")
  void each_half_of_a_value_is_found(UnaryOperator<String> quoted) {
    int half = PASSWORD.length() / 2;

    assertThat(new CanaryForms().hits(Map.of("1", quoted.apply(PASSWORD.substring(0, half)))))
        .isNotEmpty();
    assertThat(new CanaryForms().hits(Map.of("2", quoted.apply(PASSWORD.substring(half)))))
        .isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource("quotations")
  void what_has_no_mark_is_found_as_a_whole(UnaryOperator<String> quoted) {
    assertThat(new CanaryForms("issued-key").hits(Map.of("a log", quoted.apply("no issue"))))
        .isEmpty();
    assertThat(new CanaryForms("issued-key").hits(Map.of("a log", "the issued-key-1"))).hasSize(1);
  }
}
