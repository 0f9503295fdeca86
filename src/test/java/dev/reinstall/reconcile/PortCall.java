package dev.reinstall.reconcile;

/** The calls of a pass to its world before which something may happen. */
enum PortCall {
  NOW,
  MONOTONIC_TIME,
  NEW_CLAIM_ID,
  CACHED_REINSTALL,
  FETCH_REINSTALL,
  UPDATE_STATUS,
  COMMIT_START,
  UPDATE_OBSERVED_GENERATION,
  CACHED_LEDGER,
  FETCH_LEDGER,
  WRITE_LEDGER,
  CREDENTIALS,
  SECRETS,
  DESCRIBE,
  /** Waits for its turn to change a server. */
  ACQUIRE_PERMIT,
  REINSTALL,
  STOP,
  START,
  /** The answer of the cloud is on its way back. */
  RESPONSE
}
