package dev.reinstall.cloud;

import dev.reinstall.api.Durations;
import dev.reinstall.cloud.CloudException.Kind;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/**
 * Sends one request once and distinguishes three outcomes: a response, certainly not sent,
 * ambiguous.
 *
 * <p>It follows no redirect, and no request leaves twice: what only reads may be signed and sent a
 * second time as another request ({@link #read}). One instance serves all clouds and threads. A
 * connection whose response head cannot be read stays open until the other side closes it: Java's
 * client neither closes nor reuses it.
 */
public final class CloudHttp {

  private static final String RESEND = "jdk.httpclient.enableAllMethodRetry";
  private static final Pattern TUNNEL_REFUSED = Pattern.compile("Tunnel failed, got: ([0-9]{3})");

  /** A description of 100 servers fits; all responses that are read at the same time fit, too. */
  static final int MAX_BYTES = 256 * 1024;

  private final HttpClient client;
  private final Duration callTimeout;
  private final ProxySettings proxies;

  /** Signs a request that only reads; each time it is another one for the cloud. */
  @FunctionalInterface
  public interface Signed {
    SignedRequest sign() throws CloudException;
  }

  /** With the proxy of the JVM, if it has one. */
  public CloudHttp(Duration connectTimeout, Duration callTimeout) {
    this(connectTimeout, callTimeout, ProxySettings.ofJvm());
  }

  /**
   * @param connectTimeout for the TCP connection; Java does not apply it to the tunnel of a proxy
   * @param callTimeout for a whole call, from connecting to the last byte of the response body
   * @throws IllegalStateException if Java is configured to resend requests of every method
   */
  public CloudHttp(Duration connectTimeout, Duration callTimeout, ProxySettings proxies) {
    if (System.getProperty(RESEND) != null) {
      throw new IllegalStateException(
          "The system property "
              + RESEND
              + " must not be set: Java could send a request to a cloud twice. Remove it.");
    }
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(connectTimeout);
    if (proxies.selector() != null) {
      builder.proxy(proxies.selector());
    }
    this.client = builder.build();
    this.callTimeout = callTimeout;
    this.proxies = proxies;
  }

  /** The Host header that {@link #send} sends, to be signed: the port only where not default. */
  public static String hostHeader(URI uri) {
    int usual = "https".equals(uri.getScheme()) ? 443 : 80;
    boolean plain = uri.getPort() == -1 || uri.getPort() == usual;
    return plain ? uri.getHost() : uri.getHost() + ":" + uri.getPort();
  }

  /**
   * Sends it, once.
   *
   * @return the response, whatever its status
   * @throws CloudException {@link Kind#NOT_SENT} if the request certainly did not leave this
   *     machine (no name, no connection, no tunnel, no TLS), else ambiguous; an interrupt stays set
   */
  public HttpResult send(SignedRequest call) throws CloudException {
    return send(call, new TrackedBodyPublisher(call.body()), callTimeout.toNanos());
  }

  /**
   * Sends a request that only reads. Where the connection broke before the response began, as it
   * does when the cloud closes one that was kept open, it is signed and sent a second time.
   *
   * @throws CloudException as {@link #send}
   */
  public HttpResult read(Signed request) throws CloudException {
    long start = System.nanoTime();
    SignedRequest first = request.sign();
    TrackedBodyPublisher body = new TrackedBodyPublisher(first.body());
    try {
      return send(first, body, callTimeout.toNanos());
    } catch (CloudException e) {
      long left = callTimeout.toNanos() - (System.nanoTime() - start);
      if (!body.repetitionRefused() || left <= 0) {
        throw e;
      }
      SignedRequest second = request.sign();
      return send(second, new TrackedBodyPublisher(second.body()), left);
    }
  }

  private HttpResult send(SignedRequest call, TrackedBodyPublisher body, long nanos)
      throws CloudException {
    String host = call.uri().getHost();
    if (Thread.currentThread().isInterrupted()) {
      throw CloudException.notSent("Interrupted before the call to " + host + ".");
    }
    CompletableFuture<HttpResponse<byte[]>> pending =
        client.sendAsync(request(call, body), head -> new LimitedBodySubscriber(MAX_BYTES));
    try {
      HttpResponse<byte[]> response = pending.get(nanos, TimeUnit.NANOSECONDS);
      refuseResponseOfProxy(call, body, response.statusCode());
      return new HttpResult(
          response.statusCode(),
          response.headers(),
          new String(response.body(), StandardCharsets.UTF_8));
    } catch (TimeoutException e) {
      pending.cancel(true);
      throw failure(
          body.withdraw(),
          "No complete response from "
              + target(call)
              + " within "
              + Durations.text(callTimeout)
              + ".");
    } catch (InterruptedException e) {
      pending.cancel(true);
      Thread.currentThread().interrupt();
      throw failure(body.withdraw(), "Interrupted while waiting for the response of " + host + ".");
    } catch (ExecutionException e) {
      throw failed(call, e.getCause(), body);
    }
  }

  private HttpRequest request(SignedRequest call, TrackedBodyPublisher body) throws CloudException {
    try {
      HttpRequest.Builder request = HttpRequest.newBuilder(call.uri());
      request.method(call.method(), body);
      call.headers().forEach(request::setHeader);
      proxies
          .authorizationFor(call.uri())
          .ifPresent(value -> request.setHeader("Proxy-Authorization", value));
      return request.build();
    } catch (IllegalArgumentException e) { // its message quotes the header, maybe a credential
      throw CloudException.notSent("The request contains characters that are not allowed in HTTP.");
    }
  }

  /** Java's client passes it on as the response to a request that it never sent. */
  private void refuseResponseOfProxy(SignedRequest call, TrackedBodyPublisher body, int status)
      throws CloudException {
    Optional<String> proxy = proxies.nameFor(call.uri());
    if (status == HttpURLConnection.HTTP_PROXY_AUTH && proxy.isPresent() && body.withdraw()) {
      throw CloudException.notSent(
          "The proxy "
              + proxy.get()
              + " does not accept the user and password of HTTPS_PROXY, or requires them (HTTP "
              + status
              + ").");
    }
  }

  /**
   * Certainly not sent if Java's client never asked for what it must know before the first byte; or
   * if both agree: the kind of failure, and a body that was never requested. A request without a
   * body has only the kind, and TLS can fail after a request was sent, too.
   */
  private CloudException failed(SignedRequest call, Throwable failure, TrackedBodyPublisher body) {
    String host = call.uri().getHost();
    Optional<String> proxy = proxies.nameFor(call.uri());
    boolean unsent = body.withdraw();
    boolean unbegun = !body.started();
    Optional<SSLException> noTls = noTls(failure);
    if (noTls.isPresent()) {
      return failure(
          unsent || (unbegun && !call.body().isEmpty()),
          "TLS handshake failed with " + target(call) + ": " + noTls.get().getMessage());
    }
    if (failure instanceof HttpConnectTimeoutException && unbegun) {
      return CloudException.notSent("No connection to " + target(call) + " within the time-out.");
    }
    if (failure instanceof ConnectException && unbegun) {
      boolean unnamed = failure.getCause() instanceof UnresolvedAddressException;
      return CloudException.notSent(
          (unnamed ? "No address found for the " : "No connection to ")
              + proxy
                  .map(name -> "proxy " + name + " of " + host)
                  .orElse(unnamed ? "host " + host : host)
              + ".");
    }
    if (failure instanceof LimitedBodySubscriber.TooLarge) {
      return ambiguous("The response of " + host + " is larger than " + MAX_BYTES + " bytes.");
    }
    // Not its message: Java quotes what came, and that may echo a secret.
    String kind = failure.getClass().getSimpleName();
    if (unsent && proxy.isPresent()) {
      return CloudException.notSent(
          "The proxy "
              + proxy.get()
              + " opened no tunnel to "
              + host
              + " ("
              + refusedStatus(failure).map(status -> "HTTP " + status).orElse(kind)
              + ").");
    }
    return failure(
        unsent,
        "The connection to "
            + target(call)
            + " broke before the response was complete"
            + (body.repetitionRefused() ? "." : " (" + kind + ")."));
  }

  private static Optional<String> refusedStatus(Throwable failure) {
    return Optional.ofNullable(failure.getMessage())
        .map(TUNNEL_REFUSED::matcher)
        .filter(Matcher::matches)
        .map(found -> found.group(1));
  }

  private String target(SignedRequest call) {
    String host = call.uri().getHost();
    return proxies
        .nameFor(call.uri())
        .map(proxy -> host + " through the proxy " + proxy)
        .orElse(host);
  }

  private static CloudException failure(boolean unsent, String message) {
    return unsent ? CloudException.notSent(message) : ambiguous(message);
  }

  /** Sometimes Java wraps it: what came after the failed handshake was no response either. */
  private static Optional<SSLException> noTls(Throwable failure) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
        .filter(SSLException.class::isInstance)
        .map(SSLException.class::cast)
        .findFirst();
  }

  private static CloudException ambiguous(String message) {
    return new CloudException(Kind.AMBIGUOUS, message);
  }
}
