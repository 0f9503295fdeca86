package dev.reinstall.api;

import java.util.Map;

/**
 * The block of one cloud in the spec: what is installed, in that cloud's field names. It is a
 * record of texts, numbers, booleans, lists of texts, and records of these; inline user data is in
 * a field named {@code userData}, which caches do not keep.
 */
public interface CloudBlock {

  /** The fields that this operator does not know. */
  Map<String, Object> additionalProperties();

  /** The default of each field that has one: written out, it is the same request. */
  default Map<String, String> defaults() {
    return Map.of();
  }
}
