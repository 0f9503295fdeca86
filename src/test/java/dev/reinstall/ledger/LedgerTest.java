package dev.reinstall.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.Reason;
import dev.reinstall.api.Server;
import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.api.ServerLedger.Owner;
import dev.reinstall.api.ServerLedger.Start;
import dev.reinstall.api.ServerLedger.State;
import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.CloudException.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One copy of a server's ledger; the effect of a response on each entry is in docs/states.md. */
class LedgerTest {
  private static final Ledger.Metadata COPY = new Ledger.Metadata("1", Map.of(), Map.of());

  private static final Instant NOW = Instant.parse("2026-11-01T00:00:00Z");
  private static final Server SERVER =
      new Server(CloudName.TencentCloud, "ap-guangzhou", "ins-r8hr2upy");

  static EntryBuilder entry(State state, long claim) {
    EntryBuilder builder = new EntryBuilder();
    builder.specHash = "d";
    builder.owner = new Owner("ns", "web", "uid");
    builder.state = state;
    builder.claimNumber = claim;
    builder.attempt = 1;
    builder.claimId = "mine";
    builder.sendTimeout = "PT10S";
    builder.claimTime = NOW;
    builder.notAfter = NOW;
    return builder;
  }

  private static Ledger ledger(Map<String, Entry> orders, long claims) {
    return new Ledger(SERVER, COPY, null, claims, orders, Map.of());
  }

  private static final SubmissionResult ACCEPTED = SubmissionResult.accepted("req-1");

  private static SubmissionResult failed(Kind kind) {
    return SubmissionResult.failed(new CloudException(kind, "words", "req-1", null), "words");
  }

  private static Stream<SubmissionResult> withoutAcceptance() {
    return Stream.concat(
        Stream.of(SubmissionResult.NOT_NEEDED), Stream.of(Kind.values()).map(LedgerTest::failed));
  }

  private static Stream<SubmissionResult> results() {
    return Stream.concat(Stream.of(ACCEPTED), withoutAcceptance());
  }

  private static String hold(String reason) {
    Map<String, String> annotations = Map.of(Ledger.HOLD, reason);
    Ledger.Metadata copy = new Ledger.Metadata("1", Map.of(), annotations);
    return new Ledger(SERVER, copy, null, 0, Map.of(), Map.of()).hold().orElseThrow();
  }

  @Test
  void the_reason_of_a_hold_is_one_line_that_can_be_printed() {
    assertThat(hold(" disk swap\nuntil\tFriday\u001b[31m\u202e\r\n"))
        .isEqualTo("disk swap until Friday [31m");
    assertThat(hold("\ud83d\ude00 caf\u00e9")).isEqualTo("\ud83d\ude00 caf\u00e9");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\n", "\u0000\u001b", "\u200b"})
  void a_hold_without_a_reason_that_can_be_printed_says_so(String reason) {
    assertThat(hold(reason)).isEqualTo("no reason is given");
  }

  @Test
  void the_reason_of_a_hold_shows_where_it_is_cut_and_no_character_is_cut() {
    String face = "\ud83d\ude00";
    assertThat(hold("x".repeat(200))).isEqualTo("x".repeat(200));
    assertThat(hold("x".repeat(201))).isEqualTo("x".repeat(199) + "…");
    assertThat(hold(face.repeat(200))).isEqualTo(face.repeat(200));
    assertThat(hold(face.repeat(201))).isEqualTo(face.repeat(199) + "…");
  }

  @Test
  void what_was_never_sent_for_a_reinstall_that_is_gone_makes_room() {
    Map<String, Entry> orders = new HashMap<>();
    for (int i = 1; i <= 600; i++) {
      EntryBuilder entry = entry(i % 2 == 0 ? State.Released : State.Succeeded, i);
      entry.owner = new Owner("ns", "web-" + i, i <= 400 ? "gone" : "there");
      orders.put("web-" + i, entry.build());
    }
    Ledger ledger = ledger(orders, 600);
    assertThat(ledger.isNearlyFull()).isTrue();
    List<String> lookedUp = new ArrayList<>();
    Ledger less =
        ledger.withoutReleased(
            "web-2",
            owner -> {
              lookedUp.add(owner.name());
              return owner.uid().equals("gone");
            });
    assertThat(lookedUp).as("no more than a claim can wait for").hasSize(100);
    assertThat(less.orders()).hasSize(500).containsKeys("web-1", "web-2", "web-399", "web-600");
    assertThat(less.withoutReleased("web-2", owner -> false)).isEqualTo(less);
  }

  @Test
  void a_claim_keeps_the_last_fifty_of_what_is_settled_and_past() {
    Map<String, Entry> orders = new HashMap<>();
    for (int i = 1; i <= 60; i++) {
      orders.put("order-" + i, entry(State.Succeeded, i).build());
    }
    Ledger ledger = ledger(orders, 60);
    Instant later = NOW.plus(Duration.ofDays(2));

    assertThat(ledger.withClaim("web", entry(State.Submitting, 0), later).orders())
        .hasSize(51)
        .doesNotContainKeys("order-1", "order-10")
        .containsKeys("order-11", "order-60", "web");
    assertThat(ledger.withClaim("web", entry(State.Submitting, 0), NOW).orders())
        .as("a day past notAfter, not earlier")
        .hasSize(61);
    assertThat(ledger.with("order-1", entry(State.Unknown, 1).build()).orders())
        .as("no other write lets anything go")
        .hasSize(60);
  }

  @Test
  void what_is_open_or_just_claimed_is_never_let_go() {
    Map<String, Entry> orders = new HashMap<>();
    orders.put("open", entry(State.Accepted, 1).build());
    orders.put("unknown", entry(State.Unknown, 2).build());
    orders.put("again", entry(State.Released, 3).build());
    for (int i = 4; i <= 70; i++) {
      orders.put("order-" + i, entry(State.Failed, i).build());
    }

    Ledger claimed =
        ledger(orders, 70)
            .withClaim("again", entry(State.Submitting, 0), NOW.plus(Duration.ofDays(2)));

    assertThat(claimed.orders()).containsKeys("open", "again").doesNotContainKey("unknown");
  }

  @Test
  void a_claim_is_the_newest_by_being_counted() {
    Ledger ledger = ledger(Map.of(), 41).withClaim("web", entry(State.Submitting, 0), NOW);
    assertThat(ledger.claims()).isEqualTo(42);
    assertThat(ledger.entry("web").orElseThrow().claimNumber()).isEqualTo(42);
    assertThat(ledger.resourceVersion()).as("of the copy it was made from").isEqualTo("1");
  }

  @Test
  void the_server_belongs_to_the_open_request_and_then_to_the_unanswered_newest_claim() {
    Map<String, Entry> orders =
        Map.of(
            "settled", entry(State.Unknown, 2).build(), "older", entry(State.Unknown, 1).build());
    assertThat(ledger(orders, 2).openEntry(n -> !n.equals("web"))).isEmpty();
    assertThat(ledger(orders, 2).otherUnansweredEntry("web").map(Map.Entry::getKey))
        .contains("settled");
    assertThat(ledger(orders, 3).otherUnansweredEntry("web")).isEmpty();
    Ledger open = ledger(Map.of("open", entry(State.Submitting, 3).build()), 3);
    assertThat(open.openEntry(n -> !n.equals("web")).map(Map.Entry::getKey)).contains("open");
    assertThat(open.openEntry(n -> !n.equals("open"))).isEmpty();
  }

  @Test
  void a_ledger_that_a_hand_or_a_newer_operator_wrote_in_is_not_supported() {
    EntryBuilder whole = entry(State.Submitting, 1);
    assertThat(ledger(Map.of("web", whole.build()), 1).isSupported()).isTrue();
    whole.claimId = null;
    assertThat(ledger(Map.of("web", whole.build()), 1).isSupported()).isFalse();
    EntryBuilder timeless = entry(State.Accepted, 1);
    timeless.claimTime = null;
    assertThat(ledger(Map.of("web", timeless.build()), 1).isSupported()).isFalse();
    EntryBuilder busy = entry(State.RejectedBusy, 1);
    assertThat(ledger(Map.of("web", busy.build()), 1).isSupported()).isFalse();
    EntryBuilder starting = entry(State.Starting, 1);
    assertThat(ledger(Map.of("web", starting.build()), 1).isSupported()).isFalse();
    EntryBuilder newer = entry(State.UNRECOGNIZED, 1);
    assertThat(ledger(Map.of("web", newer.build()), 1).isSupported()).isFalse();
  }

  @ParameterizedTest
  @MethodSource("results")
  void no_answer_changes_what_is_over(SubmissionResult result) {
    for (State state : new State[] {State.Succeeded, State.Failed, State.Released}) {
      Ledger ledger = ledger(Map.of("web", entry(state, 1).build()), 1);
      assertThat(ledger.withReinstallResult("web", "mine", result, NOW)).isSameAs(ledger);
    }
  }

  @ParameterizedTest
  @MethodSource("withoutAcceptance")
  void no_rejection_counts_for_a_resending_or_another_claim(SubmissionResult result) {
    EntryBuilder resending = entry(State.Submitting, 1);
    resending.resending = true;
    Ledger ledger = ledger(Map.of("web", resending.build()), 1);
    assertThat(ledger.withReinstallResult("web", "mine", result, NOW)).isSameAs(ledger);
    Ledger another = ledger(Map.of("web", entry(State.Submitting, 1).build()), 1);
    assertThat(another.withReinstallResult("web", "yours", result, NOW)).isSameAs(another);
  }

  @Test
  void an_acceptance_of_an_older_claim_is_kept_but_does_not_answer_for_the_newest() {
    Ledger ledger = ledger(Map.of("web", entry(State.Submitting, 2).build()), 2);
    Entry entry =
        ledger.withReinstallResult("web", "older", ACCEPTED, NOW).entry("web").orElseThrow();
    assertThat(entry.state()).isEqualTo(State.Accepted);
    assertThat(entry.requestId()).isEqualTo("req-1");
    assertThat(entry.responseReceived()).isNull();
    assertThat(entry.claimId()).isEqualTo("mine");
  }

  @Test
  void an_acceptance_is_better_than_an_operation() {
    EntryBuilder adopted = entry(State.Accepted, 1);
    adopted.adopted = true;
    adopted.requestId = "trace";
    Entry entry =
        ledger(Map.of("web", adopted.build()), 1)
            .withReinstallResult("web", "mine", ACCEPTED, NOW)
            .entry("web")
            .orElseThrow();
    assertThat(entry.requestId()).isEqualTo("req-1");
    assertThat(entry.adopted()).isNull();
  }

  @ParameterizedTest
  @EnumSource(names = {"Accepted", "Installing", "Starting"})
  void a_second_acceptance_changes_no_request_id_and_answers_for_the_newest_claim_once(
      State state) {
    EntryBuilder accepted = entry(state, 1);
    accepted.requestId = "first";
    Ledger ledger = ledger(Map.of("web", accepted.build()), 1);
    assertThat(ledger.withReinstallResult("web", "older", ACCEPTED, NOW)).isSameAs(ledger);
    Ledger answered = ledger.withReinstallResult("web", "mine", ACCEPTED, NOW);
    assertThat(answered.entry("web").orElseThrow().requestId()).isEqualTo("first");
    assertThat(answered.entry("web").orElseThrow().responseReceived()).isTrue();
    assertThat(answered.withReinstallResult("web", "mine", ACCEPTED, NOW)).isSameAs(answered);
  }

  @Test
  void an_ambiguous_response_adds_nothing() {
    Ledger ledger = ledger(Map.of("web", entry(State.Submitting, 1).build()), 1);
    assertThat(ledger.withReinstallResult("web", "mine", failed(Kind.AMBIGUOUS), NOW))
        .isSameAs(ledger);
  }

  @Test
  void an_acceptance_without_an_id_adds_nothing_to_an_unknown_request() {
    Ledger ledger = ledger(Map.of("web", entry(State.Unknown, 1).build()), 1);
    SubmissionResult nameless = new SubmissionResult(true, null, null, "", Duration.ZERO);
    assertThat(ledger.withReinstallResult("web", "mine", nameless, NOW)).isSameAs(ledger);
  }

  @Test
  void a_late_acceptance_gives_an_unknown_request_its_request_id_and_never_reopens_it() {
    Ledger ledger = ledger(Map.of("web", entry(State.Unknown, 1).build()), 1);
    Ledger answered = ledger.withReinstallResult("web", "mine", ACCEPTED, NOW);
    Entry entry = answered.entry("web").orElseThrow();
    assertThat(entry.state()).isEqualTo(State.Unknown);
    assertThat(entry.requestId()).isEqualTo("req-1");
    assertThat(answered.withReinstallResult("web", "mine", ACCEPTED, NOW)).isSameAs(answered);
  }

  @Test
  void a_late_rejection_ends_an_unknown_request_for_its_object() {
    Entry entry =
        ledger(Map.of("web", entry(State.Unknown, 1).build()), 1)
            .withReinstallResult("web", "mine", failed(Kind.THROTTLED), NOW)
            .entry("web")
            .orElseThrow();
    assertThat(entry.state()).isEqualTo(State.Released);
    assertThat(entry.reason()).isEqualTo(Reason.Rejected.name());
    assertThat(entry.completionTime()).isEqualTo(NOW);
  }

  @Test
  void a_busy_rejection_reports_nothing_of_an_unknown_request() {
    Ledger ledger = ledger(Map.of("web", entry(State.Unknown, 1).build()), 1);
    assertThat(ledger.withReinstallResult("web", "mine", failed(Kind.BUSY), NOW)).isSameAs(ledger);
  }

  @Test
  void a_settled_entry_is_cut_to_what_is_still_needed() {
    EntryBuilder full = entry(State.Accepted, 1);
    full.token = "token";
    full.secretVersions = Map.of("login", "1");
    full.expected = Map.of("imageId", "img");
    full.responseReceived = true;
    Entry cut = full.finish(State.Succeeded, "Installed", "done", NOW).build();
    assertThat(cut.token()).isNull();
    assertThat(cut.secretVersions()).isNull();
    assertThat(cut.expected()).isNull();
    assertThat(cut.claimId()).isNull();
    assertThat(cut.specHash()).isEqualTo("d");
    assertThat(cut.notAfter()).isEqualTo(NOW);
  }

  @Test
  void an_answer_to_a_stop_is_of_the_claim_that_sent_it() {
    Ledger ledger = ledger(Map.of("web", entry(State.Stopping, 2).build()), 2);
    for (SubmissionResult result : results().toList()) {
      assertThat(ledger.withStopResult("web", "older", result, NOW)).isSameAs(ledger);
    }
    Entry stopped = ledger.withStopResult("web", "mine", ACCEPTED, NOW).entry("web").orElseThrow();
    assertThat(stopped.responseReceived()).isTrue();
    assertThat(stopped.stop().requestId()).isEqualTo("req-1");
  }

  @Test
  void an_answer_to_a_start_is_of_the_try_that_sent_it() {
    EntryBuilder builder = entry(State.Starting, 1);
    builder.start = new Start("second-try", null, null, null, Map.of());
    Ledger ledger = ledger(Map.of("web", builder.build()), 1);
    for (SubmissionResult result : results().toList()) {
      assertThat(ledger.withStartResult("web", "first-try", result, NOW)).isSameAs(ledger);
    }
    Ledger started = ledger.withStartResult("web", "second-try", ACCEPTED, NOW);
    assertThat(started.entry("web").orElseThrow().start().requestId()).isEqualTo("req-1");
  }

  @Test
  void an_answer_to_a_restart_is_of_the_try_that_sent_it() {
    EntryBuilder builder = entry(State.Restarting, 1);
    builder.start = new Start("second-try", null, null, null, Map.of());
    Ledger ledger = ledger(Map.of("web", builder.build()), 1);
    for (SubmissionResult result : results().toList()) {
      assertThat(ledger.withRestartResult("web", "first-try", result, NOW)).isSameAs(ledger);
    }
    Ledger started = ledger.withRestartResult("web", "second-try", ACCEPTED, NOW);
    assertThat(started.entry("web").orElseThrow().start().requestId()).isEqualTo("req-1");
  }

  @Test
  void a_start_that_was_decided_on_is_not_owed_any_more() {
    EntryBuilder builder = entry(State.Released, 1);
    builder.restartWith = "account";
    Entry ended = builder.endUnsubmitted("DeadlineExceeded", "It is too late.", false, NOW).build();
    assertThat(ended.restartWith()).isNull();
    assertThat(ended.state()).isEqualTo(State.Released);
    assertThat(ended.completionTime()).isEqualTo(NOW);
    assertThat(ended.start()).as("it was not started").isNull();
  }
}
