package dev.reinstall.kubernetes;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Lease of leader election. The framework leaves it as it is at a stop, and the other replicas
 * would wait until it expires.
 */
public final class LeaderLease {
  /** The name of the Lease. */
  public static final String NAME = "reinstall-operator";

  private static final Logger LOG = LoggerFactory.getLogger(LeaderLease.class);
  private static final int TIMEOUT_SECONDS = 5; // an API server that does not respond stops no stop

  private final KubernetesClient client;
  private final String namespace;
  private final String identity;

  /**
   * @param namespace of the Lease
   * @param identity of this replica
   */
  public LeaderLease(KubernetesClient client, String namespace, String identity) {
    this.client = client;
    this.namespace = namespace;
    this.identity = identity;
  }

  /** Does nothing unless this replica holds it. To be called when nothing is in flight any more. */
  public void release() {
    try {
      CompletableFuture.runAsync(this::removeHolder).get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (TimeoutException e) {
      LOG.warn("The Lease was not released within {}s: it expires", TIMEOUT_SECONDS);
    } catch (ExecutionException e) {
      LOG.warn("The Lease was not released: it expires. {}", e.getCause().getMessage());
    }
  }

  private void removeHolder() {
    Resource<Lease> resource = client.leases().inNamespace(namespace).withName(NAME);
    Lease lease = resource.get();
    if (lease == null || !identity.equals(lease.getSpec().getHolderIdentity())) {
      return;
    }
    String version = lease.getMetadata().getResourceVersion(); // another replica may take it now
    try {
      resource.patch(
          PatchContext.of(PatchType.JSON_MERGE),
          "{\"metadata\":{\"resourceVersion\":\"%s\"},\"spec\":{\"holderIdentity\":null}}"
              .formatted(version));
      LOG.info("The Lease was released");
    } catch (KubernetesClientException e) {
      if (e.getCode() != 409) {
        throw e;
      }
    }
  }
}
