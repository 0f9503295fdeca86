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
 * Whether the cluster only went forward. Where etcd is put back to an older state, its resource
 * versions go back too: orders that were sent since stand in no ledger and no status, and a watch
 * that was open hears of nothing until the cluster has come as far again. So a process that sees it
 * begins nothing any more, for as long as it lives; and, where it has a file to keep how far the
 * cluster was, no process that comes after it with the same file does.
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

  /** Asks the API server how far it is; a list is answered by the newest state there is. */
  public void probe() {
    long before = newest();
    try {
      record(
          client.resources(ServerLedger.class).list(ONE).getMetadata().getResourceVersion(),
          before);
    } catch (KubernetesClientException e) {
      LOG.debug("Cannot read the resource version of the cluster: {}", e.getMessage());
    }
  }

  /** Why no server may be claimed; empty: nothing is in the way. */
  public synchronized Optional<String> problem() {
    return Optional.ofNullable(rollback);
  }

  /**
   * To be passed before a claim.
   *
   * @return how far the cluster is, as far as is known; for {@link #requireNoRollbackSince}
   * @throws ClaimRefusedException the cluster was put back
   */
  long requireNoRollback() throws ClaimRefusedException {
    if (problem().isPresent()) {
      throw new ClaimRefusedException(Reason.ClusterRolledBack, problem().get());
    }
    return newest();
  }

  /**
   * To be passed after a claim: the write itself tells how far the cluster is.
   *
   * @param before what {@link #check} said before the write
   * @throws ClaimRefusedException the cluster was put back
   */
  void requireNoRollbackSince(long before, String resourceVersion) throws ClaimRefusedException {
    record(resourceVersion, before);
    requireNoRollback();
  }

  private synchronized long newest() {
    return newest;
  }

  /**
   * @param before what was known when the question was asked: answers overtake each other
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
