package dev.reinstall.exploration;

/** An invariant did not hold. */
final class InvariantBroken extends AssertionError {
  private static final long serialVersionUID = 1L;

  InvariantBroken(String which) {
    super(which);
  }
}
