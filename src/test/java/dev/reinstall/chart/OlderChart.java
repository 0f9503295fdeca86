package dev.reinstall.chart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The chart as an earlier version could have been: its CRD of Reinstalls lacks a field. */
final class OlderChart {
  static final String VERSION = "0.0.9";
  static final String MISSING = "whenRunning";

  private OlderChart() {}

  static Path in(Path folder) throws IOException {
    Path chart = folder.resolve("older-chart");
    Helm.copyChart(chart);
    Path about = chart.resolve("Chart.yaml");
    Files.writeString(
        about, Files.readString(about).replaceFirst("version: .*", "version: " + VERSION));
    Path crd = chart.resolve("templates/crds/reinstalls.reinstall.dev-v1.yml");
    YAMLMapper yaml = new YAMLMapper();
    JsonNode object = yaml.readTree(crd.toFile());
    ObjectNode spec =
        (ObjectNode) object.at("/spec/versions/0/schema/openAPIV3Schema/properties/spec");
    ((ObjectNode) spec.path("properties")).remove(MISSING);
    ArrayNode rules = (ArrayNode) spec.path("x-kubernetes-validations");
    for (int i = rules.size() - 1; i >= 0; i--) {
      if (rules.get(i).toString().contains(MISSING)) {
        rules.remove(i);
      }
    }
    Files.writeString(crd, yaml.writeValueAsString(object));
    return chart;
  }
}
