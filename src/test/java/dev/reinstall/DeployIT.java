package dev.reinstall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.reinstall.config.OperatorConfig;
import dev.reinstall.config.WiredSettings;
import dev.reinstall.controlplane.ControlPlane;
import dev.reinstall.controlplane.NeedsControlPlane;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.authorization.v1.ResourceRule;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectRulesReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The manifests as an API server accepts them. */
@Tag("deep")
@NeedsControlPlane
class DeployIT {
  private static final String SYSTEM = "reinstall-system";

  private static ControlPlane plane;

  @BeforeAll
  static void deploy() {
    plane = ControlPlane.shared();
    plane.kubectl("apply", "-k", "deploy").orFail();
    for (String tenant : List.of("agreeing-tenant", "other-tenant")) {
      plane.kubectl("create", "namespace", tenant).orFail();
      plane.kubectl("create", "serviceaccount", "nobody", "-n", tenant).orFail();
    }
    plane.kubectl("create", "serviceaccount", "nobody", "-n", SYSTEM).orFail();
    plane.kubectl("apply", "-n", "agreeing-tenant", "-k", "deploy/tenant").orFail();
  }

  @Test
  void applying_it_again_changes_nothing() {
    String before = versionOfBudget();

    assertThat(plane.kubectl("apply", "-k", "deploy").orFail().lines())
        .isNotEmpty()
        // kubectl always sends the selector of a PodDisruptionBudget, and says "configured".
        .filteredOn(line -> !line.startsWith("poddisruptionbudget.policy/"))
        .allMatch(line -> line.endsWith(" unchanged"));
    assertThat(versionOfBudget()).isEqualTo(before);
  }

  private static String versionOfBudget() {
    return plane
        .client()
        .policy()
        .v1()
        .podDisruptionBudget()
        .inNamespace(SYSTEM)
        .withName("reinstall-operator")
        .get()
        .getMetadata()
        .getResourceVersion();
  }

  @Test
  void applying_it_from_the_server_side_after_that_meets_no_conflict() {
    plane.kubectl("apply", "--server-side", "--dry-run=server", "-k", "deploy").orFail();
  }

  @Test
  void an_overlay_keeps_its_own_image(@TempDir Path overlay) throws IOException {
    Path deploy = overlay.toRealPath().relativize(Path.of("deploy").toRealPath());
    Files.writeString(
        overlay.resolve("kustomization.yaml"),
        """
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources: [%s]
        images:
        - {name: reinstall-operator, newName: registry.example.com/own, newTag: v7}
        """
            .formatted(deploy));

    assertThat(plane.kubectl("kustomize", overlay.toString()).orFail())
        .contains("image: registry.example.com/own:v7\n")
        .doesNotContain("image: reinstall-operator");
  }

  @Test
  void a_quota_limits_the_reinstalls_of_a_namespace() {
    plane
        .kubectl(
            "apply", "-n", "agreeing-tenant", "--dry-run=server", "-f", "deploy/tenant/quota.yaml")
        .orFail();
  }

  @Test
  void both_resources_are_served() {
    for (String name : List.of("reinstalls.reinstall.dev", "serverledgers.reinstall.dev")) {
      await(name).until(() -> isEstablished(name));
    }
    plane.kubectl("get", "reinstalls", "--all-namespaces").orFail();
    plane.kubectl("get", "serverledgers").orFail();
  }

  @Test
  void its_pod_is_let_in_where_pod_security_is_restricted() {
    plane.client().pods().inNamespace(SYSTEM).resource(pod()).dryRun().create();
  }

  @Test
  void a_pod_with_a_weaker_security_context_is_refused_there() {
    Pod weaker = pod();
    weaker.getSpec().getContainers().get(0).getSecurityContext().setAllowPrivilegeEscalation(true);

    assertThatThrownBy(
            () -> plane.client().pods().inNamespace(SYSTEM).resource(weaker).dryRun().create())
        .isInstanceOf(KubernetesClientException.class)
        .hasMessageContaining("violates PodSecurity \"restricted");
  }

  @Test
  void the_operator_may_do_this_everywhere_and_nothing_else() {
    assertThat(rightsIn("other-tenant"))
        .containsExactlyInAnyOrder(
            "reinstalls.reinstall.dev: get list watch",
            "reinstalls/status.reinstall.dev: update",
            "serverledgers.reinstall.dev: create get list update watch",
            "events.events.k8s.io: create",
            "nodes.: list"); // that its own are not reinstalled
  }

  @Test
  void in_its_own_namespace_it_may_keep_a_lease_and_see_the_pause_besides() {
    assertThat(beyond(rightsIn("other-tenant"), SYSTEM))
        .containsExactlyInAnyOrder(
            "leases.coordination.k8s.io: create get patch update", "configmaps.: get list watch");
  }

  @Test
  void where_the_owner_agrees_it_may_get_secrets_besides() {
    assertThat(beyond(rightsIn("other-tenant"), "agreeing-tenant"))
        .containsExactly("secrets.: get");
  }

  @Test
  void rbac_reports_what_would_do_harm_apart() {
    assertThat(may("get", "secrets", "agreeing-tenant")).isTrue();
    assertThat(may("list", "secrets", "agreeing-tenant")).isFalse();
    assertThat(may("get", "secrets", "other-tenant")).isFalse();
    assertThat(may("get", "secrets", SYSTEM)).isFalse();
    assertThat(may("update", "reinstalls.reinstall.dev", "other-tenant")).isFalse();
    assertThat(may("delete", "reinstalls.reinstall.dev", "other-tenant")).isFalse();
    assertThat(may("update", "serverledgers.reinstall.dev", "other-tenant")).isTrue();
    assertThat(may("delete", "serverledgers.reinstall.dev", "other-tenant")).isFalse();
  }

  @Test
  void the_settings_in_the_pod_are_supported_and_its_probes_ask_the_right_port() {
    Container container = pod().getSpec().getContainers().get(0);

    OperatorConfig config =
        WiredSettings.config(
            container.getEnv().stream()
                .filter(variable -> variable.getValue() != null)
                .collect(Collectors.toMap(EnvVar::getName, EnvVar::getValue)));

    assertThat(container.getPorts().get(0).getContainerPort()).isEqualTo(config.httpPort());
  }

  private static boolean isEstablished(String name) {
    CustomResourceDefinition crd =
        plane.client().apiextensions().v1().customResourceDefinitions().withName(name).get();
    return crd.getStatus().getConditions().stream()
        .anyMatch(c -> c.getType().equals("Established") && c.getStatus().equals("True"));
  }

  private static Pod pod() {
    Deployment deployment =
        plane
            .client()
            .apps()
            .deployments()
            .inNamespace(SYSTEM)
            .withName("reinstall-operator")
            .get();
    return new PodBuilder()
        .withNewMetadata()
        .withName("as-in-the-deployment")
        .endMetadata()
        .withSpec(deployment.getSpec().getTemplate().getSpec())
        .build();
  }

  private static boolean may(String verb, String resource, String namespace) {
    String user = "--as=system:serviceaccount:reinstall-system:reinstall-operator";
    return plane.kubectl("auth", "can-i", verb, resource, "-n", namespace, user).succeeded();
  }

  private static Set<String> beyond(Collection<String> known, String namespace) {
    Set<String> rights = rightsIn(namespace);
    rights.removeAll(known);
    return rights;
  }

  /** What the operator may do that a service account without any role may not. */
  private static Set<String> rightsIn(String namespace) {
    Set<String> rights = rightsOf(plane.kubeconfigOf(SYSTEM, "reinstall-operator"), namespace);
    rights.removeAll(rightsOf(plane.kubeconfigOf(SYSTEM, "nobody"), namespace));
    return rights;
  }

  private static Set<String> rightsOf(Path kubeconfig, String namespace) {
    var question =
        new SelfSubjectRulesReviewBuilder()
            .withNewSpec()
            .withNamespace(namespace)
            .endSpec()
            .build();
    try (KubernetesClient client = ControlPlane.clientOf(kubeconfig)) {
      return client
          .authorization()
          .v1()
          .selfSubjectRulesReview()
          .create(question)
          .getStatus()
          .getResourceRules()
          .stream()
          .flatMap(DeployIT::rights)
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private static Stream<String> rights(ResourceRule rule) {
    String verbs = rule.getVerbs().stream().sorted().collect(Collectors.joining(" "));
    return rule.getApiGroups().stream()
        .flatMap(
            group ->
                rule.getResources().stream()
                    .map(resource -> resource + "." + group + ": " + verbs));
  }
}
