package dev.reinstall.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The clouds whose servers can be reinstalled: of each its block in the spec, and what {@code
 * spec.preconditions} may require of its servers. The schema is generated from them.
 */
public enum CloudName {
  TencentCloud("tencentCloud", TencentCloudSpec.PRECONDITION),
  JDCloud("jdCloud", JdCloudSpec.PRECONDITION),
  /** A value of a newer operator; never in the schema, never written. */
  UNRECOGNIZED(null, null);

  private final String block;
  private final Precondition precondition;

  CloudName(String block, Precondition precondition) {
    this.block = block;
    this.precondition = precondition;
  }

  /** All that this operator knows. */
  public static List<CloudName> known() {
    return Stream.of(values()).filter(cloud -> cloud != UNRECOGNIZED).toList();
  }

  /** The field of the spec with the block of this cloud. */
  public String block() {
    return block;
  }

  public Precondition precondition() {
    return precondition;
  }

  @JsonCreator
  static CloudName read(String word) {
    return LenientEnums.parse(CloudName.class, word, UNRECOGNIZED);
  }
}
