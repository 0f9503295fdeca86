package dev.reinstall.api;

/**
 * What the API server says to user data. The rules stand on the block and point at the field,
 * because a rule on the field itself prints its value; they ask new objects only, so that {@code
 * suspend} can be changed on every object that was ever admitted.
 */
final class UserDataRules {

  static final String BYTES =
      "oldSelf.hasValue() || !has(self.userData) || bytes(self.userData).size() <= 16384";

  static final String BYTES_MESSAGE =
      "write at most 16384 bytes (a character may be several); a longer script can be downloaded by"
          + " a short one";

  /** The beginnings of "#!", "#cloud" and "&lt;power" in Base64. */
  static final String PLAIN =
      "oldSelf.hasValue() || !has(self.userData)"
          + " || !self.userData.matches('^\\\\s*(IyE|I2Nsb3Vk|PHBvd2Vy)[A-Za-z0-9+/=\\\\s]*$')";

  static final String PLAIN_MESSAGE =
      "this looks like Base64: write it as plain text, the operator does the Base64";

  static final String ONE = "oldSelf.hasValue() || !(has(self.userData) && has(self.userDataRef))";

  static final String ONE_MESSAGE = "write userData or userDataRef, not both";

  private UserDataRules() {}
}
