package dev.reinstall.crds;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.Precondition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaPropsBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaPropsOrBool;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRule;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRuleBuilder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Changes in the CRDs that the generator's annotations cannot express. */
final class CrdPostProcessor {

  private static final String UNRECOGNIZED = "UNRECOGNIZED";

  private static final long MOST_TAGS = 10;

  /** Pruning a CRD deletes every Reinstall and ledger: no tool may do it. */
  private static final Map<String, String> KEEP =
      new TreeMap<>(
          Map.of(
              "argocd.argoproj.io/sync-options", "Prune=false,Delete=false",
              "helm.sh/resource-policy", "keep",
              "kustomize.toolkit.fluxcd.io/prune", "disabled"));

  private static final List<String> COLUMNS =
      List.of("Cloud", "Region", "Instance", "Phase", "Reason", "Request ID", "Age");

  /**
   * The API server accepts more date-times than Java can parse (a comma, thirteen digits after it,
   * the offset +99:99), and one unreadable date makes the whole list unreadable for the operator.
   */
  private static final String INSTANT =
      "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,9})?"
          + "(Z|[+-]((0[0-9]|1[0-7]):[0-5][0-9]|18:00))$";

  /** Not on updates: suspend must work on every object that was ever admitted. */
  private static final ValidationRule NO_GENERATED_NAME =
      new ValidationRuleBuilder()
          .withRule(
              "oldSelf.hasValue() || !has(self.metadata.generateName)"
                  + " || self.metadata.generateName == ''")
          .withMessage(
              "metadata.generateName must not be set, because each new name is a new reinstall; set"
                  + " metadata.name")
          .withOptionalOldSelf(true)
          .build();

  private CrdPostProcessor() {}

  static CustomResourceDefinition to(CustomResourceDefinition crd) {
    crd.getMetadata().getAnnotations().putAll(KEEP);
    for (CustomResourceDefinitionVersion version : crd.getSpec().getVersions()) {
      // The API server drops a priority of 0, so every later apply would add it again.
      version.getAdditionalPrinterColumns().forEach(CrdPostProcessor::withoutZeroPriority);
      version
          .getAdditionalPrinterColumns()
          .sort(Comparator.comparingInt(column -> COLUMNS.indexOf(column.getName())));
      JSONSchemaProps root = version.getSchema().getOpenAPIV3Schema();
      switch (crd.getSpec().getNames().getKind()) {
        case "Reinstall" -> reinstall(root);
        case "ServerLedger" -> ledger(root);
        default -> throw new IllegalStateException("no touches for " + crd.getMetadata().getName());
      }
      everywhere(root);
      if (crd.getSpec().getNames().getKind().equals("Reinstall")) {
        root.setXKubernetesPreserveUnknownFields(true);
        keepUnknown(root.getProperties().get("spec"));
      }
    }
    return crd;
  }

  private static void withoutZeroPriority(CustomResourceColumnDefinition column) {
    if (Integer.valueOf(0).equals(column.getPriority())) {
      column.setPriority(null);
    }
  }

  private static void reinstall(JSONSchemaProps root) {
    root.setDescription(
        "A request to reinstall the operating system of one server, once. The system disk"
            + " is erased.");
    root.setXKubernetesValidations(List.of(NO_GENERATED_NAME));
    clouds(root.getProperties().get("spec"));
    immutable(root.getProperties().get("spec"), "suspend");
    conditions(root.getProperties().get("status").getProperties().get("conditions"));
  }

  /** What each cloud has in the spec: its block, and what may be required of its servers. */
  private static void clouds(JSONSchemaProps spec) {
    JSONSchemaProps preconditions = spec.getProperties().get("preconditions");
    preconditions.setAdditionalProperties(null);
    preconditions.setProperties(new TreeMap<>());
    for (CloudName cloud : CloudName.known()) {
      cloud
          .preconditions()
          .forEach(one -> preconditions.getProperties().put(one.field(), schema(one)));
    }
    List<ValidationRule> rules = new ArrayList<>(spec.getXKubernetesValidations());
    rules.add(0, oneBlock());
    rules.add(1, preconditionOfTheCloud());
    spec.setXKubernetesValidations(rules);
  }

  private static JSONSchemaProps schema(Precondition precondition) {
    JSONSchemaProps text =
        new JSONSchemaPropsBuilder()
            .withType("string")
            .withPattern(precondition.pattern())
            .withMinLength(precondition.subject() == Precondition.Subject.NAME ? 1L : null)
            .withMaxLength((long) precondition.maxLength())
            .build();
    if (precondition.subject() != Precondition.Subject.TAGS) {
      text.setDescription(precondition.description());
      return text;
    }
    return new JSONSchemaPropsBuilder()
        .withType("object")
        .withDescription(precondition.description())
        .withMinProperties(1L)
        .withMaxProperties(MOST_TAGS)
        .withAdditionalProperties(new JSONSchemaPropsOrBool(null, text))
        .build();
  }

  private static ValidationRule oneBlock() {
    return new ValidationRuleBuilder()
        .withRule(
            "oldSelf.hasValue() || {"
                + each(cloud -> "'%s': has(self.%s)".formatted(cloud, cloud.block()))
                + "}.all(cloud, given, given == (cloud == self.cloud))")
        .withMessage(
            "exactly one block must be set: "
                + each(cloud -> cloud.block() + " when cloud is " + cloud)
                + "; a block without fields is written {}")
        .withOptionalOldSelf(true)
        .build();
  }

  private static ValidationRule preconditionOfTheCloud() {
    return new ValidationRuleBuilder()
        .withRule(
            "oldSelf.hasValue() || !has(self.preconditions) || ("
                + fields().map(CrdPostProcessor::onlyItsClouds).collect(Collectors.joining(" && "))
                + " && ("
                + fields()
                    .map("has(self.preconditions.%s)"::formatted)
                    .collect(Collectors.joining(" || "))
                + "))")
        .withFieldPath(".preconditions")
        .withMessage(
            "must contain one or more of "
                + each(cloud -> fields(cloud, " and ") + " when cloud is " + cloud))
        .withOptionalOldSelf(true)
        .build();
  }

  private static String onlyItsClouds(String field) {
    return CloudName.known().stream()
        .filter(cloud -> cloud.preconditions().stream().anyMatch(p -> p.field().equals(field)))
        .map(cloud -> "'" + cloud + "'")
        .collect(
            Collectors.joining(
                ", ", "(!has(self.preconditions.%s) || self.cloud in [".formatted(field), "])"));
  }

  private static Stream<String> fields() {
    return CloudName.known().stream()
        .flatMap(cloud -> cloud.preconditions().stream())
        .map(Precondition::field)
        .distinct();
  }

  private static String fields(CloudName cloud, String between) {
    return cloud.preconditions().stream()
        .map(Precondition::field)
        .collect(Collectors.joining(between));
  }

  private static String each(Function<CloudName, String> text) {
    return CloudName.known().stream().map(text).collect(Collectors.joining(", "));
  }

  /**
   * A misspelt field that is pruned would be a gate that is missing without a word: kept, it is
   * refused at creation, and the operator does not start the Reinstall.
   */
  private static void keepUnknown(JSONSchemaProps schema) {
    if (schema.getProperties() != null && !schema.getProperties().isEmpty()) {
      schema.setXKubernetesPreserveUnknownFields(true);
      schema.getProperties().values().forEach(CrdPostProcessor::keepUnknown);
    }
  }

  private static void ledger(JSONSchemaProps root) {
    root.setDescription("The record of the requests for one server. Written by the operator only.");
    root.getProperties().remove("status"); // backup tools drop a status
    // Two writers of one ledger must conflict, not merge.
    root.getProperties().get("spec").getProperties().get("orders").setXKubernetesMapType("atomic");
  }

  private static void everywhere(JSONSchemaProps schema) {
    schema.setXKubernetesPreserveUnknownFields(null); // the any-setters are only for reading
    eachRuleOnce(schema);
    if ("date-time".equals(schema.getFormat())) {
      schema.setPattern(INSTANT);
    }
    if (schema.getEnum() != null) {
      schema.setEnum(
          schema.getEnum().stream().filter(value -> !value.asText().equals(UNRECOGNIZED)).toList());
    }
    children(schema).forEach(CrdPostProcessor::everywhere);
  }

  /**
   * A rule on a record component is found on its field and on its accessor; kept once, on one line.
   */
  private static void eachRuleOnce(JSONSchemaProps schema) {
    if (schema.getXKubernetesValidations() == null) {
      return;
    }
    schema
        .getXKubernetesValidations()
        .forEach(rule -> rule.setRule(rule.getRule().strip().replaceAll("\\s*\n\\s*", " ")));
    schema.setXKubernetesValidations(
        new ArrayList<>(new LinkedHashSet<>(schema.getXKubernetesValidations())));
  }

  private static Stream<JSONSchemaProps> children(JSONSchemaProps schema) {
    List<JSONSchemaProps> children = new ArrayList<>();
    if (schema.getProperties() != null) {
      children.addAll(schema.getProperties().values());
    }
    if (schema.getItems() != null && schema.getItems().getSchema() != null) {
      children.add(schema.getItems().getSchema());
    }
    if (schema.getAdditionalProperties() != null
        && schema.getAdditionalProperties().getSchema() != null) {
      children.add(schema.getAdditionalProperties().getSchema());
    }
    return children.stream();
  }

  /** One rule per field, so that the message has the field's path and not the spec's. */
  private static void immutable(JSONSchemaProps spec, String mutable) {
    List<ValidationRule> rules = new ArrayList<>(spec.getXKubernetesValidations());
    for (String field : spec.getProperties().keySet()) {
      if (!field.equals(mutable)) {
        rules.add(
            new ValidationRuleBuilder()
                .withRule(
                    spec.getRequired().contains(field) ? same(field) : sameOrBothAbsent(field))
                .withFieldPath("." + field)
                .withReason("FieldValueForbidden")
                .withMessage("field is immutable; create a Reinstall with a new name")
                .build());
      }
    }
    spec.setXKubernetesValidations(rules);
  }

  private static String same(String field) {
    return "self.%1$s == oldSelf.%1$s".formatted(field);
  }

  private static String sameOrBothAbsent(String field) {
    return "has(self.%1$s) == has(oldSelf.%1$s) && (!has(self.%1$s) || self.%1$s == oldSelf.%1$s)"
        .formatted(field);
  }

  /** As Kubernetes defines them; the generator sees only Java. */
  private static void conditions(JSONSchemaProps conditions) {
    conditions.setXKubernetesListType("map");
    conditions.setXKubernetesListMapKeys(List.of("type"));
    JSONSchemaProps condition = conditions.getItems().getSchema();
    condition.setRequired(List.of("type", "status", "lastTransitionTime", "reason", "message"));
    Map<String, JSONSchemaProps> fields = condition.getProperties();
    fields.get("lastTransitionTime").setFormat("date-time");
    fields.get("type").setMaxLength(64L);
    fields.get("status").setMaxLength(16L);
    fields.get("reason").setMaxLength(64L);
    fields.get("message").setMaxLength(1024L);
  }
}
