package dev.reinstall.kubernetes;

/** The API server rejects what the operator must write; its message is the API server's own. */
final class ClusterRejectionException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ClusterRejectionException(String message, Throwable cause) {
    super(message, cause);
  }
}
