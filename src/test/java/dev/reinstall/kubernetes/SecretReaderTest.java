package dev.reinstall.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.reinstall.api.Reinstall;
import dev.reinstall.api.SecretKeyRef;
import dev.reinstall.cloud.CredentialKeys;
import dev.reinstall.cloud.Credentials;
import dev.reinstall.cloud.OperatorIdentity;
import dev.reinstall.cloud.SecretBytes;
import dev.reinstall.controlplane.CrudMock;
import dev.reinstall.reconcile.SecretNotReadyException;
import dev.reinstall.reconcile.SecretValues;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretReaderTest {
  private static final CredentialKeys KEYS =
      new CredentialKeys(List.of("secretId", "secretKey"), List.of("token"));
  private static final SecretKeyRef PASSWORD = new SecretKeyRef("login", "password");

  private final CrudMock cluster = CrudMock.start();
  private final SecretReader reader = new SecretReader(cluster.client());

  @AfterEach
  void close() {
    cluster.close();
  }

  @Test
  void credentials_come_without_the_line_ends_that_editors_put_behind_them() throws Exception {
    create("tencent", Map.of("secretId", "AKID\n", "secretKey", " key\r\n"));

    Credentials credentials = reader.credentials("team-a", "tencent", KEYS);

    assertThat(credentials.credential("secretId")).isEqualTo("AKID");
    assertThat(credentials.credential("secretKey")).isEqualTo("key");
  }

  @Test
  void a_value_comes_byte_for_byte() throws Exception {
    Secret secret = create("login", Map.of());
    cluster.client().resource(withData(secret, "password", "H4sIAP//")).update();

    SecretValues secrets = reader.secretValues("team-a", List.of(PASSWORD), Optional.empty());

    assertThat(secrets.contents()).containsEntry(PASSWORD, SecretBytes.ofBase64("H4sIAP//"));
  }

  @ParameterizedTest
  @CsvSource({
    "secretKey, c2VjIHJldA==",
    "secretKey, c2VjCnJldA==",
    "secretKey, c+ljcmV0",
    "secretKey, c8OpY3JldA==",
    "secretKey, c2VjcmV0AA==",
    "token, c2VjIHJldA==",
    "token, c+ljcmV0"
  })
  void a_credential_that_no_header_can_carry_is_named_and_not_quoted(String key, String base64) {
    Secret secret = create("tencent", Map.of("secretId", "AKID", "secretKey", "key"));
    cluster.client().resource(withData(secret, key, base64)).update();

    assertThatThrownBy(() -> reader.credentials("team-a", "tencent", KEYS))
        .isInstanceOf(SecretNotReadyException.class)
        .hasMessage(
            "Secret tencent (spec.credentialsRef), key "
                + key
                + ", must not contain blanks, line breaks or other characters that are not"
                + " printable ASCII.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"secretId", "secretKey", "token"})
  void a_credential_of_more_than_4096_characters_is_named_and_not_quoted(String key)
      throws Exception {
    String longest = "s".repeat(4096);
    create("longest", Map.of("secretId", longest, "secretKey", " " + longest, "token", longest));
    Map<String, String> longer = new HashMap<>(Map.of("secretId", "AKID", "secretKey", "key"));
    longer.put(key, longest + "s\n");
    create("longer", longer);

    assertThat(reader.credentials("team-a", "longest", KEYS).credential(key)).isEqualTo(longest);
    assertThatThrownBy(() -> reader.credentials("team-a", "longer", KEYS))
        .isInstanceOf(SecretNotReadyException.class)
        .hasMessage(
            "Secret longer (spec.credentialsRef), key "
                + key
                + ", must not have more than 4096 characters. No cloud gives out a longer one.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "12345",
        "123456789",
        "MTIzNDU2",
        "12345a",
        "\u0661\u0661\u0661\u0661\u0661\u0661"
      })
  void a_code_has_six_to_eight_digits_and_is_not_quoted(String wrong) throws Exception {
    CredentialKeys keys =
        new CredentialKeys(List.of("accessKey"), List.of(), List.of("code"), OperatorIdentity.NONE);
    create("none", Map.of("accessKey", "AK", "code", " "));
    create("shortest", Map.of("accessKey", "AK", "code", "123456\n"));
    create("longest", Map.of("accessKey", "AK", "code", "01234567"));
    create("wrong", Map.of("accessKey", "AK", "code", wrong));

    assertThat(reader.credentials("team-a", "none", keys).values()).containsOnlyKeys("accessKey");
    assertThat(reader.credentials("team-a", "shortest", keys).credential("code"))
        .isEqualTo("123456");
    assertThat(reader.credentials("team-a", "longest", keys).credential("code"))
        .isEqualTo("01234567");
    assertThatThrownBy(() -> reader.credentials("team-a", "wrong", keys))
        .isInstanceOf(SecretNotReadyException.class)
        .hasMessageStartingWith("Secret wrong (spec.credentialsRef), key code, must ")
        .hasMessageNotContaining(wrong);
  }

  @Test
  void keys_that_the_cloud_does_not_need_are_not_read() throws Exception {
    Secret secret = create("tencent", Map.of("secretId", "AKID", "secretKey", "key", "token", " "));
    cluster.client().resource(withData(secret, "ca.crt", "/wpj")).update();

    assertThat(reader.credentials("team-a", "tencent", KEYS).values())
        .containsOnlyKeys("secretId", "secretKey");
  }

  @Test
  void the_versions_of_the_secrets_are_reported_so_that_a_change_between_two_sends_is_seen()
      throws Exception {
    Secret secret = create("login", Map.of("password", "first"));
    SecretValues before = reader.secretValues("team-a", List.of(PASSWORD), Optional.empty());

    cluster.client().resource(withData(secret, "password", "c2Vjb25k")).update();

    SecretValues after = reader.secretValues("team-a", List.of(PASSWORD), Optional.empty());
    assertThat(after.contents()).containsEntry(PASSWORD, SecretBytes.ofText("second"));
    assertThat(after.resourceVersions()).containsOnlyKeys("login");
    assertThat(after.resourceVersions()).isNotEqualTo(before.resourceVersions());
  }

  @Test
  void a_missing_secret_is_named_with_its_namespace() {
    assertThatThrownBy(() -> reader.credentials("team-a", "tencent", KEYS))
        .isInstanceOf(SecretNotReadyException.class)
        .hasMessage("Secret tencent does not exist in namespace team-a.");
  }

  @Test
  void a_missing_or_empty_key_of_the_credentials_is_named_with_its_secret() {
    create("tencent", Map.of("secretId", "AKID", "secretKey", "\n"));

    assertThatThrownBy(() -> reader.credentials("team-a", "tencent", KEYS))
        .isInstanceOf(SecretNotReadyException.class)
        .hasMessage(
            "Secret tencent (spec.credentialsRef) has no key secretKey, or the key is empty."
                + " Required keys: secretId, secretKey.");
  }

  @Test
  void a_missing_key_of_another_secret_is_named_with_its_secret() {
    create("login", Map.of("passwd", "a typo"));

    assertThat(reader.secretValues("team-a", List.of(PASSWORD), Optional.empty()).problems())
        .containsExactly("Secret login has no key password.");
  }

  @Test
  void all_that_is_missing_is_named_at_once() {
    create("login", Map.of("passwd", "a typo"));
    SecretKeyRef script = new SecretKeyRef("boot", "script");

    assertThat(
            reader.secretValues("team-a", List.of(PASSWORD, script), Optional.empty()).problems())
        .containsExactly(
            "Secret boot does not exist in namespace team-a.", "Secret login has no key password.");
  }

  @Test
  void what_is_there_is_read_although_another_is_missing() {
    create("login", Map.of("password", "mine"));
    SecretKeyRef script = new SecretKeyRef("boot", "script");

    SecretValues secrets =
        reader.secretValues("team-a", List.of(PASSWORD, script), Optional.empty());

    assertThat(secrets.contents()).containsOnlyKeys(PASSWORD);
    assertThat(secrets.problems())
        .containsExactly("Secret boot does not exist in namespace team-a.");
  }

  @Test
  void the_secret_of_a_generated_password_need_not_exist_yet() throws Exception {
    create("boot", Map.of("script", "#!/bin/bash"));
    SecretKeyRef script = new SecretKeyRef("boot", "script");

    SecretValues before =
        reader.secretValues("team-a", List.of(PASSWORD, script), Optional.of(PASSWORD));
    create("login", Map.of("password", "mine"));
    SecretValues after =
        reader.secretValues("team-a", List.of(PASSWORD, script), Optional.of(PASSWORD));

    assertThat(before.contents()).containsOnlyKeys(script);
    assertThat(before.resourceVersions()).containsOnlyKeys("boot");
    assertThat(after.contents()).containsEntry(PASSWORD, SecretBytes.ofText("mine"));
    assertThat(after.resourceVersions()).containsOnlyKeys("boot", "login");
  }

  @Test
  void a_secret_without_the_key_of_a_generated_password_is_not_changed() {
    create("login", Map.of("passwd", "a typo"));

    assertThat(reader.secretValues("team-a", List.of(PASSWORD), Optional.of(PASSWORD)).problems())
        .containsExactly(
            "Secret login exists already and has no key password. The operator creates Secrets and"
                + " changes none: add the key, or delete the Secret if nothing else uses it.");
  }

  @Test
  void a_secret_that_has_more_than_the_generated_password_must_exist() {
    SecretKeyRef script = new SecretKeyRef("login", "script");

    assertThat(
            reader
                .secretValues("team-a", List.of(PASSWORD, script), Optional.of(PASSWORD))
                .problems())
        .containsExactly("Secret login does not exist in namespace team-a.");
  }

  @Test
  void who_may_not_read_a_secret_reports_the_command_that_allows_it() {
    cluster.refuseNext("GET", "/api/v1/namespaces/team-a/secrets/tencent", 403);

    assertThatThrownBy(() -> reader.credentials("team-a", "tencent", KEYS))
        .isInstanceOf(SecretNotReadyException.class)
        .hasMessage(
            "The operator is not allowed to read Secret tencent. The owner of namespace team-a"
                + " allows it with: kubectl apply -n team-a -k deploy/tenant. If the operator was"
                + " installed by Helm, the value tenants of the chart allows it, too.");
  }

  @Test
  void a_secret_of_another_namespace_is_not_seen() {
    create("tencent", Map.of("secretId", "AKID", "secretKey", "key"));

    assertThatThrownBy(() -> reader.credentials("team-b", "tencent", KEYS))
        .isInstanceOf(SecretNotReadyException.class);
  }

  @Test
  void a_source_is_for_the_namespaces_that_are_named_and_for_no_others() throws Exception {
    create("tencent", Map.of("source", "WebIdentity"));

    assertThat(reader.credentials("team-a", "tencent", identityOf("team-a")).values())
        .isEqualTo(Map.of("source", "WebIdentity"));
    assertThatThrownBy(() -> reader.credentials("team-a", "tencent", identityOf("team-b")))
        .isInstanceOf(SecretNotReadyException.class)
        .hasMessage(
            "Secret tencent (spec.credentialsRef), key source, refers to the operator's own"
                + " identity, which namespace team-a is not allowed to use. Write credentials into"
                + " the Secret. The administrator of the operator allows it with THE_SETTING.");
  }

  @Test
  void a_source_that_the_cloud_does_not_have_is_named_with_those_that_it_has() {
    create("tencent", Map.of("source", "webidentity"));

    assertThatThrownBy(() -> reader.credentials("team-a", "tencent", identityOf("team-a")))
        .isInstanceOf(SecretNotReadyException.class)
        .hasMessage(
            "Secret tencent (spec.credentialsRef), key source, must be InstanceRole or"
                + " WebIdentity.");
  }

  @Test
  void a_secret_has_a_source_or_credentials() {
    create("tencent", Map.of("source", "WebIdentity", "secretId", "AKID", "secretKey", "key"));

    assertThatThrownBy(() -> reader.credentials("team-a", "tencent", identityOf("team-a")))
        .isInstanceOf(SecretNotReadyException.class)
        .hasMessage(
            "Secret tencent (spec.credentialsRef) has the keys source and secretId. It must have"
                + " either source or credentials.");
  }

  @Test
  void a_cloud_without_an_identity_reads_no_source() {
    create("tencent", Map.of("source", "WebIdentity"));

    assertThatThrownBy(() -> reader.credentials("team-a", "tencent", KEYS))
        .isInstanceOf(SecretNotReadyException.class)
        .hasMessageContaining(" has no key secretId");
  }

  private static CredentialKeys identityOf(String namespace) {
    return new CredentialKeys(
        KEYS.required(),
        KEYS.optional(),
        List.of(),
        new OperatorIdentity(
            List.of("InstanceRole", "WebIdentity"), List.of(namespace), "THE_SETTING"));
  }

  @Test
  void credentials_that_a_cloud_denied_are_read_again_and_compared() throws Exception {
    Secret secret = create("tencent", Map.of("secretId", "AKID", "secretKey", "key"));
    Reinstall request = MockedEnvironment.tencentRequest("web-1", "ins-r8hr2upy", "img-ubuntu22");
    Credentials first = reader.credentials(request, KEYS);

    assertThat(reader.replaced(request, KEYS, first)).isFalse();
    cluster.client().resource(withData(secret, "secretKey", "bmV3")).update();
    assertThat(reader.credentials(request, KEYS)).isEqualTo(first); // cached

    assertThat(reader.replaced(request, KEYS, first)).isTrue();
    assertThat(reader.credentials(request, KEYS).credential("secretKey")).isEqualTo("new");
  }

  @Test
  void requests_of_one_account_that_poll_together_share_a_read() throws Exception {
    create("tencent", Map.of("secretId", "AKID", "secretKey", "key"));
    int before = cluster.requests();

    for (int i = 0; i < 100; i++) {
      reader.credentials("team-a", "tencent", KEYS);
    }

    assertThat(cluster.requests() - before).isLessThan(50); // one per second
  }

  @Test
  void credentials_that_were_fixed_are_used_soon() throws Exception {
    Secret secret = create("tencent", Map.of("secretId", "AKID", "secretKey", "old"));
    assertThat(reader.credentials("team-a", "tencent", KEYS).credential("secretKey"))
        .isEqualTo("old");

    cluster.client().resource(withData(secret, "secretKey", "bmV3")).update();

    await()
        .untilAsserted(
            () ->
                assertThat(reader.credentials("team-a", "tencent", KEYS).credential("secretKey"))
                    .isEqualTo("new"));
  }

  @Test
  void a_key_that_was_missing_is_found_as_soon_as_it_is_there() throws Exception {
    Secret secret = create("tencent", Map.of("secretId", "AKID"));
    assertThatThrownBy(() -> reader.credentials("team-a", "tencent", KEYS))
        .isInstanceOf(SecretNotReadyException.class);

    cluster.client().resource(withData(secret, "secretKey", "bmV3")).update();

    assertThat(reader.credentials("team-a", "tencent", KEYS).credential("secretKey"))
        .isEqualTo("new");
  }

  @Test
  void nothing_of_a_secret_is_printed() throws Exception {
    create("tencent", Map.of("secretId", "AKID", "secretKey", "key-of-mine"));
    create("login", Map.of("password", "word-of-mine"));

    String printed =
        reader.credentials("team-a", "tencent", KEYS)
            + " "
            + reader.secretValues("team-a", List.of(PASSWORD), Optional.empty());

    assertThat(printed).contains("login").doesNotContain("AKID", "of-mine");
  }

  private static Secret withData(Secret secret, String key, String base64) {
    return new SecretBuilder(secret).addToData(key, base64).build();
  }

  private Secret create(String name, Map<String, String> contents) {
    cluster.create(
        new SecretBuilder()
            .withNewMetadata()
            .withNamespace("team-a")
            .withName(name)
            .endMetadata()
            .withStringData(contents)
            .build());
    return cluster.client().secrets().inNamespace("team-a").withName(name).get();
  }
}
