package dev.reinstall.cloud;

import java.util.List;

/**
 * What the check of a request found, before anything is touched.
 *
 * @param field path of the field that it is about, such as {@code spec.instanceId}
 * @param message what is wrong, and what to do; never a word of a Secret's contents
 */
public record Finding(String field, Kind kind, String message) {

  /** Whether the request can be started in spite of it. */
  public enum Kind {
    /** It can never pass: the spec is immutable. */
    INVALID,
    /** A person can correct it outside the Reinstall, in a Secret or in the cloud. */
    CORRECTABLE,
    /** It does not stop the request. */
    WARNING,
    /** This could not be checked. It does not stop the request, and the check is not complete. */
    UNCHECKED
  }

  public static Finding invalid(String field, String message) {
    return new Finding(field, Kind.INVALID, message);
  }

  public static Finding correctable(String field, String message) {
    return new Finding(field, Kind.CORRECTABLE, message);
  }

  public static Finding warning(String field, String message) {
    return new Finding(field, Kind.WARNING, message);
  }

  public static Finding unchecked(String field, String message) {
    return new Finding(field, Kind.UNCHECKED, message);
  }

  public boolean isError() {
    return kind == Kind.INVALID || kind == Kind.CORRECTABLE;
  }

  /** Whether one of them forbids to start the request. */
  public static boolean haveError(List<Finding> findings) {
    return findings.stream().anyMatch(Finding::isError);
  }
}
