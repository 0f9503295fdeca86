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

/** Tencent Cloud CVM ResetInstance, in that API's field names, the first letter in lower case. */
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
@ValidationRule(
    value = "oldSelf.hasValue() || !(has(self.imageId) && has(self.image))",
    fieldPath = ".image",
    message = TencentCloudSpec.ONE_IMAGE_MESSAGE,
    optionalOldSelf = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TencentCloudSpec(
    @Pattern(IMAGE_ID)
        @Size(max = 12)
        @JsonPropertyDescription(
            "ID of the image to install, such as img-pmqg1cw7. Default: the current image.")
        String imageId,
    @JsonPropertyDescription(
            "Image to install, by its name, in place of imageId. Exactly one image that the account"
                + " can use must have the name.")
        CatalogueName image,
    @JsonPropertyDescription(
            "System disk after the reinstall. Default: unchanged. Only for cloud disks.")
        SystemDisk systemDisk,
    @JsonPropertyDescription(
            "Login after the reinstall: passwordRef, generatePassword, keyIds or keepImageLogin."
                + " Default: the cloud generates a password and sends it to the message center of the account.")
        LoginSettings loginSettings,
    @JsonPropertyDescription(
            "Agents of the cloud. Default: that of the cloud (enabled for public images).")
        EnhancedService enhancedService,
    @Size(min = 2, max = 60)
        @ValidationRule(
            value = "self.matches('^[A-Za-z0-9]+([-.][A-Za-z0-9]+)*$')",
            message =
                "must be 2 to 60 letters and digits, separated by single dots or hyphens, such as"
                    + " web-1")
        @JsonPropertyDescription(
            "Host name. Linux: 2 to 60 characters, dots allowed. Windows: 2 to 15 characters,"
                + " no dots, not only digits.")
        String hostName,
    @Size(min = 1, max = 16384)
        @JsonPropertyDescription(
            "User data as plain text, at most 16384 bytes. The operator encodes it in Base64.")
        String userData,
    @JsonPropertyDescription(
            "Secret key with the user data, as plain text or in gzip. It is sent byte for byte; the"
                + " rules are those of userData.")
        SecretKeyRef userDataRef,
    @JsonAnySetter @JsonAnyGetter Map<String, Object> additionalProperties)
    implements CloudBlock {

  public static final String ONE_IMAGE_MESSAGE = "imageId and image are mutually exclusive";
  public static final String ONE_LOGIN_MESSAGE =
      "at most one of passwordRef, generatePassword, keyIds and keepImageLogin may be set";

  static final String IMAGE_ID = "^img-[a-z0-9]{8}$";

  static final List<Precondition> PRECONDITIONS =
      List.of(
          new Precondition(
              "imageId",
              "Tencent Cloud: ID of the image that must be installed, such as img-pmqg1cw7.",
              IMAGE_ID,
              12),
          new Precondition(
              "instanceName",
              "Tencent Cloud: InstanceName that the server must have, such as web-1.",
              null,
              128,
              Precondition.Subject.NAME),
          new Precondition(
              "tags",
              "Tencent Cloud: tags that the server must have, such as {role: web}, by their keys.",
              null,
              256,
              Precondition.Subject.TAGS));

  static final String INSTANCE_ID_RULE =
      """
      oldSelf.hasValue() || self.cloud != 'TencentCloud' ||
      self.instanceId.matches('^ins-[a-z0-9]{8}$')
      """;

  static final String INSTANCE_ID_MESSAGE =
      "must be ins- followed by 8 characters a-z or 0-9 when cloud is TencentCloud, such as"
          + " ins-r8hr2upy";

  /** With an image by its ID. */
  public TencentCloudSpec(
      String imageId,
      SystemDisk systemDisk,
      LoginSettings loginSettings,
      EnhancedService enhancedService,
      String hostName,
      String userData,
      SecretKeyRef userDataRef,
      Map<String, Object> additionalProperties) {
    this(
        imageId,
        null,
        systemDisk,
        loginSettings,
        enhancedService,
        hostName,
        userData,
        userDataRef,
        additionalProperties);
  }

  /** The same with the ID of the image, beside its name. */
  public TencentCloudSpec withImageId(String id) {
    return RecordFields.with(this, "imageId", id);
  }

  @Override
  public String toString() {
    return "TencentCloudSpec[imageId=" + imageId + "]";
  }

  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record SystemDisk(
      @Required
          @Min(20)
          @Max(32768)
          @JsonPropertyDescription("Size in GiB. Must not be less than the current size.")
          Integer diskSize,
      @JsonAnySetter @JsonAnyGetter Map<String, Object> additionalProperties) {}

  @ValidationRule(
      value =
          """
          oldSelf.hasValue() ||
          [has(self.passwordRef), has(self.generatePassword), has(self.keyIds),
          has(self.keepImageLogin)].filter(x, x).size() <= 1
          """,
      message = TencentCloudSpec.ONE_LOGIN_MESSAGE,
      optionalOldSelf = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record LoginSettings(
      @JsonPropertyDescription(
              "Secret key with the password: 8 to 30 printable ASCII characters of at least 2 of"
                  + " the classes lower-case letters, upper-case letters, digits and special"
                  + " characters, not starting with a slash. One line break at its end is ignored."
                  + " For Windows the cloud requires 12 characters and 3 classes.")
          SecretKeyRef passwordRef,
      @JsonPropertyDescription(GeneratedPassword.DESCRIPTION) GeneratedPassword generatePassword,
      @Size(min = 1, max = 20)
          @JsonPropertyDescription("IDs of key pairs of the account. Not for Windows.")
          List<@Pattern("^skey-[a-z0-9]{8}$") @Size(max = 13) String> keyIds,
      @JsonPropertyDescription(
              "If true, the login settings of the image are kept. Only for custom, shared and"
                  + " imported images.")
          Boolean keepImageLogin,
      @JsonAnySetter @JsonAnyGetter Map<String, Object> additionalProperties) {

    /** With no generated password. */
    public LoginSettings(
        SecretKeyRef passwordRef,
        List<String> keyIds,
        Boolean keepImageLogin,
        Map<String, Object> additionalProperties) {
      this(passwordRef, null, keyIds, keepImageLogin, additionalProperties);
    }
  }

  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record EnhancedService(
      @JsonPropertyDescription("Cloud Security agent.") Switch securityService,
      @JsonPropertyDescription("Cloud Monitor agent.") Switch monitorService,
      @JsonPropertyDescription("TencentCloud Automation Tools agent.") Switch automationService,
      @JsonAnySetter @JsonAnyGetter Map<String, Object> additionalProperties) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Switch(
      @Required @JsonPropertyDescription("If true, the agent is installed.") Boolean enabled,
      @JsonAnySetter @JsonAnyGetter Map<String, Object> additionalProperties) {}
}
