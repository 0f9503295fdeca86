package dev.reinstall.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.api.SecretKeyRef;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NewPasswordTest {
  private static final SecretKeyRef REF = new SecretKeyRef("login", "password");

  /** Stricter than those of any cloud, and of Windows. */
  private static final Password.Rules RULES = new Password.Rules(20, 20, 4, false);

  private static void assertGood(String password) {
    assertThat(Password.check("field", REF, Map.of(REF, SecretBytes.ofText(password)), RULES))
        .as(password)
        .isEmpty();
    assertThat(password).matches("[A-Za-z][A-Za-z2-9+.@-]{19}").doesNotContainPattern("[lIO]");
  }

  @Test
  void it_satisfies_every_rule() {
    Random seeded = new Random(7);
    for (int i = 0; i < 10_000; i++) {
      assertGood(NewPassword.of(seeded::nextInt));
    }
  }

  /** The lowest and the highest numbers that there are. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void it_satisfies_every_rule_by_chance_or_not(boolean lowest) {
    assertGood(NewPassword.of(bound -> lowest ? 0 : bound - 1));
  }

  @Test
  void no_two_are_the_same_and_no_class_has_its_place() {
    IntUnaryOperator random = new SecureRandom()::nextInt;
    Set<String> all = new HashSet<>();
    Set<Integer> places = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      String password = NewPassword.of(random);
      all.add(password);
      places.add(special(password));
    }
    assertThat(all).hasSize(1000);
    assertThat(places).hasSizeGreaterThan(8).doesNotContain(0);
  }

  /** Where the first special character is. */
  private static int special(String password) {
    return password.split("[+.@-]", 2)[0].length();
  }
}
