package dev.reinstall.monitoring;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

/** The dashboard, as far as tests need it. */
public final class Dashboard {
  private static final Path FILE = Path.of("deploy", "monitoring", "dashboard.json");

  private Dashboard() {}

  static JsonNode read() {
    try {
      return new ObjectMapper().readTree(FILE.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Every query of every panel. */
  public static List<String> queries() {
    return read().findValues("expr").stream().map(JsonNode::asText).toList();
  }
}
