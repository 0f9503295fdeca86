package dev.reinstall.cloud;

import java.util.List;
import java.util.Map;

/**
 * What came of the names in a request.
 *
 * @param ids by the field that has the ID, such as {@code imageId}; only those that were found
 * @param findings one for each name without an ID: errors, because nothing can be started without
 */
public record Resolution(Map<String, String> ids, List<Finding> findings) {
  public static final Resolution NONE = new Resolution(Map.of(), List.of());

  public Resolution {
    ids = Map.copyOf(ids);
    findings = List.copyOf(findings);
  }
}
