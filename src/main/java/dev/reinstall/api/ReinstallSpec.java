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
    message = "cloud is TencentCloud: write the block tencentCloud, or {} for the present image",
    optionalOldSelf = true)
@ValidationRule(
    value = "oldSelf.hasValue() || self.cloud != 'TencentCloud' || !has(self.jdCloud)",
    fieldPath = ".jdCloud",
    message = "cloud is TencentCloud: leave jdCloud out, write only the block tencentCloud",
    optionalOldSelf = true)
@ValidationRule(
    value = "oldSelf.hasValue() || self.cloud != 'JDCloud' || has(self.jdCloud)",
    fieldPath = ".jdCloud",
    message = "cloud is JDCloud: write the block jdCloud",
    optionalOldSelf = true)
@ValidationRule(
    value = "oldSelf.hasValue() || self.cloud != 'JDCloud' || !has(self.tencentCloud)",
    fieldPath = ".tencentCloud",
    message = "cloud is JDCloud: leave tencentCloud out, write only the block jdCloud",
    optionalOldSelf = true)
@ValidationRule(
    value =
        """
        oldSelf.hasValue() || self.cloud != 'TencentCloud' ||
        self.instanceId.matches('^ins-[a-z0-9]{8}$')
        """,
    fieldPath = ".instanceId",
    message =
        "cloud is TencentCloud: write ins- and 8 characters of a-z and 0-9, such as ins-r8hr2upy",
    optionalOldSelf = true)
@ValidationRule(
    value =
        """
        oldSelf.hasValue() || self.cloud != 'TencentCloud' || !has(self.preconditions) ||
        (has(self.preconditions.imageId) && !has(self.preconditions.osTypeId))
        """,
    fieldPath = ".preconditions",
    message = "cloud is TencentCloud: write imageId, and only that, or leave preconditions out",
    optionalOldSelf = true)
@ValidationRule(
    value =
        """
        oldSelf.hasValue() || self.cloud != 'JDCloud' || !has(self.preconditions) ||
        (has(self.preconditions.osTypeId) && !has(self.preconditions.imageId))
        """,
    fieldPath = ".preconditions",
    message = "cloud is JDCloud: write osTypeId, and only that, or leave preconditions out",
    optionalOldSelf = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ReinstallSpec(
    @Required
        @PrinterColumn(name = "Cloud")
        @JsonPropertyDescription(
            "The cloud that owns the server: TencentCloud or JDCloud. Exactly the block of the same"
                + " name (tencentCloud or jdCloud) must be present.")
        CloudName cloud,
    @Required
        @Pattern(REGION)
        @Size(max = 40)
        @JsonPropertyDescription(
            "The cloud's own region id, such as ap-guangzhou (Tencent Cloud) or cn-east-tz1 (JD"
                + " Cloud).")
        String region,
    @Required
        @PrinterColumn(name = "Instance")
        @SelectableField
        @Pattern(INSTANCE_ID)
        @Size(max = 64)
        @JsonPropertyDescription(
            "The cloud's own id of the server, such as ins-r8hr2upy (Tencent Cloud) or cps-abc123"
                + " (JD Cloud).")
        String instanceId,
    @Required
        @JsonPropertyDescription(
            "The Secret in this namespace that holds the cloud's credentials. Tencent Cloud: keys"
                + " secretId, secretKey and, for temporary credentials, token. JD Cloud: accessKey,"
                + " secretKey and, for an account that protects its operations, securityToken.")
        SecretRef credentialsRef,
    @Required
        @JsonPropertyDescription(
            "Begin no later than this, such as 2026-12-01T00:00:00Z. An order that was not begun by"
                + " then ends as Failed/DeadlineExceeded: an old order in Git must not fire years later.")
        Instant notAfter,
    @JsonPropertyDescription(
            "What Tencent Cloud's ResetInstance shall install, in Tencent Cloud's own field names."
                + " Every field is optional; {} reinstalls the present image.")
        TencentCloudSpec tencentCloud,
    @JsonPropertyDescription(
            "What JD Cloud's edcps reinstallInstance shall install, in JD Cloud's own field names.")
        JdCloudSpec jdCloud,
    @Default("\"Wait\"")
        @JsonPropertyDescription(
            "What to do while the server is not stopped. Wait: begin when it is stopped, until"
                + " notAfter. Fail: end at once as Failed/ServerRunning. Stop: stop it, softly where"
                + " the cloud can, and begin. A server that was stopped for an order that then ends"
                + " unsent stays stopped.")
        WhenRunning whenRunning,
    @Default("\"Leave\"")
        @JsonPropertyDescription(
            "What to do once the order has succeeded. Leave: leave the server as the cloud leaves"
                + " it. Running: start it if it rests stopped; a start that fails is told in the"
                + " message, and the order has succeeded all the same.")
        PowerAfter powerAfter,
    @JsonPropertyDescription(
            "Begin only if this is what is installed now; else the order ends as"
                + " Failed/PreconditionFailed, so that one that was carried out is not carried out"
                + " again in a cluster that has lost its ledgers.")
        Preconditions preconditions,
    @JsonPropertyDescription(
            "true: begin nothing. The brake; the only field that can be changed. It does not stop"
                + " an order that was already given to the cloud.")
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

  /** What must be installed for the order to begin, by the clouds' field names; empty: anything. */
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
