package dev.reinstall.cloud;

import dev.reinstall.api.Durations;
import java.net.ConnectException;
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
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/**
 * Sends one request once and distinguishes three outcomes: a response, certainly not sent,
 * ambiguous.
 *
 * <p>It follows no redirect and resends nothing that changes a server (Java's client repeats a GET
 * whose pooled connection turns out to be closed; that only reads). One instance serves all clouds
 * and threads. A connection whose response head cannot be read stays open until the other side
 * closes it: Java's client neither closes nor reuses it.
 */
public final class CloudHttp {

  private static final String RESEND = "jdk.httpclient.enableAllMethodRetry";
  private static final int MAX_BYTES = 1 << 20;

  private final HttpClient client;
  private final Duration callTimeout;

  /**
   * @param connectTimeout for the connection with its TLS handshake
   * @param callTimeout for a whole call, from connecting to the last byte of the response body
   * @throws IllegalStateException if Java is configured to resend requests of every method
   */
  public CloudHttp(Duration connectTimeout, Duration callTimeout) {
    if (System.getProperty(RESEND) != null) {
      throw new IllegalStateException(
          "The system property "
              + RESEND
              + " must not be set: Java could send a request to a cloud twice. Remove it.");
    }
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(connectTimeout)
            .build();
    this.callTimeout = callTimeout;
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
   * @throws CloudException {@link CloudException#isNotSent} if the request certainly did not leave
   *     this machine (no name, no connection, no TLS), else ambiguous; an interrupt stays set
   */
  public HttpResult send(SignedRequest call) throws CloudException {
    String host = call.uri().getHost();
    if (Thread.currentThread().isInterrupted()) {
      throw CloudException.notSent("Interrupted before the call to " + host + ".");
    }
    TrackedBodyPublisher body = new TrackedBodyPublisher(call.body());
    CompletableFuture<HttpResponse<byte[]>> pending =
        client.sendAsync(request(call, body), head -> new LimitedBodySubscriber(MAX_BYTES));
    try {
      HttpResponse<byte[]> response = pending.get(callTimeout.toNanos(), TimeUnit.NANOSECONDS);
      return new HttpResult(
          response.statusCode(),
          response.headers(),
          new String(response.body(), StandardCharsets.UTF_8));
    } catch (TimeoutException e) {
      pending.cancel(true);
      throw ambiguous(
          "No complete response from " + host + " within " + Durations.text(callTimeout) + ".");
    } catch (InterruptedException e) {
      pending.cancel(true);
      Thread.currentThread().interrupt();
      throw ambiguous("Interrupted while waiting for the response of " + host + ".");
    } catch (ExecutionException e) {
      throw failed(call, e.getCause(), body);
    }
  }

  private static HttpRequest request(SignedRequest call, TrackedBodyPublisher body)
      throws CloudException {
    try {
      HttpRequest.Builder request = HttpRequest.newBuilder(call.uri());
      if (call.body().isEmpty()) {
        request.method(call.method(), HttpRequest.BodyPublishers.noBody());
      } else {
        request.method(call.method(), body);
      }
      call.headers().forEach(request::setHeader);
      return request.build();
    } catch (IllegalArgumentException e) { // its message quotes the header, maybe a credential
      throw CloudException.notSent("The request contains characters that are not allowed in HTTP.");
    }
  }

  /**
   * Certainly not sent only if both agree: the kind of failure, and a body that was never
   * requested. A request without a body has only the kind, and TLS can fail after a request was
   * sent, too.
   */
  private static CloudException failed(
      SignedRequest call, Throwable failure, TrackedBodyPublisher body) {
    String host = call.uri().getHost();
    boolean unbegun = !body.started();
    Optional<SSLException> noTls = noTls(failure);
    if (noTls.isPresent()) {
      String message = "TLS handshake failed with " + host + ": " + noTls.get().getMessage();
      return unbegun && !call.body().isEmpty()
          ? CloudException.notSent(message)
          : ambiguous(message);
    }
    if (failure instanceof HttpConnectTimeoutException && unbegun) {
      return CloudException.notSent("No connection to " + host + " within the time-out.");
    }
    if (failure instanceof ConnectException && unbegun) {
      boolean unnamed = failure.getCause() instanceof UnresolvedAddressException;
      return CloudException.notSent(
          unnamed
              ? "No address found for the host " + host + "."
              : "No connection to " + host + ".");
    }
    if (failure instanceof LimitedBodySubscriber.TooLarge) {
      return ambiguous("The response of " + host + " is larger than " + MAX_BYTES + " bytes.");
    }
    // Not its message: Java quotes what came, and that may echo a secret.
    String kind = failure.getClass().getSimpleName();
    return ambiguous(
        "The connection to " + host + " broke before the response was complete (" + kind + ").");
  }

  /** Sometimes Java wraps it: what came after the failed handshake was no response either. */
  private static Optional<SSLException> noTls(Throwable failure) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
        .filter(SSLException.class::isInstance)
        .map(SSLException.class::cast)
        .findFirst();
  }

  private static CloudException ambiguous(String message) {
    return CloudException.ambiguous(message, null, null);
  }
}
