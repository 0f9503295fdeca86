package dev.reinstall.lifecycle;

/**
 * A compare-and-swap was lost, or it is not known whether it was won: read uncached and decide
 * anew.
 */
public final class Conflict extends Exception {
  private static final long serialVersionUID = 1L;

  public Conflict(String message) {
    super(message);
  }
}
