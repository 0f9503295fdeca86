package dev.reinstall.api;

/**
 * The rules for user data. The API server has them on the block, pointing at the field, because a
 * rule on the field itself prints its value. There they apply to new objects only, so that {@code
 * suspend} can be changed on every object that was ever admitted. The operator applies the same
 * ones to user data in a Secret.
 */
public final class UserDataRules {

  /** The clouds count bytes before Base64. */
  public static final int MAX_BYTES = 16384;

  /**
   * The beginnings, in Base64, of what runs at the first boot: "#!", "#cloud", "#include", "#ps1",
   * "## template", "&lt;power", "&lt;script", "Content-Type", "MIME-Version", and gzip. The cloud
   * would decode such a text once, and the server would not recognize it.
   */
  private static final String BASE64_BEGINNINGS =
      "(IyE|I2Nsb3Vk|I2luY2x1ZG|I3BzM|IyMgdGVtcGxhdG|PHBvd2Vy|PHNjcmlwd|Q29udGVudC1UeXBl"
          + "|TUlNRS1WZXJzaW9u|H4sI)";

  /** Matches a whole text that is such a Base64. */
  public static final String BASE64 = "\\s*" + BASE64_BEGINNINGS + "[A-Za-z0-9+/=\\s]*";

  /** What an editor may put before the text; the server would not recognize the first line. */
  public static final String MARK = "\\ufeff";

  /** Matches the beginning of a text whose first line has a carriage return. */
  public static final String CARRIAGE_RETURN = "^[^\\n]*\\r";

  /**
   * The only first lines that some clouds run. A mark and a carriage return have rules of their
   * own.
   */
  public static final String SCRIPT = "^" + MARK + "?(#!/bin/bash|#!/usr/bin/env python)";

  static final String BYTES =
      "oldSelf.hasValue() || !has(self.userData) || bytes(self.userData).size() <= " + MAX_BYTES;

  static final String BYTES_MESSAGE =
      "must be at most " + MAX_BYTES + " bytes in UTF-8; let a short script download a longer one";

  static final String PLAIN =
      "oldSelf.hasValue() || !has(self.userData)"
          + " || !self.userData.matches('^\\\\s*"
          + BASE64_BEGINNINGS
          + "[A-Za-z0-9+/=\\\\s]*$')";

  public static final String PLAIN_MESSAGE =
      "must be plain text, not Base64; the operator encodes it";

  static final String NO_MARK =
      "oldSelf.hasValue() || !has(self.userData) || !self.userData.matches('^" + MARK + "')";

  public static final String MARK_MESSAGE =
      "must not begin with a byte order mark (U+FEFF); save it as UTF-8 without this mark";

  static final String LINE_FEED =
      "oldSelf.hasValue() || !has(self.userData) || !self.userData.matches('"
          + CARRIAGE_RETURN
          + "')";

  public static final String LINE_FEED_MESSAGE =
      "must not have a carriage return in its first line; save it with line feeds (LF) as line"
          + " ends, not CRLF";

  /** Only of a Secret: whatever comes in the spec is text. */
  public static final String TEXT_MESSAGE =
      "must be UTF-8 text; it contains other bytes, such as those of Latin-1, UTF-16 or gzip";

  static final String FIRST_LINE =
      "oldSelf.hasValue() || !has(self.userData) || self.userData.matches('"
          + SCRIPT
          + "([\\r\\n]|$)')";

  public static final String SCRIPT_MESSAGE =
      "must be plain text whose first line is exactly #!/bin/bash or #!/usr/bin/env python";

  static final String ONE = "oldSelf.hasValue() || !(has(self.userData) && has(self.userDataRef))";

  static final String ONE_MESSAGE = "userData and userDataRef are mutually exclusive";

  private UserDataRules() {}
}
