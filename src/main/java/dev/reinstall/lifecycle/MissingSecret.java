package dev.reinstall.lifecycle;

/** A Secret, or a key of it, is not there or may not be read; the message names both. */
public final class MissingSecret extends Exception {
  private static final long serialVersionUID = 1L;

  public MissingSecret(String message) {
    super(message);
  }
}
