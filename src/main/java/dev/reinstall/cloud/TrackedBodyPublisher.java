package dev.reinstall.cloud;

import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The body of one attempt to send a request; without it there is no second attempt. The client asks
 * for its length before the first byte of the request leaves, because the head contains it, and
 * requests the body itself after the connection and TLS are established (or, rarely, during a
 * handshake that fails). No cloud acts on a request whose body never came.
 *
 * <p>Java's client repeats a GET whose connection breaks before the response begins: byte for byte,
 * so that a gateway may take it for a replay. It must ask for the length again, and is refused.
 */
final class TrackedBodyPublisher implements BodyPublisher {
  private final BodyPublisher text;
  private final AtomicBoolean used = new AtomicBoolean();
  private volatile boolean repetitionRefused;
  private volatile boolean started;

  TrackedBodyPublisher(String text) {
    this.text =
        text.isEmpty()
            ? BodyPublishers.noBody()
            : BodyPublishers.ofString(text, StandardCharsets.UTF_8);
  }

  /** Whether the client started to send the body. */
  boolean started() {
    return started;
  }

  /** Whether the client has sent the request, and then was about to send it a second time. */
  boolean repetitionRefused() {
    return repetitionRefused;
  }

  /**
   * From now on the request cannot leave any more.
   *
   * @return whether no byte of it ever left
   */
  boolean withdraw() {
    return used.compareAndSet(false, true);
  }

  @Override
  public long contentLength() {
    if (!used.compareAndSet(false, true)) {
      repetitionRefused = true;
      throw new IllegalStateException("a request is sent once");
    }
    return text.contentLength();
  }

  @Override
  public void subscribe(Subscriber<? super ByteBuffer> subscriber) {
    started = true;
    text.subscribe(subscriber);
  }
}
