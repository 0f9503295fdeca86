package dev.reinstall.kubernetes;

/**
 * The server is being described: the reconciliation ends here, and starts again with the result.
 */
final class DescriptionPendingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DescriptionPendingException() {
    super("waits for the description of the server", null, false, false);
  }
}
