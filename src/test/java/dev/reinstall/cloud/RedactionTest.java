package dev.reinstall.cloud;

import static dev.reinstall.cloud.Redaction.WITHHELD;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedactionTest {

  private static final String PASSWORD = "P\"<s w0rd+/\u00e9\\n&%41";
  private static final String SCRIPT = "#!/bin/bash\necho the-inner-word\nx=1\ny=<2>\n";
  private final Redaction redaction = Redaction.of(List.of(PASSWORD, SCRIPT, "k9"));

  static Stream<UnaryOperator<String>> quotations() {
    return Stream.of(
        text -> text,
        text -> new String(JsonStringEncoder.getInstance().quoteAsString(text)),
        RedactionTest::goJson,
        RedactionTest::unicodeEscapes,
        text -> goJson(text).replace("/", "\\/"),
        text -> URLEncoder.encode(text, StandardCharsets.UTF_8),
        text -> lowerPercent(URLEncoder.encode(text, StandardCharsets.UTF_8)),
        text -> lowerPercent(URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20")),
        text -> html(text, "&%s;"),
        RedactionTest::decimalEntities,
        RedactionTest::hexEntities,
        text -> Base64.getEncoder().encodeToString(bytes(text)),
        text -> Base64.getEncoder().encodeToString(bytes("a" + text)),
        text -> Base64.getEncoder().encodeToString(bytes("ab" + text)),
        text -> Base64.getMimeEncoder(20, bytes("\r\n")).encodeToString(bytes(text)),
        text -> Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(text)),
        text -> text.replace("\n", "\r\n"),
        text -> text.replace("\n", " "));
  }

  @ParameterizedTest
  @MethodSource("quotations")
  void no_quotation_of_a_secret_comes_through(UnaryOperator<String> quoted) {
    for (String secret : List.of(PASSWORD, SCRIPT)) {
      assertThat(redaction.clean("[" + quoted.apply(secret) + "]")).isEqualTo(WITHHELD);
    }
  }

  @ParameterizedTest
  @MethodSource("quotations")
  void no_quotation_within_another_comes_through(UnaryOperator<String> inner) {
    quotations()
        .filter(outer -> outer.apply("<plain text>").contains("plain")) // Base64 and all entities
        .forEach(
            outer -> {
              String text = outer.apply("{\"a\":\"" + inner.apply(PASSWORD) + "\"}");
              assertThat(redaction.clean("x " + text)).as(text).isEqualTo(WITHHELD);
            });
  }

  @Test
  void json_within_json_within_json_does_not_come_through() {
    String text = PASSWORD;
    for (int i = 0; i < 6; i++) {
      text = goJson(text);
      assertThat(redaction.clean(text)).isEqualTo(WITHHELD);
    }
  }

  /** Where a cloud cuts the text or the secret. */
  @Test
  void six_characters_in_a_row_of_a_secret_do_not_come_through() {
    for (String secret : List.of(PASSWORD, "echo the-inner-word", "x=1\ny=<2>")) {
      for (int from = 0; from + 6 <= secret.length(); from++) {
        String part = secret.substring(from, from + 6);
        if (part.replaceAll("[-+\\s]", "").length() == 6) {
          assertThat(redaction.clean("(" + part + ")")).as(part).isEqualTo(WITHHELD);
        }
      }
    }
  }

  @Test
  void five_characters_in_a_row_say_nothing() {
    assertThat(redaction.clean("echo, bash and x=1")).isEqualTo("echo, bash and x=1");
  }

  @Test
  void a_short_secret_counts_as_a_whole() {
    assertThat(redaction.clean("ak9b")).isEqualTo(WITHHELD);
    assertThat(redaction.clean("ak-9b")).isEqualTo(WITHHELD);
    assertThat(redaction.clean("a\\u006b9b")).isEqualTo(WITHHELD);
    assertThat(redaction.clean("a k b 9")).isEqualTo("a k b 9");
  }

  @Test
  void none_and_empty_secrets_hide_nothing() {
    assertThat(Redaction.of(Arrays.asList(null, "", " ", "\n")).clean("a b\n")).isEqualTo("a b ");
  }

  @Test
  void what_is_escaped_more_often_than_anybody_would_is_withheld() {
    assertThat(redaction.clean("%" + "25".repeat(40) + "41")).isEqualTo(WITHHELD);
    assertThat(Redaction.of(List.of()).clean("%" + "25".repeat(40) + "41")).startsWith("%25");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "100%",
        "%",
        "%4",
        "%zz",
        "a\\",
        "\\u12",
        "\\uzzzz",
        "\\x4",
        "&",
        "&;",
        "&#;",
        "&#x;",
        "&lt",
        "&#99999999;",
        "&unknown;",
        "C:\\temp\\file",
        "\ud83d\ude00"
      })
  void what_only_begins_like_an_escape_is_shown_as_it_is(String text) {
    assertThat(redaction.clean(text)).isEqualTo(text);
  }

  @Test
  void an_error_keeps_its_code_where_its_text_is_withheld() {
    assertThat(redaction.error("InvalidPassword", true, "bad " + PASSWORD))
        .isEqualTo("InvalidPassword: " + WITHHELD);
    assertThat(redaction.error("Some.Code", false, "a text")).isEqualTo("Some.Code: a text");
    assertThat(redaction.error("the-inner-word", false, "a text")).isEqualTo("(no code): a text");
    assertThat(redaction.error("the-inner-word", true, "a text"))
        .isEqualTo("the-inner-word: a text");
    assertThat(redaction.error("", false, null)).isEqualTo("(no code): ");
  }

  /** Twice the size costs about twice the time: neither side is searched once for each other. */
  @Test
  void a_long_text_and_much_user_data_cost_little() {
    Redaction much =
        Redaction.of(
            List.of(
                IntStream.range(0, 2_000)
                    .mapToObj(line -> "l" + Integer.toString(line * 7919, 36))
                    .collect(Collectors.joining("\n"))));
    String text = "\\u0026 no part. ".repeat(5_000).substring(0, 65_000);
    long fastest = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      long start = System.nanoTime();
      assertThat(much.clean(text)).hasSize(500);
      fastest = Math.min(fastest, System.nanoTime() - start);
    }
    assertThat(Duration.ofNanos(fastest)).isLessThan(Duration.ofMillis(500));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** As encoding/json writes it. */
  private static String goJson(String text) {
    return new String(JsonStringEncoder.getInstance().quoteAsString(text))
        .replace("<", "\\u003c")
        .replace(">", "\\u003e")
        .replace("&", "\\u0026");
  }

  private static String unicodeEscapes(String text) {
    return text.chars().mapToObj("\\u%04X"::formatted).collect(Collectors.joining());
  }

  private static String lowerPercent(String text) {
    return Pattern.compile("%..")
        .matcher(text)
        .replaceAll(found -> found.group().toLowerCase(Locale.ROOT));
  }

  private static String html(String text, String form) {
    return text.replace("&", form.formatted("amp"))
        .replace("<", form.formatted("lt"))
        .replace(">", form.formatted("gt"))
        .replace("\"", form.formatted("quot"));
  }

  private static String decimalEntities(String text) {
    return text.chars().mapToObj("&#%d;"::formatted).collect(Collectors.joining());
  }

  private static String hexEntities(String text) {
    return text.chars().mapToObj("&#x%x;"::formatted).collect(Collectors.joining());
  }

  @Test
  void a_text_has_one_line_and_at_most_500_characters() {
    assertThat(redaction.clean(null)).isEmpty();
    assertThat(redaction.clean("a\nb\tc\u001b[31md\u202ee\u2028f\ud800g"))
        .isEqualTo("a b c [31md e f g");
    assertThat(redaction.clean("x".repeat(500))).isEqualTo("x".repeat(500));
    assertThat(redaction.clean("x".repeat(501))).isEqualTo("x".repeat(499) + "…");
    assertThat(redaction.clean("x".repeat(498) + "\ud83d\ude00".repeat(3)))
        .isEqualTo("x".repeat(498) + "\ud83d\ude00…");
  }

  @Test
  void a_cut_never_uncovers_half_a_secret() {
    assertThat(redaction.clean("x".repeat(495) + PASSWORD)).isEqualTo(WITHHELD);
    assertThat(redaction.clean("x".repeat(70_000))).isEqualTo("(a text of 70000 characters)");
  }

  @Test
  void an_id_is_short_and_plain_and_no_secret() {
    Redaction ids = Redaction.of(List.of("a", "AKIDsecret", "plain-password"));
    String id = "a0a66377-b79f-4a21-846c-d997d6022968";
    assertThat(ids.id(id)).contains(id);
    for (String none :
        List.of(
            "",
            "a",
            "a b",
            "x\n",
            "\u00e9",
            "AKIDsecret",
            "x-plain-password-y",
            "n-passwor",
            "x".repeat(129))) {
      assertThat(ids.id(none)).as(none).isEmpty();
    }
  }

  /** Six characters in a row of an id may occur in long user data by chance. */
  @Test
  void an_id_keeps_what_user_data_may_contain_by_chance() {
    Redaction ids = Redaction.of(List.of("curl https://a.example/0a66377x"));
    assertThat(ids.id("a0a66377-b79f-4a21-846c-d997d6022968")).isPresent();
    assertThat(ids.clean("a0a66377-b79f")).isEqualTo(WITHHELD);
  }

  @Test
  void it_is_not_printed() {
    assertThat(redaction.toString()).isEqualTo("Redaction[...]");
  }
}
