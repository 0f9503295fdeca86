package dev.reinstall.kubernetes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.reinstall.api.Reinstall;
import dev.reinstall.api.ReinstallSpec;
import dev.reinstall.api.ReinstallStatus;
import dev.reinstall.reconcile.ClusterMessages;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the CRD of the Reinstalls in the cluster has every field and value that this operator
 * knows. The operator must not create a Reinstall, not even by a dry run, so it reads the schema
 * that the API server publishes for all users.
 */
public final class ReinstallCrdCheck {
  private static final Logger LOG = LoggerFactory.getLogger(ReinstallCrdCheck.class);

  private static final String API = "/apis/" + HasMetadata.getApiVersion(Reinstall.class);
  private static final String PLURAL = HasMetadata.getPlural(Reinstall.class);
  private static final String UNRECOGNIZED = "UNRECOGNIZED"; // never in the schema
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The schema of a CRD that was just applied is published a moment later. */
  private static final int ATTEMPTS = 6;

  private static final Duration PAUSE = Duration.ofMillis(500);

  private ReinstallCrdCheck() {}

  /**
   * Why nothing may be claimed; empty: the CRD is that of this operator or newer, or it is not
   * known.
   *
   * @param namespaces that are watched; empty: all
   */
  public static Optional<String> problem(KubernetesClient client, Collection<String> namespaces) {
    if (isMissing(client, namespaces)) {
      return Optional.of(
          ClusterMessages.crdOutdated() + " The API server does not have the kind Reinstall.");
    }
    List<String> lacking = lacking(client);
    for (int attempt = 1; !lacking.isEmpty() && attempt < ATTEMPTS; attempt++) {
      pause();
      lacking = lacking(client);
    }
    return lacking.isEmpty()
        ? Optional.empty()
        : Optional.of(
            ClusterMessages.crdOutdated()
                + " The CRD of the kind Reinstall lacks: "
                + lacking.get(0));
  }

  private static boolean isMissing(KubernetesClient client, Collection<String> namespaces) {
    return namespaces.isEmpty()
        ? isNotFound(client, API + "/" + PLURAL)
        : namespaces.stream()
            .anyMatch(one -> isNotFound(client, API + "/namespaces/" + one + "/" + PLURAL));
  }

  /** A list is denied before it is not found. */
  private static boolean isNotFound(KubernetesClient client, String path) {
    try {
      return client.raw(path + "?limit=1") == null;
    } catch (KubernetesClientException e) {
      return false; // the watch reports it
    }
  }

  /** The paths of what this operator knows and the schema does not. */
  private static List<String> lacking(KubernetesClient client) {
    try {
      String published = client.raw("/openapi/v3" + API);
      return published == null ? List.of() : lacking(JSON.readTree(published));
    } catch (KubernetesClientException | JsonProcessingException e) {
      LOG.debug("The schema of the API server cannot be read: {}", e.getMessage());
      return List.of();
    }
  }

  static List<String> lacking(JsonNode published) {
    List<String> lacking = new ArrayList<>();
    for (Map.Entry<String, JsonNode> kind : published.at("/components/schemas").properties()) {
      if (kind.getKey().endsWith("." + HasMetadata.getKind(Reinstall.class))) {
        JsonNode fields = kind.getValue().path("properties");
        compare("spec", ReinstallSpec.class, fields.path("spec"), lacking);
        compare("status", ReinstallStatus.class, fields.path("status"), lacking);
      }
    }
    return lacking;
  }

  private static void compare(String path, Class<?> type, JsonNode schema, List<String> lacking) {
    if (schema.isMissingNode()) {
      lacking.add(path);
    } else if (type.isRecord()) {
      for (RecordComponent field : type.getRecordComponents()) {
        if (!field.getName().equals("additionalProperties")) { // those that it does not know
          compare(
              path + "." + field.getName(),
              field.getType(),
              schema.path("properties").path(field.getName()),
              lacking);
        }
      }
    } else if (type.isEnum() && schema.has("enum")) {
      compareValues(path, type, schema.path("enum"), lacking);
    }
  }

  private static void compareValues(
      String path, Class<?> choice, JsonNode values, List<String> lacking) {
    Set<String> published =
        StreamSupport.stream(values.spliterator(), false)
            .map(JsonNode::asText)
            .collect(Collectors.toSet());
    for (Object value : choice.getEnumConstants()) {
      String word = ((Enum<?>) value).name();
      if (!word.equals(UNRECOGNIZED) && !published.contains(word)) {
        lacking.add(path + "=" + word);
      }
    }
  }

  private static void pause() {
    try {
      TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while waiting for the schema.", e);
    }
  }
}
