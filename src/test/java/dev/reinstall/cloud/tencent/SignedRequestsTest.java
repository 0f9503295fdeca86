package dev.reinstall.cloud.tencent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.SecretKeyRef;
import dev.reinstall.api.Server;
import dev.reinstall.cloud.CloudClient;
import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.CloudException.Kind;
import dev.reinstall.cloud.CloudHttp;
import dev.reinstall.cloud.Credentials;
import dev.reinstall.cloud.Endpoint;
import dev.reinstall.cloud.Observation.Power;
import dev.reinstall.cloud.ReinstallRequest;
import dev.reinstall.cloud.SecretBytes;
import dev.reinstall.simulator.RecordedCall;
import dev.reinstall.simulator.SimClock;
import dev.reinstall.simulator.tencent.TencentSimulator;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every signature, against a cloud that verifies it with its own implementation. */
class SignedRequestsTest {
  private static final Server SERVER =
      new Server(CloudName.TencentCloud, "ap-guangzhou", "ins-r8hr2upy");
  private static final SecretKeyRef PASSWORD = new SecretKeyRef("login", "password");
  private static final Credentials ACCOUNT =
      new Credentials(Map.of("secretId", "id", "secretKey", "key"));

  private final TencentSimulator simulator =
      TencentSimulator.start(0, SimClock.manual()).account("id", "key");

  SignedRequestsTest() {
    simulator.newServer(SERVER.instanceId());
  }

  static List<String> names() {
    return TencentCloud.SIGNATURES;
  }

  @AfterEach
  void close() {
    simulator.close();
  }

  @ParameterizedTest
  @CsvSource({
    "TC3, /",
    "TC3, /gate/cvm",
    "V1-SHA256, /",
    "V1-SHA256, /v2/index.php",
    "V1-SHA1, /v2/index.php",
    "V1-SHA1, /gate/cvm"
  })
  void a_description_and_a_request_are_supported_at_every_path(String name, String path)
      throws CloudException {
    simulator.alsoAt("/gate/cvm");
    CloudClient cloud = cloud(name, path);

    assertThat(cloud.describe(ACCOUNT, SERVER).power()).isEqualTo(Power.STOPPED);
    assertThat(cloud.reinstall(ACCOUNT, request(Instant.now()))).isNotEmpty();
    assertThat(simulator.wipes(SERVER.instanceId())).isEqualTo(1);
    assertThat(simulator.callsLog()).hasSize(2).allMatch(RecordedCall::verified);
    assertThat(simulator.callsLog()).allMatch(call -> call.request().target().equals(path));
  }

  @ParameterizedTest
  @MethodSource("names")
  void every_field_of_a_request_arrives_as_it_was_written(String name) throws CloudException {
    simulator.key("skey-aaaaaaaa").key("skey-bbbbbbbb");
    String block =
        """
        imageId: img-pmqg1cw7
        systemDisk: {diskSize: 60}
        loginSettings: {keyIds: [skey-aaaaaaaa, skey-bbbbbbbb]}
        enhancedService: {securityService: {enabled: false}, automationService: {enabled: true}}
        hostName: web-1
        userData: "#!/bin/sh\\necho \u00e9 + = &\\n"
        """;

    cloud(name, "")
        .reinstall(
            ACCOUNT,
            new ReinstallRequest(TencentCloudTest.spec(block), Map.of(), null, Instant.now()));

    assertThat(simulator.wipes(SERVER.instanceId())).isEqualTo(1);
  }

  @ParameterizedTest
  @MethodSource("names")
  void temporary_credentials_are_taken_with_their_token_only(String name) throws CloudException {
    simulator.account("temporary", "key", "the-token+/=");
    Map<String, String> bare = Map.of("secretId", "temporary", "secretKey", "key");
    Map<String, String> whole =
        Map.of("secretId", "temporary", "secretKey", "key", "token", "the-token+/=");

    assertThat(cloud(name, "").describe(new Credentials(whole), SERVER).power())
        .isEqualTo(Power.STOPPED);
    CloudException failure =
        catchThrowableOfType(
            CloudException.class, () -> cloud(name, "").describe(new Credentials(bare), SERVER));
    assertThat(failure.kind()).isEqualTo(Kind.DENIED);
  }

  @ParameterizedTest
  @MethodSource("names")
  void a_request_that_was_claimed_too_long_ago_is_rejected_as_expired(String name) {
    CloudException failure =
        catchThrowableOfType(
            CloudException.class,
            () ->
                cloud(name, "")
                    .reinstall(ACCOUNT, request(Instant.now().minus(Duration.ofMinutes(6)))));

    assertThat(failure).hasMessageContaining("AuthFailure.SignatureExpire");
    assertThat(simulator.wipes(SERVER.instanceId())).isZero();
  }

  @ParameterizedTest
  @MethodSource("names")
  void a_wrong_key_is_denied(String name) {
    Credentials wrong = new Credentials(Map.of("secretId", "id", "secretKey", "another"));
    CloudException failure =
        catchThrowableOfType(CloudException.class, () -> cloud(name, "").describe(wrong, SERVER));

    assertThat(failure).hasMessageContaining("AuthFailure.SignatureFailure");
    assertThat(failure.kind()).isEqualTo(Kind.DENIED);
  }

  @Test
  void a_signature_that_nobody_knows_is_refused() {
    assertThatIllegalArgumentException().isThrownBy(() -> TencentCloud.signature("V2", () -> 1));
  }

  private CloudClient cloud(String name, String path) {
    return new TencentCloud(
            new CloudHttp(Duration.ofSeconds(10), Duration.ofSeconds(10)),
            new Endpoint(simulator.endpoint() + path),
            Duration.ofMinutes(2),
            Instant::now,
            TencentCloud.signature(name, () -> 11886))
        .client();
  }

  private static ReinstallRequest request(Instant claimed) {
    String block = "loginSettings: {passwordRef: {name: login, key: password}}";
    return new ReinstallRequest(
        TencentCloudTest.spec(block),
        Map.of(PASSWORD, SecretBytes.ofText("P@ss w0rd+&=%\u00e9")),
        null,
        claimed);
  }
}
