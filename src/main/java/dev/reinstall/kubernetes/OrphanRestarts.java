package dev.reinstall.kubernetes;

import dev.reinstall.api.Reinstall;
import dev.reinstall.api.ServerLedger;
import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.api.ServerLedger.State;
import dev.reinstall.ledger.SpecHash;
import dev.reinstall.reconcile.ConflictException;
import dev.reinstall.reconcile.OrphanRestart;
import dev.reinstall.reconcile.Timeouts;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts the servers again that were stopped for Reinstalls that are gone: one after the other, on
 * a thread of its own, because no controller reconciles what is gone.
 */
final class OrphanRestarts {
  private static final Logger LOG = LoggerFactory.getLogger(OrphanRestarts.class);

  private final OwnerLookup owners;
  private final LedgerStore ledgers;
  private final SharedParts shared;
  private final Timeouts timeouts;
  private final Executor thread = CallThreads.named("orphan-restarts", 1);
  private final Set<String> queued = ConcurrentHashMap.newKeySet();

  OrphanRestarts(OwnerLookup owners, LedgerStore ledgers, SharedParts shared, Timeouts timeouts) {
    this.owners = owners;
    this.ledgers = ledgers;
    this.shared = shared;
    this.timeouts = timeouts;
  }

  /** Does what can be done now for an entry whose Reinstall is gone. To be called again. */
  void run(ServerLedger ledger, Entry entry) {
    Reinstall gone = OrphanRestart.reinstall(ledger.getSpec().server(), entry);
    if (owners
        .cache()
        .apply(ResourceID.fromResource(gone))
        .filter(other -> other.getMetadata().getDeletionTimestamp() == null)
        .filter(other -> !StatusConverter.isFinished(other.getStatus()))
        .filter(other -> goesOn(other, ledger, entry))
        .isPresent()) {
      return; // another object of its name goes on with its entry
    }
    if (queued.add(gone.getMetadata().getUid())) {
      thread.execute(() -> run(gone));
    }
  }

  private static boolean goesOn(Reinstall other, ServerLedger ledger, Entry entry) {
    return other.getSpec().server().equals(ledger.getSpec().server())
        && (entry.state() == State.Released || SpecHash.of(other).equals(entry.specHash()));
  }

  private void run(Reinstall gone) {
    try (OrphanGateway ports = new OrphanGateway(gone, owners, ledgers, shared)) {
      new OrphanRestart(ports, timeouts).run(gone);
    } catch (ConflictException | RuntimeException e) {
      LOG.info(
          "{}: its server cannot be started again yet; retrying: {}",
          ResourceID.fromResource(gone),
          e.getMessage());
    } finally {
      queued.remove(gone.getMetadata().getUid());
    }
  }
}
