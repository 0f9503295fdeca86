package dev.reinstall.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.Reason;
import dev.reinstall.api.Server;
import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.api.ServerLedger.Owner;
import dev.reinstall.api.ServerLedger.Start;
import dev.reinstall.api.ServerLedger.State;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One copy of a server's ledger; what an answer does to each entry is in docs/lifecycle.md. */
class BookTest {
  private static final Instant NOW = Instant.parse("2026-11-01T00:00:00Z");
  private static final Server SERVER =
      new Server(CloudName.TencentCloud, "ap-guangzhou", "ins-r8hr2upy");

  private static Draft entry(State state, long claim) {
    Draft draft = new Draft();
    draft.digest = "d";
    draft.owner = new Owner("ns", "web", "uid");
    draft.state = state;
    draft.claim = claim;
    draft.attempt = 1;
    draft.claimedBy = "mine";
    draft.sendWithin = "PT10S";
    draft.claimedAt = NOW;
    draft.notAfter = NOW;
    return draft;
  }

  private static Book book(Map<String, Entry> orders, long claims) {
    return new Book(SERVER, "1", claims, orders, Map.of());
  }

  private static Answer answer(Answer.Kind kind) {
    return new Answer(kind, "req-1", "words", Duration.ZERO);
  }

  @Test
  void of_what_is_settled_and_past_the_last_fifty_are_kept() {
    Instant later = NOW.plus(Duration.ofDays(2));
    Book book = Book.empty(SERVER);
    for (int i = 1; i <= 60; i++) {
      book = book.with("order-" + i, entry(State.Succeeded, i).entry(), later);
    }
    assertThat(book.orders()).doesNotContainKeys("order-1", "order-9");
    assertThat(book.orders()).containsKeys("order-10", "order-11", "order-60");
    Book within = Book.empty(SERVER);
    for (int i = 1; i <= 60; i++) {
      within = within.with("order-" + i, entry(State.Succeeded, i).entry(), NOW);
    }
    assertThat(within.orders()).as("a day past notAfter, not earlier").hasSize(60);
  }

  @Test
  void what_is_open_or_just_written_is_never_let_go() {
    Instant later = NOW.plus(Duration.ofDays(2));
    Book book =
        Book.empty(SERVER)
            .with("open", entry(State.Accepted, 1).entry(), later)
            .with("unknown", entry(State.Unknown, 2).entry(), later);
    for (int i = 3; i <= 70; i++) {
      book = book.with("order-" + i, entry(State.Failed, i).entry(), later);
    }
    assertThat(book.orders()).containsKey("open").doesNotContainKey("unknown");
    book = book.with("late", entry(State.Succeeded, 1).entry(), later);
    assertThat(book.orders()).containsKey("late");
  }

  @Test
  void a_claim_is_the_newest_by_being_counted() {
    Book book = book(Map.of(), 41).claimed("web", entry(State.Submitting, 0), NOW);
    assertThat(book.claims()).isEqualTo(42);
    assertThat(book.entry("web").orElseThrow().claimNumber()).isEqualTo(42);
    assertThat(book.resourceVersion()).as("of the copy it was made from").isEqualTo("1");
  }

  @Test
  void the_server_belongs_to_the_open_order_and_then_to_the_unanswered_newest_claim() {
    Map<String, Entry> orders =
        Map.of(
            "settled", entry(State.Unknown, 2).entry(), "older", entry(State.Unknown, 1).entry());
    assertThat(book(orders, 2).openBeside("web")).isEmpty();
    assertThat(book(orders, 2).unansweredBeside("web")).contains("settled");
    assertThat(book(orders, 3).unansweredBeside("web")).isEmpty();
    Book open = book(Map.of("open", entry(State.Submitting, 3).entry()), 3);
    assertThat(open.openBeside("web")).contains("open");
    assertThat(open.openBeside("open")).isEmpty();
  }

  @Test
  void a_book_that_a_hand_or_a_newer_operator_wrote_in_is_not_understood() {
    Draft whole = entry(State.Submitting, 1);
    assertThat(book(Map.of("web", whole.entry()), 1).isUnderstood()).isTrue();
    whole.claimedBy = null;
    assertThat(book(Map.of("web", whole.entry()), 1).isUnderstood()).isFalse();
    Draft timeless = entry(State.Accepted, 1);
    timeless.claimedAt = null;
    assertThat(book(Map.of("web", timeless.entry()), 1).isUnderstood()).isFalse();
    Draft newer = entry(State.UNRECOGNIZED, 1);
    assertThat(book(Map.of("web", newer.entry()), 1).isUnderstood()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(Answer.Kind.class)
  void no_answer_changes_what_is_over(Answer.Kind kind) {
    for (State state : new State[] {State.Succeeded, State.Failed, State.Released}) {
      Book book = book(Map.of("web", entry(state, 1).entry()), 1);
      assertThat(book.answered("web", "mine", answer(kind), NOW)).isSameAs(book);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Answer.Kind.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"ACCEPTED"})
  void no_refusal_counts_for_a_recovering_or_another_claim(Answer.Kind kind) {
    Draft recovering = entry(State.Submitting, 1);
    recovering.recovering = true;
    Book book = book(Map.of("web", recovering.entry()), 1);
    assertThat(book.answered("web", "mine", answer(kind), NOW)).isSameAs(book);
    Book another = book(Map.of("web", entry(State.Submitting, 1).entry()), 1);
    assertThat(another.answered("web", "yours", answer(kind), NOW)).isSameAs(another);
  }

  @Test
  void a_receipt_of_an_older_claim_is_kept_but_does_not_answer_for_the_newest() {
    Book book = book(Map.of("web", entry(State.Submitting, 2).entry()), 2);
    Entry entry =
        book.answered("web", "older", answer(Answer.Kind.ACCEPTED), NOW).entry("web").orElseThrow();
    assertThat(entry.state()).isEqualTo(State.Accepted);
    assertThat(entry.requestId()).isEqualTo("req-1");
    assertThat(entry.responseReceived()).isNull();
    assertThat(entry.claimId()).isEqualTo("mine");
  }

  @Test
  void a_receipt_is_better_than_a_trace() {
    Draft adopted = entry(State.Accepted, 1);
    adopted.adopted = true;
    adopted.requestId = "trace";
    Entry entry =
        book(Map.of("web", adopted.entry()), 1)
            .answered("web", "mine", answer(Answer.Kind.ACCEPTED), NOW)
            .entry("web")
            .orElseThrow();
    assertThat(entry.requestId()).isEqualTo("req-1");
    assertThat(entry.adopted()).isNull();
  }

  @Test
  void a_late_receipt_gives_an_unknown_order_its_request_id_and_never_reopens_it() {
    Book book = book(Map.of("web", entry(State.Unknown, 1).entry()), 1);
    Book answered = book.answered("web", "mine", answer(Answer.Kind.ACCEPTED), NOW);
    Entry entry = answered.entry("web").orElseThrow();
    assertThat(entry.state()).isEqualTo(State.Unknown);
    assertThat(entry.requestId()).isEqualTo("req-1");
    assertThat(answered.answered("web", "mine", answer(Answer.Kind.ACCEPTED), NOW))
        .isSameAs(answered);
  }

  @Test
  void a_late_refusal_ends_an_unknown_order_for_its_object() {
    Entry entry =
        book(Map.of("web", entry(State.Unknown, 1).entry()), 1)
            .answered("web", "mine", answer(Answer.Kind.THROTTLED), NOW)
            .entry("web")
            .orElseThrow();
    assertThat(entry.state()).isEqualTo(State.Released);
    assertThat(entry.reason()).isEqualTo(Reason.Rejected.name());
    assertThat(entry.completionTime()).isEqualTo(NOW);
  }

  @Test
  void a_busy_refusal_tells_nothing_of_an_unknown_order() {
    Book book = book(Map.of("web", entry(State.Unknown, 1).entry()), 1);
    assertThat(book.answered("web", "mine", answer(Answer.Kind.BUSY), NOW)).isSameAs(book);
  }

  @Test
  void a_settled_entry_is_cut_to_what_is_still_needed() {
    Draft full = entry(State.Accepted, 1);
    full.token = "token";
    full.secrets = Map.of("login", "1");
    full.ordered = Map.of("imageId", "img");
    full.answered = true;
    Entry cut = full.settle(State.Succeeded, "Installed", "done", NOW).entry();
    assertThat(cut.token()).isNull();
    assertThat(cut.secretVersions()).isNull();
    assertThat(cut.expected()).isNull();
    assertThat(cut.claimId()).isNull();
    assertThat(cut.specHash()).isEqualTo("d");
    assertThat(cut.notAfter()).isEqualTo(NOW);
  }

  @Test
  void an_answer_to_a_stop_is_of_the_claim_that_sent_it() {
    Book book = book(Map.of("web", entry(State.Stopping, 2).entry()), 2);
    for (Answer.Kind kind : Answer.Kind.values()) {
      assertThat(book.stopped("web", "older", answer(kind), NOW)).isSameAs(book);
    }
    Entry stopped =
        book.stopped("web", "mine", answer(Answer.Kind.ACCEPTED), NOW).entry("web").orElseThrow();
    assertThat(stopped.responseReceived()).isTrue();
    assertThat(stopped.stop().requestId()).isEqualTo("req-1");
  }

  @Test
  void an_answer_to_a_start_is_of_the_try_that_sent_it() {
    Draft draft = entry(State.Installing, 1);
    draft.start = new Start("second-try", null, null, null, Map.of());
    Book book = book(Map.of("web", draft.entry()), 1);
    for (Answer.Kind kind : Answer.Kind.values()) {
      assertThat(book.started("web", "first-try", answer(kind), NOW)).isSameAs(book);
    }
    Book started = book.started("web", "second-try", answer(Answer.Kind.ACCEPTED), NOW);
    assertThat(started.entry("web").orElseThrow().start().requestId()).isEqualTo("req-1");
  }
}
