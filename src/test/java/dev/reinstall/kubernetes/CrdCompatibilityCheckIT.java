package dev.reinstall.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reinstall.api.ServerLedger;
import dev.reinstall.controlplane.ControlPlane;
import dev.reinstall.controlplane.NeedsControlPlane;
import dev.reinstall.crds.InstalledCrds;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Real CRDs of an earlier operator: one field or enum value is missing. */
@Tag("deep")
@NeedsControlPlane
class CrdCompatibilityCheckIT {
  private static ControlPlane plane;

  @BeforeAll
  static void install() {
    plane = ControlPlane.start();
    InstalledCrds.in(plane);
  }

  @AfterAll
  static void close() {
    plane.close();
  }

  @Test
  void a_proof_leaves_no_object_behind_and_no_watch_hears_of_it() {
    KubernetesClient client = ControlPlane.shared().client(); // its CRDs stay unchanged
    InstalledCrds.in(ControlPlane.shared());
    List<String> heard = new CopyOnWriteArrayList<>();
    ServerLedger real = SampleLedgers.make().get(0);
    real.setMetadata(
        new ObjectMetaBuilder()
            .withName("heard")
            .addToAnnotations("reinstall.dev/allow-deletion", "true")
            .build());
    try (Watch watch = watch(client, heard)) {
      Optional<String> problem = CrdCompatibilityCheck.problem(client);
      client.resource(real).create();

      await().until(() -> heard.contains("heard"));
      assertThat(problem).isEmpty();
      assertThat(heard).noneMatch(name -> name.startsWith("complete"));
    }
    client.resource(real).delete();
    assertThat(client.resources(ServerLedger.class).list().getItems())
        .noneMatch(resource -> resource.getMetadata().getName().startsWith("complete"));
  }

  /** A new kind is not watched immediately. */
  private static Watch watch(KubernetesClient client, List<String> heard) {
    return await()
        .ignoreExceptionsInstanceOf(KubernetesClientException.class)
        .until(
            () -> client.resources(ServerLedger.class).watch(new EventCollector(heard)),
            Objects::nonNull);
  }

  private record EventCollector(List<String> heard) implements Watcher<ServerLedger> {
    @Override
    public void eventReceived(Action action, ServerLedger resource) {
      heard.add(resource.getMetadata().getName());
    }

    @Override
    public void onClose(WatcherException cause) {}
  }

  @Test
  void it_catches_every_field_and_every_word_that_the_crd_lacks() {
    Map<String, Consumer<JSONSchemaProps>> older = new LinkedHashMap<>();
    CustomResourceDefinition now = crd().get();
    collect("spec", spec(now), older, new ArrayList<>());
    assertThat(older.keySet())
        .hasSizeGreaterThan(45)
        .contains("spec.orders{}.baseline.cloudTime", "spec.orders{}.state=Installing");

    older.forEach(
        (lacking, change) -> {
          crd()
              .edit(
                  crd -> {
                    spec(crd).setXKubernetesValidations(List.of()); // some use the missing field
                    change.accept(spec(crd));
                    return crd;
                  });
          assertThat(awaitProblem(lacking))
              .as(lacking)
              .startsWith(
                  "The CRDs in the cluster are missing or older than the operator. No reinstall"
                      + " request is sent. Apply the CRDs of the operator's version: kubectl"
                      + " apply -k crds. The API server said: ")
              .contains(lacking.replaceAll(".*[.=]", ""));
          crd()
              .edit(
                  crd -> {
                    crd.setSpec(now.getSpec());
                    return crd;
                  });
          awaitNoProblem(lacking);
        });
  }

  private static String awaitProblem(String lacking) {
    return awaitThat(lacking + " to be missed", CrdCompatibilityCheckIT::isOutdated).orElseThrow();
  }

  private static boolean isOutdated(Optional<String> problem) {
    return problem.filter(it -> it.startsWith("The CRDs in the cluster are missing")).isPresent();
  }

  private static void awaitNoProblem(String lacking) {
    awaitThat(lacking + " to be there again", Optional::isEmpty);
  }

  /** A changed schema is not served immediately. */
  private static Optional<String> awaitThat(String what, Predicate<Optional<String>> expected) {
    return await(what)
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(50))
        .until(() -> CrdCompatibilityCheck.problem(plane.client()), expected);
  }

  private static Resource<CustomResourceDefinition> crd() {
    return plane
        .client()
        .apiextensions()
        .v1()
        .customResourceDefinitions()
        .withName("serverledgers.reinstall.dev");
  }

  private static JSONSchemaProps spec(CustomResourceDefinition crd) {
    return crd.getSpec()
        .getVersions()
        .get(0)
        .getSchema()
        .getOpenAPIV3Schema()
        .getProperties()
        .get("spec");
  }

  /** The changes to the spec's schema, by the path of the removed part. */
  private static void collect(
      String path,
      JSONSchemaProps at,
      Map<String, Consumer<JSONSchemaProps>> found,
      List<String> way) {
    if (at.getAdditionalProperties() != null) {
      collect(path + "{}", at.getAdditionalProperties().getSchema(), found, with(way, "{}"));
    }
    if (at.getProperties() != null) {
      at.getProperties()
          .forEach(
              (name, field) -> {
                found.put(path + "." + name, spec -> without(follow(spec, way), name));
                collect(path + "." + name, field, found, with(way, name));
              });
    }
    for (JsonNode word : at.getEnum()) {
      found.put(path + "=" + word.asText(), spec -> follow(spec, way).getEnum().remove(word));
    }
  }

  private static void without(JSONSchemaProps schema, String field) {
    schema.getProperties().remove(field);
    schema.getRequired().remove(field);
  }

  private static JSONSchemaProps follow(JSONSchemaProps spec, List<String> way) {
    JSONSchemaProps at = spec;
    for (String step : way) {
      at =
          step.equals("{}")
              ? at.getAdditionalProperties().getSchema()
              : at.getProperties().get(step);
    }
    return at;
  }

  private static List<String> with(List<String> way, String step) {
    List<String> longer = new ArrayList<>(way);
    longer.add(step);
    return longer;
  }
}
