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
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;
import java.time.Instant;
import java.util.Map;

/** The book of what was ordered for one server; cluster-scoped, so there is one a server. */
@JsonIgnoreProperties(ignoreUnknown = true) // of a newer operator
@Group("reinstall.dev")
@Version("v1alpha1")
@ShortNames("sl")
@AdditionalPrinterColumn(
    name = "Age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
public class ServerLedger extends CustomResource<ServerLedger.Spec, Void> {

  @Override
  @Required
  @JsonPropertyDescription(
      "The operator's memory: what was ordered for this server, by the name of the order. Deleting"
          + " it makes the operator forget that the orders were ever given.")
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
      message = "a ledger is of one server for ever: never change its cloud")
  @ValidationRule(
      value = "self.region == oldSelf.region",
      fieldPath = ".region",
      message = "a ledger is of one server for ever: never change its region")
  @ValidationRule(
      value = "self.instanceId == oldSelf.instanceId",
      fieldPath = ".instanceId",
      message = "a ledger is of one server for ever: never change its instanceId")
  @ValidationRule(
      value = "self.claims >= oldSelf.claims",
      fieldPath = ".claims",
      message = "claims never goes down: write the number that is there, or a higher one")
  @ValidationRule(
      value = LedgerValidationRules.ONE_OPEN,
      fieldPath = ".orders",
      message = "one server has at most one open order: settle the open one first")
  @ValidationRule(
      value = LedgerValidationRules.OPEN_STAYS,
      fieldPath = ".orders",
      message = "an open order is never taken out: settle it first")
  @ValidationRule(
      value = LedgerValidationRules.TRANSITIONS,
      fieldPath = ".orders",
      message =
          "an order never goes back, and a settled one is never begun again (only a Released one"
              + " may be claimed anew): write the state that is there, or one after it")
  @ValidationRule(
      value = LedgerValidationRules.FINAL_STAYS,
      fieldPath = ".orders",
      message = "a Succeeded or Failed order is never changed: leave it as it is")
  @ValidationRule(
      value = LedgerValidationRules.UNKNOWN_IS_RESOLVED,
      fieldPath = ".orders",
      message = "an Unknown order is only resolved, or given what a late receipt says")
  @ValidationRule(
      value = LedgerValidationRules.SPEC_HASH_STAYS,
      fieldPath = ".orders",
      message = "what was ordered is changed only in a Released order: keep the digest")
  @ValidationRule(
      value = LedgerValidationRules.RESENDING_IS_NOT_RELEASED,
      fieldPath = ".orders",
      message =
          "a recovering order is never Released, because its first send may live: write Unknown")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Spec(
      @Required
          @PrinterColumn(name = "Cloud")
          @JsonPropertyDescription("The cloud that owns the server.")
          CloudName cloud,
      @Required
          @PrinterColumn(name = "Region")
          @Size(max = 40)
          @Pattern(ReinstallSpec.REGION)
          @JsonPropertyDescription("The cloud's region id.")
          String region,
      @Required
          @PrinterColumn(name = "Instance")
          @Size(max = 64)
          @Pattern(ReinstallSpec.INSTANCE_ID)
          @JsonPropertyDescription("The cloud's id of the server.")
          String instanceId,
      @Required @Min(0) @JsonPropertyDescription("How many claims were ever made on this server.")
          Long claims,
      @Size(max = 1000) @JsonPropertyDescription("The orders, by metadata.name of their Reinstall.")
          Map<String, Entry> orders,
      @JsonAnySetter @JsonAnyGetter Map<String, Object> additionalProperties) {

    public Server server() {
      return new Server(cloud, region, instanceId);
    }
  }

  /** One order in the book: its claim, its write-ahead record and its receipt in one. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Entry(
      @Required @Size(max = 64) @JsonPropertyDescription("SHA-256, in hex, of what was ordered.")
          String specHash,
      @Required @Min(1) @Max(1000) @JsonPropertyDescription("How the digest was computed.")
          Integer specHashVersion,
      @Required @JsonPropertyDescription("The Reinstall that made the newest claim.") Owner owner,
      @Required @JsonPropertyDescription("How far the order is.") State state,
      @Required
          @Min(1)
          @JsonPropertyDescription("Which of the server's claims the newest one of this order is.")
          Long claimNumber,
      @Required
          @Min(1)
          @Max(1_000_000)
          @JsonPropertyDescription("Counted up after a refusal that is sure and not passing.")
          Integer attempt,
      @Size(max = 64)
          @JsonPropertyDescription("Random id of the newest claim: who made it alone may send.")
          String claimId,
      @Size(max = 16)
          @JsonPropertyDescription("The claimant sends within this after its claim, or never.")
          String sendTimeout,
      @JsonPropertyDescription("true: this claim sends an order again whose answer was lost.")
          Boolean resending,
      @JsonPropertyDescription(
              "true: nothing that this claim sent can still be under way to the cloud.")
          Boolean responseReceived,
      @Size(max = 64)
          @JsonPropertyDescription("The idempotency token of the order, where the cloud takes one.")
          String token,
      @Size(max = 16)
          @JsonPropertyDescription("resourceVersions of the Secrets that the order was made from.")
          Map<String, @Size(max = 64) String> secretVersions,
      @Size(max = 16)
          @JsonPropertyDescription("What shall be installed, in the cloud's own field names.")
          Map<String, @Size(max = 128) String> expected,
      @JsonPropertyDescription("What became of the newest stop that was sent for the order.")
          Stop stop,
      @JsonPropertyDescription("What the cloud said before the order.") Baseline baseline,
      @JsonPropertyDescription("What was seen of the install.") RecordedEvidence evidence,
      @JsonPropertyDescription("The start that follows the install; there is none before its end.")
          Start start,
      @JsonPropertyDescription(
              "true: the answer was lost; an operation that nothing distinguishes from the order"
                  + " was taken for it.")
          Boolean adopted,
      @Size(max = 256) @JsonPropertyDescription("The cloud's id of the reinstall call.")
          String requestId,
      @Size(max = 64)
          @JsonPropertyDescription("Why the order ended, or why it was refused for now.")
          String reason,
      @Size(max = 1024) @JsonPropertyDescription("What was observed.") String message,
      @JsonPropertyDescription("When the newest claim was made.") Instant claimTime,
      @JsonPropertyDescription(
              "When the newest claim before it was made that may have led to a send: a status that"
                  + " tells of a later one shows that the ledger was put back.")
          Instant previousClaimTime,
      @JsonPropertyDescription("When the cloud's yes was recorded.") Instant acceptTime,
      @JsonPropertyDescription("When the order was settled.") Instant completionTime,
      @JsonPropertyDescription("The order's notAfter; a day past it a settled entry may go.")
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
  }

  /** A stop that the cloud answered. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Stop(
      @Size(max = 256) @JsonPropertyDescription("The cloud's id of the stop.") String requestId,
      @JsonPropertyDescription(
              "true: the cloud does not stop it, because an install has failed on it; nothing is"
                  + " left to protect.")
          Boolean notNeeded,
      @Required @JsonPropertyDescription("When the answer was recorded.") Instant responseTime,
      @JsonAnySetter @JsonAnyGetter Map<String, Object> additionalProperties) {}

  /** A start that is being sent, or was. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Start(
      @Required @Size(max = 64) @JsonPropertyDescription("Random id: who made it alone may send.")
          String claimId,
      @Size(max = 256) @JsonPropertyDescription("The cloud's id of the start.") String requestId,
      @JsonPropertyDescription("When the cloud's yes was recorded.") Instant acceptTime,
      @JsonPropertyDescription("true: the cloud refused it for now; it is tried again.")
          Boolean refused,
      @JsonAnySetter @JsonAnyGetter Map<String, Object> additionalProperties) {}

  /** What the cloud said of the server before an order. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Baseline(
      @Size(max = 256)
          @JsonPropertyDescription("Id of the server's latest operation, where the cloud tells it.")
          String operationId,
      @Size(max = 128)
          @JsonPropertyDescription("When the cloud last changed its record of the server.")
          String updateTime,
      @Size(max = 16) @JsonPropertyDescription("What was installed.")
          Map<String, @Size(max = 128) String> installed,
      @JsonPropertyDescription("The cloud's own clock, by its Date header.") Instant cloudTime,
      @JsonAnySetter @JsonAnyGetter Map<String, Object> additionalProperties) {}

  /** What was first seen of an install, so that a crash does not forget it. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record RecordedEvidence(
      @JsonPropertyDescription("Transition: the server was seen at work. Changed: its record was.")
          Kind kind,
      @JsonPropertyDescription("When it was seen.") Instant observedTime,
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

  /** How far an order is, by the book. */
  public enum State {
    /** This order has the server; nothing but a stop may have been sent. */
    Stopping,
    /** May be sent by the one whose claim it is, or was. */
    Submitting,
    /** The cloud said yes. */
    Accepted,
    /** The cloud said yes, and evidence of the install was seen. */
    Installing,
    Succeeded,
    Failed,
    /** Sent, and what became of it cannot be known. */
    Unknown,
    /** Never sent, or surely refused: the server is free. */
    Released,
    /** A value of a newer operator; never in the schema, never written. */
    UNRECOGNIZED;

    @JsonCreator
    static State read(String word) {
      return LenientEnums.parse(State.class, word, UNRECOGNIZED);
    }

    public boolean isOpen() {
      return this == Stopping || this == Submitting || this == Accepted || this == Installing;
    }
  }
}
