package dev.reinstall.simulator.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads one request after another from a kept-alive connection. */
final class RequestReader {
  private static final int LONGEST_LINE = 64 * 1024;
  private static final int LARGEST_BODY = 10 * 1024 * 1024;

  private final InputStream in;
  private final Connection connection;

  RequestReader(InputStream in, Connection connection) {
    this.in = new BufferedInputStream(in);
    this.connection = connection;
  }

  /** Empty when the caller has closed the connection between two requests. */
  Optional<HttpRequest> next() throws IOException {
    String start = line();
    if (start == null) {
      return Optional.empty();
    }
    int first = start.indexOf(' ');
    int last = start.lastIndexOf(' ');
    if (first < 0 || last <= first) {
      throw new IOException("not HTTP: " + start);
    }
    Map<String, String> headers = headers();
    if (headers.getOrDefault("expect", "").equalsIgnoreCase("100-continue")) {
      connection.raw("HTTP/1.1 100 Continue\r\n\r\n".getBytes(ISO_8859_1));
    }
    byte[] body = body(headers);
    return Optional.of(
        new HttpRequest(
            start.substring(0, first),
            start.substring(first + 1, last),
            headers,
            new String(body, UTF_8),
            Hashes.sha256(body)));
  }

  private Map<String, String> headers() throws IOException {
    Map<String, String> headers = new LinkedHashMap<>();
    for (String line = line(); line != null && !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      if (colon < 1) {
        throw new IOException("not a header: " + line);
      }
      headers.merge(
          line.substring(0, colon).strip().toLowerCase(Locale.ROOT),
          line.substring(colon + 1).strip(),
          (one, other) -> one + ", " + other);
    }
    return headers;
  }

  private byte[] body(Map<String, String> headers) throws IOException {
    if (headers.getOrDefault("transfer-encoding", "").equalsIgnoreCase("chunked")) {
      return chunks();
    }
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    return exactly(length);
  }

  private byte[] chunks() throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (true) {
      String size = line();
      if (size == null) {
        throw new EOFException("cut within a chunk");
      }
      int length = Integer.parseInt(size.strip(), 16);
      body.write(exactly(length));
      line();
      if (length == 0) {
        return body.toByteArray();
      }
    }
  }

  private byte[] exactly(int length) throws IOException {
    if (length > LARGEST_BODY) {
      throw new IOException("body too large");
    }
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("cut within the body");
    }
    return bytes;
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next >= 0; next = in.read()) {
      if (next == '\n') {
        String text = line.toString(ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
      }
      line.write(next);
      if (line.size() > LONGEST_LINE) {
        throw new IOException("line too long");
      }
    }
    return null;
  }
}
