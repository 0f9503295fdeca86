package dev.reinstall.cloud;

import dev.reinstall.api.SecretKeyRef;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The password in a Secret key: what is sent of it, and what the clouds require of it. */
public final class Password {
  private static final Pattern LAST_LINE_BREAK = Pattern.compile("\r?\n\\z");
  private static final Pattern PRINTABLE_ASCII = Pattern.compile("[\\x20-\\x7e]*");
  private static final String ASCII = "a password of printable ASCII characters";
  private static final List<Pattern> CLASSES =
      List.of(
          Pattern.compile("[a-z]"),
          Pattern.compile("[A-Z]"),
          Pattern.compile("[0-9]"),
          Pattern.compile("[^a-zA-Z0-9]"));

  private Password() {}

  /**
   * The documented rules of a cloud.
   *
   * @param classes how many of lower-case letters, upper-case letters, digits and special
   *     characters it must contain
   * @param slashFirst whether it may start with a slash
   */
  public record Rules(int fewest, int most, int classes, boolean slashFirst) {}

  /**
   * The password that a request sends.
   *
   * @throws CloudException not sent, if the Secret contains none
   */
  public static String required(SecretKeyRef ref, Map<SecretKeyRef, SecretBytes> secrets)
      throws CloudException {
    return SecretBytes.required(ref, secrets)
        .text()
        .map(Password::withoutLastLineBreak)
        .orElseThrow(() -> CloudException.notSent(SecretBytes.name(ref) + " is not text."));
  }

  /**
   * Checks a password before anything is touched.
   *
   * @param field of the spec that refers to it
   * @param ref null: there is none, which is valid
   * @return all that is wrong, never a word of the password; nothing if it could not be read
   */
  public static List<Finding> check(
      String field, SecretKeyRef ref, Map<SecretKeyRef, SecretBytes> secrets, Rules rules) {
    return Optional.ofNullable(ref).map(secrets::get).stream()
        .flatMap(value -> wrong(value, rules).stream())
        .map(must -> SecretBytes.name(ref) + " must contain " + must + ".")
        .map(message -> Finding.correctable(field, message))
        .toList();
  }

  /**
   * What a plan says of a generated one.
   *
   * @param secrets what of them could be read
   */
  public static String planned(SecretKeyRef generated, Map<SecretKeyRef, SecretBytes> secrets) {
    return "password of "
        + SecretBytes.name(generated)
        + (secrets.containsKey(generated)
            ? " which exists"
            : " which will be generated if the Secret does not exist");
  }

  private static List<String> wrong(SecretBytes value, Rules rules) {
    return value
        .text()
        .map(Password::withoutLastLineBreak)
        .map(password -> wrong(password, rules))
        .orElse(List.of(ASCII));
  }

  private static List<String> wrong(String password, Rules rules) {
    return password.isEmpty()
        ? List.of("the password; it is empty")
        : Validation.all(
            Validation.when(
                password.indexOf('\n') >= 0 || password.indexOf('\r') >= 0,
                "a password on one line; one line break at its end is ignored"),
            Validation.when(
                !password.strip().equals(password),
                "a password without blanks at its beginning or end"),
            Validation.when(!PRINTABLE_ASCII.matcher(password).matches(), ASCII),
            Validation.when(
                password.length() < rules.fewest() || password.length() > rules.most(),
                "a password of " + rules.fewest() + " to " + rules.most() + " characters"),
            Validation.when(
                CLASSES.stream().filter(one -> one.matcher(password).find()).count()
                    < rules.classes(),
                "a password with at least "
                    + rules.classes()
                    + " of these: lower-case letters, upper-case letters, digits, special"
                    + " characters"),
            Validation.when(
                !rules.slashFirst() && password.startsWith("/"),
                "a password that does not start with a slash"));
  }

  /** A Secret that was made from a file ends with one that is not meant. */
  private static String withoutLastLineBreak(String text) {
    return LAST_LINE_BREAK.matcher(text).replaceFirst("");
  }
}
