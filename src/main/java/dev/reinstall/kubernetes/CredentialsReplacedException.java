package dev.reinstall.kubernetes;

/**
 * A cloud denied credentials that their Secret no longer contains: the request is reconciled again
 * with those that it contains now.
 */
final class CredentialsReplacedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CredentialsReplacedException() {
    super("the credentials were replaced", null, false, false);
  }
}
