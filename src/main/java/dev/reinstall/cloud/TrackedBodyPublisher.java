package dev.reinstall.cloud;

import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Flow.Subscriber;

/**
 * A request body that remembers whether the client started to send it. The client requests the body
 * after the connection and TLS are established (or, rarely, during a handshake that fails); no
 * cloud acts on a request whose body never came.
 */
final class TrackedBodyPublisher implements BodyPublisher {
  private final BodyPublisher text;
  private volatile boolean started;

  TrackedBodyPublisher(String text) {
    this.text =
        text.isEmpty()
            ? BodyPublishers.noBody()
            : BodyPublishers.ofString(text, StandardCharsets.UTF_8);
  }

  boolean started() {
    return started;
  }

  @Override
  public long contentLength() {
    return text.contentLength();
  }

  @Override
  public void subscribe(Subscriber<? super ByteBuffer> subscriber) {
    started = true;
    text.subscribe(subscriber);
  }
}
