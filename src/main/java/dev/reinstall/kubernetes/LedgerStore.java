package dev.reinstall.kubernetes;

import dev.reinstall.api.Reason;
import dev.reinstall.api.Server;
import dev.reinstall.api.ServerLedger;
import dev.reinstall.ledger.Ledger;
import dev.reinstall.reconcile.ClaimRefusedException;
import dev.reinstall.reconcile.ClusterMessages;
import dev.reinstall.reconcile.ConflictException;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.FieldValidateable;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The ledgers as ServerLedger objects: from the cache or fetched, written by compare-and-swap. */
final class LedgerStore {
  private static final Logger LOG = LoggerFactory.getLogger(LedgerStore.class);

  private static final Set<Integer> REFUSED_FOR_GOOD =
      Set.of(
          HttpURLConnection.HTTP_BAD_REQUEST,
          HttpURLConnection.HTTP_UNAUTHORIZED,
          HttpURLConnection.HTTP_FORBIDDEN,
          HttpURLConnection.HTTP_NOT_FOUND,
          HttpURLConnection.HTTP_ENTITY_TOO_LARGE,
          422); // Unprocessable: the second lock in the schema

  /** Of what the ledger was when a person set it: a write ends it. */
  private static final String ALLOW_DELETION = "reinstall.dev/allow-deletion";

  /** etcd refuses an object of more than 1.5 MiB. */
  private static final int MOST_BYTES = 1 << 20;

  /**
   * An entry has a few KiB at most, so that fewer entries always fit, with 256 KiB of annotations;
   * but labels have no limit.
   */
  private static final int MOST_ENTRIES_UNMEASURED = 100;

  private final KubernetesClient client;
  private final InformerEventSource<ServerLedger, ?> watch;
  private final Map<String, Optional<ServerLedger>> fetched = new ConcurrentHashMap<>();

  LedgerStore(KubernetesClient client, InformerEventSource<ServerLedger, ?> watch) {
    this.client = client;
    this.watch = watch;
  }

  /** The newest copy that is known: a watch that is behind does not hide one that was fetched. */
  Ledger cached(Server server) {
    String name = server.ledgerName();
    Optional<ServerLedger> watched = watch.get(new ResourceID(name));
    Optional<ServerLedger> known = fetched.get(name);
    if (known != null && !isBehind(watched, known)) {
      fetched.remove(name);
      known = null;
    }
    return toLedger(server, known == null ? watched : known);
  }

  Ledger fetch(Server server) {
    Optional<ServerLedger> resource =
        Optional.ofNullable(
            client.resources(ServerLedger.class).withName(server.ledgerName()).get());
    if (isBehind(watch.get(new ResourceID(server.ledgerName())), resource)) {
      fetched.put(server.ledgerName(), resource);
    } else {
      fetched.remove(server.ledgerName());
    }
    return toLedger(server, resource);
  }

  /** As the watch has it. */
  Optional<ServerLedger> resource(Server server) {
    return watch.get(new ResourceID(server.ledgerName()));
  }

  /** Also where one of them does not exist, and it is not known which one is newer. */
  private static boolean isBehind(Optional<ServerLedger> watched, Optional<ServerLedger> fetched) {
    return watched.isPresent() != fetched.isPresent()
        || (watched.isPresent() && version(watched.get()) < version(fetched.get()));
  }

  private static long version(ServerLedger resource) {
    return Long.parseUnsignedLong(resource.getMetadata().getResourceVersion());
  }

  private static Ledger toLedger(Server server, Optional<ServerLedger> resource) {
    if (resource.isEmpty()) {
      return Ledger.empty(server);
    }
    Server other = resource.get().getSpec().server();
    if (!other.equals(server)) {
      throw new ClusterRejectionException(
          ClusterMessages.ledgerOfAnotherServer(server.ledgerName(), other.toString()), null);
    }
    return Ledger.of(resource.get());
  }

  /**
   * As {@link #write}, but only if what may have to be written later fits, too.
   *
   * @throws ConflictException lost, or not known whether won
   * @throws ClaimRefusedException nothing was written
   */
  Ledger writeClaim(Ledger ledger) throws ConflictException, ClaimRefusedException {
    requireSpace(ledger);
    try {
      return write(ledger);
    } catch (ClusterRejectionException refused) {
      if (refused.getCause() instanceof KubernetesClientException e
          && CrdCompatibilityCheck.isOutdated(e)) {
        LOG.warn("The CRDs were replaced by older ones. {}", refused.getMessage());
        throw new ClaimRefusedException(Reason.CRDOutdated, ClusterMessages.crdOutdated());
      }
      throw refused;
    }
  }

  /** What is written later must fit, too: a result is as large as a message may be. */
  private static void requireSpace(Ledger ledger) throws ClaimRefusedException {
    if (ledger.orders().size() > Ledger.MOST_ENTRIES) {
      throw full(ledger, Ledger.MOST_ENTRIES + " entries");
    }
    if (bytes(ledger) > MOST_BYTES) {
      throw full(ledger, (MOST_BYTES >> 20) + " MiB");
    }
  }

  /** Zero: so few that they need not be counted. */
  private static int bytes(Ledger ledger) {
    return ledger.orders().size() > MOST_ENTRIES_UNMEASURED || !ledger.metadata().labels().isEmpty()
        ? Serialization.asJson(toResource(ledger)).getBytes(StandardCharsets.UTF_8).length
        : 0;
  }

  /** How full it is, by the limit that is nearest: at 1 it takes no other request. */
  static double fill(ServerLedger resource) {
    Ledger ledger = Ledger.of(resource);
    return Math.max(
        (double) ledger.orders().size() / Ledger.MOST_ENTRIES, (double) bytes(ledger) / MOST_BYTES);
  }

  private static ClaimRefusedException full(Ledger ledger, String limit) {
    return new ClaimRefusedException(
        Reason.LedgerFull, ClusterMessages.ledgerFull(ledger.server().ledgerName(), limit));
  }

  /**
   * A CRD that is older than this operator must reject what it does not know, not prune it: hence
   * Strict. (The framework's own operations have no strict validation.)
   *
   * @throws ConflictException lost, or not known whether won
   */
  Ledger write(Ledger ledger) throws ConflictException {
    ServerLedger resource = toResource(ledger);
    ResourceID id = new ResourceID(resource.getMetadata().getName());
    try {
      if (ledger.resourceVersion() == null) {
        ServerLedger created =
            client.resource(resource).fieldValidation(FieldValidateable.Validation.STRICT).create();
        fetched.remove(id.getName());
        if (watch.isRunning()) { // not while the process stops: its cache is gone by then
          watch.handleRecentResourceCreate(id, created);
        }
        return toLedger(ledger.server(), Optional.of(created));
      }
      ServerLedger updated =
          client.resource(resource).fieldValidation(FieldValidateable.Validation.STRICT).update();
      fetched.remove(id.getName());
      if (watch.isRunning()) {
        watch.handleRecentResourceUpdate(id, updated, resource);
      }
      return toLedger(ledger.server(), Optional.of(updated));
    } catch (KubernetesClientException e) {
      if (REFUSED_FOR_GOOD.contains(e.getCode())) {
        throw new ClusterRejectionException(
            "The API server rejected ServerLedger "
                + id.getName()
                + " (HTTP "
                + e.getCode()
                + "): "
                + CrdCompatibilityCheck.words(e),
            e);
      }
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        LOG.warn("ServerLedger {} may not have been written: {}", id.getName(), e.getMessage());
      }
      throw new ConflictException(
          "It is not known whether the ServerLedger was written: " + e.getMessage());
    }
  }

  private static ServerLedger toResource(Ledger ledger) {
    ServerLedger resource = new ServerLedger();
    resource.setMetadata(
        new ObjectMetaBuilder()
            .withName(ledger.server().ledgerName())
            // guard: ledger-by-compare-and-swap
            .withResourceVersion(ledger.resourceVersion())
            .withLabels(ledger.metadata().labels())
            // guard: annotations-are-kept
            .withAnnotations(ledger.metadata().annotations())
            .removeFromAnnotations(ALLOW_DELETION)
            // One empty entry: the API server keeps none, and each write is a quarter cheaper.
            .withManagedFields(List.of(new ManagedFieldsEntry()))
            .build());
    resource.setSpec(
        new ServerLedger.Spec(
            ledger.server().cloud(),
            ledger.server().region(),
            ledger.server().instanceId(),
            ledger.namespace(),
            ledger.claims(),
            ledger.orders(),
            ledger.additionalProperties()));
    return resource;
  }
}
