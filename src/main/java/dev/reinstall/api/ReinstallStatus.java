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

/** What became of the order: a view of the ledger, written and never believed in order to act. */
@JsonIgnoreProperties(ignoreUnknown = true) // of a newer operator
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ReinstallStatus(
    @Default("-1")
        @JsonPropertyDescription("The generation of the object that this status speaks of.")
        Long observedGeneration,
    @PrinterColumn(name = "Phase")
        @SelectableField
        @Size(max = 64)
        @JsonPropertyDescription(
            "Pending, Submitting or Installing while it is open; Succeeded, Failed or Unknown when it"
                + " is over.")
        String phase,
    @PrinterColumn(name = "Reason")
        @Size(max = 64)
        @JsonPropertyDescription("Why the order is in this phase, in one word.")
        String reason,
    @Size(max = 1024) @JsonPropertyDescription("What was observed and what to do next.")
        String message,
    @PrinterColumn(name = "Request ID")
        @Size(max = 256)
        @JsonPropertyDescription(
            "The cloud's id of the reinstall call, also when it was refused for good. The cloud's"
                + " support asks for it.")
        String requestId,
    @JsonPropertyDescription("The server, as last seen.") ServerStatus server,
    @JsonPropertyDescription("When the order was claimed, to be given to the cloud.")
        Instant submitTime,
    @JsonPropertyDescription("When the order was over.") Instant completionTime,
    @Size(max = 16)
        @JsonPropertyDescription(
            "Ordered: the cloud said yes. Finished: it is over, however it went. Succeeded: how it"
                + " went. Ready, Reconciling and Stalled as kstatus reads them.")
        List<Condition> conditions) {

  /** The server as last seen. */
  @JsonIgnoreProperties(ignoreUnknown = true) // of a newer operator
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record ServerStatus(
      @Size(max = 64) @JsonPropertyDescription("The cloud's own word for the state of the server.")
          String power,
      @Size(max = 16)
          @JsonPropertyDescription("What is installed now, in the cloud's own field names.")
          Map<String, @Size(max = 128) String> installed) {}
}
