package dev.reinstall.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The clouds whose servers can be reinstalled: of each its block in the spec, and what {@code
 * spec.preconditions} may require of its servers. The schema is generated from them.
 */
public enum CloudName {
  TencentCloud("tencentCloud", TencentCloudSpec.PRECONDITIONS),
  JDCloud("jdCloud", JdCloudSpec.PRECONDITIONS),
  /** A value of a newer operator; never in the schema, never written. */
  UNRECOGNIZED(null, List.of());

  private final String block;
  private final List<Precondition> preconditions;

  CloudName(String block, List<Precondition> preconditions) {
    this.block = block;
    this.preconditions = preconditions;
  }

  /** All that this operator knows. */
  public static List<CloudName> known() {
    return Stream.of(values()).filter(cloud -> cloud != UNRECOGNIZED).toList();
  }

  /** The field of the spec with the block of this cloud. */
  public String block() {
    return block;
  }

  /** What may be required of its servers; first the installed system. */
  public List<Precondition> preconditions() {
    return preconditions;
  }

  @JsonCreator
  static CloudName read(String word) {
    return LenientEnums.parse(CloudName.class, word, UNRECOGNIZED);
  }
}
