package dev.reinstall.simulator.wire;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An answer as it shall go over the wire.
 *
 * @param note the error code in it, for the log of calls; empty when all went well
 */
public record Answer(int status, Map<String, String> headers, String body, String note) {

  public Answer {
    headers = Map.copyOf(headers);
  }

  public static Answer json(int status, JsonNode body, String note) {
    return new Answer(status, Map.of("Content-Type", "application/json"), body.toString(), note);
  }

  public Answer with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new Answer(status, more, body, note);
  }

  public Answer withBody(String other) {
    return new Answer(status, headers, other, note);
  }

  /** Status and error code, as the log shows them. */
  public String summary() {
    return note.isEmpty() ? String.valueOf(status) : status + " " + note;
  }
}
