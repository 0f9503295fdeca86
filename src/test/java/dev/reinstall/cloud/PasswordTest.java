package dev.reinstall.cloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.reinstall.api.SecretKeyRef;
import dev.reinstall.cloud.CloudException.Kind;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordTest {
  private static final SecretKeyRef REF = new SecretKeyRef("login", "password");
  private static final Password.Rules RULES = new Password.Rules(8, 30, 2, false);

  @ParameterizedTest
  @ValueSource(strings = {"Passw0rd!", "Passw0rd!\n", "Passw0rd!\r\n"})
  void one_line_break_at_the_end_is_not_sent(String value) throws CloudException {
    Map<SecretKeyRef, SecretBytes> secrets = Map.of(REF, SecretBytes.ofText(value));

    assertThat(Password.check("spec.passwordRef", REF, secrets, RULES)).isEmpty();
    assertThat(Password.required(REF, secrets)).isEqualTo("Passw0rd!");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Passw0rd!\n\n",
        "Passw0rd!\r\n\r\n",
        "Passw0rd!\n\r\n",
        "Passw0rd!\r",
        "\nPassw0rd!",
        "Pass\nw0rd!",
        "Pass\rw0rd!\n"
      })
  void any_other_line_break_is_refused(String value) {
    assertThat(wrong(SecretBytes.ofText(value)))
        .contains(
            "Secret login, key password, must contain a password on one line; one line break at its"
                + " end is ignored.");
  }

  @ParameterizedTest
  @ValueSource(strings = {" Passw0rd!", "Passw0rd! ", "Passw0rd!\t", "Passw0rd! \n"})
  void blanks_around_it_are_refused(String value) {
    assertThat(wrong(SecretBytes.ofText(value)))
        .contains(
            "Secret login, key password, must contain a password without blanks at its beginning or"
                + " end.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Pass\u00e4w0rd!", "Passw0rd\u5bc6", "Pass\u0000w0rd", "Pass\tw0rd"})
  void what_is_not_printable_ascii_is_refused(String value) {
    assertThat(wrong(SecretBytes.ofText(value)))
        .contains(
            "Secret login, key password, must contain a password of printable ASCII characters.");
  }

  @Test
  void a_password_in_latin_1_is_refused_and_never_sent_with_other_characters() {
    byte[] latin1 = "Zq9!P\u00e4ssw\u00f6rd".getBytes(StandardCharsets.ISO_8859_1);
    SecretBytes value = SecretBytes.ofBase64(Base64.getEncoder().encodeToString(latin1));

    assertThat(wrong(value))
        .contains(
            "Secret login, key password, must contain a password of printable ASCII characters.");
    CloudException failure =
        catchThrowableOfType(
            CloudException.class, () -> Password.required(REF, Map.of(REF, value)));
    assertThat(failure.kind()).isEqualTo(Kind.NOT_SENT);
  }

  @Test
  void a_line_break_alone_is_no_password() {
    assertThat(wrong(SecretBytes.ofText("\n")).get(0)).contains("it is empty");
  }

  @Test
  void all_that_is_wrong_is_found_at_once() {
    assertThat(wrong(SecretBytes.ofText("/zz")))
        .containsExactly(
            "Secret login, key password, must contain a password of 8 to 30 characters.",
            "Secret login, key password, must contain a password that does not start with a slash.");
  }

  private static List<String> wrong(SecretBytes value) {
    return Password.check("spec.passwordRef", REF, Map.of(REF, value), RULES).stream()
        .map(Finding::message)
        .toList();
  }
}
