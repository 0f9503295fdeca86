package dev.reinstall.kubernetes;

/** A catalogue is being read: the reconciliation ends here, and starts again with the answer. */
final class CataloguesPendingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CataloguesPendingException() {
    super("waits for a catalogue of the cloud", null, false, false);
  }
}
