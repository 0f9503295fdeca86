package dev.reinstall.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.reinstall.api.Reinstall;
import dev.reinstall.api.SecretKeyRef;
import dev.reinstall.cloud.SecretBytes;
import dev.reinstall.controlplane.CrudMock;
import dev.reinstall.reconcile.SecretNotReadyException;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PasswordSecretTest {
  private static final SecretKeyRef PASSWORD = new SecretKeyRef("login", "password");
  private static final String SECRETS = "/api/v1/namespaces/team-a/secrets";

  private final CrudMock cluster = CrudMock.start();
  private final Reinstall reinstall = new Reinstall();

  PasswordSecretTest() {
    reinstall.setMetadata(
        new ObjectMetaBuilder().withNamespace("team-a").withName("web-1").withUid("u1").build());
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  private void create() throws SecretNotReadyException {
    PasswordSecret.create(cluster.client(), reinstall, PASSWORD);
  }

  private Secret secret() {
    return cluster.client().secrets().inNamespace("team-a").withName("login").get();
  }

  @Test
  void it_is_created_with_a_password_and_outlives_the_reinstall() throws Exception {
    create();

    Secret made = secret();
    assertThat(made.getType()).isEqualTo("Opaque");
    assertThat(made.getMetadata().getAnnotations())
        .containsEntry("reinstall.dev/generated-for", "web-1");
    assertThat(made.getMetadata().getOwnerReferences()).isEmpty();
    assertThat(made.getData()).containsOnlyKeys("password");
    assertThat(SecretBytes.ofBase64(made.getData().get("password")).text().orElseThrow())
        .hasSize(20);
  }

  @Test
  void one_that_exists_is_left_as_it_is() throws Exception {
    create();
    Secret first = secret();
    create();

    assertThat(secret()).isEqualTo(first);
  }

  @Test
  void one_of_a_person_is_left_as_it_is_too() throws Exception {
    cluster.create(
        new SecretBuilder()
            .withNewMetadata()
            .withNamespace("team-a")
            .withName("login")
            .endMetadata()
            .addToData("other", "eA==")
            .build());
    create();

    assertThat(secret().getData()).containsOnlyKeys("other");
  }

  @Test
  void who_may_not_create_it_reports_what_allows_it() {
    cluster.refuseNext(
        "POST",
        SECRETS,
        new StatusBuilder().withCode(403).withMessage("secrets is forbidden").build());

    assertThatThrownBy(this::create)
        .isInstanceOf(SecretNotReadyException.class)
        .hasMessage(
            "Secret login for the generated password was not created: secrets is forbidden. If a"
                + " permission is missing, the owner of the namespace grants it with: kubectl apply"
                + " -n team-a -k deploy/tenant-generate-password, or with Helm by"
                + " generatePasswords: true of the tenant. Or create the Secret yourself.");
    assertThat(secret()).isNull();
  }

  /** An admission webhook may quote what it refuses. */
  @Test
  void what_the_api_server_answers_brings_the_password_to_no_one() {
    SecretBytes password = SecretBytes.ofText("aB2+aB2+aB2+aB2+aB2+");
    for (String quoted :
        new String[] {"denied: aB2+aB2+aB2+aB2+aB2+", "denied: " + password.base64()}) {
      Throwable refused =
          catchThrowable(() -> PasswordSecret.refuse(quoted, "team-a", "login", password));
      assertThat(refused)
          .isInstanceOf(SecretNotReadyException.class)
          .hasMessageContaining("Secret login")
          .hasMessageNotContaining("aB2+")
          .hasMessageNotContaining(password.base64())
          .hasNoCause();
    }
  }
}
