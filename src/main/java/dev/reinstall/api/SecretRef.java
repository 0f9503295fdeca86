package dev.reinstall.api;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.Map;

/** A Secret in the namespace of the Reinstall that names it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SecretRef(
    @Required
        @Size(min = 1, max = 253)
        @Pattern(SecretRef.NAME)
        @JsonPropertyDescription("Name of the Secret in this namespace.")
        String name,
    @JsonAnySetter @JsonAnyGetter Map<String, Object> additionalProperties) {

  static final String NAME = "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$";

  public SecretRef(String name) {
    this(name, Map.of());
  }
}
