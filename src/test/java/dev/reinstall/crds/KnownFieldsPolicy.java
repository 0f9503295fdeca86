package dev.reinstall.crds;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The admission policy that refuses a Reinstall with a field that its CRD does not have. The CRD
 * itself keeps such fields: pruned, a misspelt gate would be missing without a word.
 */
final class KnownFieldsPolicy {
  private static final String TEXT =
      """
      # Generated from the CRD. Refuses a Reinstall with a field that its CRD does not have, whatever client creates it:
      # a misspelt field would be a missing gate. The CRD keeps unknown fields, so that this policy, and the operator,
      # which does not start such a Reinstall, can see them. An update may keep what an older CRD or policy admitted.
      apiVersion: admissionregistration.k8s.io/v1
      kind: ValidatingAdmissionPolicy
      metadata:
        name: reinstalls-known-fields
      spec:
        failurePolicy: Fail
        matchConstraints:
          matchPolicy: Equivalent
          namespaceSelector: {}
          objectSelector: {}
          resourceRules:
          - apiGroups: [reinstall.dev]
            apiVersions: ["*"]
            operations: [CREATE, UPDATE]
            resources: [reinstalls]
            scope: Namespaced
        variables:
        - name: unknown
          expression: >-
            %s
        - name: unknownBefore
          expression: >-
            request.operation == 'CREATE' ? [] :
            %s
        validations:
        - expression: variables.unknown.all(field, field in variables.unknownBefore)
          reason: Invalid
          messageExpression: >-
            'unknown field "'
            + variables.unknown.filter(field, !(field in variables.unknownBefore)).join('", "') + '"'
      ---
      apiVersion: admissionregistration.k8s.io/v1
      kind: ValidatingAdmissionPolicyBinding
      metadata:
        name: reinstalls-known-fields
      spec:
        policyName: reinstalls-known-fields
        validationActions: [Deny]
      """;

  private KnownFieldsPolicy() {}

  static String of(CustomResourceDefinition crd) {
    JSONSchemaProps root = crd.getSpec().getVersions().get(0).getSchema().getOpenAPIV3Schema();
    Map<String, Set<String>> objects = new TreeMap<>();
    Set<String> ofRoot = new TreeSet<>(root.getProperties().keySet());
    ofRoot.addAll(List.of("apiVersion", "kind", "metadata"));
    objects.put("", ofRoot);
    collect("spec", root.getProperties().get("spec"), objects);
    return TEXT.formatted(unknownIn("object", objects), unknownIn("oldObject", objects));
  }

  /** Each object of the spec, by its path, with the fields that it may have. */
  private static void collect(
      String path, JSONSchemaProps schema, Map<String, Set<String>> objects) {
    if (schema.getProperties() == null || schema.getProperties().isEmpty()) {
      return;
    }
    objects.put(path, new TreeSet<>(schema.getProperties().keySet()));
    schema
        .getProperties()
        .forEach((name, property) -> collect(path + "." + name, property, objects));
  }

  private static String unknownIn(String object, Map<String, Set<String>> objects) {
    List<String> each = new ArrayList<>();
    objects.forEach(
        (path, known) -> {
          String value =
              path.isEmpty()
                  ? "dyn(" + object + ")"
                  : "dyn(" + object + ").?" + path.replace(".", ".?") + ".orValue({})";
          String names =
              known.stream().map(name -> "'" + name + "'").collect(Collectors.joining(", "));
          each.add(
              value
                  + ".filter(k, !(k in ["
                  + names
                  + "])).map(k, "
                  + (path.isEmpty() ? "k" : "'" + path + ".' + k")
                  + ")");
        });
    return String.join("\n      + ", each);
  }
}
