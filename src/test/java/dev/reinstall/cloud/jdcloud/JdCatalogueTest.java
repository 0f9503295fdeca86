package dev.reinstall.cloud.jdcloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.reinstall.cloud.CatalogueEntry;
import dev.reinstall.cloud.CatalogueQuery;
import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.CloudException.Kind;
import dev.reinstall.cloud.CloudHttp;
import dev.reinstall.cloud.Credentials;
import dev.reinstall.cloud.Endpoint;
import dev.reinstall.simulator.SimClock;
import dev.reinstall.simulator.SimulatedFault;
import dev.reinstall.simulator.jdcloud.JdCloudSimulator;
import dev.reinstall.simulator.jdcloud.OperatingSystem;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class JdCatalogueTest {
  private static final String REGION = "cn-east-tz1";
  private static final Credentials ACCOUNT =
      new Credentials(Map.of("accessKey", "ak", "secretKey", "the-secret-key"));

  private final JdCloudSimulator simulator =
      JdCloudSimulator.start(0, SimClock.manual()).account("ak", "the-secret-key");

  @AfterEach
  void close() {
    simulator.close();
  }

  private JdCloud cloud(JdSignature signature) {
    return new JdCloud(
        new CloudHttp(Duration.ofSeconds(10), Duration.ofSeconds(10)),
        new Endpoint(simulator.endpoint()),
        Duration.ZERO,
        Instant::now,
        UUID::randomUUID,
        signature);
  }

  private List<CatalogueEntry> ask(CatalogueQuery query) throws CloudException {
    return cloud(JdSignature.JDCLOUD2).client().catalogue(ACCOUNT, List.of(query)).get(query);
  }

  private static CatalogueQuery systems(String deviceType) {
    return JdCatalogue.SYSTEMS.query(REGION, deviceType);
  }

  private static CatalogueQuery raids(String deviceType) {
    return JdCatalogue.RAIDS.query(REGION, deviceType);
  }

  @ParameterizedTest
  @EnumSource(JdSignature.class)
  void systems_and_raids_of_a_device_type_are_read_under_either_signature(JdSignature signature)
      throws CloudException {
    CatalogueQuery systems = systems("cps.c.normal");
    CatalogueQuery raids = raids("cps.c.normal");

    assertThat(cloud(signature).client().catalogue(ACCOUNT, List.of(systems)).get(systems))
        .containsExactly(
            new CatalogueEntry("os-1", Map.of("osName", "CentOS 7.9 64bit")),
            new CatalogueEntry("os-2", Map.of("osName", "Ubuntu 22.04 64bit")));
    assertThat(cloud(signature).client().catalogue(ACCOUNT, List.of(raids)).get(raids))
        .hasSize(4)
        .contains(new CatalogueEntry("raid-4", Map.of("volumeType", "data", "raidType", "RAID10")));
    assertThat(simulator.calls("describeOS")).isEqualTo(1);
    assertThat(simulator.calls("describeDeviceRaids")).isEqualTo(1);
  }

  @Test
  void a_device_type_has_its_own_catalogue() throws CloudException {
    simulator
        .catalogue()
        .add(new OperatingSystem("os-9", "Debian 12", "Debian", "12", "cps.other"));
    assertThat(ask(systems("cps.other"))).extracting(CatalogueEntry::id).containsExactly("os-9");
    assertThat(ask(systems("cps.nothing"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "a&osType=x", "../instances", ""})
  void a_device_type_that_would_have_to_be_encoded_is_not_sent(String deviceType) {
    assertThat(failure(systems(deviceType)).kind()).isEqualTo(Kind.INVALID);
    assertThat(simulator.callsLog()).isEmpty();
  }

  @Test
  void who_may_not_read_it_is_denied() {
    simulator.deny("ak", "describeOS");
    CloudException e = failure(systems("cps.c.normal"));
    assertThat(e.kind()).isEqualTo(Kind.DENIED);
    assertThat(e).hasMessageStartingWith("HTTP 403 PERMISSION_DENIED: ");
    assertThat(e.requestId()).isPresent();
  }

  @Test
  void an_answer_that_is_none_is_a_failure() {
    simulator.onNext(
        "describeOS", SimulatedFault.status(200, Map.of(), "{\"requestId\":\"r\",\"result\":{}}"));
    assertThat(failure(systems("cps.c.normal"))).hasMessage("The response contains no oss.");
    simulator.onNext("describeOS", SimulatedFault.errorCode("RATE_LIMIT"));
    assertThat(failure(systems("cps.c.normal")).kind()).isEqualTo(Kind.THROTTLED);
  }

  private CloudException failure(CatalogueQuery query) {
    return catchThrowableOfType(CloudException.class, () -> ask(query));
  }
}
