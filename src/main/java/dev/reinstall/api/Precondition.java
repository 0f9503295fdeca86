package dev.reinstall.api;

/**
 * What a cloud reports of a server and {@code spec.preconditions} may require.
 *
 * @param field its name, as in what the cloud reports
 * @param description for {@code kubectl explain}
 * @param pattern of a value; null: any
 * @param maxLength of a value
 * @param subject what it is about
 */
public record Precondition(
    String field, String description, String pattern, int maxLength, Subject subject) {

  /** What a precondition is about. */
  public enum Subject {
    /** The installed system: one text. */
    SYSTEM,
    /** The name of the server: one text. */
    NAME,
    /** The tags of the server: texts by their keys. */
    TAGS
  }

  /** Of the installed system. */
  public Precondition(String field, String description, String pattern, int maxLength) {
    this(field, description, pattern, maxLength, Subject.SYSTEM);
  }
}
