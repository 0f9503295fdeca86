package dev.reinstall.kubernetes;

/** The process is about to end: nothing new is claimed, and the next process continues. */
final class StoppingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StoppingException() {
    super("The operator is stopping: no server is claimed any more.");
  }
}
