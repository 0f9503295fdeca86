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
import java.util.Optional;
import java.util.TreeMap;

/** What to install on which server. Immutable but for {@code suspend}. */
@ValidationRule(
    value = TencentCloudSpec.INSTANCE_ID_RULE,
    fieldPath = ".instanceId",
    message = TencentCloudSpec.INSTANCE_ID_MESSAGE,
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
        @Pattern(Server.REGION)
        @Size(max = 40)
        @JsonPropertyDescription(
            "Region ID of the cloud, such as ap-guangzhou (Tencent Cloud) or cn-east-tz1 (JD"
                + " Cloud).")
        String region,
    @Required
        @PrinterColumn(name = "Instance")
        @SelectableField
        @Pattern(Server.INSTANCE_ID)
        @Size(max = 64)
        @JsonPropertyDescription(
            "Instance ID of the server, such as ins-r8hr2upy (Tencent Cloud) or cps-abc123"
                + " (JD Cloud).")
        String instanceId,
    @Required
        @JsonPropertyDescription(
            "Secret in this namespace with the credentials of the cloud account. Tencent"
                + " Cloud: keys secretId, secretKey and, for temporary credentials, token; or the key"
                + " source for an identity of the operator. JD Cloud: keys accessKey, secretKey and, for an account with operation protection,"
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
                + " the server (a soft shutdown where the cloud supports it), then reinstall it. See"
                + " onUnsubmitted for a request that then ends without being submitted.")
        WhenRunning whenRunning,
    @Default("\"Restart\"")
        @JsonPropertyDescription(
            "What to do with a server that was stopped for this request (whenRunning: Stop) when"
                + " the request fails, or is deleted, without being submitted. Restart: start the"
                + " server again. LeaveStopped: leave it stopped.")
        OnUnsubmitted onUnsubmitted,
    @Default("\"Leave\"")
        @JsonPropertyDescription(
            "Power state after a successful reinstall. Leave: as the cloud leaves it."
                + " Running: start the server if it is stopped. A failed start is reported in the"
                + " message; the request has succeeded anyway.")
        PowerAfter powerAfter,
    @JsonPropertyDescription(
            "What must be installed now, and what the server must be called. Otherwise the request"
                + " fails with reason PreconditionFailed. Protects against a second reinstall in a"
                + " cluster that has lost its ServerLedgers, and against a wrong instanceId.")
        Map<String, Object> preconditions,
    @JsonPropertyDescription(
            "If true, the server may be a Node of the cluster that the operator runs in. If false,"
                + " the default, such a server is neither stopped nor reinstalled: the request is"
                + " Pending with reason CheckFailed.")
        Boolean allowOwnNode,
    @JsonPropertyDescription(
            "If true, the operator does not start this reinstall. The only mutable field."
                + " Does not cancel a request that was already sent.")
        Boolean suspend,
    @JsonAnySetter @JsonAnyGetter Map<String, Object> additionalProperties) {

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

  /**
   * What to do with a server that was stopped for a request that ends without being submitted; an
   * absent field means {@code Restart}.
   */
  public enum OnUnsubmitted {
    Restart,
    LeaveStopped,
    /** A value of a newer operator; never in the schema, never written. */
    UNRECOGNIZED;

    @JsonCreator
    static OnUnsubmitted read(String word) {
      return LenientEnums.parse(OnUnsubmitted.class, word, UNRECOGNIZED);
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

  /** The block of the cloud; empty: it is missing, or the cloud is not known. */
  public Optional<CloudBlock> block() {
    return Optional.ofNullable(cloud).map(CloudName::block).map(blocks()::get);
  }

  /** All blocks, by the name of their field: an object may have been stored without the schema. */
  public Map<String, CloudBlock> blocks() {
    Map<String, CloudBlock> blocks = new TreeMap<>();
    RecordFields.of(this)
        .forEach(
            (name, value) -> {
              if (value instanceof CloudBlock block) {
                blocks.put(name, block);
              }
            });
    return blocks;
  }

  /** The same request with another block of its cloud. */
  public ReinstallSpec withBlock(CloudBlock block) {
    return RecordFields.with(this, cloud.block(), block);
  }

  /**
   * What must be installed for the request to start, by the field names of the cloud; empty:
   * anything.
   */
  public Map<String, String> requiredInstallation() {
    Map<String, String> required = new TreeMap<>(requirements());
    required.keySet().removeAll(requiredLabels().keySet());
    return required;
  }

  /**
   * What the server must be called for the request to start: by the field names of the cloud, such
   * as {@code name}, and of a tag {@code tags.} and its key; empty: anything.
   */
  public Map<String, String> requiredLabels() {
    Map<String, String> required = new TreeMap<>(requirements());
    required
        .keySet()
        .removeIf(
            name ->
                cloud == null
                    || cloud.preconditions().stream()
                        .filter(known -> known.subject() != Precondition.Subject.SYSTEM)
                        .noneMatch(
                            known ->
                                name.equals(known.field())
                                    || name.startsWith(known.field() + ".")));
    return required;
  }

  private Map<String, String> requirements() {
    Map<String, String> required = new TreeMap<>();
    if (preconditions != null) {
      preconditions.forEach((name, value) -> require(required, name, value));
    }
    return required;
  }

  private static void require(Map<String, String> required, String name, Object value) {
    if (value instanceof Map<?, ?> tags) {
      tags.forEach((key, tag) -> required.put(name + "." + key, String.valueOf(tag)));
    } else if (value != null) {
      required.put(name, value.toString());
    }
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
