package dev.reinstall.cloud.tencent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reinstall.api.SecretKeyRef;
import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.CloudException.Kind;
import dev.reinstall.cloud.Credentials;
import dev.reinstall.cloud.ReinstallRequest;
import dev.reinstall.cloud.SecretBytes;
import dev.reinstall.cloud.SignedRequest;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class V1SigningTest {
  private static final URI OLD_FRONT_DOOR = URI.create("https://cvm.api.qcloud.com/v2/index.php");
  private static final Instant AT = Instant.ofEpochSecond(1465185768);
  private static final Credentials ACCOUNT =
      new Credentials(
          Map.of(
              "secretId", "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE",
              "secretKey", "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE"));

  private final V1Signing signature = new V1Signing("HmacSHA256", () -> 11886);

  @Test
  void the_seeds_example_yields_exactly_its_call_as_a_form() throws CloudException {
    var request =
        new ReinstallRequest(
            TencentCloudTest.spec(
                """
                imageId: img-pmqg1cw7
                systemDisk: {diskSize: 60}
                loginSettings: {passwordRef: {name: web-1-login, key: password}}
                enhancedService: {securityService: {enabled: true}, monitorService: {enabled: true}}
                """),
            Map.of(
                new SecretKeyRef("web-1-login", "password"),
                SecretBytes.ofText("Qcloud@TestApi123++")),
            null,
            AT);

    SignedRequest call = sign(ACCOUNT, ResetInstanceParameters.parameters(request));

    assertThat(call.method()).isEqualTo("POST");
    assertThat(call.uri()).isEqualTo(OLD_FRONT_DOOR); // no query: nothing secret in any log
    assertThat(call.headers())
        .isEqualTo(Map.of("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"));
    assertThat(call.body())
        .isEqualTo(
            """
            Action=ResetInstance\
            &EnhancedService.MonitorService.Enabled=TRUE\
            &EnhancedService.SecurityService.Enabled=TRUE\
            &ImageId=img-pmqg1cw7\
            &InstanceId=ins-r8hr2upy\
            &LoginSettings.Password=Qcloud%40TestApi123%2B%2B\
            &Nonce=11886\
            &Region=ap-guangzhou\
            &SecretId=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE\
            &Signature=dv6vNd3GJnrZD5PMgfiYl2S1UURzvQW8Tvwx1z07ZxE%3D\
            &SignatureMethod=HmacSHA256\
            &SystemDisk.DiskSize=60\
            &Timestamp=1465185768\
            &Version=2017-03-12""");
  }

  @Test
  void temporary_credentials_bring_their_token_and_it_is_signed() throws CloudException {
    Credentials temporary =
        new Credentials(Map.of("secretId", "i", "secretKey", "k", "token", "the+token/="));

    assertThat(sign(temporary, empty()).body()).contains("&Token=the%2Btoken%2F%3D");
    assertThat(signatureIn(sign(temporary, empty())))
        .isNotEqualTo(
            signatureIn(sign(new Credentials(Map.of("secretId", "i", "secretKey", "k")), empty())));
  }

  @Test
  void every_send_has_a_nonce_of_its_own() throws CloudException {
    var nonces = new AtomicInteger();
    var counting = new V1Signing("HmacSHA1", nonces::incrementAndGet);
    var action = new ApiRequest("ResetInstance", "ap-guangzhou", empty(), AT);

    assertThat(counting.signed(action, ACCOUNT, OLD_FRONT_DOOR).body()).contains("&Nonce=1&");
    assertThat(counting.signed(action, ACCOUNT, OLD_FRONT_DOOR).body()).contains("&Nonce=2&");
  }

  @ParameterizedTest
  @ValueSource(strings = {"secretId", "secretKey"})
  void nothing_is_signed_without_credentials(String present) {
    Credentials half = new Credentials(Map.of(present, "x"));
    CloudException failure = catchThrowableOfType(CloudException.class, () -> sign(half, empty()));
    assertThat(failure.kind()).isEqualTo(Kind.DENIED);
  }

  @Test
  void parameters_are_flat_and_what_is_empty_is_left_out() {
    ObjectNode parameters = empty();
    parameters.put("Whole", 60).put("Yes", true).put("No", false).put("Text", "a=b&c d");
    parameters.putObject("Object").putObject("In").put("Object", "x");
    parameters.putArray("Ids").add("one").add("two");
    parameters.putArray("Filters").addObject().put("Name", "n").putArray("Values").add("v");
    parameters.putObject("Empty").putArray("List");

    assertThat(FlatParameters.of(parameters))
        .isEqualTo(
            Map.of(
                "Whole", "60",
                "Yes", "TRUE",
                "No", "FALSE",
                "Text", "a=b&c d",
                "Object.In.Object", "x",
                "Ids.0", "one",
                "Ids.1", "two",
                "Filters.0.Name", "n",
                "Filters.0.Values.0", "v"));
  }

  private SignedRequest sign(Credentials credentials, ObjectNode parameters) throws CloudException {
    return signature.signed(
        new ApiRequest("ResetInstance", "ap-guangzhou", parameters, AT),
        credentials,
        OLD_FRONT_DOOR);
  }

  private static String signatureIn(SignedRequest call) {
    return call.body().replaceAll(".*Signature=([^&]*)&.*", "$1");
  }

  private static ObjectNode empty() {
    return JsonNodeFactory.instance.objectNode();
  }
}
