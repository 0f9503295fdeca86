package dev.reinstall.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.controlplane.NeedsControlPlane;
import dev.reinstall.simulator.RecordedCall;
import io.fabric8.kubernetes.api.model.Secret;
import java.time.Duration;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A generated password is in its Secret before anything is touched, and is what the cloud gets. */
@Tag("deep")
@NeedsControlPlane
class GeneratedPasswordIT {
  private static final String STOP = "whenRunning: Stop";

  private static final Set<String> passwords = new HashSet<>();

  private static TestCluster site;

  /** Where the operator may create no Secret. */
  private static String bare;

  private static OperatorProcess operator;
  private static String logs = "";

  @BeforeAll
  static void start() {
    site = new TestCluster().with("REINSTALL_LOG_LEVEL", "DEBUG");
    allow(site.namespace);
    bare = site.newNamespace();
    operator = site.startOperator();
  }

  private static void allow(String namespace) {
    site.cluster
        .kubectl("apply", "-n", namespace, "-k", "deploy/tenant-generate-password")
        .orFail();
  }

  @AfterAll
  static void no_password_was_shown() {
    try {
      assertThat(passwords).hasSize(4);
      assertThat(logs + operator.log() + site.allObjects())
          .contains("Installed")
          .doesNotContain(passwords)
          .doesNotContain(
              passwords.stream()
                  .map(one -> Base64.getEncoder().encodeToString(one.getBytes(UTF_8)))
                  .toList());
    } finally {
      site.close();
    }
  }

  /** Of a server that runs, if it is plugged in. */
  private static String request(CloudUnderTest cloud, String id, String more) {
    return cloud
        .request(id, id, more)
        .replaceFirst(
            "passwordRef: .name: login, key: password.",
            "generatePassword: {secretName: made-" + id + ", key: password}");
  }

  private static void newRunningServer(CloudUnderTest cloud, String id) {
    cloud.newServer(site, id);
    cloud.plugIn(site, id);
  }

  /** Null: there is none. */
  private static Secret secret(String namespace, String id) {
    return site.cluster.client().secrets().inNamespace(namespace).withName("made-" + id).get();
  }

  private static String password(String namespace, String id) {
    String base64 = secret(namespace, id).getData().get("password");
    String password = new String(Base64.getDecoder().decode(base64), UTF_8);
    passwords.add(password);
    return password;
  }

  /** The bodies of the reinstall calls for the server. */
  private static List<String> sent(CloudUnderTest cloud, String id) {
    return cloud.cloud(site).callsLog().stream()
        .filter(call -> call.action().equals(cloud.send()))
        .filter(call -> call.asked().servers().contains(id))
        .map(RecordedCall::body)
        .toList();
  }

  private static void assertSent(CloudUnderTest cloud, String id, String password) {
    assertThat(sent(cloud, id)).as(site::everything).hasSize(1);
    assertThat(sent(cloud, id).get(0)).containsIgnoringCase("\"password\":\"" + password + "\"");
    assertThat(cloud.cloud(site).wipes(id)).isEqualTo(1);
  }

  private static void assertUntouched(CloudUnderTest cloud, String id) {
    assertThat(cloud.runs(site, id)).isTrue();
    assertThat(cloud.cloud(site).calls(cloud.stop(), id)).isZero();
    assertThat(cloud.cloud(site).calls(cloud.send(), id)).isZero();
    assertThat(site.ledgerState(id, id)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void a_plan_makes_none_and_the_request_gets_a_valid_one_that_outlives_it(CloudUnderTest cloud) {
    String id = cloud.id("genpass1");
    newRunningServer(cloud, id);
    site.apply(request(cloud, id, STOP + "\nsuspend: true"));
    site.awaitReason(id, "Suspended");
    assertThat(site.field(id, ".status.plan.installation.login"))
        .isEqualTo(
            "password of Secret made-"
                + id
                + ", key password, which will be generated if the Secret does not exist");
    assertThat(site.field(id, ".status.findings")).isEmpty();
    assertThat(site.field(id, ".status.plan.summary")).isEqualTo("Ready");
    assertThat(secret(site.namespace, id)).isNull();
    assertUntouched(cloud, id);

    site.kubectl("patch", "ri", id, "--type=merge", "-p", "{\"spec\":{\"suspend\":false}}")
        .orFail();
    site.awaitFinished(id);

    assertThat(site.phase(id)).as(site::everything).isEqualTo("Succeeded");
    String password = password(site.namespace, id);
    assertThat(password)
        .hasSize(20)
        .matches("[A-Za-z].*")
        .containsPattern("[a-z]")
        .containsPattern("[A-Z]")
        .containsPattern("[0-9]")
        .containsPattern("[+.@-]");
    assertSent(cloud, id, password);
    assertThat(site.field(id, ".status.plan.installation.login"))
        .isEqualTo("password of Secret made-" + id + ", key password, which exists");

    site.kubectl("delete", "ri", id).orFail();
    Secret kept = secret(site.namespace, id);
    assertThat(kept.getMetadata().getOwnerReferences()).isEmpty();
    assertThat(kept.getMetadata().getAnnotations())
        .containsEntry("reinstall.dev/generated-for", id);
  }

  @ParameterizedTest
  @EnumSource
  void after_a_crash_the_same_password_is_sent(CloudUnderTest cloud) {
    String id = cloud.id("genpass2");
    newRunningServer(cloud, id);
    cloud.switchTakes(site, id, Duration.ofHours(1));
    site.apply(request(cloud, id, STOP));
    site.await("the stop", () -> cloud.cloud(site).calls(cloud.stop(), id) == 1);
    operator.kill();
    logs += operator.log();
    String password = password(site.namespace, id);
    String version = secret(site.namespace, id).getMetadata().getResourceVersion();
    assertThat(sent(cloud, id)).isEmpty();
    operator = site.startOperator();
    site.awaitFinished(id);

    assertThat(site.phase(id)).as(site::everything).isEqualTo("Succeeded");
    assertSent(cloud, id, password);
    assertThat(secret(site.namespace, id).getMetadata().getResourceVersion()).isEqualTo(version);
  }

  @ParameterizedTest
  @EnumSource
  void a_server_keeps_running_until_its_secret_may_be_created(CloudUnderTest cloud) {
    String id = cloud.id("genpass3");
    newRunningServer(cloud, id);
    site.applyIn(bare, request(cloud, id, STOP));
    site.await(
        "the refusal", () -> site.fieldIn(bare, id, ".status.reason").equals("SecretNotReady"));
    assertThat(site.fieldIn(bare, id, ".status.message"))
        .contains("cannot create resource \"secrets\"")
        .contains("kubectl apply -n " + bare + " -k deploy/tenant-generate-password");
    assertThat(secret(bare, id)).isNull();
    assertUntouched(cloud, id);

    site.secret(bare, "made-" + id, Map.of("password", TestCluster.PASSWORD));
    site.await("the end", () -> site.fieldIn(bare, id, ".status.phase").equals("Succeeded"));
    assertSent(cloud, id, TestCluster.PASSWORD);
  }

  @ParameterizedTest
  @EnumSource
  void a_weak_password_that_exists_already_is_found(CloudUnderTest cloud) {
    String id = cloud.id("genpass5");
    newRunningServer(cloud, id);
    site.secret(site.namespace, "made-" + id, Map.of("password", "aaaaaaaa"));
    site.apply(request(cloud, id, STOP));
    site.awaitReason(id, "CheckFailed");

    assertThat(site.message(id)).contains("Secret made-" + id + ", key password, must contain");
    assertThat(site.field(id, ".status.findings")).contains("generatePassword");
    assertUntouched(cloud, id);
  }

  @Test
  void a_secret_without_the_key_is_not_changed() {
    CloudUnderTest cloud = CloudUnderTest.TENCENT;
    String id = cloud.id("genpass6");
    newRunningServer(cloud, id);
    site.secret(site.namespace, "made-" + id, Map.of("other", "x"));
    site.apply(request(cloud, id, STOP));
    site.awaitReason(id, "SecretNotReady");

    assertThat(site.message(id))
        .contains("Secret made-" + id + " exists already and has no key password.");
    assertThat(secret(site.namespace, id).getData()).containsOnlyKeys("other");
    assertUntouched(cloud, id);
  }
}
