package dev.reinstall.reconcile;

import dev.reinstall.api.Reinstall;
import dev.reinstall.api.ReinstallSpec;
import dev.reinstall.api.SecretRef;
import dev.reinstall.api.Server;
import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.api.ServerLedger.Owner;
import dev.reinstall.api.ServerLedger.State;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.Map;

/**
 * Starts a server again that was stopped for a Reinstall that is gone: a reconciliation of what the
 * ledger knows of it. Nothing else is ever sent here.
 */
public final class OrphanRestart {
  private final Ports ports;
  private final Timeouts timeouts;

  public OrphanRestart(Ports ports, Timeouts timeouts) {
    this.ports = ports;
    this.timeouts = timeouts;
  }

  /** Whether the server of such an entry must be started again, if its Reinstall is gone. */
  public static boolean isOwed(Entry entry) {
    return entry.restartWith() != null
        && (entry.state().isPowerChange() || entry.state() == State.Released);
  }

  /** The deleted Reinstall, as far as its entry knows it. */
  public static Reinstall reinstall(Server server, Entry entry) {
    Owner owner = entry.owner();
    Reinstall gone = new Reinstall();
    gone.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(owner.namespace())
            .withName(owner.name())
            .withUid(owner.uid())
            .withDeletionTimestamp(entry.claimTime().toString())
            .build());
    gone.setSpec(
        new ReinstallSpec(
            server.cloud(),
            server.region(),
            server.instanceId(),
            new SecretRef(entry.restartWith()),
            entry.notAfter(),
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            Map.of()));
    gone.becomePartOf(entry.specHash());
    return gone;
  }

  /**
   * Does what can be done now.
   *
   * @param gone as {@link #reinstall} makes it
   */
  public void run(Reinstall gone) throws ConflictException {
    ReconcileContext ctx = new ReconcileContext(ports, timeouts, gone, true);
    ctx.fetchLedger();
    while (ctx.entry(ctx.name).filter(e -> ctx.isOwner(e) && isOwed(e)).isPresent()) {
      ReadFacts facts = ReadFacts.of(ctx);
      Result result = StateHandlers.decide(facts);
      if (facts.haveReadMore()) {
        continue;
      }
      switch (result.act()) {
        case TRANSITION -> {
          ctx.ledger = ports.writeLedger(ctx.ledger.with(ctx.name, result.entry()));
          if (result.endsUnsubmitted()) {
            ports.reportUnsubmittedEnd(ctx.spec.server(), result.entry(), result.message());
          }
        }
        case RESTART -> {
          restart(ctx, result);
          return;
        }
        default -> {
          return;
        }
      }
    }
  }

  private static void restart(ReconcileContext ctx, Result result) throws ConflictException {
    try {
      new Submission(ctx, result).submit();
    } catch (NotYetException | ClaimRefusedException e) {
      // nothing was sent; the next run tries again
    }
  }
}
