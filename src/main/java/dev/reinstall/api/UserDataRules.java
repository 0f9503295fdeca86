package dev.reinstall.api;

/**
 * The API server's rules for user data. They are on the block and point at the field, because a
 * rule on the field itself prints its value. They apply to new objects only, so that {@code
 * suspend} can be changed on every object that was ever admitted.
 */
final class UserDataRules {

  static final String BYTES =
      "oldSelf.hasValue() || !has(self.userData) || bytes(self.userData).size() <= 16384";

  static final String BYTES_MESSAGE =
      "must be at most 16384 bytes in UTF-8; let a short script download a longer one";

  /** The beginnings of "#!", "#cloud" and "&lt;power" in Base64. */
  static final String PLAIN =
      "oldSelf.hasValue() || !has(self.userData)"
          + " || !self.userData.matches('^\\\\s*(IyE|I2Nsb3Vk|PHBvd2Vy)[A-Za-z0-9+/=\\\\s]*$')";

  static final String PLAIN_MESSAGE = "must be plain text, not Base64; the operator encodes it";

  static final String ONE = "oldSelf.hasValue() || !(has(self.userData) && has(self.userDataRef))";

  static final String ONE_MESSAGE = "userData and userDataRef are mutually exclusive";

  private UserDataRules() {}
}
