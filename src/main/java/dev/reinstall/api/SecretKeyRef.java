package dev.reinstall.api;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.Map;

/** One key of a Secret in the namespace of the Reinstall that names it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SecretKeyRef(
    @Required
        @Size(min = 1, max = 253)
        @Pattern(SecretRef.NAME)
        @JsonPropertyDescription("Name of the Secret in this namespace.")
        String name,
    @Required @Size(min = 1, max = 253) @Pattern(KEY) @JsonPropertyDescription("Key of the Secret.")
        String key,
    @JsonAnySetter @JsonAnyGetter Map<String, Object> additionalProperties) {

  static final String KEY = "^[-._a-zA-Z0-9]+$";

  public SecretKeyRef(String name, String key) {
    this(name, key, Map.of());
  }
}
