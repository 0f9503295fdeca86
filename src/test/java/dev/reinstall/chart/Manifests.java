package dev.reinstall.chart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Kubernetes objects as they are written, by kind, namespace and name. */
record Manifests(Map<String, JsonNode> objects) {
  static final Path DEPLOY = Path.of("deploy");

  /** All documents of a YAML text. */
  static Manifests parse(String yaml) {
    YAMLMapper mapper = new YAMLMapper();
    try (var documents = mapper.readerFor(JsonNode.class).<JsonNode>readValues(yaml)) {
      Map<String, JsonNode> objects = new TreeMap<>();
      while (documents.hasNext()) {
        JsonNode object = documents.next();
        if (object != null && object.has("kind")) {
          String key = key(object);
          if (objects.put(key, numbersAlike(object)) != null) {
            throw new IllegalArgumentException(key + " is there twice");
          }
        }
      }
      return new Manifests(objects);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What kustomization.yaml lists, without the CRDs. It changes only the tag of the image. */
  static Manifests ofBase() {
    try {
      JsonNode kustomization =
          new YAMLMapper().readTree(DEPLOY.resolve("kustomization.yaml").toFile());
      StringBuilder all = new StringBuilder();
      for (JsonNode file : kustomization.path("resources")) {
        if (file.asText().endsWith(".yaml")) {
          all.append("---\n").append(Files.readString(DEPLOY.resolve(file.asText())));
        }
      }
      return parse(withTag(all.toString(), kustomization.path("images")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String withTag(String manifests, JsonNode images) {
    String name = images.at("/0/name").asText();
    return manifests.replaceFirst(
        "(image: " + name + ")\n", "$1:" + images.at("/0/newTag").asText() + "\n");
  }

  List<JsonNode> ofKind(String kind) {
    return objects.values().stream().filter(o -> o.path("kind").asText().equals(kind)).toList();
  }

  JsonNode only(String kind) {
    List<JsonNode> found = ofKind(kind);
    if (found.size() != 1) {
      throw new AssertionError(found.size() + " objects of kind " + kind);
    }
    return found.get(0);
  }

  /** The pod templates of all workloads. */
  List<JsonNode> podSpecs() {
    return objects.values().stream()
        .map(o -> o.at("/spec/template/spec"))
        .filter(this::has)
        .toList();
  }

  /** The containers of all workloads, those that run before others included. */
  List<JsonNode> containers() {
    return podSpecs().stream()
        .flatMap(
            spec ->
                Stream.of("initContainers", "containers")
                    .flatMap(kind -> elements(spec.path(kind)).stream()))
        .toList();
  }

  static List<JsonNode> elements(JsonNode array) {
    return array.isArray()
        ? Stream.iterate(0, i -> i < array.size(), i -> i + 1).map(array::get).toList()
        : List.of();
  }

  private boolean has(JsonNode node) {
    return !node.isMissingNode();
  }

  /** Paths at which the two differ, and both values; empty if they are equal. */
  List<String> differences(Manifests other) {
    TreeSet<String> keys = new TreeSet<>(objects.keySet());
    keys.addAll(other.objects.keySet());
    return keys.stream()
        .flatMap(key -> differences(key, objects.get(key), other.objects.get(key)))
        .toList();
  }

  private static Stream<String> differences(String path, JsonNode one, JsonNode two) {
    if (one instanceof ObjectNode && two instanceof ObjectNode) {
      TreeSet<String> names = new TreeSet<>();
      one.fieldNames().forEachRemaining(names::add);
      two.fieldNames().forEachRemaining(names::add);
      return names.stream()
          .flatMap(name -> differences(path + "/" + name, one.get(name), two.get(name)));
    }
    return one != null && one.equals(two)
        ? Stream.empty()
        : Stream.of(path + ": " + one + " != " + two);
  }

  /** 8080, 8080.0: some tools write the one and some the other. */
  private static JsonNode numbersAlike(JsonNode node) {
    if (node instanceof ObjectNode object) {
      object.properties().forEach(field -> field.setValue(numbersAlike(field.getValue())));
    } else if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        array.set(i, numbersAlike(array.get(i)));
      }
    } else if (node.isNumber()) {
      BigDecimal number = node.decimalValue().stripTrailingZeros();
      return DecimalNode.valueOf(number);
    }
    return node;
  }

  private static String key(JsonNode object) {
    return Stream.of("/kind", "/metadata/namespace", "/metadata/name")
        .map(path -> object.at(path).asText())
        .filter(part -> !part.isEmpty())
        .collect(Collectors.joining(" "));
  }
}
