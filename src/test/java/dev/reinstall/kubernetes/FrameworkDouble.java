package dev.reinstall.kubernetes;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.Reinstall;
import dev.reinstall.api.ReinstallStatus;
import dev.reinstall.cloud.CloudCalls;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.IndexedResourceCache;
import io.javaoperatorsdk.operator.api.reconciler.ResourceOperations;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The operator framework, as far as one reconciliation meets it; it keeps what it is given. */
final class FrameworkDouble {
  private final Reinstall reinstall;
  private final Optional<Reinstall> cached;
  private final KubernetesClientException rejection;
  private final KubernetesClient client;
  private final List<Reinstall> written = new ArrayList<>();

  /**
   * @param status of the Reinstall, in the watch too; null: none
   * @param rejection of each write of a status; null: it is written
   */
  FrameworkDouble(ReinstallStatus status, KubernetesClientException rejection) {
    this.reinstall = StatusReinstalls.with(status);
    this.cached = Optional.of(reinstall);
    this.rejection = rejection;
    this.client = null;
  }

  /** One whose watch does not have the Reinstall. */
  FrameworkDouble(Reinstall reinstall, KubernetesClient client) {
    this.reinstall = reinstall;
    this.cached = Optional.empty();
    this.rejection = null;
    this.client = client;
  }

  Reinstall reinstall() {
    return reinstall;
  }

  List<Reinstall> written() {
    return written;
  }

  private final class Operations extends ResourceOperations<Reinstall> {
    Operations() {
      super(null);
    }

    @Override
    public Reinstall updatePrimaryStatus(Reinstall next) {
      if (rejection != null) {
        throw rejection;
      }
      written.add(next);
      return next;
    }
  }

  @SuppressWarnings("unchecked")
  Context<Reinstall> context() {
    return (Context<Reinstall>)
        answering(
            Context.class,
            Map.of(
                "resourceOperations",
                Optional.of(new Operations()),
                "getClient",
                Optional.ofNullable(client),
                "getRetryInfo",
                Optional.of(Optional.empty()),
                "getPrimaryCache",
                Optional.of(
                    answering(IndexedResourceCache.class, Map.of("get", Optional.of(cached))))));
  }

  OwnerLookup owners() {
    return new OwnerLookup(id -> cached, ledger -> List.of(), client);
  }

  private static Object answering(Class<?> type, Map<String, Optional<?>> responses) {
    return Proxy.newProxyInstance(
        FrameworkDouble.class.getClassLoader(),
        new Class<?>[] {type},
        (proxy, method, arguments) -> responses.get(method.getName()).orElseThrow());
  }

  /** Clouds of which none can be had. */
  static final class ThrowingMap extends HashMap<CloudName, CloudCalls> {
    private static final long serialVersionUID = 1L;

    @Override
    public CloudCalls get(Object key) {
      throw new StackOverflowError("while it looked for " + key);
    }
  }
}
