package dev.reinstall.kubernetes;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.Durations;
import dev.reinstall.api.Reason;
import dev.reinstall.api.Reinstall;
import dev.reinstall.api.ServerLedger;
import dev.reinstall.cloud.CloudCalls;
import dev.reinstall.reconcile.ReinstallReconciliation;
import dev.reinstall.reconcile.Timeouts;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.api.config.NamespaceChangeable;
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
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** Runs a reconciliation with the ports of a real cluster, and reschedules it. */
@ControllerConfiguration(name = "reinstall", generationAwareEventProcessing = false)
public final class ReinstallReconciler implements Reconciler<Reinstall> {
  private static final Logger LOG = LoggerFactory.getLogger(ReinstallReconciler.class);

  /** A field of each line in the log; the framework adds namespace and name of the Reinstall. */
  private static final String SERVER = "server";

  private static final String BY_LEDGER = "ledger";
  private static final Set<String> WAIT_FOR_THE_LEDGER =
      Set.of(Reason.Queued.name(), Reason.ServerHeld.name(), Reason.ServerNotGranted.name());

  /** For changes that no watch event reported. */
  private static final Duration LOOK_AGAIN = Duration.ofMinutes(10);

  private final Timeouts timeouts;
  private final EventRecorder events;
  private final ReconcileErrorReporter errors;
  private final KubernetesClient client;
  private final OperatorMetrics metrics;
  private final RunningReconciliations running;
  private final ProcessState processState = new ProcessState();
  private final ServerPoller poller;
  private final RequeueTimer timer;
  private final SharedParts shared;
  private final PauseWatch pause;
  private LedgerStore ledgers;
  private OwnerLookup owners;
  private NamespaceChangeable informers;
  private Consumer<Set<String>> abandonedStops = namespaces -> {};

  /**
   * @param requireServerGrant whether a server that belongs to no namespace is reinstalled for no
   *     one
   * @param instance name of this process in Events
   * @param callTimeout of one call to a cloud
   * @param threads that reconcile
   * @param pause by which a person forbids to change any server
   * @param metrics counts what is done; this adds what there is to do
   */
  public ReinstallReconciler(
      KubernetesClient client,
      Map<CloudName, CloudCalls> clouds,
      Timeouts timeouts,
      boolean requireServerGrant,
      String instance,
      Duration callTimeout,
      int threads,
      PauseWatch pause,
      OperatorMetrics metrics) {
    this.poller =
        new ServerPoller(
            this::wake,
            timeouts.pollInterval(),
            timeouts.slowInterval(),
            timeouts.observationUse());
    this.timer = new RequeueTimer(poller);
    this.pause = pause;
    this.metrics = metrics;
    this.running = new RunningReconciliations(callTimeout, System::nanoTime);
    this.client = client;
    this.timeouts = timeouts;
    this.events = new EventRecorder(client, instance);
    this.errors = new ReconcileErrorReporter(events, metrics);
    this.shared =
        new SharedParts(
            new SecretReader(client),
            pause,
            events,
            processState,
            clouds,
            metrics,
            new Transitions(metrics),
            poller,
            new CatalogueCache(this::wake),
            new NodeCache(client, System::nanoTime),
            new SubmissionSlots(threads),
            timeouts.pollInterval(),
            requireServerGrant);
  }

  /** What the reconciler needs of its controller, whatever namespaces that watches. */
  public static void configure(ControllerConfigurationOverrider<Reinstall> controller) {
    controller
        .withRetry(new RetryCount())
        .withReconciliationMaxInterval(null) // the framework's timer runs by the wall clock
        .withOnUpdateFilter(ReinstallReconciler::isChange)
        .withInformerListLimit(CachedReinstalls.PAGE);
  }

  /**
   * Metadata that others write, such as annotations, is no reason to describe a server. A status
   * that somebody wiped or edited is.
   */
  static boolean isChange(Reinstall now, Reinstall before) {
    return !Objects.equals(now.getMetadata().getUid(), before.getMetadata().getUid())
        || !Objects.equals(now.getMetadata().getGeneration(), before.getMetadata().getGeneration())
        || !Objects.equals(
            now.getMetadata().getDeletionTimestamp(), before.getMetadata().getDeletionTimestamp())
        || !Objects.equals(now.getStatus(), before.getStatus());
  }

  /** For a process that is about to end: what is in flight goes on, and nothing new is claimed. */
  public void stopClaiming() {
    processState.stopClaiming();
  }

  /**
   * Watches the Reinstalls of exactly these namespaces from now on. (By way of the controller, a
   * reconciliation that ends meanwhile would be the last one of its Reinstall.)
   */
  public void watch(Set<String> namespaces) {
    informers.changeNamespaces(namespaces);
  }

  /**
   * Why only a restart helps, without a look at anything outside the process; empty: nothing is
   * stuck.
   */
  public Optional<String> stuck() {
    return running
        .problem()
        .or(
            () ->
                timer
                    .late()
                    .filter(late -> late.compareTo(running.limit()) > 0)
                    .map(
                        late ->
                            "the timer has woken nothing for " + Durations.text(running.limit())));
  }

  RequeueTimer timer() {
    return timer;
  }

  @Override
  public List<EventSource<?, Reinstall>> prepareEventSources(
      EventSourceContext<Reinstall> context) {
    context
        .getPrimaryCache()
        .addIndexer(BY_LEDGER, reinstall -> List.of(reinstall.getSpec().server().ledgerName()));
    informers = (NamespaceChangeable) context.getPrimaryCache();
    InformerEventSource<ServerLedger, Reinstall> watch =
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(ServerLedger.class, Reinstall.class)
                .withInformerListLimit(CachedReinstalls.PAGE)
                .withWatchAllNamespaces() // cluster-scoped, whatever namespaces are watched
                .withSecondaryToPrimaryMapper(resource -> queuedFor(resource, context))
                .build(),
            context);
    ledgers = new LedgerStore(client, watch);
    // Started last; before that, the sources have no cache to list.
    new RequestGauges(
            () -> watch.isRunning() ? context.getPrimaryCache().list() : Stream.empty(),
            () -> watch.isRunning() ? watch.list() : Stream.empty(),
            Clock.systemUTC())
        .register(metrics.registry());
    owners =
        new OwnerLookup(
            context.getPrimaryCache()::get,
            ledger -> context.getPrimaryCache().byIndex(BY_LEDGER, ledger),
            client);
    OrphanRestarts restarts = new OrphanRestarts(owners, ledgers, shared, timeouts);
    AbandonedStops stops = new AbandonedStops(events, owners::isDeleted, restarts::run);
    abandonedStops = namespaces -> stops.report(watch.list(), namespaces);
    return List.of(pause.eventSource(context), watch, timer);
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

  /**
   * To be called now and then by the leader: nothing else does what is left to do for a deleted
   * Reinstall.
   *
   * @param namespaces that are watched; empty: all
   */
  public void endAbandonedStops(Set<String> namespaces) {
    abandonedStops.accept(namespaces);
  }

  private void wake(ResourceID id) {
    timer.wake(id);
  }

  @Override
  public UpdateControl<Reinstall> reconcile(Reinstall reinstall, Context<Reinstall> context) {
    ResourceID id = ResourceID.fromResource(reinstall);
    timer.cancel(id);
    running.begin(id);
    try (KubernetesGateway ports = ports(reinstall, context)) {
      MDC.put(SERVER, reinstall.getSpec().server().toString());
      Duration next = shorter(LOOK_AGAIN, run(ports, reinstall, context));
      boolean gone = context.getPrimaryCache().get(id).isEmpty(); // nobody would cancel it
      if (gone || !ports.hasAskedForServer()) {
        poller.forget(id);
      } else {
        poller.follow(id, ports.decidedOn(), next);
      }
      if (!gone) {
        timer.schedule(id, next);
      }
    } finally {
      MDC.remove(SERVER);
      running.end(id);
    }
    return UpdateControl.noUpdate();
  }

  private KubernetesGateway ports(Reinstall reinstall, Context<Reinstall> context) {
    return new KubernetesGateway(
        reinstall, owners, context.resourceOperations()::updatePrimaryStatus, ledgers, shared);
  }

  /** Returns when to reconcile again. */
  private Duration run(KubernetesGateway ports, Reinstall reinstall, Context<Reinstall> context) {
    try {
      return new ReinstallReconciliation(ports, timeouts).run().orElse(LOOK_AGAIN);
    } catch (DescriptionPendingException e) {
      return LOOK_AGAIN; // the poller wakes it
    } catch (CataloguesPendingException e) {
      return LOOK_AGAIN; // the cache of catalogues wakes it
    } catch (CredentialsReplacedException e) {
      return timeouts.pollInterval();
    } catch (StoppingException e) {
      LOG.info(e.getMessage());
      return LOOK_AGAIN;
    } catch (Error e) { // the framework would never reconcile this resource again after an Error
      LOG.error("Reconciliation of {} failed", ResourceID.fromResource(reinstall), e);
      errors.report(reinstall, context, e);
      return timeouts.pollInterval();
    }
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  @Override
  public ErrorStatusUpdateControl<Reinstall> updateErrorStatus(
      Reinstall reinstall, Context<Reinstall> context, Exception failure) {
    Duration backoff = RetryCount.backoff(context.getRetryInfo());
    LOG.warn("Reconciliation failed; retrying in {}s", backoff.toSeconds(), failure);
    errors.report(reinstall, context, failure);
    timer.schedule(ResourceID.fromResource(reinstall), backoff);
    return ErrorStatusUpdateControl.noStatusUpdate(); // written by compare-and-swap already
  }
}
