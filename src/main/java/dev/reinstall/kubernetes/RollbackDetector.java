package dev.reinstall.kubernetes;

import dev.reinstall.api.Reason;
import dev.reinstall.api.ServerLedger;
import dev.reinstall.reconcile.ClaimRefusedException;
import dev.reinstall.reconcile.Messages;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the cluster was restored to an older state. If etcd is restored, its resource versions go
 * back: requests that were submitted since are in no ledger and no status, and an open watch
 * receives nothing until the cluster has come as far again. So a process that sees it starts
 * nothing any more, for as long as it lives; with a file that keeps the last resource version, nor
 * does any later process with the same file.
 */
public final class RollbackDetector {
  private static final Logger LOG = LoggerFactory.getLogger(RollbackDetector.class);

  private static final ListOptions ONE = new ListOptionsBuilder().withLimit(1L).build();

  private final KubernetesClient client;
  private final Optional<Path> file;
  private long newest;
  private String rollback;

  /**
   * @param memory a file that outlives the process, such as in an emptyDir; one that cannot be read
   *     or written is done without
   */
  public RollbackDetector(KubernetesClient client, Optional<Path> memory) {
    this.client = client;
    this.file = memory;
    memory.filter(Files::exists).ifPresent(this::load);
  }

  private void load(Path file) {
    try {
      newest = Long.parseLong(Files.readString(file).strip());
    } catch (IOException | NumberFormatException e) {
      LOG.warn("Cannot read the last resource version from {}: {}", file, e.toString());
    }
  }

  private void save(Path file) {
    try {
      Path whole = Files.writeString(file.resolveSibling(file.getFileName() + ".new"), "" + newest);
      Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      LOG.warn("Cannot save the resource version to {}: {}", file, e.toString());
    }
  }

  /**
   * Reads the resource version of the cluster; a list returns the newest.
   *
   * @return whether the API server responded
   */
  public boolean probe() {
    long before = newest();
    try {
      record(
          client.resources(ServerLedger.class).list(ONE).getMetadata().getResourceVersion(),
          before);
      return true;
    } catch (KubernetesClientException e) {
      LOG.debug("Cannot read the resource version of the cluster: {}", e.getMessage());
      return false;
    }
  }

  /** Why no server may be claimed; empty: nothing is in the way. */
  public synchronized Optional<String> problem() {
    return Optional.ofNullable(rollback);
  }

  /**
   * To be called before a claim.
   *
   * @return the newest known resource version; for {@link #requireNoRollbackSince}
   * @throws ClaimRefusedException the cluster was restored to an older state
   */
  long requireNoRollback() throws ClaimRefusedException {
    if (problem().isPresent()) {
      throw new ClaimRefusedException(Reason.ClusterRolledBack, problem().get());
    }
    return newest();
  }

  /**
   * To be called after a claim: the write itself shows the resource version of the cluster.
   *
   * @param before what {@link #requireNoRollback} returned before the write
   * @throws ClaimRefusedException the cluster was restored to an older state
   */
  void requireNoRollbackSince(long before, String resourceVersion) throws ClaimRefusedException {
    record(resourceVersion, before);
    requireNoRollback();
  }

  private synchronized long newest() {
    return newest;
  }

  /**
   * @param before what was known when the request was sent: responses overtake each other
   */
  private synchronized void record(String resourceVersion, long before) {
    long now = Long.parseLong(resourceVersion);
    if (now < before && rollback == null) {
      rollback = Messages.clusterRolledBack(now, before);
      LOG.error(rollback);
    }
    if (now > newest) {
      newest = now;
      file.ifPresent(this::save);
    }
  }
}
