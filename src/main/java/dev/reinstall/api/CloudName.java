package dev.reinstall.api;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonFormat;

/** The clouds whose servers can be reinstalled. */
@JsonFormat(with = JsonFormat.Feature.READ_UNKNOWN_ENUM_VALUES_USING_DEFAULT_VALUE)
public enum CloudName {
  TencentCloud,
  JDCloud,
  /** A value of a newer operator; never in the schema, never written. */
  @JsonEnumDefaultValue
  NotUnderstood
}
