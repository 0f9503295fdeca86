package dev.reinstall.api;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crd.generator.annotation.PrinterColumn;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;
import java.time.Instant;
import java.util.Map;

/** The record of the requests for one server. Cluster-scoped, so there is one per server. */
@JsonIgnoreProperties(ignoreUnknown = true) // of a newer operator
@Group("reinstall.dev")
@Version("v1alpha1")
@Plural("serverledgers")
@Singular("serverledger")
@ShortNames("sl")
@AdditionalPrinterColumn(
    name = "Age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
public class ServerLedger extends CustomResource<ServerLedger.Spec, Void> {

  @Override
  @Required
  @JsonPropertyDescription(
      "The requests that were recorded for this server, by metadata.name of their"
          + " Reinstall. Deleting a ServerLedger removes the record that a request was"
          + " submitted, so that it can be submitted again.")
  public Spec getSpec() {
    return super.getSpec();
  }

  @Override
  protected Spec initSpec() {
    return null;
  }

  /** Facts stand in spec, because backup tools drop status. */
  @ValidationRule(
      value = "self.cloud == oldSelf.cloud",
      fieldPath = ".cloud",
      message = "cloud is immutable: a ServerLedger belongs to one server")
  @ValidationRule(
      value = "self.region == oldSelf.region",
      fieldPath = ".region",
      message = "region is immutable: a ServerLedger belongs to one server")
  @ValidationRule(
      value = "self.instanceId == oldSelf.instanceId",
      fieldPath = ".instanceId",
      message = "instanceId is immutable: a ServerLedger belongs to one server")
  @ValidationRule(
      value = "self.claims >= oldSelf.claims",
      fieldPath = ".claims",
      message = "claims must not decrease")
  @ValidationRule(
      value = LedgerValidationRules.ONE_OPEN,
      fieldPath = ".orders",
      message = "a server must have at most one open entry")
  @ValidationRule(
      value = LedgerValidationRules.OPEN_STAYS,
      fieldPath = ".orders",
      message = "an open entry must not be removed")
  @ValidationRule(
      value = LedgerValidationRules.ONLY_A_CLAIM_REMOVES,
      fieldPath = ".orders",
      message =
          "an entry must not be removed, because its request could then be submitted again; only"
              + " the operator removes old entries, when it makes a claim")
  @ValidationRule(
      value = LedgerValidationRules.TRANSITIONS,
      fieldPath = ".orders",
      message = "the state must stay or advance; only a Released entry may be claimed again")
  @ValidationRule(
      value = LedgerValidationRules.FINAL_STAYS,
      fieldPath = ".orders",
      message = "a Succeeded or Failed entry is immutable")
  @ValidationRule(
      value = LedgerValidationRules.UNKNOWN_IS_RESOLVED,
      fieldPath = ".orders",
      message =
          "an Unknown entry may only be resolved, or get evidence or the requestId of a late"
              + " response")
  @ValidationRule(
      value = LedgerValidationRules.SPEC_HASH_STAYS,
      fieldPath = ".orders",
      message = "specHash may only change in a Released entry")
  @ValidationRule(
      value = LedgerValidationRules.RESENDING_IS_NOT_RELEASED,
      fieldPath = ".orders",
      message =
          "a resending entry must not be Released, because its first request may have been"
              + " accepted")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Spec(
      @Required
          @PrinterColumn(name = "Cloud")
          @JsonPropertyDescription("The cloud that owns the server.")
          CloudName cloud,
      @Required
          @PrinterColumn(name = "Region")
          @Size(max = 40)
          @Pattern(Server.REGION)
          @JsonPropertyDescription("Region ID of the cloud.")
          String region,
      @Required
          @PrinterColumn(name = "Instance")
          @Size(max = 64)
          @Pattern(Server.INSTANCE_ID)
          @JsonPropertyDescription("Instance ID of the server in the cloud.")
          String instanceId,
      @PrinterColumn(name = "Namespace")
          @Size(max = 63)
          @Pattern(NAMESPACE)
          @JsonPropertyDescription(
              "The namespace that the server belongs to: requests of other namespaces wait. The"
                  + " operator sets it when the cloud first accepts a call of a namespace; an"
                  + " administrator may set it before that, or change it.")
          String namespace,
      @Required
          @Min(0)
          @JsonPropertyDescription("Number of claims that were ever made on this server.")
          Long claims,
      @Size(max = 1000)
          @JsonPropertyDescription(
              "The entries of the requests, by metadata.name of their Reinstall.")
          Map<String, Entry> orders,
      @JsonAnySetter @JsonAnyGetter Map<String, Object> additionalProperties) {

    static final String NAMESPACE = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$";

    public Server server() {
      return new Server(cloud, region, instanceId);
    }
  }

  /** One request in the ledger: its claim, its write-ahead record and its result in one. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Entry(
      @Required
          @Size(max = 64)
          @JsonPropertyDescription(
              "SHA-256 (hex) of what the request installs: cloud, region, instanceId and the"
                  + " block of the cloud.")
          String specHash,
      @Required @Min(1) @Max(1000) @JsonPropertyDescription("Version of the algorithm of specHash.")
          Integer specHashVersion,
      @Required @JsonPropertyDescription("The Reinstall that made the newest claim.") Owner owner,
      @Required
          @JsonPropertyDescription(
              "State of the request. Open: Stopping, Restarting, Submitting, RejectedBusy, Accepted,"
                  + " Installing, Starting. Final: Succeeded, Failed, Unknown, Released.")
          State state,
      @Required
          @Min(1)
          @JsonPropertyDescription(
              "Number of the newest claim of this request, among all claims on this server.")
          Long claimNumber,
      @Required
          @Min(1)
          @Max(1_000_000)
          @JsonPropertyDescription(
              "Attempt number; increases after a certain, permanent rejection.")
          Integer attempt,
      @Size(max = 64)
          @JsonPropertyDescription(
              "Random ID of the newest claim. Only the process that made it may submit.")
          String claimId,
      @Size(max = 16)
          @JsonPropertyDescription("How long after the claim the request may be submitted.")
          String sendTimeout,
      @JsonPropertyDescription(
              "If true, this claim submits a request again whose response was lost.")
          Boolean resending,
      @JsonPropertyDescription("If true, no request of this claim can still be in flight.")
          Boolean responseReceived,
      @Size(max = 64)
          @JsonPropertyDescription(
              "Idempotency token of the request, where the cloud supports one.")
          String token,
      @Size(max = 16)
          @JsonPropertyDescription(
              "resourceVersions of the Secrets that the request was made from.")
          Map<String, @Size(max = 64) String> secretVersions,
      @Size(max = 16)
          @JsonPropertyDescription("What the request installs, in the cloud's own field names.")
          Map<String, @Size(max = 128) String> expected,
      @Size(max = 16)
          @JsonPropertyDescription(
              "The IDs that the names in the request stand for, by the cloud's own field names. The"
                  + " request is sent with these, however often it is sent.")
          Map<String, @Size(max = 128) String> resolved,
      @JsonPropertyDescription("Result of the newest stop request.") Stop stop,
      @JsonPropertyDescription(
              "Time at which the acceptance of the first stop request was recorded. The newest one is"
                  + " in stop.")
          Instant firstStopTime,
      @Size(max = 253)
          @JsonPropertyDescription(
              "The server was, or may have been, stopped for this request, and is started again if"
                  + " the request ends without being submitted: with the credentials in the Secret of"
                  + " this name, in the namespace of the owner. Absent: it is not started.")
          String restartWith,
      @JsonPropertyDescription("What the cloud reported about the server before the request.")
          Baseline baseline,
      @JsonPropertyDescription("First evidence of the installation.") RecordedEvidence evidence,
      @JsonPropertyDescription(
              "The start request after the installation, or after a request that ended without being"
                  + " submitted.")
          Start start,
      @JsonPropertyDescription(
              "If true, no response was received, and a cloud operation or an installed system that"
                  + " matches the request was adopted as its result.")
          Boolean adopted,
      @Size(max = 256) @JsonPropertyDescription("Request ID of the reinstall call in the cloud.")
          String requestId,
      @Size(max = 64)
          @JsonPropertyDescription("Why the request ended, or why it was rejected for now.")
          String reason,
      @Size(max = 1024) @JsonPropertyDescription("Details, for people.") String message,
      @JsonPropertyDescription("Time of the newest claim.") Instant claimTime,
      @JsonPropertyDescription(
              "Time of the previous claim that may have been submitted. A status that reports a"
                  + " later claim shows that the ledger was restored from a backup.")
          Instant previousClaimTime,
      @JsonPropertyDescription("Time at which the acceptance was recorded.") Instant acceptTime,
      @JsonPropertyDescription("Time at which the request ended.") Instant completionTime,
      @JsonPropertyDescription(
              "spec.notAfter of the Reinstall. A day later, a final entry may be pruned.")
          Instant notAfter,
      @JsonAnySetter @JsonAnyGetter Map<String, Object> additionalProperties) {}

  /** The Reinstall that made a claim. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Owner(
      @Required @Size(max = 63) String namespace,
      @Required @Size(max = 253) String name,
      @Required @Size(max = 64) String uid,
      @JsonAnySetter @JsonAnyGetter Map<String, Object> additionalProperties) {

    public Owner(String namespace, String name, String uid) {
      this(namespace, name, uid, Map.of());
    }

    /** Namespace and name, as kubectl's users write them. */
    public String path() {
      return namespace + "/" + name;
    }
  }

  /** A stop request that the cloud answered. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Stop(
      @Size(max = 256) @JsonPropertyDescription("Request ID of the stop call in the cloud.")
          String requestId,
      @JsonPropertyDescription(
              "If true, the cloud cannot stop the server because an installation has failed on"
                  + " it.")
          Boolean notNeeded,
      @Required @JsonPropertyDescription("Time at which the response was recorded.")
          Instant responseTime,
      @JsonAnySetter @JsonAnyGetter Map<String, Object> additionalProperties) {}

  /** A start that is being sent, or was. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Start(
      @Required
          @Size(max = 64)
          @JsonPropertyDescription(
              "Random ID of the claim. Only the process that made it may submit.")
          String claimId,
      @Size(max = 256) @JsonPropertyDescription("Request ID of the start call in the cloud.")
          String requestId,
      @JsonPropertyDescription("Time at which the acceptance was recorded.") Instant acceptTime,
      @JsonPropertyDescription("If true, the cloud rejected the start for now; it is retried.")
          Boolean refused,
      @JsonAnySetter @JsonAnyGetter Map<String, Object> additionalProperties) {}

  /** What the cloud reported about the server before a request. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Baseline(
      @Size(max = 256)
          @JsonPropertyDescription(
              "ID of the latest operation of the server, where the cloud reports it.")
          String operationId,
      @Size(max = 128) @JsonPropertyDescription("Update time of the cloud's record of the server.")
          String updateTime,
      @Size(max = 16) @JsonPropertyDescription("What was installed.")
          Map<String, @Size(max = 128) String> installed,
      @JsonPropertyDescription("Time by the cloud's Date header.") Instant cloudTime,
      @JsonAnySetter @JsonAnyGetter Map<String, Object> additionalProperties) {}

  /** What was first seen of an install, so that a crash does not forget it. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record RecordedEvidence(
      @JsonPropertyDescription(
              "Transition: the server was in transition. Changed: its record changed.")
          Kind kind,
      @JsonPropertyDescription("Time of the observation.") Instant observedTime,
      @JsonAnySetter @JsonAnyGetter Map<String, Object> additionalProperties) {

    public enum Kind {
      Transition,
      Changed,
      /** A value of a newer operator; never in the schema, never written. */
      UNRECOGNIZED;

      @JsonCreator
      static Kind read(String word) {
        return LenientEnums.parse(Kind.class, word, UNRECOGNIZED);
      }
    }
  }

  /** The states of an entry. */
  public enum State {
    /** This request has the server; nothing but a stop may have been sent. */
    Stopping,
    /**
     * The request has ended without being submitted, and the server, which was stopped for it, is
     * being started again: nothing but a start may have been sent.
     */
    Restarting,
    /** May be sent by the one whose claim it is, or was. */
    Submitting,
    /**
     * The cloud rejected the request because the server is busy; that may be the response to a
     * duplicate of it.
     */
    RejectedBusy,
    /** The cloud accepted the request. */
    Accepted,
    /** The cloud accepted the request, and evidence of the installation was seen. */
    Installing,
    /** The installation is complete, and the server is being started. */
    Starting,
    Succeeded,
    Failed,
    /** Submitted, and the outcome cannot be determined. */
    Unknown,
    /** Never submitted, or certainly rejected: the server is free. */
    Released,
    /** A value of a newer operator; never in the schema, never written. */
    UNRECOGNIZED;

    @JsonCreator
    static State read(String word) {
      return LenientEnums.parse(State.class, word, UNRECOGNIZED);
    }

    public boolean isOpen() {
      return isPowerChange() || mayBeSubmitted() || isAccepted();
    }

    /** Nothing was submitted, and the server is being stopped, or started again. */
    public boolean isPowerChange() {
      return this == Stopping || this == Restarting;
    }

    /** A start request is being sent, or was. */
    public boolean mayStartServer() {
      return this == Starting || this == Restarting;
    }

    /** The request may have been submitted, and no acceptance is known. */
    public boolean mayBeSubmitted() {
      return this == Submitting || this == RejectedBusy;
    }

    /** The cloud accepted the request, and its outcome is open. */
    public boolean isAccepted() {
      return this == Accepted || this == Installing || this == Starting;
    }
  }
}
