package dev.reinstall.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedactionTest {

  private static final String PASSWORD = "P\"ss w0rd+\u00e9";
  private static final String SCRIPT = "#!/bin/bash\necho the-inner-word\n";
  private final Redaction redaction = Redaction.of(List.of(PASSWORD, SCRIPT, "k"));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "P\"ss w0rd+\u00e9",
        "P\\\"ss w0rd+\u00e9",
        "P%22ss+w0rd%2B%C3%A9",
        "#!/bin/bash\necho the-inner-word\n",
        "#!/bin/bash\necho the-inner-word",
        "#!/bin/bash echo the-inner-word ",
        "#!/bin/bash\r\necho the-inner-word\r\n",
        "#!/bin/bash\\necho the-inner-word\\n",
        "echo the-inner-word"
      })
  void no_form_of_a_secret_comes_through(String form) {
    assertThat(redaction.clean("[" + form + "]"))
        .doesNotContain("w0rd", "inner-word")
        .startsWith("[***");
  }

  @Test
  void base64_does_not_come_through_with_or_without_its_padding() {
    for (String secret : List.of(PASSWORD, SCRIPT)) {
      String base64 = Base64.getEncoder().encodeToString(secret.getBytes(StandardCharsets.UTF_8));
      assertThat(redaction.clean("a " + base64 + " b")).isEqualTo("a *** b");
      assertThat(redaction.clean("a " + base64.replace("=", "") + " b")).isEqualTo("a *** b");
    }
  }

  @Test
  void a_secret_inside_another_leaves_nothing_of_the_longer_one() {
    Redaction nested = Redaction.of(List.of("abc", "abcdef"));
    assertThat(nested.clean("xabcdefy")).isEqualTo("x***y");
  }

  @Test
  void a_short_secret_is_one_too() {
    assertThat(redaction.clean("look")).isEqualTo("loo***");
  }

  @Test
  void none_and_empty_secrets_hide_nothing() {
    assertThat(Redaction.of(Arrays.asList(null, "", " ")).clean("a b")).isEqualTo("a***b");
    assertThat(Redaction.of(Arrays.asList(null, "")).clean("a b")).isEqualTo("a b");
  }

  @Test
  void a_text_has_one_line_and_at_most_500_characters() {
    assertThat(redaction.clean(null)).isEmpty();
    assertThat(redaction.clean("a\nb\tc\u001b[31md\u202ee\u2028f\ud800g"))
        .isEqualTo("a b c [31md e f g");
    assertThat(redaction.clean("x".repeat(501))).hasSize(500);
    assertThat(redaction.clean("x".repeat(499) + "\ud83d\ude00")).isEqualTo("x".repeat(499));
  }

  @Test
  void a_cut_never_uncovers_half_a_secret() {
    assertThat(redaction.clean("x".repeat(495) + PASSWORD)).isEqualTo("x".repeat(495) + "***");
    assertThat(redaction.clean("x".repeat(70_000) + PASSWORD))
        .isEqualTo("(a text of 70011 characters)");
  }

  @Test
  void an_id_is_short_and_plain_and_no_secret() {
    Redaction ids = Redaction.of(List.of("a", "AKIDsecret", "plain-password"));
    String id = "a0a66377-b79f-4a21-846c-d997d6022968";
    assertThat(ids.id(id)).contains(id);
    for (String none :
        List.of(
            "", "a", "a b", "x\n", "\u00e9", "AKIDsecret", "x-plain-password-y", "x".repeat(129))) {
      assertThat(ids.id(none)).as(none).isEmpty();
    }
  }

  @Test
  void it_is_not_printed() {
    assertThat(redaction.toString()).isEqualTo("Redaction[...]");
  }
}
