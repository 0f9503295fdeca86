package dev.reinstall.cloud;

/** The six kinds of errors of a cloud. */
public enum CloudErrorKind {
  /** Rejected now, may pass: another operation is in progress on the server. */
  BUSY,
  /** Rejected now, may pass: too many calls. */
  THROTTLED,
  /** Rejected until a person fixes credentials, permission, account or quota. */
  DENIED,
  /** Rejected permanently: the request is invalid. */
  INVALID,
  /** Rejected permanently: there is no such server. */
  NOT_FOUND,
  /**
   * No response, or none that can be trusted: a call that changes something may have been carried
   * out.
   */
  AMBIGUOUS
}
