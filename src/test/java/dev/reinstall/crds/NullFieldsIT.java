package dev.reinstall.crds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.controlplane.CommandResult;
import dev.reinstall.controlplane.ControlPlane;
import dev.reinstall.controlplane.NeedsControlPlane;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What kubectl and the API server leave out before any rule of the CRD or a policy sees it:
 * docs/limitations.md says so, and what to write instead.
 */
@Tag("deep")
@NeedsControlPlane
class NullFieldsIT {
  private static final String NAMESPACE = "null-fields";
  private static final String APPLY = "apply --validate=strict";
  private static final String CREATE = "create --validate=strict";
  private static final String SERVER_SIDE = "apply --server-side --validate=strict";
  private static final String POLICY = "unknown field \"spec.precondition\"";
  private static final String SCHEMA = "in body must be of type";
  private static final String STRICT = "strict decoding error: unknown field \"metadata.suspend\"";
  private static final String UNDECLARED = ".metadata.suspend: field not declared in schema";
  private static final String EXACTLY =
      "must contain one or more of imageId and instanceName and tags when cloud is TencentCloud";

  private static ControlPlane plane;

  @BeforeAll
  static void install() {
    plane = ControlPlane.shared();
    InstalledCrds.in(plane);
    plane.kubectl("create", "namespace", NAMESPACE).orFail();
  }

  @AfterAll
  static void delete() {
    plane.kubectl("-n", NAMESPACE, "delete", "reinstalls", "--all").orFail();
  }

  private static CommandResult run(String verb, String name, String metadata, String spec) {
    List<String> command = new ArrayList<>(List.of(verb.split(" ")));
    command.addAll(List.of("-n", NAMESPACE, "-f", "-"));
    return plane.kubectlWithInput(
        """
        apiVersion: reinstall.dev/v1alpha1
        kind: Reinstall
        metadata:
          name: %s
          %s
        spec:
          cloud: TencentCloud
          region: ap-guangzhou
          instanceId: ins-r8hr2upy
          credentialsRef: {name: tencent}
          notAfter: "2027-06-01T00:00:00Z"
          tencentCloud: {}
          %s
        """
            .formatted(name, metadata, spec),
        command.toArray(String[]::new));
  }

  /** Each with what names it in the stored object, where it is stored at all. */
  @ParameterizedTest
  @CsvSource({
    "known-create,   create --validate=strict, '', preconditions:",
    "known-apply,    apply --validate=strict,  '', preconditions:",
    "gate-apply,     apply --validate=strict,  '', suspend:",
    "gate-create,    create --validate=strict, '', suspend:",
    "unknown-apply,  apply --validate=strict,  '', precondition:",
    "metadata-apply, apply --validate=strict,  suspend:, ''",
    "metadata-warn,  create --validate=warn,   suspend: true, ''",
    "labels-create,  create --validate=strict, labels:, ''"
  })
  void it_is_left_out_without_an_error(String name, String verb, String metadata, String spec) {
    run(verb, name, metadata, spec).orFail();

    assertThat(
            plane
                .kubectl("-n", NAMESPACE, "get", "reinstall", name, "-o", "jsonpath={.spec}")
                .orFail())
        .contains("instanceId")
        .doesNotContain("precondition", "suspend");
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        Arguments.of(SERVER_SIDE, "", "preconditions:", SCHEMA),
        Arguments.of(SERVER_SIDE, "", "suspend:", SCHEMA),
        Arguments.of(SERVER_SIDE, "", "precondition:", POLICY),
        Arguments.of(CREATE, "", "precondition:", POLICY),
        Arguments.of(SERVER_SIDE, "suspend:", "", UNDECLARED),
        Arguments.of(CREATE, "suspend:", "", STRICT),
        Arguments.of(APPLY, "suspend: true", "", STRICT),
        Arguments.of(APPLY, "", "preconditions: {}", EXACTLY),
        Arguments.of(CREATE, "", "preconditions: {imageId: }", EXACTLY),
        Arguments.of(APPLY, "", "preconditions: {imageId: }", EXACTLY),
        Arguments.of(SERVER_SIDE, "", "preconditions: {imageId: }", SCHEMA),
        Arguments.of(APPLY, "", "preconditions: {imageId: \"\"}", "spec.preconditions.imageId"));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void it_is_refused(String verb, String metadata, String spec, String why) {
    CommandResult result = run(verb, "refused", metadata, spec);

    assertThat(result.exitCode()).as(result::toString).isNotZero();
    assertThat(result.err()).contains(why);
  }

  @ParameterizedTest
  @CsvSource({
    "twice-create, create --validate=strict",
    "twice-apply,  apply --validate=strict",
    "twice-server, apply --server-side --validate=strict"
  })
  void of_a_key_that_is_written_twice_kubectl_sends_the_last(String name, String verb) {
    run(verb, name, "", "suspend: true\n  suspend: false").orFail();

    assertThat(
            plane
                .kubectl(
                    "-n", NAMESPACE, "get", "reinstall", name, "-o", "jsonpath={.spec.suspend}")
                .orFail())
        .isEqualTo("false");
  }
}
