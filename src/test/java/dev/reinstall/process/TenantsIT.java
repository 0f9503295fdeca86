package dev.reinstall.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.controlplane.NeedsControlPlane;
import dev.reinstall.simulator.RecordedCall;
import dev.reinstall.simulator.SimulatedFault;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What a tenant does to a server of another tenant costs only the one who does it. Neither may do
 * more than write Reinstalls and Secrets in a namespace of its own.
 */
@Tag("deep")
@NeedsControlPlane
@Execution(ExecutionMode.CONCURRENT)
class TenantsIT {
  /** The server stays in transition for six seconds. */
  private static final Duration A_WHILE = Duration.ofHours(2);

  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration SLOW = POLL.multipliedBy(10); // who was denied waits as long
  private static final int TIMES_FASTER = 1200; // the clocks of the simulators

  private static final Duration TOGGLE = Duration.ofMillis(700);
  private static final long TOGGLES_OF_A_MINUTE = Duration.ofMinutes(1).dividedBy(TOGGLE);
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private static final String LOOK_ONLY = "AKIDLOOKONLY";
  private static final String KEY = "secret-key-of-look-only";

  private static TestCluster site;
  private static Tenant victim;
  private static Tenant stranger;
  private static Tenant forger;

  @BeforeAll
  static void start() {
    site =
        new TestCluster()
            .with("REINSTALL_POLL_INTERVAL", POLL.toMillis() + "ms")
            .with("REINSTALL_FENCE", "20s");
    victim = Tenant.of(site, site.namespace);
    stranger = Tenant.of(site, site.newNamespace());
    forger = Tenant.of(site, site.newNamespace()).withoutConsent().whoMayWriteStatuses();
    site.startOperator();
    site.tencent
        .account(LOOK_ONLY, KEY)
        .deny(LOOK_ONLY, "ResetInstance", "StopInstances", "StartInstances");
    site.jd
        .account(LOOK_ONLY, KEY)
        .deny(LOOK_ONLY, "reinstallInstance", "stopInstance", "startInstance");
    stranger.secret("look-only", lookOnlyKeys());
  }

  @AfterAll
  static void close() {
    List.of(victim, stranger, forger).forEach(Tenant::close);
    site.close();
  }

  /** The request with the credentials of this Secret. */
  private static String with(String secret, String manifest) {
    return manifest.replaceFirst("credentialsRef: .*", "credentialsRef: {name: " + secret + "}");
  }

  /** Of both clouds. */
  private static Map<String, String> lookOnlyKeys() {
    return new HashMap<>(Map.of("secretId", LOOK_ONLY, "accessKey", LOOK_ONLY, "secretKey", KEY));
  }

  /** The same request with another system. */
  private static String otherSpec(String manifest) {
    return manifest
        .replace("img-ubuntu22", "img-pmqg1cw7")
        .replace("osTypeId: os-2", "osTypeId: os-1");
  }

  private static List<RecordedCall> calls(CloudUnderTest cloud, String action, String id) {
    return cloud.cloud(site).callsLog().stream()
        .filter(call -> call.action().equals(action) && call.asked().servers().contains(id))
        .toList();
  }

  private static boolean isByStranger(RecordedCall call) {
    return call.request().header("authorization").contains("Credential=" + LOOK_ONLY + "/");
  }

  private static long byStranger(CloudUnderTest cloud, String action, String id) {
    return calls(cloud, action, id).stream().filter(TenantsIT::isByStranger).count();
  }

  /** The accepted reinstall call. */
  private static RecordedCall begun(CloudUnderTest cloud, String id) {
    return calls(cloud, cloud.send(), id).stream()
        .filter(call -> !isByStranger(call) && call.outcome().equals("200"))
        .findFirst()
        .orElseThrow();
  }

  /** Real time from this simulated one to the accepted reinstall call. */
  private static Duration untilBegun(CloudUnderTest cloud, String id, Instant from) {
    return Duration.between(from, begun(cloud, id).at()).dividedBy(TIMES_FASTER);
  }

  /** How often the server was described for the victim, from this time to the reinstall call. */
  private static long looksUntilBegun(CloudUnderTest cloud, String id, Instant from) {
    return calls(cloud, cloud.describeAction(), id).stream()
        .filter(call -> !isByStranger(call) && call.at().isAfter(from))
        .filter(call -> call.number() < begun(cloud, id).number())
        .count();
  }

  private static void assertCarriedOutOnce(CloudUnderTest cloud, String name, String id) {
    victim.awaitFinished(name);
    assertThat(victim.reason(name)).as(site::everything).isEqualTo("Installed");
    assertThat(cloud.cloud(site).wipes(id)).isEqualTo(1);
  }

  @Test
  void a_tenant_reads_and_writes_nothing_outside_of_its_namespace() {
    for (String refused :
        List.of(
            "get reinstalls -n " + victim.namespace,
            "get secrets -n " + victim.namespace,
            "delete reinstall any -n " + victim.namespace,
            "patch reinstall any --subresource=status --type=merge -p {} -n " + stranger.namespace,
            "get serverledgers",
            "patch serverledger any --type=merge -p {}")) {
      assertThat(stranger.kubectl(refused.split(" ")).err()).as(refused).contains("forbidden");
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_suspended_namesake_without_credentials_ends_no_stop(CloudUnderTest cloud) {
    String id = cloud.id("tenant01");
    cloud.newServer(site, id);
    cloud.plugIn(site, id);
    cloud.switchTakes(site, id, A_WHILE);
    victim.create(cloud.request(id, id, "whenRunning: Stop"));
    victim.awaitReason(id, "Stopping");

    stranger.create(with("missing", cloud.request(id, id, "whenRunning: Stop\nsuspend: true")));
    try (Repeated edits =
        Repeated.every(Duration.ofMillis(50), nth -> stranger.annotate(id, "no " + nth))) {
      assertCarriedOutOnce(cloud, id, id);
      assertThat(edits.times()).isGreaterThan(10);
    }

    assertThat(victim.history(id))
        .containsSubsequence("Stopping/Stopping", "Submitting/Submitting", "Installing/Installing")
        .noneMatch(status -> status.startsWith("Pending/"));
    assertThat(calls(cloud, cloud.stop(), id)).hasSize(1);
    assertThat(calls(cloud, cloud.send(), id)).hasSize(1);
  }

  /**
   * The stranger toggles {@code suspend} every 0.7 s, the first time for a minute: an edit of a
   * request in its own namespace would be reason to try at once.
   */
  @ParameterizedTest
  @EnumSource
  void a_namesake_whose_key_may_only_look_delays_nobody_however_it_is_edited(CloudUnderTest cloud) {
    for (int round = 0; round < 3; round++) {
      String id = cloud.id("tenant1" + round);
      waitingVictim(cloud, id);
      // It tries to stop the server, or waits until it is stopped and then may be the first.
      stranger.create(
          with("look-only", cloud.request(id, id, round == 0 ? "whenRunning: Stop" : "")));
      try (Repeated toggles = Repeated.every(TOGGLE, nth -> stranger.suspend(id, nth % 2 == 0))) {
        long enough = round == 0 ? TOGGLES_OF_A_MINUTE : 4;
        Awaitility.await().atMost(PATIENCE).until(() -> toggles.times() >= enough);
        assertBeginsWhenStopped(cloud, id);
      }
      assertThat(byStranger(cloud, cloud.send(), id)).isLessThanOrEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void who_was_denied_waits_also_with_a_new_name(CloudUnderTest cloud) {
    String id = cloud.id("tenant60");
    waitingVictim(cloud, id);
    long began = System.nanoTime();
    try (Repeated creations =
        Repeated.every(
            Duration.ofMillis(300),
            nth ->
                stranger.create(
                    with(
                        "look-only",
                        cloud.request("junk" + nth + "-" + id, id, "whenRunning: Stop"))))) {
      site.await("some requests", () -> creations.times() >= 10);
      assertBeginsWhenStopped(cloud, id);
    }

    long tries = 1 + Duration.ofNanos(System.nanoTime() - began).dividedBy(SLOW);
    assertThat(byStranger(cloud, cloud.stop(), id) + byStranger(cloud, cloud.send(), id))
        .isBetween(1L, tries);
  }

  /** The request of the victim waits until the server is stopped. */
  private static void waitingVictim(CloudUnderTest cloud, String id) {
    cloud.newServer(site, id);
    cloud.plugIn(site, id);
    victim.create(cloud.request(id, id));
    victim.awaitReason(id, "ServerRunning");
  }

  private static void assertBeginsWhenStopped(CloudUnderTest cloud, String id) {
    Instant stopped = cloud.cloud(site).clock().now();
    cloud.pullPlug(site, id);
    assertCarriedOutOnce(cloud, id, id);

    Duration delay = untilBegun(cloud, id, stopped);
    long looks = looksUntilBegun(cloud, id, stopped);
    System.out.printf(
        "%s: %d ms and %d looks from its stop to the call%n", id, delay.toMillis(), looks);
    assertThat(delay).isLessThan(SLOW);
    assertThat(victim.history(id)).noneMatch(status -> status.endsWith("/AccessDenied"));
  }

  @ParameterizedTest
  @EnumSource
  void a_namesake_with_another_spec_that_is_slowly_denied_ends_nobodys_request(
      CloudUnderTest cloud) {
    List<String> servers = IntStream.range(0, 5).mapToObj(n -> cloud.id("tenant2" + n)).toList();
    for (String id : servers) {
      cloud
          .cloud(site)
          .on(cloud.stop(), id, 1, SimulatedFault.delayBeforeEffect(Duration.ofMillis(800)));
      waitingVictim(cloud, id);
      stranger.create(otherSpec(with("look-only", cloud.request(id, id, "whenRunning: Stop"))));
    }
    for (String id : servers) {
      site.await(
          "the stop to be denied",
          () -> calls(cloud, cloud.stop(), id).stream().anyMatch(c -> !c.outcome().isEmpty()));
      cloud.pullPlug(site, id);
    }

    assertThat(servers).allSatisfy(id -> assertCarriedOutOnce(cloud, id, id));
  }

  @ParameterizedTest
  @EnumSource
  void a_forged_status_is_no_witness_against_the_entry_of_another(CloudUnderTest cloud) {
    String id = cloud.id("tenant30");
    cloud.newServer(site, id);
    cloud.plugIn(site, id);
    cloud.switchTakes(site, id, A_WHILE);
    victim.create(cloud.request(id, id, "whenRunning: Stop"));
    victim.awaitReason(id, "Stopping");

    forger.create(cloud.request(id, id, "whenRunning: Stop"));
    try (Repeated forgery =
        Repeated.every(
            Duration.ofMillis(300),
            nth ->
                forger.writeStatus(
                    id, "{\"phase\":\"Installing\",\"submitTime\":\"2098-01-01T00:00:00Z\"}"))) {
      assertCarriedOutOnce(cloud, id, id);
      assertThat(forgery.times()).isGreaterThan(3);
    }
  }

  /**
   * The oldest in the queue goes first. One whose status lies about that is not waited for long.
   */
  @ParameterizedTest
  @EnumSource
  void a_forged_place_in_the_queue_delays_a_request_at_most_once(CloudUnderTest cloud) {
    String id = cloud.id("tenant70");
    cloud.newServer(site, id);
    cloud.plugIn(site, id);
    forger.create(cloud.request("forged-" + id, id));
    try (Repeated forgery =
        Repeated.every(
            Duration.ofMillis(50),
            nth ->
                forger.writeStatus(
                    "forged-" + id, "{\"phase\":\"Pending\",\"reason\":\"Queued\"}"))) {
      site.await("forgeries", () -> forgery.times() >= 25);
      Instant created = cloud.cloud(site).clock().now();
      cloud.pullPlug(site, id);
      victim.create(cloud.request(id, id));
      assertCarriedOutOnce(cloud, id, id);

      Duration delay = untilBegun(cloud, id, created);
      System.out.printf("%s: %d ms from its creation to the call%n", id, delay.toMillis());
      assertThat(delay).isLessThan(SLOW.multipliedBy(3));
    }
  }

  /** Its Secrets have other versions than those that the lost request was made of. */
  @Test
  void a_namesake_does_not_end_a_request_that_may_be_sent_again() {
    CloudUnderTest cloud = CloudUnderTest.JD;
    String id = cloud.id("tenant50");
    cloud.newServer(site, id);
    RequestStage.LOST.prepare(site, cloud, id, null);
    victim.create(cloud.request(id, id));
    victim.awaitReason(id, "AwaitingConfirmation");

    stranger.create(cloud.request(id, id));
    try (Repeated edits =
        Repeated.every(Duration.ofMillis(50), nth -> stranger.annotate(id, "no " + nth))) {
      assertCarriedOutOnce(cloud, id, id);
      assertThat(edits.times()).isGreaterThan(10);
    }
  }

  /** JD Cloud's code is sent with a stop or a reinstall only: the server can be described. */
  @ParameterizedTest
  @CsvSource({"TENCENT, token", "JD, securityToken"})
  void credentials_that_no_gateway_takes_are_never_sent(CloudUnderTest cloud, String key) {
    String id = cloud.id("tenant40");
    waitingVictim(cloud, id);
    Map<String, String> tooLong = lookOnlyKeys();
    tooLong.put(key, "9".repeat(24_000));
    stranger.secret("too-long-" + id, tooLong);
    stranger.create(with("too-long-" + id, cloud.request("junk-" + id, id, "whenRunning: Stop")));
    stranger.awaitReason("junk-" + id, "SecretNotReady");

    assertBeginsWhenStopped(cloud, id);
    assertThat(cloud.cloud(site).callsLog())
        .noneMatch(
            call ->
                call.request().header("authorization").contains(LOOK_ONLY)
                    && call.request().headerLength() > 16_000);
  }
}
