package dev.reinstall.simulator.jdcloud;

/** The cloud rejects a call, with an HTTP status and a status word. */
final class JdRefusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String word;

  JdRefusal(int status, String word, String message) {
    super(message);
    this.status = status;
    this.word = word;
  }

  static JdRefusal invalid(String message) {
    return new JdRefusal(400, "INVALID_ARGUMENT", message);
  }

  static JdRefusal wrongState(String message) {
    return new JdRefusal(400, "FAILED_PRECONDITION", message);
  }

  static JdRefusal notFound(String message) {
    return new JdRefusal(404, "NOT_FOUND", message);
  }

  static JdRefusal unauthenticated(String message) {
    return new JdRefusal(401, "UNAUTHENTICATED", message);
  }

  int status() {
    return status;
  }

  String word() {
    return word;
  }
}
