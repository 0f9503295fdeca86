package dev.reinstall.simulator.tencent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.reinstall.simulator.Hold;
import dev.reinstall.simulator.Hold.Moment;
import dev.reinstall.simulator.SimClock;
import dev.reinstall.simulator.SimulatedFault;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FaultTest {
  private static final String ID = "ins-r8hr2upy";
  private static final String RESET = "{\"InstanceId\":\"" + ID + "\"}";
  private static final Duration LONG = Duration.ofMinutes(1);

  private final SimClock clock = SimClock.manual();
  private final TencentSimulator cloud = TencentSimulator.start(0, clock).account("id", "key");
  private final TencentServer server = cloud.newServer(ID);
  private final TencentCaller caller = TencentCaller.of(cloud);
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @AfterEach
  void close() {
    cloud.close();
  }

  static Stream<Arguments> answered() {
    return Stream.of(
        arguments(SimulatedFault.status(503, Map.of("Retry-After", "7"), "busy"), 503, "busy", 0),
        arguments(SimulatedFault.statusAfterEffect(500, Map.of(), "oops"), 500, "oops", 1),
        arguments(SimulatedFault.errorCode("RequestLimitExceeded"), 200, "RequestLimitExceeded", 0),
        arguments(SimulatedFault.errorCodeAfterEffect("InternalError"), 200, "InternalError", 1),
        arguments(SimulatedFault.notJson(), 200, "<html>", 1),
        arguments(SimulatedFault.emptyBody(), 200, "", 1),
        arguments(SimulatedFault.redirect(), 307, "", 0),
        arguments(SimulatedFault.hugeBody(2_000_000), 200, "xxx", 1),
        arguments(SimulatedFault.slowDrip(Duration.ofNanos(1)), 200, "RequestId", 1),
        arguments(SimulatedFault.closeBehindResponse(), 200, "RequestId", 1));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("answered")
  void a_fault_with_an_answer_does_what_it_says(
      SimulatedFault fault, int status, String body, int wipes) throws Exception {
    cloud.onNext("ResetInstance", fault);

    HttpResponse<String> response = caller.send("ResetInstance", RESET);

    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.body()).contains(body);
    assertThat(cloud.wipes(ID)).isEqualTo(wipes);
    await().untilAsserted(() -> assertThat(cloud.callsLog()).hasSize(1));
    assertThat(cloud.callsLog().get(0).fault()).isEqualTo(fault.name());
  }

  static Stream<Arguments> unanswered() {
    return Stream.of(
        arguments(SimulatedFault.cutBeforeEffect(), 0),
        arguments(SimulatedFault.cutAfterEffect(), 1),
        arguments(SimulatedFault.resetBeforeEffect(), 0),
        arguments(SimulatedFault.resetAfterEffect(), 1),
        arguments(SimulatedFault.garbage(), 1),
        arguments(SimulatedFault.truncated(), 1));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("unanswered")
  void a_fault_without_an_answer_leaves_the_caller_in_the_dark(SimulatedFault fault, int wipes) {
    cloud.onNext("ResetInstance", fault);

    assertThatThrownBy(() -> caller.send("ResetInstance", RESET)).isInstanceOf(IOException.class);

    assertThat(cloud.wipes(ID)).isEqualTo(wipes);
    assertThat(cloud.calls("ResetInstance")).isEqualTo(1);
  }

  @Test
  void an_answer_that_is_late_comes_after_the_wipe() {
    cloud.onNext("ResetInstance", SimulatedFault.lateResponse(LONG));

    assertThatThrownBy(() -> sendImpatiently()).isInstanceOf(HttpTimeoutException.class);

    assertThat(cloud.wipes(ID)).isEqualTo(1);
  }

  @Test
  void an_effect_that_is_late_comes_when_the_caller_has_given_up() {
    cloud.onNext("ResetInstance", SimulatedFault.delayBeforeEffect(Duration.ofSeconds(1)));

    assertThatThrownBy(() -> sendImpatiently()).isInstanceOf(HttpTimeoutException.class);

    assertThat(cloud.wipes(ID)).isZero();
    await().untilAsserted(() -> assertThat(cloud.wipes(ID)).isEqualTo(1));
  }

  @Test
  void a_line_that_was_cut_may_still_have_carried_the_call() {
    cloud.onNext("ResetInstance", SimulatedFault.cutThenEffect(Duration.ofMillis(300)));

    assertThatThrownBy(() -> caller.send("ResetInstance", RESET)).isInstanceOf(IOException.class);

    assertThat(cloud.wipes(ID)).isZero();
    await().untilAsserted(() -> assertThat(cloud.wipes(ID)).isEqualTo(1));
  }

  @Test
  void a_call_delivered_twice_wipes_twice_if_the_first_has_ended() {
    server.resetTakes(Duration.ZERO);
    cloud.onNext("ResetInstance", SimulatedFault.deliveredTwice(Duration.ofMillis(1)));

    assertThat(caller.code("ResetInstance", RESET)).isEmpty();

    await().untilAsserted(() -> assertThat(cloud.wipes(ID)).isEqualTo(2));
    assertThat(cloud.calls("ResetInstance")).isEqualTo(1);
  }

  @Test
  void an_answer_about_another_server_names_a_stranger() {
    cloud.onNext("DescribeInstances", SimulatedFault.wrongInstance());

    assertThat(caller.describe(ID).get("InstanceId").asText()).isEqualTo("ins-stranger");
    assertThat(caller.describe(ID).get("InstanceId").asText()).isEqualTo(ID);
  }

  @Test
  void faults_strike_the_nth_call_on_a_server_then_the_next_then_all() {
    cloud.always("DescribeInstances", SimulatedFault.errorCode("Always"));
    cloud.onNext("DescribeInstances", SimulatedFault.errorCode("Next"));
    cloud.on("DescribeInstances", ID, 2, SimulatedFault.errorCode("Second"));
    String observation = "{\"InstanceIds\":[\"" + ID + "\"]}";

    assertThat(caller.code("DescribeInstances", observation)).isEqualTo("Next");
    assertThat(caller.code("DescribeInstances", observation)).isEqualTo("Second");
    assertThat(caller.code("DescribeInstances", observation)).isEqualTo("Always");
    assertThat(caller.code("DescribeImages", "{}")).isEmpty();
    cloud.clearFaults();
    assertThat(caller.code("DescribeInstances", observation)).isEmpty();
  }

  @Test
  void a_call_held_before_its_effect_is_done_on_release_even_if_its_caller_is_gone() {
    Hold hold = cloud.hold("ResetInstance");
    CompletableFuture<HttpResponse<String>> response = sendAsync();

    hold.awaitCall(LONG);
    assertThat(cloud.wipes(ID)).isZero();
    hold.cutCaller();
    assertThatThrownBy(response::join).isInstanceOf(CompletionException.class);
    assertThat(cloud.wipes(ID)).isZero();
    hold.release();

    await().untilAsserted(() -> assertThat(cloud.wipes(ID)).isEqualTo(1));
  }

  @Test
  void a_call_held_after_its_effect_has_wiped_and_not_answered() {
    Hold hold = cloud.hold("ResetInstance", Moment.AFTER_EFFECT);
    CompletableFuture<HttpResponse<String>> response = sendAsync();

    hold.awaitCall(LONG);
    assertThat(cloud.wipes(ID)).isEqualTo(1);
    assertThat(response).isNotDone();
    hold.release();

    assertThat(response.join().statusCode()).isEqualTo(200);
  }

  @Test
  void a_call_that_was_held_until_its_signature_is_too_old_is_rejected_as_expired() {
    Hold hold = cloud.hold("ResetInstance");
    CompletableFuture<HttpResponse<String>> response = sendAsync();

    hold.awaitCall(LONG);
    cloud.signatureClock(() -> Instant.now().plusSeconds(310));
    hold.release();

    assertThat(response.join().body()).contains("AuthFailure.SignatureExpire");
    assertThat(cloud.wipes(ID)).isZero();
  }

  @Test
  void a_dark_cloud_refuses_connections_and_comes_back_at_the_same_address() {
    cloud.goDark();
    assertThatThrownBy(() -> caller.send("ResetInstance", RESET))
        .isInstanceOf(ConnectException.class);

    cloud.comeBack();

    assertThat(caller.code("ResetInstance", RESET)).isEmpty();
    assertThat(cloud.calls("ResetInstance")).isEqualTo(1);
  }

  @Test
  void the_date_header_is_real_or_as_configured_or_absent() throws Exception {
    assertThat(caller.send("ResetInstance", RESET).headers().firstValue("Date")).isPresent();

    cloud.dateHeader(() -> Instant.parse("2020-02-02T02:02:02Z"));
    assertThat(caller.send("ResetInstance", RESET).headers().firstValue("Date"))
        .contains("Sun, 02 Feb 2020 02:02:02 GMT");

    cloud.noDateHeader();
    assertThat(caller.send("ResetInstance", RESET).headers().firstValue("Date")).isEmpty();
  }

  private void sendImpatiently() throws IOException, InterruptedException {
    HttpRequest impatient =
        HttpRequest.newBuilder(caller.request("ResetInstance", RESET), (name, value) -> true)
            .timeout(Duration.ofMillis(300))
            .build();
    client.send(impatient, HttpResponse.BodyHandlers.ofString());
  }

  private CompletableFuture<HttpResponse<String>> sendAsync() {
    return client.sendAsync(
        caller.request("ResetInstance", RESET), HttpResponse.BodyHandlers.ofString());
  }
}
