package dev.reinstall.kubernetes;

/**
 * The operator cannot start, and a person must change something; the message says what. It is not a
 * fault of the program, so it is logged without a stack trace.
 */
public final class StartException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public StartException(String message) {
    super(message);
  }

  public StartException(String message, Throwable cause) {
    super(message, cause);
  }
}
