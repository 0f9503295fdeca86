package dev.reinstall.kubernetes;

import dev.reinstall.api.ServerLedger;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the API server responds at all, on a new connection: the Kubernetes client retries for
 * long without a word, and then names neither the address nor the proxy.
 */
public final class ApiServerCheck {
  private static final Logger LOG = LoggerFactory.getLogger(ApiServerCheck.class);

  private static final ListOptions ONE = new ListOptionsBuilder().withLimit(1L).build();
  private static final ResourceDefinitionContext LEDGERS =
      ResourceDefinitionContext.fromResourceType(ServerLedger.class);
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration PAUSE = Duration.ofSeconds(5);
  private static final int CALL_MILLIS = 5_000;

  private final Config config;
  private final Optional<String> proxy; // as messages name it

  public ApiServerCheck(Config config, Optional<String> proxy) {
    this.config = config;
    this.proxy = proxy;
  }

  /**
   * Waits for any response.
   *
   * @throws StartException naming the address, the proxy and the cause: there was none
   */
  public void awaitResponse() {
    long start = System.nanoTime();
    try (KubernetesClient client = client()) {
      for (Optional<String> why = why(client); why.isPresent(); why = why(client)) {
        if (System.nanoTime() - start >= PATIENCE.toNanos()) {
          throw new StartException(why.get());
        }
        LOG.warn("{} Retrying.", why.get());
        pause();
      }
    }
  }

  /** Whether it serves a read now. */
  public boolean responds() {
    try (KubernetesClient client = client()) {
      client.genericKubernetesResources(LEDGERS).list(ONE);
      return true;
    } catch (KubernetesClientException e) {
      LOG.debug("The API server does not serve a read: {}", e.getMessage());
      return false;
    }
  }

  /** One that tries once, and not for long. */
  private KubernetesClient client() {
    Config once =
        new ConfigBuilder(config)
            .withRequestRetryBackoffLimit(0)
            .withConnectionTimeout(CALL_MILLIS)
            .withRequestTimeout(CALL_MILLIS)
            .build();
    once.setHttpProxy(config.getHttpProxy()); // where it is null, the builder reads the environment
    once.setHttpsProxy(config.getHttpsProxy());
    once.setNoProxy(config.getNoProxy());
    return ClusterClient.openPlain(once);
  }

  /** Why there was no response; empty: there was one, whatever it says. */
  private Optional<String> why(KubernetesClient client) {
    try {
      client.genericKubernetesResources(LEDGERS).list(ONE); // a right that the operator has
      return Optional.empty();
    } catch (KubernetesClientException e) {
      boolean ofProxy = e.getCode() == HttpURLConnection.HTTP_PROXY_AUTH && proxy.isPresent();
      if (e.getCode() > 0 && !ofProxy) {
        return Optional.empty();
      }
      return Optional.of(
          "No response from the Kubernetes API server "
              + config.getMasterUrl()
              + proxy.map(name -> " through the proxy " + name).orElse("")
              + " ("
              + (ofProxy ? "the proxy requires a user and a password" : cause(e))
              + ")."
              + proxy.map(this::remedy).orElse(""));
    }
  }

  private String remedy(String name) {
    return " If it is reached without a proxy, add "
        + URI.create(config.getMasterUrl()).getHost()
        + " to NO_PROXY.";
  }

  /** The innermost failure that has a message, else the outermost that Java gives a name. */
  private static String cause(KubernetesClientException failure) {
    List<Throwable> causes =
        Stream.iterate(failure.getCause(), Objects::nonNull, Throwable::getCause).toList();
    return causes.stream()
        .filter(cause -> cause.getMessage() != null)
        .reduce((outer, inner) -> inner)
        .map(cause -> cause.getClass().getSimpleName() + ": " + cause.getMessage())
        .or(
            () ->
                causes.stream()
                    .filter(cause -> cause.getClass() != IOException.class)
                    .findFirst()
                    .map(cause -> cause.getClass().getSimpleName()))
        .orElse("unknown cause");
  }

  private static void pause() {
    try {
      TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while waiting for the API server.", e);
    }
  }
}
