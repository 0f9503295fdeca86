package dev.reinstall.cloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.reinstall.cloud.CloudException.Kind;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialsTest {

  @Test
  void an_absent_credential_is_denied_and_named() {
    CloudException failure =
        catchThrowableOfType(
            CloudException.class, () -> new Credentials(Map.of("a", "")).credential("a"));
    assertThat(failure.kind()).isEqualTo(Kind.DENIED);
    assertThat(failure).hasMessageContaining("no key a");
  }

  @ParameterizedTest
  @ValueSource(strings = {"secret\n", " secret", "sec ret", "s\u00e9cret", "secret\u0000"})
  void a_credential_that_no_header_can_carry_is_denied_and_not_quoted(String value) {
    CloudException failure =
        catchThrowableOfType(
            CloudException.class, () -> new Credentials(Map.of("a", value)).credential("a"));
    assertThat(failure.kind()).isEqualTo(Kind.DENIED);
    assertThat(failure).hasMessageNotContaining("cret\n").hasMessageContaining("key a");
    assertThat(failure.getMessage().replace("Secret", "")).doesNotContain("cret");
  }

  @Test
  void a_credential_has_at_most_4096_characters() throws CloudException {
    String longest = "s".repeat(4096);
    assertThat(new Credentials(Map.of("a", longest)).credential("a")).isEqualTo(longest);

    CloudException failure =
        catchThrowableOfType(
            CloudException.class, () -> new Credentials(Map.of("a", longest + "s")).optional("a"));

    assertThat(failure)
        .hasMessage(
            "The credentials Secret's key a must have at most 4096 characters, and no blanks, line"
                + " breaks or other characters that are not printable ASCII.");
    assertThat(failure.kind()).isEqualTo(Kind.DENIED);
  }

  @Test
  void an_optional_one_may_be_absent_or_empty() throws CloudException {
    assertThat(new Credentials(Map.of("token", "")).optional("token")).isEmpty();
    assertThat(new Credentials(Map.of()).optional("token")).isEmpty();
    assertThat(new Credentials(Map.of("token", "t")).optional("token")).contains("t");
  }

  @Test
  void it_is_not_printed() {
    assertThat(new Credentials(Map.of("a", "secret")).toString()).isEqualTo("Account[...]");
  }
}
