package dev.reinstall.process;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.controlplane.NeedsControlPlane;
import dev.reinstall.simulator.RecordedCall;
import dev.reinstall.simulator.SimulatedFault;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A Secret's value reaches the server as it was written, or nothing is touched. */
@Tag("deep")
@NeedsControlPlane
class SecretContentsIT {
  private static final String SCRIPT = "#!/bin/bash\necho secret-of-the-user\n";
  private static final String ASCII = "must contain a password of printable ASCII characters";

  /**
   * @param key password or script
   */
  private record Bad(CloudUnderTest vendor, String id, String key, byte[] value, String says) {
    @Override
    public String toString() {
      return vendor + " " + key + ": " + says;
    }
  }

  private static final List<Bad> BAD = new ArrayList<>();

  private static TestCluster site;
  private static OperatorProcess operator;

  static {
    for (CloudUnderTest vendor : CloudUnderTest.values()) {
      bad(vendor, "password", "Zq9!P\u00e4ssw\u00f6rd".getBytes(ISO_8859_1), ASCII);
      bad(vendor, "password", "Zq9!P\u00e4ssw\u00f6rd".getBytes(UTF_8), ASCII);
      bad(vendor, "password", "aaaaaaaa", "must contain a password with at least ");
      bad(vendor, "password", "Zq9!z", "must contain a password of 8 to 30 characters");
      bad(vendor, "password", " Zq9!Passwd", "without blanks at its beginning or end");
      bad(vendor, "password", "Zq9!Passwd \n", "without blanks at its beginning or end");
      bad(vendor, "password", "Zq9!Passwd\n\n", "must contain a password on one line");
      bad(
          vendor,
          "script",
          Base64.getEncoder().encodeToString(SCRIPT.getBytes(UTF_8)),
          "must be plain text, not Base64; the operator encodes it");
      bad(vendor, "script", "#!/bin/bash\n" + "#".repeat(16384), "must have 1 to 16384 bytes");
    }
    bad(CloudUnderTest.TENCENT, "password", "/Zq9!Passwd", "does not start with a slash");
    String firstLine = "must be plain text whose first line is exactly #!/bin/bash or ";
    bad(
        CloudUnderTest.JD,
        "script",
        SCRIPT.replace("\n", "\r\n"),
        "must not have a carriage return in its first line; ");
    bad(
        CloudUnderTest.JD,
        "script",
        "\ufeff" + SCRIPT,
        "must not begin with a byte order mark (U+FEFF); ");
    bad(
        CloudUnderTest.JD,
        "script",
        (SCRIPT + "echo \u00e4\n").getBytes(ISO_8859_1),
        "must be UTF-8 text; ");
    bad(CloudUnderTest.JD, "script", "#!/usr/bin/env python3\nprint(1)\n", firstLine);
    bad(CloudUnderTest.JD, "script", zipped(SCRIPT), "must be UTF-8 text; ");
  }

  private static void bad(CloudUnderTest vendor, String key, String value, String says) {
    bad(vendor, key, value.getBytes(UTF_8), says);
  }

  private static void bad(CloudUnderTest vendor, String key, byte[] value, String says) {
    BAD.add(new Bad(vendor, vendor.id("conte%03d".formatted(BAD.size())), key, value, says));
  }

  private static byte[] zipped(String text) {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(zipped)) {
      zip.write(text.getBytes(UTF_8));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return zipped.toByteArray();
  }

  @BeforeAll
  static void start() {
    site = new TestCluster();
    operator = site.startOperator();
    StringBuilder manifest = new StringBuilder();
    for (Bad one : BAD) {
      one.vendor().newServer(site, one.id());
      one.vendor().plugIn(site, one.id());
      site.secretBytes(site.namespace, "bad-" + one.id(), one.key(), one.value());
      manifest.append("---\n").append(request(one));
    }
    site.apply(manifest.toString());
  }

  @AfterAll
  static void no_content_was_shown() {
    try {
      assertThat(operator.log() + site.allObjects())
          .contains("bad-")
          .doesNotContain("Zq9!", "secret-of-the-user", "aaaaaaaa", "\ufffd");
    } finally {
      site.close();
    }
  }

  private static String request(Bad one) {
    String request = one.vendor().request(one.id(), one.id(), "whenRunning: Stop");
    return one.key().equals("password")
        ? request.replace("name: login", "name: bad-" + one.id())
        : withScript(request, "bad-" + one.id());
  }

  private static String withScript(String request, String secret) {
    return request.replaceFirst(
        "\n( +)(loginSettings|passwordRef):",
        "\n$1userDataRef: {name: " + secret + ", key: script}\n$1$2:");
  }

  static List<Bad> bad() {
    return BAD;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("bad")
  void what_the_cloud_cannot_take_is_told_before_the_server_is_stopped(Bad one) {
    site.awaitReason(one.id(), "CheckFailed");

    assertThat(site.phase(one.id())).isEqualTo("Pending");
    assertThat(site.message(one.id()))
        .startsWith("Secret bad-" + one.id() + ", key " + one.key() + ", must ")
        .contains(one.says())
        .contains(" No reinstall request is sent. The server is left as it is. Correct this;");
    assertThat(site.ledgerState(one.id(), one.id())).isEmpty();
    assertThat(one.vendor().runs(site, one.id())).isTrue();
    assertThat(one.vendor().cloud(site).calls(one.vendor().stop(), one.id())).isZero();
    assertThat(one.vendor().cloud(site).calls(one.vendor().send(), one.id())).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void a_password_from_a_file_is_sent_without_the_line_break_at_its_end(CloudUnderTest cloud) {
    String id = cloud.id("content1");
    cloud.newServer(site, id);
    site.secretBytes(site.namespace, "file-" + id, "password", "Zq9!Passwd\r\n".getBytes(UTF_8));
    site.apply(cloud.request(id, id).replace("name: login", "name: file-" + id));

    site.awaitFinished(id);

    assertThat(site.phase(id)).as(site::everything).isEqualTo("Succeeded");
    assertThat(sent(cloud, id)).containsIgnoringCase("\"password\":\"Zq9!Passwd\"");
  }

  @Test
  void a_script_in_gzip_reaches_a_server_of_tencent_byte_for_byte() {
    String id = "ins-content2";
    site.tencent.newServer(id);
    byte[] zipped = zipped(SCRIPT);
    site.secretBytes(site.namespace, "zip-" + id, "script", zipped);
    site.apply(withScript(CloudUnderTest.TENCENT.request(id, id), "zip-" + id));

    site.awaitFinished(id);

    assertThat(site.phase(id)).as(site::everything).isEqualTo("Succeeded");
    assertThat(sent(CloudUnderTest.TENCENT, id))
        .contains("\"UserData\":\"" + Base64.getEncoder().encodeToString(zipped) + "\"");
  }

  @ParameterizedTest
  @EnumSource
  void a_malformed_credential_is_told_by_secret_and_key(CloudUnderTest cloud) {
    String id = cloud.id("content3");
    cloud.newServer(site, id);
    site.secret(
        site.namespace,
        "keys-" + id,
        Map.of("secretId", "AKID", "accessKey", "AKID", "secretKey", "Zq9! Passwd"));
    site.apply(
        cloud
            .request(id, id)
            .replaceFirst("credentialsRef: .*", "credentialsRef: {name: keys-" + id + "}"));

    site.awaitReason(id, "SecretNotReady");

    assertThat(site.message(id))
        .startsWith(
            "Secret keys-"
                + id
                + " (spec.credentialsRef), key secretKey, must not contain blanks, line breaks or"
                + " other characters that are not printable ASCII. No reinstall request is sent."
                + " Retrying every 200ms.");
    assertThat(cloud.calls(site, id)).isZero();
  }

  /** A gateway could refuse the headers of the reinstall alone, so that its outcome is unknown. */
  @ParameterizedTest
  @EnumSource
  void a_credential_that_fills_the_headers_is_never_sent_and_holds_no_server(CloudUnderTest cloud) {
    String id = cloud.id("content4");
    cloud.newServer(site, id);
    cloud.cloud(site).on(cloud.send(), id, 1, SimulatedFault.status(431));
    Map<String, String> keys =
        cloud == CloudUnderTest.TENCENT
            ? Map.of("secretId", TestCluster.SECRET_ID, "secretKey", TestCluster.SECRET_KEY)
            : Map.of("accessKey", TestCluster.ACCESS_KEY, "secretKey", TestCluster.JD_SECRET_KEY);
    String token = cloud == CloudUnderTest.TENCENT ? "token" : "securityToken";
    Map<String, String> secret = new HashMap<>(keys);
    secret.put(token, "t".repeat(24_000));
    site.secret(site.namespace, "long-" + id, secret);
    site.apply(
        cloud
            .request(id, id)
            .replaceFirst("credentialsRef: .*", "credentialsRef: {name: long-" + id + "}"));

    site.awaitReason(id, "SecretNotReady");

    assertThat(site.phase(id)).isEqualTo("Pending");
    assertThat(site.message(id))
        .startsWith(
            "Secret long-"
                + id
                + " (spec.credentialsRef), key "
                + token
                + ", must not have more than 4096 characters.")
        .doesNotContain("ttt");
    assertThat(site.ledgerState(id, id)).isEmpty();
    assertThat(cloud.calls(site, id)).isZero();
  }

  /** The body of the only reinstall call for the server. */
  private static String sent(CloudUnderTest cloud, String id) {
    assertThat(cloud.cloud(site).calls(cloud.send(), id)).isEqualTo(1);
    return cloud.cloud(site).callsLog().stream()
        .filter(call -> call.action().equals(cloud.send()))
        .map(RecordedCall::body)
        .filter(body -> cloud != CloudUnderTest.TENCENT || body.contains(id))
        .reduce((first, last) -> last)
        .orElseThrow();
  }
}
