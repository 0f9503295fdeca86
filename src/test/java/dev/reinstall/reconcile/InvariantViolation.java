package dev.reinstall.reconcile;

/** One of the invariants I1 to I7, or L1, did not hold. */
public final class InvariantViolation extends AssertionError {
  private static final long serialVersionUID = 1L;

  InvariantViolation(String which) {
    super(which);
  }
}
