package dev.reinstall.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.controlplane.CrudMock;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CrdCompatibilityCheckTest {
  static final String CRD_OUTDATED =
      "The CRDs in the cluster are missing or older than the operator. No reinstall request is"
          + " sent. Apply the CRDs of the operator's version: kubectl apply -k crds.";
  private static final String DRY_RUN =
      "/apis/reinstall.dev/v1alpha1/serverledgers?fieldValidation=Strict&dryRun=All";

  private final CrudMock cluster = CrudMock.start();

  @AfterEach
  void close() {
    cluster.close();
  }

  /** What the API server says where its schema lacks the kind, a field or a value. */
  static List<Status> schemaRejections() {
    return List.of(
        new StatusBuilder().withCode(404).withMessage("404 page not found").build(),
        new StatusBuilder()
            .withCode(400)
            .withMessage("strict decoding error: unknown field \"spec.orders.web.stop\"")
            .build(),
        new StatusBuilder()
            .withCode(422)
            .withMessage("spec.orders.web.state: Unsupported value: \"Installing\"")
            .withNewDetails()
            .addNewCause("spec.orders.web.state", "Unsupported value", "FieldValueNotSupported")
            .endDetails()
            .build());
  }

  /** A policy, a webhook, RBAC or a rule of the schema denies it, or the ledger was deleted. */
  static List<Status> denials() {
    StatusBuilder policy =
        new StatusBuilder()
            .withMessage(
                "serverledgers.reinstall.dev \"complete-1\" is forbidden:"
                    + " ValidatingAdmissionPolicy 'labels' denied request: a label is missing");
    return List.of(
        policy.withCode(422).withReason("Invalid").build(),
        policy.withNewDetails().addNewCause(null, "denied", null).endDetails().build(),
        policy
            .editDetails()
            .withCauses()
            .addNewCause("spec.orders", "an open entry must not be removed", "FieldValueInvalid")
            .endDetails()
            .build(),
        policy.editDetails().withName("complete-1").endDetails().withCode(404).build(),
        policy.withCode(403).withReason("Forbidden").build(),
        policy.withCode(400).withReason("BadRequest").build());
  }

  @Test
  void a_crd_that_accepts_everything_is_no_problem() {
    assertThat(CrdCompatibilityCheck.problem(cluster.client())).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("schemaRejections")
  void an_older_crd_is_named_with_what_to_apply_and_the_words_of_the_api_server(Status rejection) {
    cluster.refuseNext("POST", DRY_RUN, rejection);

    assertThat(CrdCompatibilityCheck.problem(cluster.client()))
        .contains(CRD_OUTDATED + " The API server said: " + rejection.getMessage());
  }

  @ParameterizedTest
  @MethodSource("denials")
  void a_denial_is_not_taken_for_an_older_crd(Status denial) {
    cluster.refuseNext("POST", DRY_RUN, denial);

    assertThat(CrdCompatibilityCheck.problem(cluster.client()))
        .contains("The API server does not accept a ServerLedger: " + denial.getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "401, Unauthorized",
    "403, 'serverledgers.reinstall.dev is forbidden: User \"x\" cannot create resource'"
  })
  void a_missing_permission_is_named_with_what_to_grant(int code, String words) {
    cluster.refuseNext(
        "POST", DRY_RUN, new StatusBuilder().withCode(code).withMessage(words).build());

    assertThat(CrdCompatibilityCheck.problem(cluster.client()))
        .contains(
            "The API server does not accept a ServerLedger: "
                + words
                + ". No reinstall request is sent. Check the operator's ServiceAccount, and grant"
                + " its permissions: kubectl apply -k deploy, or helm upgrade.");
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 500, 503})
  void where_nobody_knows_whether_the_crd_is_older_that_is_the_problem(int code) {
    cluster.refuseNext("POST", DRY_RUN, code);

    assertThat(CrdCompatibilityCheck.problem(cluster.client()))
        .contains("The CRDs could not be checked: simulated");
  }
}
