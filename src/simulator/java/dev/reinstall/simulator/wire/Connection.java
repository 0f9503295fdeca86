package dev.reinstall.simulator.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** The caller's connection: a proper response, or any improper one. */
public final class Connection {
  private final Socket socket;
  private final OutputStream out;

  Connection(Socket socket) throws IOException {
    this.socket = socket;
    this.out = socket.getOutputStream();
  }

  public void response(HttpResponse result) throws IOException {
    byte[] body = result.body().getBytes(UTF_8);
    byte[] head = head(result, body.length);
    byte[] all = Arrays.copyOf(head, head.length + body.length);
    System.arraycopy(body, 0, all, head.length, body.length);
    raw(all);
  }

  /** Bytes as they are. */
  public void raw(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
  }

  /** The header announces the whole body; half of it is sent, then the connection is cut. */
  public void half(HttpResponse result) throws IOException {
    byte[] body = result.body().getBytes(UTF_8);
    raw(head(result, body.length));
    raw(Arrays.copyOf(body, body.length / 2));
    cut();
  }

  /** One byte of the body at a time. */
  public void drip(HttpResponse result, Duration gap) throws IOException, InterruptedException {
    byte[] body = result.body().getBytes(UTF_8);
    raw(head(result, body.length));
    for (byte one : body) {
      pause(gap);
      raw(new byte[] {one});
    }
  }

  /** A well-formed JSON string, far too long. */
  public void huge(HttpResponse result, long length) throws IOException {
    raw(head(result, length));
    byte[] block = new byte[8192];
    Arrays.fill(block, (byte) 'x');
    raw(new byte[] {'"'});
    for (long left = length - 2; left > 0; left -= block.length) {
      out.write(block, 0, (int) Math.min(left, block.length));
    }
    raw(new byte[] {'"'});
  }

  /** Closes without a response; a waiting caller sees the end of the stream. */
  public void cut() throws IOException {
    socket.close();
  }

  /** Closes with a reset; a waiting caller sees "connection reset". */
  public void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  /** Real time, as the caller's time-outs are. */
  public static void pause(Duration duration) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(duration.toNanos());
  }

  private static byte[] head(HttpResponse result, long length) {
    StringBuilder head = new StringBuilder("HTTP/1.1 " + result.status() + " Simulated\r\n");
    result.headers().forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
    // A 304 or 204 has no body by definition; a length would make the caller wait for one.
    if (result.status() != 204 && result.status() != 304) {
      head.append("Content-Length: " + length + "\r\n");
    }
    return head.append("\r\n").toString().getBytes(ISO_8859_1);
  }
}
