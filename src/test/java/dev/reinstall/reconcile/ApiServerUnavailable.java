package dev.reinstall.reconcile;

/** The Kubernetes API does not respond: the reconciliation ends, the process continues. */
final class ApiServerUnavailable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ApiServerUnavailable() {
    super("the cluster is away", null, false, false);
  }
}
