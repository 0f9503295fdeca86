package dev.reinstall.reconcile;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.RecordFields;
import dev.reinstall.api.Reinstall;
import dev.reinstall.api.ReinstallSpec;
import dev.reinstall.api.StoredText;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The fields and values of a Reinstall that this operator does not know: misspelt, or of a newer
 * one. They are kept when read, so that one such object does not fail the watch; but such a request
 * is not started.
 */
final class UnknownFields {
  private static final int LONGEST_NAME = 100;
  private static final String KEPT = "additionalProperties";

  private final List<String> found = new ArrayList<>();

  private UnknownFields() {}

  /** Their paths, such as {@code spec.precondition}. */
  static List<String> of(Reinstall reinstall) {
    UnknownFields unknown = new UnknownFields();
    unknown.names("", reinstall.getAdditionalProperties().keySet());
    ReinstallSpec spec = reinstall.getSpec();
    if (spec.cloud() == null) {
      unknown.found.add("spec.cloud");
    }
    unknown.in("spec.", spec);
    unknown.preconditions(spec);
    return List.copyOf(unknown.found);
  }

  /** Whatever cloud a part of the spec is of: it is a record. */
  private void in(String path, Record part) {
    RecordFields.of(part)
        .forEach(
            (field, value) -> {
              // guard: unknown-value-is-not-started
              if (value instanceof Enum<?> word
                  && word.name().equals(CloudName.UNRECOGNIZED.name())) {
                found.add(path + field);
              }
              // guard: unknown-field-is-not-started
              if (field.equals(KEPT) && value instanceof Map<?, ?> unknown) {
                names(path, unknown.keySet());
              }
              if (value instanceof Record below) {
                in(path + field + ".", below);
              }
            });
  }

  /** All but what the cloud reports of its servers. */
  private void preconditions(ReinstallSpec spec) {
    if (spec.preconditions() == null || !CloudName.known().contains(spec.cloud())) {
      return;
    }
    Set<String> names = new HashSet<>(spec.preconditions().keySet());
    spec.cloud().preconditions().forEach(known -> names.remove(known.field()));
    // guard: unknown-precondition-is-not-started
    names("spec.preconditions.", names);
  }

  /** As they are shown to people. */
  private void names(String path, Set<?> unknown) {
    unknown.stream()
        .map(String::valueOf)
        .sorted()
        .map(name -> path + StoredText.shorten(StoredText.printable(name), LONGEST_NAME))
        .forEach(found::add);
  }
}
