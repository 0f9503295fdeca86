package dev.reinstall.api;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.Map;

/**
 * What stands in a block in place of an ID: a name, for people. It is shorter than what is kept of
 * the cloud's own names, so that it never equals one that was cut.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CatalogueName(
    @Required
        @Size(min = 1, max = 100)
        @Pattern("^\\S(.*\\S)?$")
        @JsonPropertyDescription(
            "The name, exactly as the cloud lists it: upper and lower case differ.")
        String name,
    @JsonAnySetter @JsonAnyGetter Map<String, Object> additionalProperties) {

  /** Null: none. */
  public static String of(CatalogueName given) {
    return given == null ? null : given.name();
  }
}
