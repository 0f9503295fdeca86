package dev.reinstall.kubernetes;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.HttpClient;

/**
 * The clients of the API server. Whatever the log level is, they log no request and no response:
 * these contain Secrets, the token of the service account and the password of the proxy.
 */
public final class ClusterClient {
  /** The library's name of what logs them; it is there where its logger has the level TRACE. */
  private static final String REQUEST_LOG = "HttpLogging";

  private static final int WATCH_RECONNECT_MILLIS = 50;

  private ClusterClient() {}

  /** A closed watch is normal; until it is open again the operator receives no events. */
  public static KubernetesClient open(Config cluster, WatchMonitor watches) {
    cluster.setWatchReconnectInterval(WATCH_RECONNECT_MILLIS);
    cluster.setHttp2Disable(true); // HTTP/2 breaks off above 100 requests on its one connection
    return new KubernetesClientBuilder()
        .withConfig(cluster)
        .withKubernetesSerialization(CachedReinstalls.serialization())
        .withHttpClientBuilderConsumer(
            http -> withoutRequestLog(http).addOrReplaceInterceptor("watches", watches))
        .build();
  }

  /** A second one, for single reads; this does not change the config. */
  static KubernetesClient openPlain(Config cluster) {
    return new KubernetesClientBuilder()
        .withConfig(cluster)
        .withHttpClientBuilderConsumer(ClusterClient::withoutRequestLog)
        .build();
  }

  private static HttpClient.Builder withoutRequestLog(HttpClient.Builder http) {
    return http
        // guard: api-requests-are-not-logged
        .addOrReplaceInterceptor(REQUEST_LOG, null);
  }
}
