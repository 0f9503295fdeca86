package dev.reinstall.thirdcloud;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.reinstall.api.CloudBlock;
import dev.reinstall.api.Precondition;
import java.util.List;
import java.util.Map;

/** The block of the made-up cloud. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MadeUpSpec(
    String system, @JsonAnySetter @JsonAnyGetter Map<String, Object> additionalProperties)
    implements CloudBlock {

  public static final List<Precondition> PRECONDITIONS =
      List.of(new Precondition("system", "System that must be installed.", "^[a-z0-9]+$", 16));
}
