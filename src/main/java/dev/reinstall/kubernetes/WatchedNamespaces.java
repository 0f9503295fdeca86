package dev.reinstall.kubernetes;

import dev.reinstall.api.Reinstall;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.net.HttpURLConnection;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The namespaces to watch. One that the operator may not watch does not keep it from the others: it
 * is left out until the permission is granted.
 */
public final class WatchedNamespaces {
  private static final Logger LOG = LoggerFactory.getLogger(WatchedNamespaces.class);
  private static final ListOptions ONE = new ListOptionsBuilder().withLimit(1L).build();

  private final KubernetesClient client;
  private final Set<String> watched = new TreeSet<>();

  /** With the words of the API server. */
  private final TreeMap<String, String> denied = new TreeMap<>();

  /**
   * Asks for each namespace whether it may be watched.
   *
   * @param configured empty: all namespaces, which need one permission for all
   */
  public WatchedNamespaces(KubernetesClient client, Collection<String> configured) {
    this.client = client;
    for (String namespace : configured) {
      denial(namespace).ifPresentOrElse(why -> deny(namespace, why), () -> watched.add(namespace));
    }
    if (watched.isEmpty()) { // nothing to go on with: the start fails, and says why
      watched.addAll(configured);
      denied.clear();
    }
  }

  /** Those to start with; empty: all. */
  public synchronized Set<String> watched() {
    return Set.copyOf(watched);
  }

  /** Which namespaces are left out, and why; empty: none. */
  public synchronized Optional<String> problem() {
    return denied.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "not permitted to watch "
                + (denied.size() == 1 ? "namespace " : "namespaces ")
                + String.join(", ", denied.keySet())
                + ": "
                + denied.firstEntry().getValue());
  }

  /**
   * Asks again for those that are left out.
   *
   * @param watch watches exactly these namespaces from now on; those that it watches already, it
   *     leaves alone
   */
  public void retry(Consumer<Set<String>> watch) {
    for (String namespace : left()) {
      if (denial(namespace).isEmpty()) {
        add(namespace, watch);
      }
    }
  }

  private synchronized Set<String> left() {
    return Set.copyOf(denied.keySet());
  }

  private void add(String namespace, Consumer<Set<String>> watch) {
    Set<String> before = watched();
    Set<String> with = new TreeSet<>(before);
    with.add(namespace);
    try {
      watch.accept(with);
    } catch (RuntimeException e) {
      LOG.warn("Cannot watch namespace {} yet: {}", namespace, e.getMessage());
      watch.accept(before);
      return;
    }
    LOG.info("Watching namespace {}, too", namespace);
    synchronized (this) {
      watched.add(namespace);
      denied.remove(namespace);
    }
  }

  private void deny(String namespace, String why) {
    LOG.error("Namespace {} is not watched until it is permitted: {}", namespace, why);
    denied.put(namespace, why);
  }

  /** By what an informer does: a list, then a watch; empty: it may, or the informer reports it. */
  private Optional<String> denial(String namespace) {
    NonNamespaceOperation<Reinstall, KubernetesResourceList<Reinstall>, Resource<Reinstall>>
        reinstalls = client.resources(Reinstall.class).inNamespace(namespace);
    try {
      String version = reinstalls.list(ONE).getMetadata().getResourceVersion();
      ListOptions now =
          new ListOptionsBuilder().withResourceVersion(version).withTimeoutSeconds(1L).build();
      try (Watch established = reinstalls.watch(now, new Deaf())) {
        return Optional.empty();
      }
    } catch (KubernetesClientException e) {
      return e.getCode() == HttpURLConnection.HTTP_FORBIDDEN
          ? Optional.of(CrdCompatibilityCheck.words(e))
          : Optional.empty();
    }
  }

  private static final class Deaf implements Watcher<Reinstall> {
    @Override
    public void eventReceived(Action action, Reinstall resource) {}

    @Override
    public void onClose(WatcherException cause) {}
  }
}
