package dev.reinstall.controlplane;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What service accounts requested, from the API server's audit log. */
public final class AuditLog {
  static final String POLICY =
      """
      apiVersion: audit.k8s.io/v1
      kind: Policy
      omitStages: [RequestReceived]
      rules:
      - level: Metadata
        userGroups: ["system:serviceaccounts"]
      - level: None
      """;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;

  AuditLog(Path file) {
    this.file = file;
  }

  /**
   * One request.
   *
   * @param group empty: the core one
   * @param resource such as {@code reinstalls/status}; empty: the request is for none, but for uri
   * @param code of the response
   */
  public record Asked(
      String verb, String group, String resource, String namespace, String uri, int code) {

    public boolean isRefused() {
      return code == 401 || code == 403;
    }
  }

  /** All requests of this service account so far. */
  public List<Asked> by(String namespace, String serviceAccount) {
    String user = "system:serviceaccount:" + namespace + ":" + serviceAccount;
    try (var lines = Files.lines(file)) {
      return lines
          .filter(line -> line.contains('"' + user + '"') && line.endsWith("}"))
          .map(AuditLog::read)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Asked read(String line) {
    try {
      JsonNode event = JSON.readTree(line);
      JsonNode of = event.path("objectRef");
      String sub = of.path("subresource").asText();
      return new Asked(
          event.path("verb").asText(),
          of.path("apiGroup").asText(),
          of.path("resource").asText() + (sub.isEmpty() ? "" : "/" + sub),
          of.path("namespace").asText(),
          event.path("requestURI").asText(),
          event.path("responseStatus").path("code").asInt());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(line, e);
    }
  }
}
