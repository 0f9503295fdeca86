package dev.reinstall.api;

import com.fasterxml.jackson.annotation.JsonCreator;

/** The clouds whose servers can be reinstalled. */
public enum CloudName {
  TencentCloud,
  JDCloud,
  /** A value of a newer operator; never in the schema, never written. */
  UNRECOGNIZED;

  @JsonCreator
  static CloudName read(String word) {
    return LenientEnums.parse(CloudName.class, word, UNRECOGNIZED);
  }
}
