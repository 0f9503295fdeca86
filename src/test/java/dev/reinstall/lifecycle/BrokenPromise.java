package dev.reinstall.lifecycle;

/** One of the invariants I1 to I7, or L1, did not hold. */
public final class BrokenPromise extends AssertionError {
  private static final long serialVersionUID = 1L;

  BrokenPromise(String which) {
    super(which);
  }
}
