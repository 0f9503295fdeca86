package dev.reinstall.cloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.Server;
import dev.reinstall.cloud.CloudException.Kind;
import dev.reinstall.cloud.Observation.Power;
import dev.reinstall.cloud.jdcloud.JdCloud;
import dev.reinstall.cloud.jdcloud.JdSignature;
import dev.reinstall.cloud.tencent.TencentCloud;
import dev.reinstall.simulator.RecordedCall;
import dev.reinstall.simulator.SimClock;
import dev.reinstall.simulator.SimulatedCloud;
import dev.reinstall.simulator.jdcloud.JdCloudSimulator;
import dev.reinstall.simulator.tencent.TencentSimulator;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every adapter must do with a server's power, against the simulator of its cloud. */
class PowerContractTest {
  private static final String TENCENT_ID = "ins-r8hr2upy";
  private static final String JD_ID = "cps-abc123";
  private static final Server TENCENT_SERVER =
      new Server(CloudName.TencentCloud, "ap-guangzhou", TENCENT_ID);
  private static final Server JD_SERVER = new Server(CloudName.JDCloud, "cn-east-tz1", JD_ID);
  private static final Credentials TENCENT_ACCOUNT =
      new Credentials(Map.of("secretId", "id", "secretKey", "key"));
  private static final Credentials JD_ACCOUNT =
      new Credentials(Map.of("accessKey", "ak", "secretKey", "sk"));
  private static final CloudHttp HTTP =
      new CloudHttp(Duration.ofSeconds(10), Duration.ofSeconds(10));

  private final TencentSimulator tencent =
      TencentSimulator.start(0, SimClock.manual()).account("id", "key");
  private final JdCloudSimulator jd =
      JdCloudSimulator.start(0, SimClock.manual())
          .account("ak", "sk")
          .protectedAccount("safe", "sk", "135790");

  /** One cloud: how to call it, and its simulator. */
  private record Line(
      CloudClient cloud, SimulatedCloud simulator, Credentials account, Server server) {}

  PowerContractTest() {
    tencent.newServer(TENCENT_ID);
    jd.newServer(JD_ID);
  }

  @AfterEach
  void close() {
    tencent.close();
    jd.close();
  }

  static Stream<String> lines() {
    return Stream.concat(TencentCloud.SIGNATURES.stream(), Stream.of("JD"));
  }

  private Line line(String name) {
    if (name.equals("JD")) {
      CloudClient cloud =
          new JdCloud(
                  HTTP,
                  new Endpoint(jd.endpoint()),
                  Duration.ZERO,
                  Instant::now,
                  UUID::randomUUID,
                  JdSignature.JDCLOUD2)
              .client();
      return new Line(cloud, jd, JD_ACCOUNT, JD_SERVER);
    }
    CloudClient cloud =
        new TencentCloud(
                HTTP,
                new Endpoint(tencent.endpoint()),
                Duration.ZERO,
                Instant::now,
                TencentCloud.signature(name, () -> 7))
            .client();
    return new Line(cloud, tencent, TENCENT_ACCOUNT, TENCENT_SERVER);
  }

  @ParameterizedTest
  @MethodSource("lines")
  void a_server_is_started_and_stopped_and_nothing_is_wiped(String name) throws Exception {
    Line line = line(name);
    line.cloud().start(line.account(), request(line.server()));
    assertComesTo(line, Power.RUNNING);
    assertThat(line.cloud().stop(line.account(), request(line.server()))).isPresent();
    assertComesTo(line, Power.STOPPED);

    assertThat(line.simulator().wipes(line.server().instanceId())).isZero();
    assertThat(line.simulator().callsLog()).hasSize(4).allMatch(RecordedCall::verified);
  }

  @ParameterizedTest
  @MethodSource("lines")
  void what_is_done_already_is_refused_for_now(String name) throws Exception {
    Line line = line(name);
    CloudException stop =
        catchThrowableOfType(
            CloudException.class, () -> line.cloud().stop(line.account(), request(line.server())));
    assertThat(stop.kind()).isEqualTo(Kind.BUSY);
    line.cloud().start(line.account(), request(line.server()));
    assertComesTo(line, Power.RUNNING);
    CloudException start =
        catchThrowableOfType(
            CloudException.class, () -> line.cloud().start(line.account(), request(line.server())));
    assertThat(start.kind()).isEqualTo(Kind.BUSY);
  }

  @ParameterizedTest
  @MethodSource("lines")
  void a_server_that_is_not_there_is_missing(String name) {
    Line line = line(name);
    String id = line.server().instanceId();
    Server gone =
        new Server(
            line.server().cloud(), line.server().region(), id.substring(0, id.length() - 1) + "0");
    for (Sending call :
        List.<Sending>of(
            () -> line.cloud().stop(line.account(), request(gone)),
            () -> line.cloud().start(line.account(), request(gone)))) {
      CloudException refused = catchThrowableOfType(CloudException.class, () -> call.send());
      assertThat(refused.kind()).isEqualTo(Kind.NOT_FOUND);
    }
  }

  @Test
  void a_protected_account_asks_for_a_code_at_a_stop_and_not_at_a_start() throws Exception {
    Line line = line("JD");
    Credentials without = new Credentials(Map.of("accessKey", "safe", "secretKey", "sk"));
    Credentials with =
        new Credentials(Map.of("accessKey", "safe", "secretKey", "sk", "securityToken", "135790"));

    line.cloud().start(without, request(line.server()));
    assertComesTo(line, Power.RUNNING);
    CloudException refused =
        catchThrowableOfType(
            CloudException.class, () -> line.cloud().stop(without, request(line.server())));
    assertThat(refused.kind()).isEqualTo(Kind.DENIED);
    assertThat(line.cloud().stop(with, request(line.server()))).isPresent();
    assertComesTo(line, Power.STOPPED);
  }

  private static void assertComesTo(Line line, Power power) throws CloudException {
    line.simulator().clock().advance(Duration.ofHours(1));
    assertThat(line.cloud().describe(line.account(), line.server()).power()).isEqualTo(power);
  }

  private static PowerRequest request(Server server) {
    boolean jd = server.cloud() == CloudName.JDCloud;
    return new PowerRequest(server, jd ? UUID.randomUUID().toString() : null, Instant.now());
  }

  @FunctionalInterface
  private interface Sending {
    Object send() throws CloudException;
  }
}
