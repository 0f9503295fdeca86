package dev.reinstall.cloud;

import java.util.List;
import java.util.regex.Pattern;

/**
 * The keys of a credentials Secret that a cloud reads; the Secret may hold more.
 *
 * @param optional may be absent or empty
 * @param codes like the optional ones; each is a code of six to eight digits, for a short time
 * @param identity what the Secret may name instead of all of these keys
 */
public record CredentialKeys(
    List<String> required, List<String> optional, List<String> codes, OperatorIdentity identity) {

  private static final Pattern CODE = Pattern.compile("[0-9]{6,8}");

  public CredentialKeys(List<String> required, List<String> optional) {
    this(required, optional, List.of(), OperatorIdentity.NONE);
  }

  public static boolean isCode(String value) {
    return CODE.matcher(value).matches();
  }
}
