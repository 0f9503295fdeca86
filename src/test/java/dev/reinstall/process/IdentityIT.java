package dev.reinstall.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.controlplane.NeedsControlPlane;
import dev.reinstall.simulator.RecordedCall;
import dev.reinstall.simulator.tencent.CredentialIssuer;
import dev.reinstall.simulator.tencent.MetadataSimulator;
import dev.reinstall.simulator.tencent.StsSimulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The operator's own identity: a Secret names its source. Whatever fails on the way to temporary
 * credentials, a running server keeps running, and what was denied is recovered.
 */
@Tag("deep")
@NeedsControlPlane
class IdentityIT {
  private static final String WEB_TOKEN = "eyJhbGciOi.canary-web-token.c2ln";

  private enum Source {
    WebIdentity,
    InstanceRole;

    CredentialIssuer issuer() {
      return this == WebIdentity ? sts : metadata;
    }

    String id(String digits) {
      return "ins-" + (this == WebIdentity ? "web" : "rol") + digits;
    }
  }

  @TempDir static Path files;
  private static TestCluster site;
  private static StsSimulator sts;
  private static MetadataSimulator metadata;
  private static Path token;
  private static String other;
  private static OperatorProcess operator;
  private static final StringBuilder LOGS = new StringBuilder();

  @BeforeAll
  static void start() throws IOException {
    site = new TestCluster();
    sts = StsSimulator.start(site.tencent);
    metadata = MetadataSimulator.start(site.tencent);
    sts.accept(WEB_TOKEN);
    token = Files.writeString(files.resolve("token"), WEB_TOKEN + "\n");
    String allowed = site.namespace;
    other = site.newNamespace();
    site.with("REINSTALL_TENCENT_IDENTITY_NAMESPACES", allowed)
        .with("REINSTALL_TENCENT_STS_ENDPOINT", sts.endpoint())
        .with("REINSTALL_TENCENT_METADATA_ENDPOINT", metadata.endpoint())
        .with("TKE_REGION", "ap-guangzhou")
        .with("TKE_PROVIDER_ID", StsSimulator.PROVIDER)
        .with("TKE_ROLE_ARN", StsSimulator.ROLE)
        .with("TKE_WEB_IDENTITY_TOKEN_FILE", token.toString());
    operator = site.startOperator();
    for (Source source : Source.values()) {
      for (String namespace : List.of(allowed, other)) {
        site.secret(namespace, secret(source), Map.of("source", source.name()));
      }
    }
  }

  @AfterAll
  static void no_credential_was_shown() {
    try {
      assertThat(sts.issued()).isNotEmpty();
      assertThat(metadata.issued()).isNotEmpty();
      assertThat(LOGS + operator.log() + site.allObjects())
          .contains("ins-web00001")
          .doesNotContain("canary-web-token", "issued-key-of-", "issued-token-of-", "AKIDtmp");
    } finally {
      sts.close();
      metadata.close();
      site.close();
    }
  }

  private static String secret(Source source) {
    return "own-" + source.name().toLowerCase(Locale.ROOT);
  }

  private static String request(Source source, String id) {
    return TestCluster.tencentRequest(id, id, "whenRunning: Stop")
        .replaceFirst("credentialsRef: .*", "credentialsRef: {name: " + secret(source) + "}");
  }

  private static void assertUntouched(String id) {
    assertThat(site.tencent.server(id).state()).isEqualTo("RUNNING");
    assertThat(site.tencent.calls("StopInstances", id)).isZero();
    assertThat(site.tencent.calls("ResetInstance", id)).isZero();
    assertThat(site.ledgerState(id, id)).isEmpty();
  }

  private static void awaitDone(String id) {
    site.awaitFinished(id);
    assertThat(site.phase(id)).as(site::everything).isEqualTo("Succeeded");
    assertThat(site.tencent.calls("StopInstances", id)).isEqualTo(1);
    assertThat(site.tencent.calls("ResetInstance", id)).isEqualTo(1);
    assertThat(site.tencent.wipes(id)).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void a_request_is_carried_out_with_issued_credentials(Source source) {
    String id = source.id("00001");
    site.tencent.newServer(id).plugIn();
    site.apply(request(source, id));

    awaitDone(id);

    List<RecordedCall> calls =
        site.tencent.callsLog().stream()
            .filter(call -> call.asked().servers().contains(id))
            .toList();
    assertThat(calls)
        .allMatch(RecordedCall::verified)
        .allMatch(
            call ->
                call.request().header("x-tc-token").startsWith("issued-token-of-AKIDtmp")
                    && source.issuer().issued().stream()
                        .anyMatch(i -> call.request().header("x-tc-token").endsWith("-" + i)));
  }

  @ParameterizedTest
  @EnumSource
  void a_namespace_that_is_not_named_cannot_use_it(Source source) {
    String id = source.id("00002");
    site.tencent.newServer(id).plugIn();
    site.applyIn(other, request(source, id));

    site.awaitReasonIn(other, id, "SecretNotReady");

    assertThat(site.fieldIn(other, id, ".status.message"))
        .startsWith(
            "Secret "
                + secret(source)
                + " (spec.credentialsRef), key source, refers to the operator's own identity, which"
                + " namespace "
                + other
                + " is not allowed to use.")
        .contains("REINSTALL_TENCENT_IDENTITY_NAMESPACES");
    assertUntouched(id);
    assertThat(site.tencent.calls("DescribeInstances", id)).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void credentials_are_replaced_before_their_end_while_a_request_is_in_flight(Source source) {
    String id = source.id("00003");
    site.tencent.newServer(id).stayInTransition();
    expireKnown(source);
    source.issuer().validFor(Duration.ofSeconds(24)); // renewed after half of that
    site.apply(request(source, id));
    site.awaitReason(id, "Installing");
    int issued = source.issuer().issued().size();

    site.await("a renewal", () -> source.issuer().issued().size() > issued);
    source.issuer().validFor(Duration.ofHours(2));
    site.tencent.server(id).goOn();
    site.awaitFinished(id);

    assertThat(site.phase(id)).as(site::everything).isEqualTo("Succeeded");
    assertThat(site.tencent.calls("ResetInstance", id)).isEqualTo(1);
    assertThat(site.story(id)).noneMatch(entry -> entry.contains("AccessDenied"));
  }

  /** An operator without credentials: each fault then meets one that has to get some. */
  private static void expireKnown(Source source) {
    source.issuer().issued().forEach(site.tencent::closeAccount);
    operator.kill();
    LOGS.append(operator.log());
    operator = site.startOperator();
  }

  @ParameterizedTest
  @EnumSource
  void a_service_that_does_not_answer_stops_nothing(Source source) {
    String id = source.id("00004");
    site.tencent.newServer(id).plugIn();
    expireKnown(source);
    source.issuer().goDark();
    site.apply(request(source, id));
    site.awaitReason(id, "CloudUnreachable");
    assertThat(site.message(id)).contains("No temporary credentials from ", "No connection to ");
    assertUntouched(id);

    source.issuer().comeBack();
    awaitDone(id);
  }

  @ParameterizedTest
  @EnumSource
  void an_answer_that_cannot_be_used_stops_nothing(Source source) {
    String id = source.id("00005");
    site.tencent.newServer(id).plugIn();
    expireKnown(source);
    source.issuer().answer(200, "{\"Response\":{\"Credentials\":{}},\"Code\":\"Success\"}");
    site.apply(request(source, id));
    site.awaitReason(id, "CloudUnreachable");
    assertThat(site.message(id)).contains("No temporary credentials from ");
    assertUntouched(id);

    source.issuer().mend();
    awaitDone(id);
  }

  @Test
  void a_token_file_that_is_missing_is_reported_with_the_remedy() throws IOException {
    String id = "ins-web00006";
    site.tencent.newServer(id).plugIn();
    expireKnown(Source.WebIdentity);
    Files.delete(token);
    site.apply(request(Source.WebIdentity, id));

    site.awaitReason(id, "AccessDenied");
    assertThat(site.message(id))
        .contains("The file that TKE_WEB_IDENTITY_TOKEN_FILE names cannot be read")
        .contains("Mount the token there.");
    assertUntouched(id);

    Files.writeString(token, WEB_TOKEN);
    awaitDone(id);
  }

  @Test
  void a_token_that_is_not_accepted_is_reported_with_the_remedy() throws IOException {
    String id = "ins-web00007";
    site.tencent.newServer(id).plugIn();
    expireKnown(Source.WebIdentity);
    Files.writeString(token, "canary-web-token-of-yesterday");
    site.apply(request(Source.WebIdentity, id));

    site.awaitReason(id, "AccessDenied");
    assertThat(site.message(id))
        .contains("UnauthorizedOperation: The token is not accepted. (Check the role of")
        .contains("Retrying every 2s");
    assertUntouched(id);

    Files.writeString(token, WEB_TOKEN);
    awaitDone(id);
  }

  @Test
  void a_machine_without_a_role_is_reported_with_the_remedy() {
    String id = "ins-rol00008";
    site.tencent.newServer(id).plugIn();
    expireKnown(Source.InstanceRole);
    metadata.role("");
    site.apply(request(Source.InstanceRole, id));

    site.awaitReason(id, "AccessDenied");
    assertThat(site.message(id)).contains("Bind the role to the machine");
    assertUntouched(id);

    metadata.role("simulated-role");
    awaitDone(id);
  }
}
