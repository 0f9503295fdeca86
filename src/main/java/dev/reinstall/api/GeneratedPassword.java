package dev.reinstall.api;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.Map;

/** A Secret in the namespace of the Reinstall that is made, with a password, if there is none. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record GeneratedPassword(
    @Required
        @Size(min = 1, max = 253)
        @Pattern(SecretRef.NAME)
        @JsonPropertyDescription("Name of the Secret in this namespace.")
        String secretName,
    @Required
        @Size(min = 1, max = 253)
        @Pattern(SecretKeyRef.KEY)
        @JsonPropertyDescription("Key of the Secret.")
        String key,
    @JsonAnySetter @JsonAnyGetter Map<String, Object> additionalProperties) {

  static final String DESCRIPTION =
      "Secret key for a password that the operator generates, in place of passwordRef. If the Secret"
          + " does not exist, it is created with a password of 20 characters before anything is"
          + " touched. A Secret that exists is used as it is. It is kept when the Reinstall is"
          + " deleted.";

  /**
   * The Secret key that has the password; at most one of both is set.
   *
   * @param ref to a password that its owner wrote; null: none
   * @param generated null: none
   * @return null: none
   */
  public static SecretKeyRef ref(SecretKeyRef ref, GeneratedPassword generated) {
    return ref == null && generated != null
        ? new SecretKeyRef(generated.secretName(), generated.key())
        : ref;
  }
}
