package dev.reinstall.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crd.generator.annotation.PrinterColumn;
import io.fabric8.crd.generator.annotation.SelectableField;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** The state of a request: a view of the ledger. It is written, and never the reason to act. */
@JsonIgnoreProperties(ignoreUnknown = true) // of a newer operator
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ReinstallStatus(
    @Default("-1")
        @JsonPropertyDescription("Generation of the object that this status is based on.")
        Long observedGeneration,
    @PrinterColumn(name = "Phase")
        @SelectableField
        @Size(max = 64)
        @JsonPropertyDescription(
            "In progress: Pending, Stopping, Submitting, Installing, Starting. Final:"
                + " Succeeded, Failed, Unknown.")
        String phase,
    @PrinterColumn(name = "Reason")
        @Size(max = 64)
        @JsonPropertyDescription("Why the request is in this phase, in one word.")
        String reason,
    @Size(max = 1024)
        @JsonPropertyDescription(
            "What happened, what was done to the server, what happens next, and what to do.")
        String message,
    @PrinterColumn(name = "Request ID")
        @Size(max = 256)
        @JsonPropertyDescription(
            "Request ID of the reinstall call in the cloud, also of a rejected one. The"
                + " cloud's support asks for it.")
        String requestId,
    @JsonPropertyDescription("The server, as last observed.") ServerStatus server,
    @JsonPropertyDescription(
            "What the request will do. It is computed before anything is done, also while suspend"
                + " is true, and kept.")
        Plan plan,
    @Size(max = 32)
        @JsonPropertyDescription(
            "What the check before the start found, all at once: the condition Checked.")
        List<Finding> findings,
    @JsonPropertyDescription("Time of the claim under which the request was submitted.")
        Instant submitTime,
    @JsonPropertyDescription("Time at which the request ended.") Instant completionTime,
    @Size(max = 16)
        @JsonPropertyDescription(
            "Checked: whether the check before the start passed. Accepted: the cloud accepted the"
                + " request. Succeeded: its outcome. Finished: it has ended, with any outcome. Ready, Reconciling and Stalled: as defined by"
                + " kstatus.")
        List<Condition> conditions) {

  /** The server as last seen. */
  @JsonIgnoreProperties(ignoreUnknown = true) // of a newer operator
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record ServerStatus(
      @Size(max = 64) @JsonPropertyDescription("State of the server, in the cloud's own word.")
          String power,
      @Size(max = 16) @JsonPropertyDescription("What is installed, in the cloud's own field names.")
          Map<String, @Size(max = 128) String> installed) {}

  /** What a request will do. */
  @JsonIgnoreProperties(ignoreUnknown = true) // of a newer operator
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Plan(
      @PrinterColumn(name = "Plan", priority = 1)
          @Size(max = 64)
          @JsonPropertyDescription("Ready, or the number of findings.")
          String summary,
      @Size(max = 128) @JsonPropertyDescription("Name of the server in the cloud.")
          String serverName,
      @Size(max = 16) @JsonPropertyDescription("IP addresses of the server.")
          List<@Size(max = 128) String> addresses,
      @Size(max = 256)
          @JsonPropertyDescription("What is stopped before the reinstall, and started after it.")
          String power,
      @JsonPropertyDescription("What will be installed, wiped and kept.")
          PlannedInstallation installation) {}

  /** What the check of a request found. */
  @JsonIgnoreProperties(ignoreUnknown = true) // of a newer operator
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Finding(
      @Size(max = 128) @JsonPropertyDescription("Path of the field that it is about.") String field,
      @Size(max = 16) @JsonPropertyDescription("Error: the request is not started. Warning: it is.")
          String severity,
      @Size(max = 512) @JsonPropertyDescription("What is wrong, and what to do.") String message) {}
}
