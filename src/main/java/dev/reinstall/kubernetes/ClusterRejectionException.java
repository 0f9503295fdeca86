package dev.reinstall.kubernetes;

/**
 * What is in the cluster does not let the operator do what it must: the API server rejects a write,
 * or a ledger is not what its name says. The message is shown to people.
 */
final class ClusterRejectionException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ClusterRejectionException(String message, Throwable cause) {
    super(message, cause);
  }
}
