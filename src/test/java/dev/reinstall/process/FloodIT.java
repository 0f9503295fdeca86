package dev.reinstall.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.controlplane.ControlPlane;
import dev.reinstall.controlplane.FreePorts;
import dev.reinstall.controlplane.NeedsControlPlane;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What one namespace writes costs that namespace. */
@Tag("deep")
@NeedsControlPlane
class FloodIT {
  private static final int OBJECTS = 2_000;
  private static final int ANNOTATION = 100_000; // with the rest more than the 256 MB of heap

  /** As deploy/deployment.yaml: half of 512 MiB. */
  private static final String[] AS_DEPLOYED = {"-Xmx256m", "-XX:+ExitOnOutOfMemoryError"};

  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private ControlPlane plane;
  private TestCluster site;
  private String flooded;

  @BeforeEach
  void start() {
    plane = TestCluster.withBase(ControlPlane.start()); // nobody else has to wait for its writes
    site = new TestCluster(plane);
    flooded = site.newNamespace();
  }

  @AfterEach
  void close() {
    site.close();
    plane.close();
  }

  @Test
  void two_thousand_large_objects_of_one_namespace_do_not_keep_the_operator_from_the_others()
      throws Exception {
    int port = FreePorts.free();
    flood();
    OperatorProcess operator =
        site.with("REINSTALL_HTTP_PORT", Integer.toString(port))
            .startOperator(site.rights(), AS_DEPLOYED);

    site.await("/readyz", () -> HealthProbe.get(port, "/readyz").equals("200 ok"));
    site.jd.newServer("cps-flooded1");
    site.apply(TestCluster.jdRequest("other", "cps-flooded1", ""));
    Awaitility.await("the other namespace to be served")
        .atMost(PATIENCE) // 2,000 first statuses of large objects are written meanwhile
        .until(() -> site.phase("other").equals("Succeeded"));

    assertThat(operator.isAlive()).as(operator::log).isTrue();
    GenericKubernetesResource one =
        site.cluster
            .client()
            .genericKubernetesResources("reinstall.dev/v1alpha1", "Reinstall")
            .inNamespace(flooded)
            .withName(name(0))
            .get();
    assertThat(one.getMetadata().getAnnotations().get("large"))
        .as("a write of the status leaves it alone")
        .hasSize(ANNOTATION);
    assertThat(one.<String>get("spec", "jdCloud", "userData")).startsWith("#!/bin/bash");
  }

  private static String name(int number) {
    return "large-" + number;
  }

  private void flood() throws Exception {
    GenericKubernetesResource template =
        Serialization.unmarshal(
            TestCluster.jdRequest("large", "cps-large001", "suspend: true")
                .replace(
                    "jdCloud:",
                    "jdCloud:\n    userData: \"#!/bin/bash\\n" + "#".repeat(16_000) + "\""),
            GenericKubernetesResource.class);
    template.getMetadata().setNamespace(flooded);
    template.getMetadata().setAnnotations(Map.of("large", "x".repeat(ANNOTATION)));
    site.createAll(0, OBJECTS, number -> named(template, number));
  }

  private static GenericKubernetesResource named(GenericKubernetesResource template, int number) {
    GenericKubernetesResource one = Serialization.clone(template);
    one.getMetadata().setName(name(number));
    return one;
  }
}
