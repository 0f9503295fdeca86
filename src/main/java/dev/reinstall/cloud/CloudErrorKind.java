package dev.reinstall.cloud;

/** The six kinds of trouble with a cloud; everything that fails is one of them. */
public enum CloudErrorKind {
  /** Refused now, may pass: the server is at something else. */
  BUSY,
  /** Refused now, may pass: too many calls. */
  THROTTLED,
  /** Refused until a person mends credentials, permission, account or quota. */
  DENIED,
  /** Refused for good: the order is wrong. */
  INVALID,
  /** Refused for good: there is no such server. */
  NOT_FOUND,
  /** No answer, or none that can be trusted: a call that changes something may have been done. */
  AMBIGUOUS
}
