package dev.reinstall.reconcile;

/** The calls of a reconciliation to its ports before which something may happen. */
enum PortCall {
  NOW,
  MONOTONIC_TIME,
  NEW_CLAIM_ID,
  CACHED_PAUSE,
  FETCH_PAUSE,
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
  CREATE_PASSWORD,
  DESCRIBE,
  /** Waits for a permit to change a server. */
  TAKE_TURN,
  REINSTALL,
  STOP,
  START,
  /** The response of the cloud is on its way back. */
  RESPONSE
}
