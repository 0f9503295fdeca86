package dev.reinstall.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/** A request to reinstall the operating system of one server, once. */
@JsonIgnoreProperties(ignoreUnknown = true) // of a newer operator
@Group("reinstall.dev")
@Version("v1alpha1")
@ShortNames("ri")
@AdditionalPrinterColumn(
    name = "Age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
public class Reinstall extends CustomResource<ReinstallSpec, ReinstallStatus>
    implements Namespaced {

  @Override
  @Required
  @JsonPropertyDescription(
      "Which server to reinstall, and what to install. Immutable except for suspend; to"
          + " reinstall again, create a Reinstall with a new name.")
  public ReinstallSpec getSpec() {
    return super.getSpec();
  }

  @Override
  @Default("{\"observedGeneration\": -1}")
  @JsonPropertyDescription("State of the request; written by the operator.")
  public ReinstallStatus getStatus() {
    return super.getStatus();
  }

  @Override
  protected ReinstallSpec initSpec() {
    return null;
  }

  @Override
  protected ReinstallStatus initStatus() {
    return null;
  }
}
