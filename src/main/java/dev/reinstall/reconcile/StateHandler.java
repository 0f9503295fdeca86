package dev.reinstall.reconcile;

/** Decides what happens next with a request whose entry is in one state. */
interface StateHandler {

  /**
   * @param s the facts; the server is described, and the Secrets are read, when they are used first
   */
  Result handle(Facts s);
}
