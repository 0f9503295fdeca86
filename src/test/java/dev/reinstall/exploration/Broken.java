package dev.reinstall.exploration;

/** An invariant did not hold. */
final class Broken extends AssertionError {
  private static final long serialVersionUID = 1L;

  Broken(String which) {
    super(which);
  }
}
