package dev.reinstall.reconcile;

/** The process crashes in the middle of a call. */
final class Crash extends Error {
  private static final long serialVersionUID = 1L;

  Crash() {
    super("the process died", null, false, false);
  }
}
