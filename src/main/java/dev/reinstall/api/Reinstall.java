package dev.reinstall.api;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A request to reinstall the operating system of one server, once. */
@Group("reinstall.dev")
@Version("v1alpha1")
@Plural("reinstalls")
@Singular("reinstall")
@ShortNames("ri")
@AdditionalPrinterColumn(
    name = "Age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
public class Reinstall extends CustomResource<ReinstallSpec, ReinstallStatus>
    implements Namespaced {
  private static final long serialVersionUID = 1L;

  private final transient Map<String, Object> additionalProperties = new TreeMap<>();
  private transient String completeSpecHash;

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

  /** Fields beside the known ones: misspelt, or of a newer operator. */
  @JsonAnyGetter
  public Map<String, Object> getAdditionalProperties() {
    return additionalProperties;
  }

  @JsonAnySetter
  void setAdditionalProperty(String name, Object value) {
    additionalProperties.put(name, value);
  }

  /**
   * Of a copy whose spec is not complete, because a cache does not keep all of it: the hash of the
   * complete one. Nothing is claimed by such a copy. Empty: this copy is complete.
   */
  public Optional<String> completeSpecHash() {
    return Optional.ofNullable(completeSpecHash);
  }

  /** Makes this a copy that is not complete; null: it is. */
  public void becomePartOf(String hashOfCompleteSpec) {
    completeSpecHash = hashOfCompleteSpec;
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
