package dev.reinstall.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.api.Reinstall;
import dev.reinstall.ledger.SpecHash;
import io.fabric8.kubernetes.api.model.DefaultKubernetesResourceList;
import io.fabric8.kubernetes.api.model.WatchEvent;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CachedReinstallsTest {
  private static final String USER_DATA = "#!/bin/bash\\necho whatever\\n";

  private final KubernetesSerialization whole = new KubernetesSerialization();
  private final KubernetesSerialization cached = CachedReinstalls.serialization();

  @Test
  void of_the_metadata_only_what_identifies_the_object_is_kept() {
    Reinstall kept = cached.unmarshal(json("", ""), Reinstall.class);

    assertThat(whole.asJson(kept.getMetadata()))
        .isEqualTo(
            "{\"creationTimestamp\":\"2026-11-01T12:00:00Z\",\"generation\":2,\"name\":\"web-1\","
                + "\"namespace\":\"team-a\",\"resourceVersion\":\"7\",\"uid\":\"u-1\"}");
  }

  @Test
  void a_spec_without_user_data_and_unknown_fields_is_complete() {
    Reinstall kept = cached.unmarshal(json("", ""), Reinstall.class);

    assertThat(kept.getSpec()).isEqualTo(whole.unmarshal(json("", ""), Reinstall.class).getSpec());
    assertThat(kept.completeSpecHash()).isEmpty();
  }

  @Test
  void user_data_is_not_kept_and_the_hash_of_the_complete_spec_is() {
    String json = json("", ", \"userData\": \"" + USER_DATA + "\"");
    Reinstall complete = whole.unmarshal(json, Reinstall.class);

    Reinstall kept = cached.unmarshal(json, Reinstall.class);

    assertThat(complete.getSpec().tencentCloud().userData()).contains("whatever");
    assertThat(kept.getSpec().tencentCloud().userData()).isNull();
    assertThat(kept.getSpec().tencentCloud().imageId()).isEqualTo("img-ubuntu22");
    assertThat(kept.completeSpecHash()).contains(SpecHash.of(complete.getSpec()));
  }

  @Test
  void of_unknown_fields_the_names_are_kept_and_only_some_of_many() {
    StringBuilder many = new StringBuilder();
    for (int i = 0; i < 1000; i++) {
      many.append(", \"x").append(i).append("\": [[], [], {}]");
    }
    Reinstall kept =
        cached.unmarshal(
            json(", \"precondition\": {\"imageId\": \"img-1\"}", many.toString()), Reinstall.class);

    assertThat(kept.getSpec().additionalProperties())
        .isEqualTo(Map.of("precondition", "(not kept)"));
    assertThat(kept.getSpec().tencentCloud().additionalProperties())
        .hasSize(16)
        .as("the same ones, whatever their sequence")
        .containsKeys("x0", "x1", "x10", "x100");
    assertThat(kept.completeSpecHash()).isPresent();
  }

  @Test
  void a_precondition_is_kept_and_what_is_none_is_not() {
    String required = ", \"preconditions\": {\"imageId\": \"img-1\"";
    Reinstall kept = cached.unmarshal(json(required + "}", ""), Reinstall.class);

    assertThat(kept.getSpec().preconditions()).isEqualTo(Map.of("imageId", "img-1"));
    assertThat(kept.completeSpecHash()).isEmpty();

    Reinstall tagged =
        cached.unmarshal(json(required + ", \"tags\": {\"role\": \"web\"}}", ""), Reinstall.class);
    assertThat(tagged.getSpec().preconditions())
        .isEqualTo(Map.of("imageId", "img-1", "tags", Map.of("role", "web")));
    assertThat(tagged.completeSpecHash()).isEmpty();

    Reinstall odd =
        cached.unmarshal(
            json(required + ", \"a\": {\"b\": []}, \"c\": \"" + "d".repeat(129) + "\"}", ""),
            Reinstall.class);
    assertThat(odd.getSpec().preconditions())
        .isEqualTo(Map.of("imageId", "img-1", "a", "(not kept)", "c", "(not kept)"));
    assertThat(odd.completeSpecHash()).isPresent();
  }

  /** One object that cannot be read would fail the list of all of them. */
  @Test
  void whatever_the_api_server_accepts_in_an_unknown_field_can_be_read() {
    String deep = "[".repeat(9_000) + "]".repeat(9_000);
    String name = "n".repeat(200_000);

    Reinstall kept =
        cached.unmarshal(
            json(", \"deep\": " + deep + ", \"" + name + "\": 1", ""), Reinstall.class);

    assertThat(kept.getSpec().additionalProperties())
        .hasSize(2)
        .containsKeys("deep", "n".repeat(100));
    assertThat(kept.completeSpecHash()).isPresent();
  }

  @Test
  void so_can_what_it_accepts_in_an_unknown_field_that_is_part_of_the_hash() {
    String deep = "[".repeat(9_000) + "]".repeat(9_000);

    Reinstall kept = cached.unmarshal(json("", ", \"deep\": " + deep), Reinstall.class);

    assertThat(kept.getSpec().tencentCloud().additionalProperties()).containsOnlyKeys("deep");
    assertThat(kept.completeSpecHash()).isPresent();
  }

  @Test
  void what_decides_whether_and_how_a_request_goes_on_is_kept() {
    Reinstall kept =
        cached.unmarshal(
            """
            {"apiVersion": "reinstall.dev/v1alpha1", "kind": "Reinstall", "specc": {"a": "b"},
             "metadata": {"name": "web-x7k2p", "generateName": "web-",
               "deletionTimestamp": "2026-11-02T12:00:00Z"},
             "status": {"phase": "Installing", "requestId": "r-1"}}
            """,
            Reinstall.class);

    assertThat(kept.getMetadata().getGenerateName()).isEqualTo("web-");
    assertThat(kept.getMetadata().getDeletionTimestamp()).isEqualTo("2026-11-02T12:00:00Z");
    assertThat(kept.getAdditionalProperties()).isEqualTo(Map.of("specc", "(not kept)"));
    assertThat(kept.getStatus().phase()).isEqualTo("Installing");
    assertThat(kept.getStatus().requestId()).isEqualTo("r-1");
    assertThat(kept.getSpec()).isNull();
  }

  @Test
  void an_object_with_nothing_in_it_can_be_read() {
    Reinstall kept =
        cached.unmarshal("{\"kind\": \"Reinstall\", \"metadata\": null}", Reinstall.class);

    assertThat(kept.getMetadata()).isNull();
    assertThat(kept.getSpec()).isNull();
  }

  @Test
  void lists_and_watches_read_the_same() {
    String json = json("", ", \"userData\": \"" + USER_DATA + "\"");
    DefaultKubernetesResourceList<Reinstall> list =
        cached.unmarshal(
            new ByteArrayInputStream(
                ("{\"kind\": \"ReinstallList\", \"items\": [" + json + "]}")
                    .getBytes(StandardCharsets.UTF_8)),
            new com.fasterxml.jackson.core.type.TypeReference<>() {});
    WatchEvent event =
        cached.unmarshal("{\"type\": \"ADDED\", \"object\": " + json + "}", WatchEvent.class);
    Reinstall watched = cached.convertValue(event.getObject(), Reinstall.class);

    assertThat(List.of(list.getItems().get(0), watched))
        .allSatisfy(
            kept -> {
              assertThat(kept.getMetadata().getAnnotations()).isEmpty();
              assertThat(kept.getSpec().tencentCloud().userData()).isNull();
            });
  }

  @Test
  void a_clone_of_a_copy_that_is_not_complete_is_not_complete_either() {
    try (KubernetesClient client =
        new KubernetesClientBuilder().withKubernetesSerialization(cached).build()) {
      Reinstall kept =
          cached.unmarshal(json("", ", \"userData\": \"" + USER_DATA + "\""), Reinstall.class);

      Reinstall clone = CachedReinstalls.cloner(client).clone(kept);

      assertThat(clone.getSpec()).isEqualTo(kept.getSpec());
      assertThat(clone.completeSpecHash()).isEqualTo(kept.completeSpecHash()).isPresent();
      assertThat(StatusConverter.copyWith(clone, null).completeSpecHash())
          .as("and so is the copy whose status is written")
          .isEqualTo(kept.completeSpecHash());
    }
  }

  private static String json(String moreOfSpec, String moreOfBlock) {
    return """
        {"apiVersion": "reinstall.dev/v1alpha1", "kind": "Reinstall",
         "metadata": {"namespace": "team-a", "name": "web-1", "uid": "u-1", "generation": 2,
           "resourceVersion": "7", "creationTimestamp": "2026-11-01T12:00:00Z",
           "annotations": {"large": "%s"}, "labels": {"a": "b"}, "finalizers": ["a.b/c"],
           "managedFields": [{"manager": "kubectl", "fieldsV1": {"f:spec": {}}}],
           "ownerReferences": [{"apiVersion": "v1", "kind": "Pod", "name": "a", "uid": "b"}]},
         "spec": {"cloud": "TencentCloud", "region": "ap-guangzhou", "instanceId": "ins-r8hr2upy",
           "credentialsRef": {"name": "tencent"}, "notAfter": "2026-12-01T00:00:00Z",
           "tencentCloud": {"imageId": "img-ubuntu22"%s}%s}}
        """
        .formatted("x".repeat(1000), moreOfBlock, moreOfSpec);
  }
}
