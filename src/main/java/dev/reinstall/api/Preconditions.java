package dev.reinstall.api;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import java.util.Map;
import java.util.TreeMap;

/** What must be installed for a request to start; not part of the spec hash. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Preconditions(
    @Pattern(TencentCloudSpec.IMAGE_ID)
        @Size(max = 12)
        @JsonPropertyDescription(
            "Tencent Cloud: ID of the image that must be installed, such as img-pmqg1cw7.")
        String imageId,
    @Size(min = 1, max = 64)
        @Pattern(JdCloudSpec.ID)
        @JsonPropertyDescription(
            "JD Cloud: osTypeId of the operating system that must be installed.")
        String osTypeId,
    @JsonAnySetter @JsonAnyGetter Map<String, Object> additionalProperties) {

  /** By the field names in which the clouds report what is installed; only what is required. */
  public Map<String, String> required() {
    Map<String, String> required = new TreeMap<>();
    if (imageId != null) {
      required.put("imageId", imageId);
    }
    if (osTypeId != null) {
      required.put("osTypeId", osTypeId);
    }
    return required;
  }
}
