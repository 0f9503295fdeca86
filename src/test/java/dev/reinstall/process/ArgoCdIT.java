package dev.reinstall.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import dev.reinstall.api.CloudName;
import dev.reinstall.api.Server;
import dev.reinstall.controlplane.NeedsControlPlane;
import dev.reinstall.gitops.LuaScript;
import dev.reinstall.simulator.SimulatedFault;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The health check for Argo CD on the objects of real runs. {@code -Dregenerate} writes them into
 * {@code testdata}, for the tests in Argo CD's own format.
 */
@Tag("deep")
@NeedsControlPlane
class ArgoCdIT {
  private static final Path FOLDER = LuaScript.health().file().getParent();
  private static final String SUSPEND = "{\"spec\":{\"suspend\":true}}";
  private static final String HELD = ledger("ins-argocd07", "ins-argocd07");

  /** Each reconciliation that reads it fails. */
  private static final String OF_ANOTHER_SERVER = ledger("ins-argocd08", "ins-argocd00");

  private static final ObjectMapper YAML =
      new ObjectMapper(new YAMLFactory().disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER));

  /** By what they show. */
  private final Map<String, Map<String, Object>> seen = new LinkedHashMap<>();

  private final List<Map<String, Object>> tests = new ArrayList<>();

  @Test
  void argo_cd_shows_each_stage_of_a_reinstall_as_it_is() throws IOException {
    try (TestCluster site = new TestCluster()) {
      site.apply(TestCluster.tencentRequest("web-1", "ins-argocd01", ""));
      see(site, "unseen", "web-1", "Progressing");

      OperatorProcess operator = site.startOperator();
      site.tencent.newServer("ins-argocd02").plugIn();
      site.apply(TestCluster.tencentRequest("web-2", "ins-argocd02", ""));
      site.awaitReason("web-2", "ServerRunning");
      see(site, "pending", "web-2", "Progressing");

      site.apply(TestCluster.tencentRequest("web-3", "ins-argocd02", "suspend: true"));
      site.awaitReason("web-3", "Suspended");
      see(site, "suspended", "web-3", "Suspended");

      site.tencent.newServer("ins-argocd04").resetTakes(Duration.ofHours(1));
      site.apply(TestCluster.tencentRequest("web-4", "ins-argocd04", ""));
      site.awaitPhase("web-4", "Installing");
      see(site, "installing", "web-4", "Progressing");
      site.awaitPhase("web-4", "Succeeded");
      see(site, "succeeded", "web-4", "Healthy");

      site.tencent.newServer("ins-argocd05");
      site.apply(
          TestCluster.tencentRequest("web-5", "ins-argocd05", "")
              .replace("img-ubuntu22", "img-unknown0"));
      site.awaitPhase("web-5", "Failed");
      see(site, "failed", "web-5", "Degraded");

      site.tencent.newServer("ins-argocd06");
      site.tencent.on("ResetInstance", "ins-argocd06", 1, SimulatedFault.cutBeforeEffect());
      site.apply(TestCluster.tencentRequest("web-6", "ins-argocd06", ""));
      site.awaitPhase("web-6", "Unknown");
      see(site, "unknown", "web-6", "Degraded");

      site.tencent.newServer("ins-argocd07");
      site.cluster.kubectlWithInput(HELD, "create", "-f", "-").orFail();
      site.apply(TestCluster.tencentRequest("web-7", "ins-argocd07", ""));
      site.awaitReason("web-7", "ServerHeld");
      see(site, "held", "web-7", "Suspended");

      pause(site, "create", "--from-literal=reason=incident");
      try {
        site.apply(TestCluster.tencentRequest("web-9", "ins-argocd09", ""));
        site.awaitReason("web-9", "OperatorPaused");
        see(site, "paused", "web-9", "Suspended");
      } finally {
        pause(site, "delete");
      }

      site.tencent.newServer("ins-argocd08").plugIn();
      site.apply(TestCluster.tencentRequest("web-8", "ins-argocd08", ""));
      site.awaitReason("web-8", "ServerRunning");
      site.cluster.kubectlWithInput(OF_ANOTHER_SERVER, "create", "-f", "-").orFail();
      site.await("the error", () -> site.field("web-8", ".status.conditions").contains("Error"));
      see(site, "error", "web-8", "Progressing");
      assertThat(shown("error")).startsWith("ReconcileError: Reconciliation failed: ");

      assertThat(operator.stop()).isZero();
      site.kubectl("patch", "reinstall", "web-2", "--type=merge", "-p", SUSPEND).orFail();
      see(site, "changed", "web-2", "Progressing");
    }
    if (Boolean.getBoolean("regenerate")) {
      write();
    }
  }

  @Test
  void its_config_map_patches_one_that_has_other_settings() {
    try (TestCluster site = new TestCluster()) {
      String file = "deploy/gitops/argocd/argocd-cm.yaml";
      String namespace = "argocd";
      site.cluster.kubectl("create", "namespace", namespace).orFail();
      site.cluster
          .kubectl("-n", namespace, "create", "configmap", "argocd-cm", "--from-literal=url=x")
          .orFail();

      site.cluster
          .kubectl("-n", namespace, "patch", "configmap", "argocd-cm", "--patch-file", file)
          .orFail();

      assertThat(
              site.cluster
                  .client()
                  .configMaps()
                  .inNamespace(namespace)
                  .withName("argocd-cm")
                  .get()
                  .getData())
          .containsOnlyKeys(
              "url",
              "resource.customizations.health.reinstall.dev_Reinstall",
              "resource.customizations.actions.reinstall.dev_Reinstall");
    }
  }

  private static void pause(TestCluster site, String verb, String... more) {
    String[] command = {"-n", "reinstall-system", verb, "configmap", "reinstall-operator-pause"};
    site.cluster
        .kubectl(Stream.of(command, more).flatMap(Stream::of).toArray(String[]::new))
        .orFail();
  }

  private static String ledger(String nameOf, String instanceId) {
    return """
        apiVersion: reinstall.dev/v1alpha1
        kind: ServerLedger
        metadata:
          name: %s
          annotations: {reinstall.dev/hold: repair}
        spec: {cloud: TencentCloud, region: ap-guangzhou, instanceId: %s, claims: 0}
        """
        .formatted(
            new Server(CloudName.TencentCloud, "ap-guangzhou", nameOf).ledgerName(), instanceId);
  }

  private String shown(String stage) {
    return LuaScript.health().run(seen.get(stage)).get("message").toString();
  }

  private void see(TestCluster site, String stage, String name, String health) throws IOException {
    String yaml = site.kubectl("get", "reinstall", name, "-o", "yaml").orFail();
    Map<String, Object> object =
        YAML.readValue(yaml.replace(site.namespace, "team-a"), new TypeReference<>() {});

    Map<String, Object> shown = LuaScript.health().run(object);

    assertThat(shown).as(yaml).containsEntry("status", health);
    seen.put(stage, object);
    Map<String, Object> test = new LinkedHashMap<>();
    test.put("inputPath", "testdata/" + stage + ".yaml");
    test.put("healthStatus", shown);
    tests.add(test);
  }

  private void write() throws IOException {
    YAML.writeValue(FOLDER.resolve("health_test.yaml").toFile(), Map.of("tests", tests));
    for (Map.Entry<String, Map<String, Object>> object : seen.entrySet()) {
      write("testdata/" + object.getKey(), object.getValue());
    }
    for (String stage : List.of("unseen", "pending", "installing")) {
      write("actions/testdata/" + stage, seen.get(stage));
    }
    write("actions/testdata/suspended", suspended(seen.get("pending"), true));
    write("actions/testdata/resumed", suspended(seen.get("pending"), false));
  }

  private static void write(String name, Map<String, Object> object) throws IOException {
    YAML.writeValue(FOLDER.resolve(name + ".yaml").toFile(), object);
  }

  private static Map<String, Object> suspended(Map<String, Object> object, boolean suspend) {
    Map<String, Object> spec = new LinkedHashMap<>();
    ((Map<?, ?>) object.get("spec")).forEach((key, value) -> spec.put((String) key, value));
    spec.put("suspend", suspend);
    Map<String, Object> changed = new LinkedHashMap<>(object);
    changed.put("spec", spec);
    return changed;
  }
}
