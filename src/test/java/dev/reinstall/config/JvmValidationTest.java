package dev.reinstall.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JvmValidationTest {
  private static final Runtime.Version GOOD = Runtime.Version.parse("17.0.13");

  @Test
  void this_jvm_may_be_used() {
    assertThat(JvmValidation.problems(Runtime.version(), System.getProperties(), Map.of()))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "17",
        "17.0.12+7",
        "18.0.2.1",
        "19.0.2",
        "20.0.2",
        "21",
        "21.0.4+7-LTS",
        "22.0.2",
        "23"
      })
  void a_java_that_reads_headers_without_a_limit_is_refused(String version) {
    Runtime.Version java = Runtime.Version.parse(version);
    assertThat(JvmValidation.problems(java, new Properties(), Map.of()))
        .singleElement()
        .asString()
        .startsWith("Java " + java.feature() + ".0." + java.update() + " must not be used: ")
        .endsWith(
            "Use Java 17.0.13, 21.0.5, 23.0.1 or a newer version of these, or Java 24 or later.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "17.0.13",
        "17.0.15+6-Debian-1deb12u1",
        "21.0.5",
        "21.1",
        "23.0.1",
        "24",
        "25.0.1+8",
        "30-ea"
      })
  void a_java_that_limits_headers_may_be_used(String version) {
    assertThat(JvmValidation.problems(Runtime.Version.parse(version), new Properties(), Map.of()))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "kubernetes.trust.certificates | false | must not be set: the identity of the Kubernetes",
        "kubernetes.disable.hostname.verification | '' | must not be set: the identity of the",
        "jdk.internal.httpclient.disableHostnameVerification | '' | must not be set: the identity of"
            + " the clouds and of the Kubernetes API server would not be verified. Remove it.",
        "jdk.httpclient.HttpClient.log | headers | must not be set: credentials and requests would",
        "jdk.internal.httpclient.debug | true | must not be set: credentials and requests would",
        "jdk.internal.httpclient.websocket.debug | true | must not be set: credentials",
        "javax.net.debug | all | must not contain all, plaintext or packet: credentials",
        "javax.net.debug | SSL:record:Plaintext | must not contain all, plaintext or packet:",
        "jdk.http.maxHeaderSize | 0 | must be a number from 1 to 393216: a response with larger",
        "jdk.http.maxHeaderSize | -1 | must be a number from 1 to 393216: a response with larger",
        "jdk.http.maxHeaderSize | 393217 | must be a number from 1 to 393216: a response with",
        "jdk.http.maxHeaderSize | many | must be a number from 1 to 393216: a response with",
      })
  void a_property_that_weakens_a_promise_is_refused(String name, String value, String why) {
    assertThat(JvmValidation.problems(GOOD, properties(name, value), Map.of()))
        .singleElement()
        .asString()
        .startsWith("The system property " + name + " " + why);
  }

  @ParameterizedTest
  @CsvSource({
    "javax.net.debug,ssl:handshake",
    "javax.net.debug,help",
    "jdk.http.maxHeaderSize,1",
    "jdk.http.maxHeaderSize,393216",
    "jdk.httpclient.keepalive.timeout,5",
    "javax.net.ssl.trustStore,/ca.p12"
  })
  void any_other_property_is_allowed(String name, String value) {
    assertThat(JvmValidation.problems(GOOD, properties(name, value), Map.of())).isEmpty();
  }

  @Test
  void the_variables_of_the_kubernetes_client_are_refused_too() {
    assertThat(
            JvmValidation.problems(
                GOOD,
                new Properties(),
                Map.of("KUBERNETES_DISABLE_HOSTNAME_VERIFICATION", "false")))
        .containsExactly(
            "KUBERNETES_DISABLE_HOSTNAME_VERIFICATION must not be set: the identity of the"
                + " Kubernetes API server would not be verified. Remove it.");
  }

  private static Properties properties(String name, String value) {
    Properties properties = new Properties();
    properties.setProperty(name, value);
    return properties;
  }
}
