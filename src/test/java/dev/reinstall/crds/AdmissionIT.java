package dev.reinstall.crds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.Reinstall;
import dev.reinstall.controlplane.CommandResult;
import dev.reinstall.controlplane.ControlPlane;
import dev.reinstall.controlplane.NeedsControlPlane;
import io.fabric8.kubernetes.client.dsl.FieldValidateable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** How a real API server and a real kubectl respond to users' manifests. */
@Tag("deep")
@NeedsControlPlane
class AdmissionIT {

  private static final String NAMESPACE = "admission";

  /** The two ways of kubectl; an object that one of them created would block the other. */
  enum Way {
    CLIENT_SIDE(NAMESPACE),
    SERVER_SIDE("admission-server-side", "--server-side");

    private final String namespace;
    private final List<String> options;

    Way(String namespace, String... options) {
      this.namespace = namespace;
      this.options = List.of(options);
    }

    CommandResult apply(String document) {
      List<String> command = new ArrayList<>(List.of("apply", "-n", namespace, "-f", "-"));
      command.addAll(options);
      return plane.kubectlWithInput(document, command.toArray(String[]::new));
    }
  }

  private static ControlPlane plane;

  @BeforeAll
  static void install() {
    plane = ControlPlane.shared();
    InstalledCrds.in(plane);
    for (Way way : Way.values()) {
      plane.kubectl("create", "namespace", way.namespace).orFail();
    }
  }

  static List<Manifest> accepted() {
    return Manifest.in("accepted");
  }

  static List<Manifest> refused() {
    return Manifest.in("refused");
  }

  static Stream<Arguments> acceptedBothWays() {
    return bothWays(accepted());
  }

  static Stream<Arguments> refusedBothWays() {
    return bothWays(refused());
  }

  private static Stream<Arguments> bothWays(List<Manifest> manifests) {
    return Stream.of(Way.values())
        .flatMap(way -> manifests.stream().map(manifest -> Arguments.of(way, manifest)));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("acceptedBothWays")
  @Execution(ExecutionMode.CONCURRENT)
  @ResourceLock(value = NAMESPACE, mode = ResourceAccessMode.READ)
  void a_good_manifest_is_accepted_and_the_operator_can_read_it(Way way, Manifest manifest) {
    manifest.documents().forEach(document -> way.apply(document).orFail());

    Reinstall read =
        plane
            .client()
            .resources(Reinstall.class)
            .inNamespace(way.namespace)
            .withName(manifest.name())
            .get();
    assertThat(read.getSpec().cloud()).isNotEqualTo(CloudName.UNRECOGNIZED);
    assertThat(read.getSpec().notAfter()).isNotNull();
    assertThat(read.getSpec().additionalProperties()).isNullOrEmpty();
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("refusedBothWays")
  @Execution(ExecutionMode.CONCURRENT)
  @ResourceLock(value = NAMESPACE, mode = ResourceAccessMode.READ)
  void a_bad_manifest_is_refused_in_words_that_help(Way way, Manifest manifest) {
    manifest.before().forEach(document -> way.apply(document).orFail());

    CommandResult result = way.apply(manifest.last());

    assertThat(result.succeeded()).as(result.toString()).isFalse();
    assertThat(result.err()).contains(manifest.expected(way == Way.SERVER_SIDE));
    manifest.hidden().forEach(secret -> assertThat(result.err()).doesNotContain(secret));
  }

  @Test
  void every_file_is_a_manifest_and_every_rejection_names_its_field() throws IOException {
    try (Stream<Path> files = Files.walk(Manifest.FOLDER)) {
      assertThat(files.filter(Files::isRegularFile))
          .hasSize(accepted().size() + refused().size())
          .allMatch(file -> file.toString().endsWith(".yml"));
    }
    assertThat(accepted()).hasSizeGreaterThan(25).allMatch(m -> m.expected().isEmpty());
    assertThat(refused())
        .hasSizeGreaterThan(100)
        .allMatch(m -> m.expected().get(0).matches(".*(spec|metadata\\.name)\\b.*"));
  }

  @Test
  void a_name_that_a_tool_generates_is_refused() {
    Reinstall generated = read(accepted().get(0).last());
    generated.getMetadata().setName(null);
    generated.getMetadata().setGenerateName("web-");
    assertThatThrownBy(() -> create(generated))
        .hasMessageContaining("metadata.generateName must not be set");
  }

  @Test
  void a_client_that_validates_nothing_is_refused_too() {
    Reinstall misspelt = read(manifest("misspelt-gate").last());
    assertThat(misspelt.getSpec().additionalProperties()).containsKey("precondition");
    assertThatThrownBy(() -> create(misspelt))
        .hasMessageContaining("unknown field \"spec.precondition\"");
  }

  private static Manifest manifest(String name) {
    return refused().stream().filter(m -> m.name().equals(name)).findFirst().orElseThrow();
  }

  private static Reinstall read(String document) {
    return plane.client().getKubernetesSerialization().unmarshal(document, Reinstall.class);
  }

  /** As a program does it: the API server reports no unknown field. */
  private static void create(Reinstall reinstall) {
    plane
        .client()
        .resources(Reinstall.class)
        .inNamespace(NAMESPACE)
        .resource(reinstall)
        .fieldValidation(FieldValidateable.Validation.IGNORE)
        .create();
  }

  @Test
  @ResourceLock(NAMESPACE)
  void a_new_reinstall_is_seen_as_not_yet_observed() {
    apply(accepted().get(0).last()).orFail();

    assertThat(get("-o", "jsonpath={.items[0].status}")).isEqualTo("{\"observedGeneration\":-1}");
  }

  @Test
  @ResourceLock(NAMESPACE)
  void the_columns_are_those_one_looks_for() {
    apply(accepted().get(0).last()).orFail();

    assertThat(get().lines().findFirst().orElseThrow().split("\\s{2,}"))
        .containsExactly("NAME", "CLOUD", "INSTANCE", "PHASE", "REASON", "REQUEST ID", "AGE");
  }

  @Test
  @ResourceLock(NAMESPACE)
  void requests_are_found_by_their_server() {
    for (Manifest manifest : accepted()) {
      apply(manifest.last()).orFail();
    }

    assertThat(get("--field-selector=spec.instanceId=Cps_1.a-b", "-o", "name"))
        .isEqualTo("reinstall.reinstall.dev/jdcloud-instance-id-with-dots-and-underscores\n");
  }

  @Test
  @ResourceLock(NAMESPACE)
  void what_kustomize_takes_for_a_string_is_refused_and_not_misread(@TempDir Path folder)
      throws IOException {
    Files.copy(
        Manifest.FOLDER.resolve("accepted/jdcloud-keep-data-unquoted-yes.yml"),
        folder.resolve("order.yml"));
    Files.writeString(folder.resolve("kustomization.yaml"), "resources: [order.yml]\n");

    assertThat(plane.kubectl("apply", "-n", NAMESPACE, "-k", folder.toString()).err())
        .contains("spec.jdCloud.keepData in body must be of type boolean");
  }

  @Test
  void kubectl_explains_the_fields() {
    assertThat(plane.kubectl("explain", "reinstall.spec", "--recursive").orFail())
        .containsIgnoringWhitespaces(
            "Which server to reinstall, and what to install. Immutable except for suspend; to"
                + " reinstall again, create a Reinstall with a new name.")
        .contains("keepImageLogin\t<boolean>");
    assertThat(plane.kubectl("explain", "reinstall.spec.jdCloud.keepData").orFail())
        .contains("the data disks are kept");
    assertThat(plane.kubectl("explain", "serverledger.spec.orders.state").orFail())
        .containsIgnoringWhitespaces(
            "State of the request. Open: Stopping, Restarting, Submitting, RejectedBusy, Accepted,"
                + " Installing, Starting. Final: Succeeded, Failed, Unknown, Released.");
  }

  private static CommandResult apply(String document) {
    return Way.CLIENT_SIDE.apply(document);
  }

  private static String get(String... options) {
    return plane
        .kubectl(
            Stream.concat(Stream.of("get", "ri", "-n", NAMESPACE), Stream.of(options))
                .toArray(String[]::new))
        .orFail();
  }
}
