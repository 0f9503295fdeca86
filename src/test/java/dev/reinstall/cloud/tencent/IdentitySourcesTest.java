package dev.reinstall.cloud.tencent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.CloudException.Kind;
import dev.reinstall.cloud.CloudHttp;
import dev.reinstall.cloud.CloudSettings;
import dev.reinstall.cloud.Credentials;
import dev.reinstall.cloud.Endpoint;
import dev.reinstall.simulator.tencent.MetadataSimulator;
import dev.reinstall.simulator.tencent.StsSimulator;
import dev.reinstall.simulator.tencent.TencentSimulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the two sources of temporary credentials send, and how they read what comes back. */
class IdentitySourcesTest {
  private static final String TOKEN = "eyJhbGciOi.the-token-of-the-pod.c2ln";

  private final TencentSimulator cloud = TencentSimulator.start(0);
  private final StsSimulator sts = StsSimulator.start(cloud);
  private final MetadataSimulator metadata = MetadataSimulator.start(cloud);
  private final CloudHttp http = new CloudHttp(Duration.ofSeconds(5), Duration.ofSeconds(5));
  private final Map<String, String> settings = new HashMap<>();
  @TempDir private Path files;

  @BeforeEach
  void set() throws IOException {
    sts.accept(TOKEN);
    settings.put("REINSTALL_TENCENT_STS_ENDPOINT", sts.endpoint());
    settings.put("REINSTALL_TENCENT_METADATA_ENDPOINT", metadata.endpoint());
    settings.put("TKE_REGION", "ap-guangzhou");
    settings.put("TKE_PROVIDER_ID", StsSimulator.PROVIDER);
    settings.put("TKE_ROLE_ARN", StsSimulator.ROLE);
    settings.put(
        "TKE_WEB_IDENTITY_TOKEN_FILE",
        Files.writeString(files.resolve("token"), TOKEN + "\n").toString());
  }

  @AfterEach
  void close() {
    sts.close();
    metadata.close();
    cloud.close();
  }

  private IssuedCredentials web() throws CloudException {
    return WebIdentity.from(read(), http, Clock.systemUTC()).issue();
  }

  private IssuedCredentials role() throws CloudException {
    return InstanceRole.from(read(), http, Clock.systemUTC()).issue();
  }

  private static CloudException failure(ThrowingCallable call) {
    return catchThrowableOfType(CloudException.class, call);
  }

  @Test
  void a_token_is_exchanged_for_a_triple_with_its_time() throws CloudException {
    sts.validFor(Duration.ofMinutes(30));

    IssuedCredentials issued = web();

    String id = sts.issued().get(0);
    assertThat(issued.credentials())
        .isEqualTo(
            new Credentials(
                Map.of(
                    "secretId", id,
                    "secretKey", "issued-key-of-" + id,
                    "token", "issued-token-of-" + id)));
    assertThat(issued.validFor()).isBetween(Duration.ofMinutes(29), Duration.ofMinutes(30));
  }

  @Test
  void the_role_of_the_machine_is_found_or_named() throws CloudException {
    assertThat(role().credentials().credential("secretId")).isEqualTo(metadata.issued().get(0));
    assertThat(metadata.calls()).isEqualTo(2);

    settings.put("REINSTALL_TENCENT_INSTANCE_ROLE", "simulated-role");
    assertThat(role().credentials().credential("secretId")).isEqualTo(metadata.issued().get(1));
    assertThat(metadata.calls()).isEqualTo(3);

    settings.put("REINSTALL_TENCENT_INSTANCE_ROLE", "another-role");
    assertThat(failure(this::role).kind()).isEqualTo(Kind.DENIED);
    settings.put("REINSTALL_TENCENT_INSTANCE_ROLE", "../../user-data");
    assertThat(failure(this::role)).hasMessageContaining("The name of the role is malformed.");
  }

  @Test
  void a_web_identity_that_is_not_set_up_is_named_by_its_variables() {
    settings.remove("TKE_PROVIDER_ID");
    settings.remove("TKE_ROLE_ARN");

    CloudException failure = failure(this::web);

    assertThat(failure.kind()).isEqualTo(Kind.DENIED);
    assertThat(failure)
        .hasMessage(
            "The operator has no web identity: set TKE_PROVIDER_ID, TKE_ROLE_ARN for its"
                + " container.");
    assertThat(sts.calls()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "UnauthorizedOperation, DENIED",
    "AuthFailure.InvalidAuthorization, DENIED",
    "ResourceNotFound.RoleNotFound, DENIED",
    "InvalidParameter.ParamError, DENIED",
    "InvalidParameter.OverLimit, NOT_SENT",
    "InternalError.SystemError, NOT_SENT",
    "RequestLimitExceeded, NOT_SENT",
  })
  void a_rejection_waits_for_a_person_or_for_time(String code, Kind kind) {
    sts.answer(
        200,
        "{\"Response\":{\"Error\":{\"Code\":\"%s\",\"Message\":\"No.\"},\"RequestId\":\"r\"}}"
            .formatted(code));

    CloudException failure = failure(this::web);

    assertThat(failure.kind()).isEqualTo(kind);
    assertThat(failure)
        .hasMessageStartingWith(
            "No temporary credentials from AssumeRoleWithWebIdentity: " + code + ": No.");
  }

  @Test
  void a_token_that_is_echoed_is_not_shown() {
    sts.answer(
        200,
        "{\"Response\":{\"Error\":{\"Code\":\"UnauthorizedOperation\",\"Message\":\"bad token "
            + TOKEN
            + "\"}}}");

    assertThat(failure(this::web)).hasMessageNotContaining("the-token-of-the-pod");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "no JSON",
        "[]",
        "{}",
        "{\"Response\":{}}",
        "{\"Code\":\"Failed\"}",
        "{\"Response\":{\"Credentials\":{\"TmpSecretId\":\"a\",\"TmpSecretKey\":\"b\","
            + "\"Token\":\"c\"},\"ExpiredTime\":1}}",
        "{\"Response\":{\"Credentials\":{\"TmpSecretId\":\"a\",\"TmpSecretKey\":\"b\"},"
            + "\"ExpiredTime\":9999999999}}",
        "{\"Response\":{\"Credentials\":{\"TmpSecretId\":\"a\",\"TmpSecretKey\":\"canary \\n\","
            + "\"Token\":\"c\"},\"ExpiredTime\":9999999999}}",
        "{\"Code\":\"Success\",\"TmpSecretId\":\"a\",\"TmpSecretKey\":\"canary b\","
            + "\"Token\":\"c\",\"ExpiredTime\":9999999999}",
        "{\"Code\":\"Success\",\"TmpSecretId\":\"a\",\"TmpSecretKey\":\"b\",\"Token\":\"c\","
            + "\"ExpiredTime\":\"soon\"}"
      })
  void a_response_that_cannot_be_used_is_no_credential_and_nothing_was_sent(String body) {
    settings.put("REINSTALL_TENCENT_INSTANCE_ROLE", "simulated-role");
    sts.answer(200, body);
    metadata.answer(200, body);

    for (CloudException failure : List.of(failure(this::web), failure(this::role))) {
      assertThat(failure.kind()).isEqualTo(Kind.NOT_SENT);
      assertThat(failure)
          .hasMessageStartingWith("No temporary credentials from ")
          .hasMessageNotContaining("canary");
    }
  }

  @Test
  void an_issued_token_has_at_most_4096_characters() throws CloudException {
    settings.put("REINSTALL_TENCENT_INSTANCE_ROLE", "simulated-role");
    String issued =
        "{\"Code\":\"Success\",\"TmpSecretId\":\"a\",\"TmpSecretKey\":\"b\",\"Token\":\"%s\","
            + "\"ExpiredTime\":9999999999}";
    String longest = "t".repeat(4096);

    metadata.answer(200, issued.formatted(longest));
    assertThat(role().credentials().credential("token")).isEqualTo(longest);
    metadata.answer(200, issued.formatted(longest + "t"));

    CloudException failure = failure(this::role);
    assertThat(failure).hasMessageEndingWith("The response contains no usable Token.");
    assertThat(failure.kind()).isEqualTo(Kind.NOT_SENT);
  }

  private CloudSettings read() {
    return new CloudSettings() {
      @Override
      public Endpoint endpoint(String name, String otherwise) {
        return new Endpoint(settings.getOrDefault(name, otherwise));
      }

      @Override
      public Endpoint endpoint(String name, Endpoint otherwise) {
        return text(name).map(Endpoint::new).orElse(otherwise);
      }

      @Override
      public List<String> onlyNamespaces(String name) {
        return List.of();
      }

      @Override
      public Optional<String> text(String name) {
        return Optional.ofNullable(settings.get(name));
      }

      @Override
      public String oneOf(String name, List<String> choices) {
        return choices.get(0);
      }

      @Override
      public Duration duration(String name, Duration otherwise) {
        return otherwise;
      }
    };
  }
}
