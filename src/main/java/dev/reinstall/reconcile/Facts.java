package dev.reinstall.reconcile;

import dev.reinstall.cloud.Finding;
import java.util.List;
import java.util.Optional;

/**
 * All that a decision depends on. The server, the Secrets and the catalogues are read when they are
 * used first.
 */
interface Facts {

  /** Why the operator is paused; empty: it is not. */
  Optional<String> pause();

  /** What the Reinstall says. */
  DesiredState desired();

  /** What the ledger contains. */
  RecordedState recorded();

  ServerObservation server();

  SecretsRead secrets();

  /** What the check against the catalogues of the cloud found: of a server that was described. */
  List<Finding> catalogues();

  /** Whether it was tried for too long to start the server again before the request ends. */
  boolean restartOverdue();

  /** For the messages. */
  Timeouts timeouts();
}
