package dev.reinstall.reconcile;

/** A Secret, or a key of it, is not there or may not be read; the message names both. */
public final class SecretNotReadyException extends Exception {
  private static final long serialVersionUID = 1L;

  public SecretNotReadyException(String message) {
    super(message);
  }
}
