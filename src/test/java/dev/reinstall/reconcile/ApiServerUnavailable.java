package dev.reinstall.reconcile;

/** The Kubernetes API does not answer: the pass ends, the process lives on. */
final class ApiServerUnavailable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ApiServerUnavailable() {
    super("the cluster is away", null, false, false);
  }
}
