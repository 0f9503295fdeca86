package dev.reinstall.simulator.wire;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A response to be sent.
 *
 * @param note the error code in it, for the log of calls; empty on success
 */
public record HttpResponse(int status, Map<String, String> headers, String body, String note) {

  public HttpResponse {
    headers = Map.copyOf(headers);
  }

  public static HttpResponse json(int status, JsonNode body, String note) {
    return new HttpResponse(
        status, Map.of("Content-Type", "application/json"), body.toString(), note);
  }

  public HttpResponse with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new HttpResponse(status, more, body, note);
  }

  public HttpResponse withBody(String other) {
    return new HttpResponse(status, headers, other, note);
  }

  /** Status and error code, for the log. */
  public String summary() {
    return note.isEmpty() ? String.valueOf(status) : status + " " + note;
  }
}
