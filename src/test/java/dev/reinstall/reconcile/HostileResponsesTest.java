package dev.reinstall.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.ReinstallSpec.PowerAfter;
import dev.reinstall.api.ReinstallSpec.WhenRunning;
import dev.reinstall.api.Server;
import dev.reinstall.cloud.CloudClient;
import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.CloudException.Kind;
import dev.reinstall.cloud.CloudHttp;
import dev.reinstall.cloud.CloudProvider;
import dev.reinstall.cloud.Credentials;
import dev.reinstall.cloud.Endpoint;
import dev.reinstall.cloud.HostileCloud;
import dev.reinstall.cloud.HostileCloud.Action;
import dev.reinstall.cloud.HostileCloud.ServerScene;
import dev.reinstall.cloud.TimedCalls;
import dev.reinstall.cloud.jdcloud.JdCloud;
import dev.reinstall.cloud.jdcloud.JdSignature;
import dev.reinstall.cloud.tencent.TencentCloud;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every answer of {@code hostile/responses.md}, to every action, in a whole pass over an order: the
 * shipped rules, adapters and HTTP client, one of each for all of them.
 */
@Tag("deep")
class HostileResponsesTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration LITTLE_PATIENCE = Duration.ofMillis(250);
  private static final int MOST_CONNECTIONS = 4;
  private static final int MOST_THREADS = 24;

  private static final Credentials ACCOUNT =
      new Credentials(
          Map.of(
              "secretId", "AKIDhostile",
              "accessKey", "AKhostile",
              "secretKey", "the-secret-key",
              "token", "the-session-token",
              "securityToken", "24680135"));
  private static final List<String> SECRETS =
      List.of(
          "AKIDhostile",
          "AKhostile",
          "the-secret-key",
          "the-session-token",
          "24680135",
          "MjQ2ODAxMzU=",
          InMemoryCluster.PASSWORD);

  /** Those of earlier tests, which end when they like. */
  private static final Set<Thread> EARLIER_THREADS = Thread.getAllStackTraces().keySet();

  private static final CloudHttp PATIENT = new CloudHttp(PATIENCE, PATIENCE);
  private static final CloudHttp HURRIED = new CloudHttp(PATIENCE, LITTLE_PATIENCE);
  private static final Map<CloudName, HostileCloud> CLOUDS = new EnumMap<>(CloudName.class);
  private static final Map<String, OutcomeOfRequest> REQUESTS = requests();
  private static final Set<String> MET = new HashSet<>();

  static {
    CLOUDS.put(CloudName.TencentCloud, new HostileCloud(CloudName.TencentCloud));
    CLOUDS.put(CloudName.JDCloud, new HostileCloud(CloudName.JDCloud));
  }

  /** What the status says, and the state of the entry. */
  private record OutcomeOfRequest(String status, String entry) {}

  private record Case(String what, CloudName cloud, Action action, String answer, String kind) {
    @Override
    public String toString() {
      return cloud + " " + action + ": " + what;
    }
  }

  // The tables.

  private static Stream<String[]> rows(String resource) {
    try (var table = HostileResponsesTest.class.getResourceAsStream("/hostile/" + resource)) {
      return new String(table.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> line.startsWith("| ") && !line.contains(" | kind |"))
          .filter(line -> !line.startsWith("| what |"))
          .map(line -> line.substring(2, line.length() - 2).split(" \\| "));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, OutcomeOfRequest> requests() {
    Map<String, OutcomeOfRequest> requests = new HashMap<>();
    rows("requests.md")
        .forEach(r -> requests.put(r[0] + " " + r[1], new OutcomeOfRequest(r[2], r[3])));
    return requests;
  }

  static List<Case> cases() {
    List<Case> cases = new ArrayList<>();
    rows("responses.md")
        .forEach(
            row -> {
              for (CloudName cloud : CLOUDS.keySet()) {
                if (row[1].equals("both") || cloud.name().startsWith(row[1])) {
                  cases.addAll(cases(row, cloud));
                }
              }
            });
    return cases;
  }

  private static List<Case> cases(String[] row, CloudName cloud) {
    String response = row[2].substring(1, row[2].length() - 1);
    return Stream.of(Action.values())
        .map(action -> new Case(row[0], cloud, action, response, row[3 + action.ordinal()]))
        .filter(one -> !one.kind().equals("-"))
        .toList();
  }

  @Test
  void there_are_at_least_forty_answers_to_every_action_of_every_cloud() {
    for (CloudName cloud : CLOUDS.keySet()) {
      for (Action action : Action.values()) {
        assertThat(cases())
            .filteredOn(one -> one.cloud() == cloud && one.action() == action)
            .as(cloud + " " + action)
            .hasSizeGreaterThan(40)
            .extracting(Case::answer)
            .doesNotHaveDuplicates();
      }
    }
  }

  // The passes.

  @Timeout(9)
  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void an_answer_comes_to_its_kind_and_the_request_does_what_that_kind_says(Case one)
      throws Exception {
    HostileCloud hostile = CLOUDS.get(one.cloud());
    hostile.beKind();
    Scenario stage = Scenario.on(one.cloud());
    CloudHttp strikes = HostileCloud.isSlow(one.answer()) ? HURRIED : PATIENT;
    RecordingClient noted =
        new RecordingClient(
            adapter(one.cloud(), PATIENT, hostile, stage).client(),
            one.action(),
            adapter(one.cloud(), strikes, hostile, stage).client());
    stage.cluster.credentials = ACCOUNT;
    stage.cluster.line =
        TimedCalls.over(
            adapter(one.cloud(), PATIENT, hostile, stage),
            noted,
            () -> stage.cluster.millis() * 1_000_000);
    String web = prepare(one, hostile, stage);

    noted.forget();
    hostile.beRude(one.action(), one.answer());
    Optional<Duration> next = stage.replica(Scenario.R1).reconcile(web);

    String kind = noted.came().get(one.action());
    assertThat(kind).as(stage.reported()).isIn((Object[]) one.kind().split("/"));
    OutcomeOfRequest request = expected(one.action(), kind);
    assertThat(stage.status(web).phase() + "/" + stage.status(web).reason())
        .as(stage.reported())
        .isEqualTo(request.status());
    assertThat(stage.cluster.ledger().entry("web").map(e -> e.state().name()).orElse("none"))
        .isEqualTo(request.entry());
    assertPauseIsKept(one, next);
    assertNotSentAgain(one, hostile);
    assertSilent(stage);
    assertUnharmed(one, hostile, stage);
  }

  private static CloudProvider adapter(
      CloudName name, CloudHttp http, HostileCloud hostile, Scenario stage) {
    Endpoint endpoint = new Endpoint(hostile.url());
    Duration settle = Duration.ofMinutes(2);
    return name == CloudName.TencentCloud
        ? new TencentCloud(
            http, endpoint, settle, stage.cluster::trueTime, TencentCloud.signature("TC3", () -> 1))
        : new JdCloud(
            http,
            endpoint,
            settle,
            stage.cluster::trueTime,
            UUID::randomUUID,
            JdSignature.JDCLOUD2);
  }

  /** Up to where the action comes next. */
  private static String prepare(Case one, HostileCloud hostile, Scenario stage)
      throws CloudException {
    boolean stops = one.action() == Action.stop;
    boolean starts = one.action() == Action.start;
    boolean reinstalls = one.action() == Action.reinstall;
    hostile.show(starts || reinstalls ? ServerScene.STOPPED : ServerScene.RUNNING);
    if (one.action() == Action.describeAll) {
      stage.cluster.neighbours = List.of(neighbour(one.cloud()));
    }
    String web =
        stage.cluster.create(
            "ns/web",
            stage.cluster.power(
                stops ? WhenRunning.Stop : WhenRunning.Wait,
                starts ? PowerAfter.Running : PowerAfter.Leave,
                stage.cluster.spec(HostileCloud.IMAGE, stage.inHours(4))));
    if (starts) {
      for (ServerScene state : List.of(ServerScene.STOPPED, ServerScene.AT_WORK)) {
        hostile.show(state);
        stage.replica(Scenario.R1).reconcile(web);
        stage.after(Scenario.TIMING.pollInterval());
      }
      hostile.show(ServerScene.INSTALLED);
    }
    return web;
  }

  private static Server neighbour(CloudName cloud) {
    return cloud == CloudName.TencentCloud
        ? new Server(cloud, "ap-guangzhou", "ins-neighbor")
        : new Server(cloud, "cn-east-tz1", "cps-b2");
  }

  /** The row of the kind; of the kind with a pause, where that makes a difference. */
  private static OutcomeOfRequest expected(Action action, String kind) {
    String plain = action + " " + kind.replaceAll("[+].*", "");
    boolean pauses = kind.contains("+") && REQUESTS.containsKey(plain + "+pause");
    String key = pauses ? plain + "+pause" : plain;
    MET.add(key);
    assertThat(REQUESTS).containsKey(key);
    return REQUESTS.get(key);
  }

  // What holds for all of them.

  private static void assertPauseIsKept(Case one, Optional<Duration> next) {
    if (one.action() != Action.describe || !one.kind().contains("+")) {
      return;
    }
    Duration asked = Duration.parse("PT" + one.kind().replaceAll(".*[+]", ""));
    Duration poll = Scenario.TIMING.pollInterval();
    assertThat(next).contains(asked.compareTo(poll) > 0 ? asked : poll);
  }

  /** Java's client repeats a GET that found its connection closed, and that only reads. */
  private static void assertNotSentAgain(Case one, HostileCloud hostile) {
    assertThat(hostile.strays()).isZero();
    int calls = hostile.calls(one.action());
    boolean reads = Set.of(Action.describe, Action.describeAll).contains(one.action());
    if (HostileCloud.isAboutTheLine(one.answer())) {
      assertThat(calls).isZero();
    } else if (HostileCloud.isSlow(one.answer())) {
      assertThat(calls).isLessThanOrEqualTo(1); // patience may end before the call arrives
    } else if (reads) {
      // An end is decided anew, by a second look.
      assertThat(calls).isBetween(1, one.cloud() == CloudName.JDCloud ? 10 : 2);
    } else {
      assertThat(calls).isEqualTo(1);
    }
    for (Action change : List.of(Action.stop, Action.reinstall, Action.start)) {
      if (change != one.action()) {
        assertThat(hostile.calls(change)).as(change.name()).isZero();
      }
    }
  }

  private static void assertSilent(Scenario stage) {
    String everything = stage.reported() + stage.cluster.ledger() + stage.status("ns/web");
    assertThat(everything).doesNotContain(SECRETS.toArray(new String[0]));
    assertThat(everything.replace("\n", "")).doesNotContainPattern("\\p{Cc}");
    assertThat(stage.status("ns/web").message())
        .as("durations as people write them")
        .doesNotContainPattern("PT[0-9]");
  }

  /** Nothing of the answer is left on a line that the next call takes. */
  private static void assertUnharmed(Case one, HostileCloud hostile, Scenario stage)
      throws CloudException {
    hostile.beKind();
    hostile.show(ServerScene.STOPPED);
    CloudClient next = adapter(one.cloud(), PATIENT, hostile, stage).client();
    if (one.answer().contains(" then ")) {
      drop(next, stage); // the line is found dead by the call that takes it
    }
    assertThat(next.describe(ACCOUNT, stage.cluster.server()).rawState())
        .isEqualToIgnoringCase("STOPPED");
  }

  private static void drop(CloudClient cloud, Scenario stage) {
    try {
      cloud.describe(ACCOUNT, stage.cluster.server());
    } catch (CloudException unclear) {
      assertThat(unclear.kind()).isEqualTo(Kind.AMBIGUOUS);
    }
  }

  @AfterAll
  static void nothing_is_left_behind_and_no_row_was_left_out() {
    for (CloudName name : CLOUDS.keySet()) {
      long kept =
          cases().stream()
              .filter(one -> one.cloud() == name && one.what().endsWith("the line kept"))
              .count();
      Awaitility.await()
          .atMost(PATIENCE)
          .until(() -> CLOUDS.get(name).open() <= MOST_CONNECTIONS + kept);
    }
    Awaitility.await() // idle threads end after a while
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              System.gc(); // a client ends with its collection
              assertThat(Thread.getAllStackTraces().keySet())
                  .filteredOn(thread -> thread.getName().startsWith("HttpClient-"))
                  .filteredOn(thread -> !EARLIER_THREADS.contains(thread))
                  .hasSizeLessThan(MOST_THREADS);
            });
    CLOUDS.values().forEach(HostileCloud::close);
    assertThat(MET).isEqualTo(REQUESTS.keySet());
  }
}
