package dev.reinstall.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.controlplane.NeedsControlPlane;
import dev.reinstall.simulator.RecordedCall;
import dev.reinstall.simulator.SimulatedFault;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Credentials that are replaced, and credentials that end, while the operator runs. Nothing is sent
 * twice for it, and no server is stopped for what is denied.
 */
@Tag("deep")
@NeedsControlPlane
class CredentialsIT {
  private static TestCluster site;
  private static OperatorProcess operator;

  @BeforeAll
  static void start() {
    site = new TestCluster();
    operator = site.startOperator();
  }

  @AfterAll
  static void no_credential_was_shown() {
    try {
      assertThat(operator.log() + site.allObjects())
          .contains("rot00001")
          .doesNotContain("secret-key-of-", "session-token-of-", "old-code-", "new-code-");
    } finally {
      site.close();
    }
  }

  /** Replaces the Secret of the request by an account that the cloud knows. */
  private static void rotate(CloudUnderTest cloud, String name, String account) {
    String key = "secret-key-of-" + account;
    if (cloud == CloudUnderTest.TENCENT) {
      site.tencent.account(account, key);
      replace(name, Map.of("secretId", account, "secretKey", key));
    } else {
      site.jd.account(account, key);
      replace(name, Map.of("accessKey", account, "secretKey", key));
    }
  }

  private static void replace(String name, Map<String, String> keys) {
    site.secret(site.namespace, name + "-account", keys);
  }

  private static void close(CloudUnderTest cloud, String account) {
    if (cloud == CloudUnderTest.TENCENT) {
      site.tencent.closeAccount(account);
    } else {
      site.jd.closeAccount(account);
    }
  }

  private static boolean isOf(RecordedCall call, String account) {
    return call.request().header("authorization").contains("Credential=" + account + "/");
  }

  private static List<RecordedCall> callsOf(CloudUnderTest cloud, String account) {
    return cloud.cloud(site).callsLog().stream().filter(call -> isOf(call, account)).toList();
  }

  @ParameterizedTest
  @EnumSource
  void a_request_in_flight_is_followed_to_its_end_with_the_new_key(CloudUnderTest cloud) {
    String id = cloud.id("rot00001");
    cloud.newServer(site, id);
    cloud.stick(site, id);
    site.apply(cloud.requestOfItsOwnAccount(site, id, id, ""));
    site.awaitReason(id, "Installing");

    rotate(cloud, id, id + "-new");
    close(cloud, id);
    int refused = callsOf(cloud, id).size();
    site.await("calls with the new key", () -> callsOf(cloud, id + "-new").size() > 2);
    cloud.goOn(site, id);
    site.awaitFinished(id);

    assertThat(site.phase(id)).as(site::everything).isEqualTo("Succeeded");
    assertThat(cloud.cloud(site).calls(cloud.send(), id)).isEqualTo(1);
    assertThat(cloud.cloud(site).wipes(id)).isEqualTo(1);
    assertThat(site.story(id)).noneMatch(entry -> entry.contains("AccessDenied"));
    List<RecordedCall> late = callsOf(cloud, id);
    assertThat(late.subList(refused, late.size()))
        .as("calls that used the Secret as it was read before")
        .allMatch(call -> call.action().equals(cloud.describeAction()));
  }

  @ParameterizedTest
  @EnumSource
  void a_request_that_waits_uses_the_new_key_for_all_that_follows(CloudUnderTest cloud) {
    String id = cloud.id("rot00002");
    cloud.newServer(site, id);
    cloud.plugIn(site, id);
    site.apply(cloud.requestOfItsOwnAccount(site, id, id, ""));
    site.awaitReason(id, "ServerRunning");

    rotate(cloud, id, id + "-new");
    close(cloud, id);
    site.await("calls with the new key", () -> callsOf(cloud, id + "-new").size() > 2);
    cloud.pullPlug(site, id);
    site.awaitFinished(id);

    assertThat(site.phase(id)).as(site::everything).isEqualTo("Succeeded");
    assertThat(callsOf(cloud, id + "-new"))
        .filteredOn(call -> call.action().equals(cloud.send()))
        .hasSize(1);
    assertThat(cloud.cloud(site).calls(cloud.send(), id)).isEqualTo(1);
    assertThat(cloud.cloud(site).wipes(id)).isEqualTo(1);
  }

  @Test
  void a_token_that_has_expired_is_denied_with_the_remedy_and_the_server_keeps_running() {
    String id = "ins-rot00003";
    site.tencent.newServer(id).plugIn();
    givenTemporary(id, id);
    site.tencent.expire(id);
    site.apply(temporary(id));

    site.awaitReason(id, "AccessDenied");

    assertThat(site.message(id))
        .contains(
            "AuthFailure.TokenFailure: The token has expired. (Temporary credentials are valid for a"
                + " limited time, and only together. Replace secretId, secretKey and token in the"
                + " Secret by new ones.");
    assertThat(site.tencent.calls("StopInstances", id)).isZero();
    assertThat(site.tencent.server(id).state()).isEqualTo("RUNNING");

    givenTemporary(id, id + "-new");
    site.awaitFinished(id);

    assertThat(site.phase(id)).as(site::everything).isEqualTo("Succeeded");
    assertThat(site.tencent.calls("ResetInstance", id)).isEqualTo(1);
    assertThat(callsOf(CloudUnderTest.TENCENT, id + "-new"))
        .allMatch(RecordedCall::verified)
        .allMatch(
            call -> call.request().header("x-tc-token").equals("session-token-of-" + id + "-new"));
  }

  @Test
  void a_token_that_expires_right_before_the_reinstall_is_a_certain_rejection() {
    String id = "ins-rot00004";
    site.tencent.newServer(id);
    site.tencent.on("ResetInstance", id, 1, SimulatedFault.errorCode("AuthFailure.TokenFailure"));
    givenTemporary(id, id);
    site.apply(temporary(id).replace("whenRunning: Stop", ""));

    site.awaitReason(id, "AccessDenied");
    assertThat(site.message(id)).contains("Nothing was wiped.", "Replace secretId, secretKey and");
    givenTemporary(id, id + "-new");
    site.awaitFinished(id);

    assertThat(site.phase(id)).as(site::everything).isEqualTo("Succeeded");
    assertThat(site.tencent.calls("ResetInstance", id)).isEqualTo(2);
    assertThat(site.tencent.wipes(id)).isEqualTo(1);
  }

  @Test
  void a_code_that_is_over_is_denied_with_the_remedy_and_the_next_one_is_used() {
    String id = "cps-rot00005";
    site.jd.newServer(id).plugIn();
    site.jd.protectedAccount(id, "secret-key-of-" + id, "24680135");
    givenCode(id, "13579024");
    site.apply(
        TestCluster.jdRequest(id, id, "whenRunning: Stop")
            .replaceFirst("credentialsRef: .*", "credentialsRef: {name: " + id + "-account}"));

    site.awaitReason(id, "AccessDenied");
    assertThat(site.message(id))
        .contains("HTTP 403 HTTP_FORBIDDEN", "write a fresh code as securityToken into the Secret");
    assertThat(site.jd.server(id).status()).isEqualTo("running");

    givenCode(id, "24680135");
    site.awaitFinished(id);

    assertThat(site.phase(id)).as(site::everything).isEqualTo("Succeeded");
    assertThat(site.jd.wipes(id)).isEqualTo(1);
  }

  private static void givenTemporary(String name, String account) {
    String key = "secret-key-of-" + account;
    String token = "session-token-of-" + account;
    site.tencent.account(account, key, token);
    replace(name, Map.of("secretId", account, "secretKey", key, "token", token));
  }

  private static void givenCode(String name, String code) {
    replace(
        name,
        Map.of("accessKey", name, "secretKey", "secret-key-of-" + name, "securityToken", code));
  }

  private static String temporary(String id) {
    return TestCluster.tencentRequest(id, id, "whenRunning: Stop")
        .replaceFirst("credentialsRef: .*", "credentialsRef: {name: " + id + "-account}");
  }
}
