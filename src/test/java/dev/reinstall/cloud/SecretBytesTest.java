package dev.reinstall.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SecretBytesTest {
  private static final String NOT_UTF_8 = "H4sIAP//";

  @Test
  void bytes_stay_as_they_are() {
    assertThat(SecretBytes.ofBase64(NOT_UTF_8).base64()).isEqualTo(NOT_UTF_8);
    assertThat(SecretBytes.ofBase64(NOT_UTF_8).length()).isEqualTo(6);
  }

  @Test
  void what_is_not_utf_8_is_no_text() {
    assertThat(SecretBytes.ofBase64(NOT_UTF_8).text()).isEmpty();
    assertThat(SecretBytes.ofText("\u00e9\n").text()).contains("\u00e9\n");
  }

  @Test
  void a_text_that_repeats_it_is_withheld() {
    SecretBytes secret = SecretBytes.ofBase64(NOT_UTF_8);

    assertThat(Redaction.of(secret.forms()).clean("UserData " + NOT_UTF_8 + " is wrong"))
        .isEqualTo(Redaction.WITHHELD);
  }

  @Test
  void it_is_not_printed() {
    assertThat(SecretBytes.ofText("secret").toString()).isEqualTo("SecretBytes[...]");
  }
}
