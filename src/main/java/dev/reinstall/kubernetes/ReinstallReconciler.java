package dev.reinstall.kubernetes;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.Reason;
import dev.reinstall.api.Reinstall;
import dev.reinstall.api.ServerLedger;
import dev.reinstall.cloud.Cloud;
import dev.reinstall.reconcile.ReinstallReconciliation;
import dev.reinstall.reconcile.Timeouts;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a reconciliation with the ports of a real cluster, and reschedules it. */
@ControllerConfiguration(name = "reinstall", generationAwareEventProcessing = false)
public final class ReinstallReconciler implements Reconciler<Reinstall> {
  private static final Logger LOG = LoggerFactory.getLogger(ReinstallReconciler.class);
  private static final String BY_LEDGER = "ledger";
  private static final Set<String> WAIT_FOR_THE_LEDGER =
      Set.of(Reason.Queued.name(), Reason.ServerHeld.name());

  private final Map<CloudName, Cloud> clouds;
  private final Timeouts timeouts;
  private final SecretReader secrets;
  private final EventRecorder events;
  private final ReconcileErrorReporter errors;
  private final KubernetesClient client;
  private final CrdCompatibilityCheck crdCheck;
  private final RollbackDetector rollbackDetector;
  private final ProcessState processState = new ProcessState();
  private LedgerStore ledgers;
  private Runnable abandonedStops = () -> {};

  /**
   * @param crdCheck checked before each claim; run by the caller
   * @param rollbackDetector checked before each claim; probed by the caller
   * @param instance name of this process in Events
   */
  public ReinstallReconciler(
      KubernetesClient client,
      CrdCompatibilityCheck crdCheck,
      RollbackDetector rollbackDetector,
      Map<CloudName, Cloud> clouds,
      Timeouts timeouts,
      String instance) {
    this.crdCheck = crdCheck;
    this.rollbackDetector = rollbackDetector;
    this.client = client;
    this.clouds = clouds;
    this.timeouts = timeouts;
    this.secrets = new SecretReader(client);
    this.events = new EventRecorder(client, instance);
    this.errors = new ReconcileErrorReporter(events);
  }

  @Override
  public List<EventSource<?, Reinstall>> prepareEventSources(
      EventSourceContext<Reinstall> context) {
    context
        .getPrimaryCache()
        .addIndexer(BY_LEDGER, reinstall -> List.of(reinstall.getSpec().server().ledgerName()));
    InformerEventSource<ServerLedger, Reinstall> watch =
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(ServerLedger.class, Reinstall.class)
                .withWatchAllNamespaces() // cluster-scoped, whatever namespaces are watched
                .withSecondaryToPrimaryMapper(resource -> queuedFor(resource, context))
                .build(),
            context);
    ledgers = new LedgerStore(client, watch, crdCheck, rollbackDetector);
    OwnerLookup owners = new OwnerLookup(context.getPrimaryCache()::get, client);
    AbandonedStops stops = new AbandonedStops(events, owners::isDeleted);
    abandonedStops = () -> stops.report(watch.list());
    return List.of(watch);
  }

  /**
   * The request that has the server follows it by its own timer; a write wakes those that are
   * queued.
   */
  private Set<ResourceID> queuedFor(ServerLedger resource, EventSourceContext<Reinstall> context) {
    events.recordIfNotUsed(resource);
    return context.getPrimaryCache().byIndex(BY_LEDGER, resource.getMetadata().getName()).stream()
        .filter(
            reinstall ->
                reinstall.getStatus() != null
                    && reinstall.getStatus().reason() != null
                    && WAIT_FOR_THE_LEDGER.contains(reinstall.getStatus().reason()))
        .map(ResourceID::fromResource)
        .collect(Collectors.toSet());
  }

  /** To be called now and then: nothing else reports what happens to a deleted Reinstall. */
  public void reportAbandonedStops() {
    abandonedStops.run();
  }

  @Override
  public UpdateControl<Reinstall> reconcile(Reinstall reinstall, Context<Reinstall> context) {
    KubernetesGateway ports =
        new KubernetesGateway(reinstall, context, ledgers, secrets, events, processState, clouds);
    UpdateControl<Reinstall> control = UpdateControl.noUpdate();
    try {
      new ReinstallReconciliation(ports, timeouts).run().ifPresent(control::rescheduleAfter);
    } catch (Error e) { // the framework would never reconcile this resource again after an Error
      LOG.error("Reconciliation of {} failed", ResourceID.fromResource(reinstall), e);
      errors.report(reinstall, context, e);
      control.rescheduleAfter(timeouts.pollInterval());
    }
    return control;
  }

  @Override
  public ErrorStatusUpdateControl<Reinstall> updateErrorStatus(
      Reinstall reinstall, Context<Reinstall> context, Exception failure) {
    errors.report(reinstall, context, failure);
    return ErrorStatusUpdateControl.noStatusUpdate(); // written by compare-and-swap already
  }
}
