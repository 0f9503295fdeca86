package dev.reinstall.controlplane;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.server.mock.KubernetesMixedDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.ServerRequest;
import io.fabric8.mockwebserver.ServerResponse;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import io.fabric8.mockwebserver.internal.SimpleRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/**
 * fabric8's mock of the Kubernetes API on the loopback address, which stores objects, with our
 * CRDs. It has no RBAC, no CEL, no defaults, no server-side apply, and accepts a status write based
 * on a stale copy: good for a trial where nothing else is available, and for fast tests of what
 * others prove on the real one.
 */
public final class CrudMock implements AutoCloseable {
  private static final Path CRDS = Path.of("crds");

  // It logs every request; kept in a field, because a collected logger loses its level.
  private static final Logger CHATTER = Logger.getLogger("io.fabric8.mockwebserver");

  static {
    CHATTER.setLevel(Level.WARNING);
  }

  private final Map<ServerRequest, Queue<ServerResponse>> refusals = new HashMap<>();
  private final KubernetesMockServer server =
      new KubernetesMockServer(
          new Context(), new MockWebServer(), refusals, new DryRunsWithoutEffect(refusals), false);
  private final KubernetesClient client;

  /** By default the mock stores the objects of a dry run. */
  private static final class DryRunsWithoutEffect extends KubernetesMixedDispatcher {
    private final Map<ServerRequest, Queue<ServerResponse>> refusals;

    DryRunsWithoutEffect(Map<ServerRequest, Queue<ServerResponse>> refusals) {
      super(refusals);
      this.refusals = refusals;
    }

    @Override
    public MockResponse dispatch(RecordedRequest request) {
      Queue<ServerResponse> refused =
          refusals.get(new SimpleRequest(request.method(), request.getPath()));
      return request.getPath().contains("dryRun=All") && (refused == null || refused.isEmpty())
          ? new MockResponse().setResponseCode(201).setBody(request.getBody().readUtf8())
          : super.dispatch(request);
    }
  }

  private CrudMock() {
    server.init(InetAddress.getLoopbackAddress(), 0);
    Config config = new ConfigBuilder(Config.empty()).withMasterUrl(url()).build();
    config.setRequestRetryBackoffLimit(0);
    client = new KubernetesClientBuilder().withConfig(config).build();
  }

  /**
   * Our CRDs are installed when this returns: status is a subresource only if the CRD comes first.
   */
  public static CrudMock start() {
    CrudMock mock = new CrudMock();
    try (Stream<Path> files = Files.list(CRDS)) {
      files
          .filter(file -> file.toString().endsWith(".yml"))
          .flatMap(file -> mock.read(file).stream())
          .forEach(crd -> mock.client.resource(crd).create());
      return mock;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public String url() {
    return "http://127.0.0.1:" + server.getPort();
  }

  public KubernetesClient client() {
    return client;
  }

  /** For a process that finds the mock by its environment. */
  public Path writeKubeconfig(Path file) {
    try {
      return Files.writeString(
          file,
          """
          apiVersion: v1
          kind: Config
          current-context: mock
          contexts: [{name: mock, context: {cluster: mock, user: mock}}]
          clusters: [{name: mock, cluster: {server: "%s"}}]
          users: [{name: mock, user: {}}]
          """
              .formatted(url()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All objects in a file of manifests. */
  public List<HasMetadata> read(Path file) {
    try (var in = Files.newInputStream(file)) {
      return client.load(in).items();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void create(HasMetadata resource) {
    client.resource(resource instanceof Secret secret ? encoded(secret) : resource).create();
  }

  /** What the API server does with stringData, and the mock does not. */
  private static Secret encoded(Secret secret) {
    Map<String, String> data = new HashMap<>();
    if (secret.getStringData() != null) {
      secret
          .getStringData()
          .forEach(
              (key, value) ->
                  data.put(
                      key,
                      Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8))));
    }
    return new SecretBuilder(secret).withStringData(null).addToData(data).build();
  }

  /**
   * The next such request gets this response, and has no effect.
   *
   * @param method GET, POST or PUT
   */
  public void refuseNext(String method, String path, int code) {
    refuseNext(method, path, new StatusBuilder().withCode(code).withMessage("simulated").build());
  }

  /** The next such request is answered by this Status, and nothing is done. */
  public void refuseNext(String method, String path, Status status) {
    var expectation =
        switch (method) {
          case "GET" -> server.expect().get();
          case "POST" -> server.expect().post();
          case "PUT" -> server.expect().put();
          default -> throw new IllegalArgumentException(method);
        };
    expectation.withPath(path).andReturn(status.getCode(), status).once();
  }

  /** How many requests it received so far. */
  public int requests() {
    return server.getRequestCount();
  }

  @Override
  public void close() {
    client.close();
    server.destroy();
  }
}
