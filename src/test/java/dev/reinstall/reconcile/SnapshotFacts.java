package dev.reinstall.reconcile;

import dev.reinstall.cloud.Finding;
import java.util.List;
import java.util.Optional;

/**
 * Facts that are all known before.
 *
 * @param pause empty: the operator is not paused
 * @param described empty: the server was not described yet
 * @param read empty: the Secrets were not read yet
 * @param catalogued empty: the catalogues were not read yet
 */
record SnapshotFacts(
    Optional<String> pause,
    DesiredState desired,
    RecordedState recorded,
    Optional<ServerObservation> described,
    Optional<SecretsRead> read,
    Optional<List<Finding>> catalogued,
    Timeouts timeouts)
    implements Facts {

  /** A decision needs a fact that is not there. */
  private static final class NotRead extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotRead() {
      super(null, null, false, false);
    }
  }

  /** Empty: more must be read first. */
  Optional<Result> decision() {
    try {
      return Optional.of(StateHandlers.decide(this));
    } catch (NotRead e) {
      return Optional.empty();
    }
  }

  @Override
  public boolean restartOverdue() {
    return recorded.timedOut();
  }

  @Override
  public ServerObservation server() {
    return described.orElseThrow(NotRead::new);
  }

  @Override
  public SecretsRead secrets() {
    return read.orElseThrow(NotRead::new);
  }

  @Override
  public List<Finding> catalogues() {
    return catalogued.orElseThrow(NotRead::new);
  }
}
