package dev.reinstall.api;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crd.generator.annotation.PrinterColumn;
import io.fabric8.crd.generator.annotation.SelectableField;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.time.Instant;
import java.util.Map;

/** What to install on which server. Immutable but for {@code suspend}. */
@ValidationRule(
    value = "oldSelf.hasValue() || self.cloud != 'TencentCloud' || has(self.tencentCloud)",
    fieldPath = ".tencentCloud",
    message =
        "tencentCloud is required when cloud is TencentCloud; use {} to reinstall the"
            + " current image",
    optionalOldSelf = true)
@ValidationRule(
    value = "oldSelf.hasValue() || self.cloud != 'TencentCloud' || !has(self.jdCloud)",
    fieldPath = ".jdCloud",
    message = "jdCloud must not be set when cloud is TencentCloud",
    optionalOldSelf = true)
@ValidationRule(
    value = "oldSelf.hasValue() || self.cloud != 'JDCloud' || has(self.jdCloud)",
    fieldPath = ".jdCloud",
    message = "jdCloud is required when cloud is JDCloud",
    optionalOldSelf = true)
@ValidationRule(
    value = "oldSelf.hasValue() || self.cloud != 'JDCloud' || !has(self.tencentCloud)",
    fieldPath = ".tencentCloud",
    message = "tencentCloud must not be set when cloud is JDCloud",
    optionalOldSelf = true)
@ValidationRule(
    value =
        """
        oldSelf.hasValue() || self.cloud != 'TencentCloud' ||
        self.instanceId.matches('^ins-[a-z0-9]{8}$')
        """,
    fieldPath = ".instanceId",
    message =
        "must be ins- followed by 8 characters a-z or 0-9 when cloud is TencentCloud,"
            + " such as ins-r8hr2upy",
    optionalOldSelf = true)
@ValidationRule(
    value =
        """
        oldSelf.hasValue() || self.cloud != 'TencentCloud' || !has(self.preconditions) ||
        (has(self.preconditions.imageId) && !has(self.preconditions.osTypeId))
        """,
    fieldPath = ".preconditions",
    message = "must contain exactly imageId when cloud is TencentCloud",
    optionalOldSelf = true)
@ValidationRule(
    value =
        """
        oldSelf.hasValue() || self.cloud != 'JDCloud' || !has(self.preconditions) ||
        (has(self.preconditions.osTypeId) && !has(self.preconditions.imageId))
        """,
    fieldPath = ".preconditions",
    message = "must contain exactly osTypeId when cloud is JDCloud",
    optionalOldSelf = true)
@ValidationRule(
    value = "oldSelf.hasValue() || self.notAfter < timestamp('2200-01-01T00:00:00Z')",
    fieldPath = ".notAfter",
    message =
        "must be before 2200; the operator also checks, before it starts the reinstall, that it is"
            + " at most 366 days after the creation of the Reinstall",
    optionalOldSelf = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ReinstallSpec(
    @Required
        @PrinterColumn(name = "Cloud")
        @JsonPropertyDescription(
            "The cloud that owns the server. The block of the same name (tencentCloud or"
                + " jdCloud) is required, and no other.")
        CloudName cloud,
    @Required
        @Pattern(REGION)
        @Size(max = 40)
        @JsonPropertyDescription(
            "Region ID of the cloud, such as ap-guangzhou (Tencent Cloud) or cn-east-tz1 (JD"
                + " Cloud).")
        String region,
    @Required
        @PrinterColumn(name = "Instance")
        @SelectableField
        @Pattern(INSTANCE_ID)
        @Size(max = 64)
        @JsonPropertyDescription(
            "Instance ID of the server, such as ins-r8hr2upy (Tencent Cloud) or cps-abc123"
                + " (JD Cloud).")
        String instanceId,
    @Required
        @JsonPropertyDescription(
            "Secret in this namespace with the credentials of the cloud account. Tencent"
                + " Cloud: keys secretId, secretKey and, for temporary credentials, token. JD"
                + " Cloud: keys accessKey, secretKey and, for an account with operation protection,"
                + " securityToken.")
        SecretRef credentialsRef,
    @Required
        @JsonPropertyDescription(
            "Deadline for starting, such as 2026-12-01T00:00:00Z (RFC 3339). If the reinstall"
                + " has not started by then, it fails with reason DeadlineExceeded. Protects"
                + " against old manifests in Git. At most 366 days after the Reinstall is created.")
        Instant notAfter,
    @JsonPropertyDescription(
            "Parameters of Tencent Cloud's ResetInstance, in its own field names. Every field"
                + " is optional; {} reinstalls the current image.")
        TencentCloudSpec tencentCloud,
    @JsonPropertyDescription(
            "Parameters of JD Cloud's edcps reinstallInstance, in its own field names.")
        JdCloudSpec jdCloud,
    @Default("\"Wait\"")
        @JsonPropertyDescription(
            "What to do when the server is running. Wait: start the reinstall when the server"
                + " is stopped, until notAfter. Fail: fail with reason ServerRunning. Stop: stop"
                + " the server (a soft shutdown where the cloud supports it), then reinstall it. A"
                + " server that was stopped for a request that then ends without being submitted"
                + " stays stopped.")
        WhenRunning whenRunning,
    @Default("\"Leave\"")
        @JsonPropertyDescription(
            "Power state after a successful reinstall. Leave: as the cloud leaves it."
                + " Running: start the server if it is stopped. A failed start is reported in the"
                + " message; the request has succeeded anyway.")
        PowerAfter powerAfter,
    @JsonPropertyDescription(
            "What must be installed now. If something else is installed, the request fails"
                + " with reason PreconditionFailed. Protects against a second reinstall in a"
                + " cluster that has lost its ServerLedgers.")
        Preconditions preconditions,
    @JsonPropertyDescription(
            "If true, the operator does not start this reinstall. The only mutable field."
                + " Does not cancel a request that was already sent.")
        Boolean suspend,
    @JsonAnySetter @JsonAnyGetter Map<String, Object> additionalProperties) {

  static final String REGION = "^[a-z]{2,}(-[a-z0-9]+)+$";
  static final String INSTANCE_ID = "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$";

  /** What to do while the server is not stopped; an absent field means {@code Wait}. */
  public enum WhenRunning {
    Wait,
    Fail,
    Stop,
    /** A value of a newer operator; never in the schema, never written. */
    UNRECOGNIZED;

    @JsonCreator
    static WhenRunning read(String word) {
      return LenientEnums.parse(WhenRunning.class, word, UNRECOGNIZED);
    }
  }

  /** What to do with the server once it is installed; an absent field means {@code Leave}. */
  public enum PowerAfter {
    Leave,
    Running,
    /** A value of a newer operator; never in the schema, never written. */
    UNRECOGNIZED;

    @JsonCreator
    static PowerAfter read(String word) {
      return LenientEnums.parse(PowerAfter.class, word, UNRECOGNIZED);
    }
  }

  public Server server() {
    return new Server(cloud, region, instanceId);
  }

  /**
   * What must be installed for the request to start, by the field names of the clouds; empty:
   * anything.
   */
  public Map<String, String> requiredInstallation() {
    return preconditions == null ? Map.of() : preconditions.required();
  }

  public boolean suspended() {
    return Boolean.TRUE.equals(suspend);
  }

  /** User data stands in the blocks: nothing of them is printed. */
  @Override
  public String toString() {
    return "ReinstallSpec[" + server() + "]";
  }
}
