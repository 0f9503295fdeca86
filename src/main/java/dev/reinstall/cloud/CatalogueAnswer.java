package dev.reinstall.cloud;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What came of a {@link CatalogueQuery}.
 *
 * @param entries what the catalogue contains about the key; empty: nothing, or it could not be read
 * @param failure why the catalogue could not be read
 */
public record CatalogueAnswer(List<CatalogueEntry> entries, Optional<CloudException> failure) {

  /** At the beginning of the message of a failure, before the cloud's text. */
  private static final Pattern CODE =
      Pattern.compile("((?:HTTP [0-9]{3} )?[A-Za-z0-9][A-Za-z0-9._-]*): .*", Pattern.DOTALL);

  public CatalogueAnswer {
    entries = List.copyOf(entries);
  }

  public static CatalogueAnswer of(List<CatalogueEntry> entries) {
    return new CatalogueAnswer(entries, Optional.empty());
  }

  public static CatalogueAnswer failed(CloudException failure) {
    return new CatalogueAnswer(List.of(), Optional.of(failure));
  }

  /**
   * That the catalogue could not be read; empty: it could. Equal failures have equal words: a
   * finding is stored in a status, and the cloud's text may contain an ID that each call changes.
   *
   * @param query whose call failed
   * @param field that is not checked
   * @param permission to call it, in the words of the cloud
   */
  public Optional<Finding> unchecked(CatalogueQuery query, String field, String permission) {
    return failure.map(
        e ->
            Finding.unchecked(
                "spec." + field, field + " is not checked: " + failed(query, e, permission)));
  }

  private static String failed(CatalogueQuery query, CloudException e, String permission) {
    return query.action()
        + " failed ("
        + reason(e)
        + ")."
        + (e.kind() == CloudException.Kind.DENIED
            ? " If a permission is missing, it is " + permission + "."
            : "");
  }

  /**
   * That the catalogue could not be read, of which a name is to be looked up: without it, nothing
   * can be started. Empty: it could.
   *
   * @param field that has the name, as are the others of {@link #unchecked}
   */
  public Optional<Finding> unresolved(CatalogueQuery query, String field, String permission) {
    return failure.map(
        e ->
            Finding.correctable(
                "spec." + field,
                field + ".name cannot be looked up: " + failed(query, e, permission)));
  }

  private static String reason(CloudException e) {
    Matcher code = CODE.matcher(e.getMessage());
    if (code.matches()) {
      return code.group(1);
    }
    return switch (e.kind()) {
      case BUSY, THROTTLED -> "too many calls";
      case DENIED -> "not allowed";
      case INVALID, NOT_FOUND -> "the call is not valid";
      case NOT_SENT -> "the cloud cannot be reached";
      case AMBIGUOUS -> "no usable response";
    };
  }
}
