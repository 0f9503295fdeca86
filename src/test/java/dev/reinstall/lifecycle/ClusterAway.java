package dev.reinstall.lifecycle;

/** The Kubernetes API does not answer: the pass ends, the process lives on. */
final class ClusterAway extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ClusterAway() {
    super("the cluster is away", null, false, false);
  }
}
