package dev.reinstall.cloud;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;

/**
 * One response of the table, as written there: a verb and its argument.
 *
 * <ul>
 *   <li>{@code 429 (Retry-After: 7) body}: a complete response, with the correct length
 *   <li>{@code raw bytes}, {@code raw bytes then close}, {@code ... then reset} (at once, or {@code
 *       when read}): these bytes, where {@code ⏎} is a line end; without an end the connection
 *       stays open until the caller gives up
 *   <li>{@code half}, {@code drip}, {@code endless} with a complete response: its first half, then
 *       the end; byte by byte; without an end to its body
 *   <li>{@code close}, {@code reset}, {@code silence}: the connection ends, or stays, without a
 *       byte
 *   <li>{@code door}: it is reset before the call can be read; {@code nobody}: nothing is listening
 * </ul>
 *
 * <p>A body {@code yes} is the proper response of the cloud, {@code /a/b/} replaces a by b in it,
 * {@code as gzip} and the like encode it. {@code %x*9%} is nine times x, {@code %00%} a byte.
 */
record HostileResponse(String text) {
  private static final Pattern REPEATED = Pattern.compile("%([^%*]+)\\*(\\d+)%");
  private static final Pattern BYTE = Pattern.compile("%([0-9A-F]{2})%");
  private static final Pattern REPLACED = Pattern.compile(" /([^/]+)/([^/]*)/");
  private static final Pattern HEADER = Pattern.compile("^\\(([^:]+): ([^)]*)\\) ?");
  private static final int GAP_MILLIS = 20;

  /** Whether none of the affected calls need arrive. */
  boolean isAboutTheLine() {
    return List.of("door", "nobody").contains(text);
  }

  /** Whether only the caller's time-out ends it. */
  boolean lastsUntilTheCallerGivesUp() {
    return List.of("drip", "silence").contains(verb())
        || (verb().equals("raw") && !text.contains(" then "));
  }

  /**
   * Sends it.
   *
   * @param yes the body of the proper response
   */
  void serve(Socket connection, String yes) throws IOException, InterruptedException {
    OutputStream out = connection.getOutputStream();
    switch (verb()) {
      case "close" -> connection.close();
      case "reset" -> reset(connection);
      case "silence" -> awaitHangUp(connection);
      case "half" -> {
        byte[] whole = whole(rest(), yes);
        out.write(Arrays.copyOf(whole, whole.length / 2));
        connection.close();
      }
      case "drip" -> drip(connection, whole(rest(), yes));
      case "endless" -> endless(out, rest());
      case "raw" -> raw(connection, yes);
      default -> out.write(whole(text, yes));
    }
    if (!connection.isClosed()) {
      out.flush();
    }
  }

  private String verb() {
    return text.split(" ", 2)[0];
  }

  private String rest() {
    return text.split(" ", 2)[1];
  }

  private void raw(Socket connection, String yes) throws IOException, InterruptedException {
    String[] parts = rest().split(" then ", 2);
    String bytes = parts[0].replace("⏎", "\r\n").replace("%yes%", yes);
    int length = yes.getBytes(UTF_8).length;
    connection
        .getOutputStream()
        .write(
            bytes(
                bytes
                    .replace("%length%", "" + length)
                    .replace("%hex length%", Integer.toHexString(length))));
    connection.getOutputStream().flush();
    if (parts.length == 1) {
      awaitHangUp(connection);
    } else if (parts[1].equals("reset")) {
      reset(connection);
    } else if (parts[1].equals("reset when read")) {
      pauseUntilRead();
      reset(connection);
    } else {
      connection.close();
    }
  }

  /** The hostile behavior itself, in the server's own thread. */
  private static void pauseUntilRead() throws InterruptedException {
    Thread.sleep(5 * GAP_MILLIS);
  }

  private static void drip(Socket connection, byte[] whole)
      throws IOException, InterruptedException {
    for (byte one : whole) {
      connection.getOutputStream().write(one);
      connection.getOutputStream().flush();
      Thread.sleep(GAP_MILLIS);
    }
  }

  /** Until the client stops reading. */
  private static void endless(OutputStream out, String status) throws IOException {
    out.write(("HTTP/1.1 " + status + " OK\r\n\r\n{\"x\":\"").getBytes(UTF_8));
    byte[] chunk = new byte[1 << 16];
    Arrays.fill(chunk, (byte) 'x');
    while (true) {
      out.write(chunk);
    }
  }

  static void reset(Socket connection) throws IOException {
    connection.setSoLinger(true, 0); // a close that discards what was sent
    connection.close();
  }

  private static void awaitHangUp(Socket connection) throws IOException {
    while (connection.getInputStream().read() >= 0) {
      // the other forms
    }
  }

  private static byte[] whole(String response, String yes) {
    String[] parts = response.split(" ", 2);
    String rest = parts.length == 1 ? "" : parts[1];
    Map<String, String> headers = new LinkedHashMap<>();
    for (Matcher m = HEADER.matcher(rest); m.find(); m = HEADER.matcher(rest)) {
      headers.put(m.group(1), m.group(2));
      rest = rest.substring(m.end());
    }
    byte[] body = body(rest, yes);
    headers.putIfAbsent("Content-Length", String.valueOf(body.length));
    StringBuilder head = new StringBuilder("HTTP/1.1 " + parts[0] + " Word\r\n");
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    whole.writeBytes(bytes(head + "\r\n"));
    whole.writeBytes(body);
    return whole.toByteArray();
  }

  private static byte[] body(String written, String yes) {
    String[] parts = written.split(" as (?=gzip$|utf-16$|bom$)", 2);
    String text = parts[0];
    if (text.equals("yes") || text.startsWith("yes /")) {
      String replaced = yes;
      for (Matcher m = REPLACED.matcher(text); m.find(); ) {
        replaced = replaced.replace(m.group(1), m.group(2));
      }
      text = replaced;
    }
    String as = parts.length == 1 ? "" : parts[1];
    return switch (as) {
      case "gzip" -> gzip(bytes(text));
      case "utf-16" -> text.getBytes(UTF_16);
      case "bom" -> bytes("%EF%%BB%%BF%" + text);
      default -> bytes(text);
    };
  }

  /** Bytes written as such are one each, whatever is beside them. */
  private static byte[] bytes(String written) {
    Matcher repeated = REPEATED.matcher(written);
    String text = repeated.replaceAll(m -> literal(m.group(1), Integer.parseInt(m.group(2))));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int end = 0;
    for (Matcher one = BYTE.matcher(text); one.find(); end = one.end()) {
      bytes.writeBytes(text.substring(end, one.start()).getBytes(UTF_8));
      bytes.write(Integer.parseInt(one.group(1), 16));
    }
    bytes.writeBytes(text.substring(end).getBytes(UTF_8));
    return bytes.toByteArray();
  }

  private static String literal(String text, int times) {
    return Matcher.quoteReplacement(text.repeat(times));
  }

  private static byte[] gzip(byte[] plain) {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (var out = new GZIPOutputStream(zipped)) {
      out.write(plain);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return zipped.toByteArray();
  }
}
