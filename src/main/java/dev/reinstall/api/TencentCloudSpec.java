package dev.reinstall.api;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Map;

/**
 * Tencent Cloud CVM ResetInstanceParameters, in that API's field names, the first letter in lower
 * case.
 */
@ValidationRule(
    value = UserDataRules.BYTES,
    fieldPath = ".userData",
    message = UserDataRules.BYTES_MESSAGE,
    optionalOldSelf = true)
@ValidationRule(
    value = UserDataRules.PLAIN,
    fieldPath = ".userData",
    message = UserDataRules.PLAIN_MESSAGE,
    optionalOldSelf = true)
@ValidationRule(
    value = UserDataRules.ONE,
    fieldPath = ".userDataRef",
    message = UserDataRules.ONE_MESSAGE,
    optionalOldSelf = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TencentCloudSpec(
    @Pattern(IMAGE_ID)
        @Size(max = 12)
        @JsonPropertyDescription(
            "Image to install, such as img-pmqg1cw7; absent: the image the server has now.")
        String imageId,
    @JsonPropertyDescription(
            "The system disk after the reinstall; absent: as it is. Only for cloud disks.")
        SystemDisk systemDisk,
    @JsonPropertyDescription(
            "How to log in afterwards: passwordRef, keyIds or keepImageLogin: true. Absent: the"
                + " cloud makes up a password and sends it to the account's message centre.")
        LoginSettings loginSettings,
    @JsonPropertyDescription(
            "The cloud's agents. Absent: the cloud's own default (on for public images).")
        EnhancedService enhancedService,
    @Size(min = 2, max = 60)
        @ValidationRule(
            value = "self.matches('^[A-Za-z0-9]+([-.][A-Za-z0-9]+)*$')",
            message =
                "write 2 to 60 letters and digits, divided by single dots or hyphens, such as web-1")
        @JsonPropertyDescription(
            "Host name. Linux: 2 to 60 characters, dots allowed; Windows: 2 to 15, no dot, not only"
                + " digits.")
        String hostName,
    @Size(min = 1, max = 16384)
        @JsonPropertyDescription(
            "User data as plain text, at most 16384 bytes; the operator does the Base64.")
        String userData,
    @JsonPropertyDescription("The Secret key that holds the user data, as plain text.")
        SecretKeyRef userDataRef,
    @JsonAnySetter @JsonAnyGetter Map<String, Object> additionalProperties) {

  static final String IMAGE_ID = "^img-[a-z0-9]{8}$";

  @Override
  public String toString() {
    return "TencentCloudSpec[imageId=" + imageId + "]";
  }

  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record SystemDisk(
      @Required @Min(20) @Max(32768) @JsonPropertyDescription("Size in GiB. It can only grow.")
          Integer diskSize,
      @JsonAnySetter @JsonAnyGetter Map<String, Object> additionalProperties) {}

  @ValidationRule(
      value =
          """
          oldSelf.hasValue() ||
          [has(self.passwordRef), has(self.keyIds), has(self.keepImageLogin)].filter(x, x).size() <= 1
          """,
      message = "write at most one of passwordRef, keyIds and keepImageLogin",
      optionalOldSelf = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record LoginSettings(
      @JsonPropertyDescription("The Secret key that holds the password.") SecretKeyRef passwordRef,
      @Size(min = 1, max = 20)
          @JsonPropertyDescription("Ids of the account's key pairs. Not for Windows.")
          List<@Pattern("^skey-[a-z0-9]{8}$") @Size(max = 13) String> keyIds,
      @JsonPropertyDescription(
              "true: the login the image brings. Only for custom, shared and imported images.")
          Boolean keepImageLogin,
      @JsonAnySetter @JsonAnyGetter Map<String, Object> additionalProperties) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record EnhancedService(
      @JsonPropertyDescription("Cloud security.") Switch securityService,
      @JsonPropertyDescription("Cloud monitor.") Switch monitorService,
      @JsonPropertyDescription("TencentCloud automation tools.") Switch automationService,
      @JsonAnySetter @JsonAnyGetter Map<String, Object> additionalProperties) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Switch(
      @Required @JsonPropertyDescription("true: installed; false: not.") Boolean enabled,
      @JsonAnySetter @JsonAnyGetter Map<String, Object> additionalProperties) {}
}
