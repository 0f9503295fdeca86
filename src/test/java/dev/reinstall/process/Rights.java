package dev.reinstall.process;

import dev.reinstall.controlplane.ControlPlane;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The single grants of {@code deploy/} and {@code deploy/tenant}. A right is a verb on a resource,
 * such as {@code update reinstalls/status.reinstall.dev}; a binding is its kind and name.
 */
final class Rights {
  private static final Path BASE = Path.of("deploy/rights.yaml");
  private static final Path TENANT = Path.of("deploy/tenant/rights.yaml");

  private static final Pattern DIVIDER = Pattern.compile("^---\n", Pattern.MULTILINE);

  private Rights() {}

  static String right(String verb, String resource, String group) {
    return verb + " " + resource + (group.isEmpty() ? "" : "." + group);
  }

  /** Every right that is granted in any role. */
  static Set<String> granted() {
    return objects("")
        .flatMap(object -> rules(object).stream())
        .flatMap(Rights::rightsOf)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  static Set<String> bindings() {
    return objects("")
        .map(Rights::name)
        .filter(name -> name.contains("Binding "))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /**
   * Creates a service account {@code reinstall-operator-SUFFIX} in the namespace {@code
   * reinstall-system-SUFFIX} and grants it all of them except one. A right is left out everywhere,
   * and so is a binding.
   *
   * @param tenant the namespace whose owner grants access
   */
  static void grant(ControlPlane cluster, String suffix, String tenant, String leftOut) {
    cluster.kubectl("create", "namespace", "reinstall-system" + suffix).orFail();
    objects(suffix)
        .filter(object -> !name(object).equals(leftOut + suffix))
        .map(object -> without(leftOut, object))
        .forEach(object -> create(cluster.client(), tenant, object));
  }

  private static void create(KubernetesClient client, String tenant, HasMetadata object) {
    boolean tenants = object.getMetadata().getName().contains("-secrets");
    if (tenants) {
      object.getMetadata().setNamespace(tenant);
    }
    client.resource(object).create();
  }

  private static HasMetadata without(String right, HasMetadata object) {
    List<PolicyRule> kept =
        rules(object).stream().flatMap(Rights::one).filter(rule -> !is(rule, right)).toList();
    if (object instanceof ClusterRole role) {
      role.setRules(kept);
    } else if (object instanceof Role role) {
      role.setRules(kept);
    }
    return object;
  }

  private static boolean is(PolicyRule rule, String right) {
    return rightsOf(rule).allMatch(right::equals);
  }

  /** Splits a rule into one rule per right. */
  private static Stream<PolicyRule> one(PolicyRule rule) {
    return rule.getApiGroups().stream()
        .flatMap(
            group ->
                rule.getResources().stream()
                    .flatMap(
                        resource ->
                            rule.getVerbs().stream()
                                .map(
                                    verb ->
                                        new PolicyRuleBuilder()
                                            .withApiGroups(group)
                                            .withResources(resource)
                                            .withResourceNames(rule.getResourceNames())
                                            .withVerbs(verb)
                                            .build())));
  }

  private static Stream<String> rightsOf(PolicyRule rule) {
    return one(rule)
        .map(r -> right(r.getVerbs().get(0), r.getResources().get(0), r.getApiGroups().get(0)));
  }

  private static List<PolicyRule> rules(HasMetadata object) {
    if (object instanceof ClusterRole role) {
      return role.getRules();
    }
    return object instanceof Role role ? role.getRules() : List.of();
  }

  private static String name(HasMetadata object) {
    return object.getKind() + " " + object.getMetadata().getName();
  }

  /** The objects of both files; with a suffix they belong to another operator. */
  private static Stream<HasMetadata> objects(String suffix) {
    return Stream.of(BASE, TENANT)
        .flatMap(
            file ->
                read(file)
                    .replace("reinstall-system", "reinstall-system" + suffix)
                    .replaceAll("(reinstall-operator(?!-pause)(-secrets)?)", "$1" + suffix)
                    .transform(Rights::load));
  }

  private static Stream<HasMetadata> load(String yaml) {
    KubernetesSerialization kubernetes = new KubernetesSerialization();
    return DIVIDER.splitAsStream(yaml).map(kubernetes::<HasMetadata>unmarshal);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
