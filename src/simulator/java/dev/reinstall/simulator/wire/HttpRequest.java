package dev.reinstall.simulator.wire;

import java.util.Map;

/**
 * A request as received.
 *
 * @param target path and query as sent, not decoded, because signatures cover them
 * @param headers by lower-case name; a repeated header is joined by commas
 * @param body as UTF-8 text
 * @param bodySha256 of the bytes as sent, in hex
 */
public record HttpRequest(
    String method, String target, Map<String, String> headers, String body, String bodySha256) {

  public String path() {
    int query = target.indexOf('?');
    return query < 0 ? target : target.substring(0, query);
  }

  public String query() {
    int query = target.indexOf('?');
    return query < 0 ? "" : target.substring(query + 1);
  }

  /** The header's value, or the empty string. */
  public String header(String lowerCaseName) {
    return headers.getOrDefault(lowerCaseName, "");
  }

  /** Characters of all names and values of its headers. */
  public int headerLength() {
    return headers.entrySet().stream()
        .mapToInt(one -> one.getKey().length() + one.getValue().length())
        .sum();
  }

  /** The content type without its parameters. */
  public String mediaType() {
    String type = header("content-type");
    int parameters = type.indexOf(';');
    return (parameters < 0 ? type : type.substring(0, parameters)).strip();
  }
}
