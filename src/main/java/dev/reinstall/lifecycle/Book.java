package dev.reinstall.lifecycle;

import dev.reinstall.api.Reason;
import dev.reinstall.api.Server;
import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.api.ServerLedger.Start;
import dev.reinstall.api.ServerLedger.State;
import dev.reinstall.api.ServerLedger.Stop;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The ledger of one server, as one copy of it; every change makes a new book that is written by
 * compare-and-swap with the copy it came from.
 *
 * @param resourceVersion of the copy; null: there is none yet
 * @param claims how many claims were ever made on this server
 * @param orders by name of the order
 * @param unknown fields of a newer operator: kept, never read
 */
public record Book(
    Server server,
    String resourceVersion,
    long claims,
    Map<String, Entry> orders,
    Map<String, Object> unknown) {

  private static final int KEPT = 50;
  private static final Duration KEPT_PAST_NOT_AFTER = Duration.ofDays(1);

  public static Book empty(Server server) {
    return new Book(server, null, 0, Map.of(), Map.of());
  }

  Optional<Entry> entry(String name) {
    return Optional.ofNullable(orders.get(name));
  }

  /**
   * False: an entry says what only a newer operator knows, or lacks what no operator leaves out.
   */
  boolean isUnderstood() {
    return orders.values().stream().allMatch(Book::isUnderstood);
  }

  private static boolean isUnderstood(Entry entry) {
    return entry.state() != State.UNRECOGNIZED
        && entry.specHashVersion() == Digest.VERSION
        && entry.claimTime() != null
        && ((entry.state() != State.Submitting && entry.state() != State.Stopping)
            || (entry.claimId() != null && entry.sendTimeout() != null));
  }

  /** The order that has the server, other than this one: the open one with the oldest claim. */
  Optional<String> openBeside(String name) {
    return orders.entrySet().stream()
        .filter(e -> !e.getKey().equals(name) && e.getValue().state().isOpen())
        .min(Comparator.comparing(e -> e.getValue().claimNumber()))
        .map(Map.Entry::getKey);
  }

  /** The settled order, other than this one, whose newest call may still be under way. */
  Optional<String> unansweredBeside(String name) {
    return orders.entrySet().stream()
        .filter(
            e ->
                !e.getKey().equals(name)
                    && /* guard: newest-claim-keeps-the-server */ e.getValue().claimNumber()
                        == claims)
        .filter(e -> !e.getValue().state().isOpen())
        // guard: answered-call-frees-the-server
        .filter(e -> !Boolean.TRUE.equals(e.getValue().responseReceived()))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /** Claims that may have something under way to the cloud. */
  List<String> claimsUnderWay() {
    return orders.values().stream()
        .flatMap(e -> Stream.of(e.claimId(), e.start() == null ? null : e.start().claimId()))
        .filter(Objects::nonNull)
        .toList();
  }

  boolean hasLaterClaimThan(Entry entry) {
    return entry.claimNumber() < claims;
  }

  boolean isOwnedByAnother(String requestId, String name) {
    return orders.entrySet().stream()
        .anyMatch(e -> !e.getKey().equals(name) && requestId.equals(e.getValue().requestId()));
  }

  /** Puts the entry in, and lets go what need not be kept any longer. */
  Book with(String name, Entry entry, Instant now) {
    Map<String, Entry> next = new TreeMap<>(orders);
    next.put(name, entry);
    List<String> past =
        next.entrySet().stream()
            .filter(e -> !e.getKey().equals(name) && isPast(e.getValue(), now))
            .sorted(
                Comparator.comparing((Map.Entry<String, Entry> e) -> e.getValue().claimNumber()))
            .map(Map.Entry::getKey)
            .toList();
    past.stream().limit(Math.max(0, past.size() - KEPT)).forEach(next::remove);
    return new Book(server, resourceVersion, claims, Map.copyOf(next), unknown);
  }

  /** The book with a claim, which is the newest by being counted. */
  Book claimed(String name, Draft entry, Instant now) {
    entry.claim = claims + 1;
    return new Book(
            server, resourceVersion, claims + /* guard: claim-is-counted */ 1, orders, unknown)
        .with(name, entry.entry(), now);
  }

  private static boolean isPast(Entry entry, Instant now) {
    return /* guard: open-is-kept */ !entry.state().isOpen()
        && entry.state() != State.UNRECOGNIZED
        && entry.notAfter() != null
        // guard: kept-past-not-after
        && entry.notAfter().plus(KEPT_PAST_NOT_AFTER).isBefore(now);
  }

  /**
   * The book with the answer to what this claim sent: the one change that is made to a newer copy
   * too, because nobody else can know it. It adds, and takes nothing back: a settled entry stays
   * settled, and a refusal counts only while the claim is the newest and the only one that sent.
   *
   * @return this very book where the answer adds nothing
   */
  Book answered(String name, String claim, Answer result, Instant now) {
    Entry entry = orders.get(name);
    if (entry == null || entry.state() == State.Stopping) {
      return this;
    }
    boolean newest = claim.equals(entry.claimId());
    return switch (result.kind()) {
      case UNCLEAR, NEEDLESS -> this;
      case ACCEPTED -> accepted(name, entry, newest, result.requestId(), now);
      default ->
          /* guard: refusal-of-the-newest-claim */ newest
                  && /* guard: refusal-of-the-only-send */ !Boolean.TRUE.equals(entry.resending())
              ? refused(name, entry, result, now)
              : this;
    };
  }

  private Book accepted(String name, Entry entry, boolean newest, String id, Instant now) {
    boolean guessed = entry.requestId() == null || Boolean.TRUE.equals(entry.adopted());
    Draft draft = new Draft(entry);
    // guard: late-receipt-keeps-the-server
    draft.answered = newest ? Boolean.TRUE : entry.responseReceived();
    switch (entry.state()) {
      case Submitting -> {
        // guard: receipt-reopens-nothing
        draft.state = State.Accepted;
        draft.reason = null;
        draft.message = null;
        draft.receipt(id, now);
      }
      case Accepted, Installing -> {
        if (guessed) {
          draft.receipt(id, now); // better than any trace
        } else if (!newest || Boolean.TRUE.equals(entry.responseReceived())) {
          return this;
        }
      }
      case Unknown -> {
        if (entry.requestId() != null || id == null) {
          return this;
        }
        draft.receipt(id, now);
      }
      default -> {
        // guard: settled-is-settled
        return this;
      }
    }
    return with(name, draft.entry(), now);
  }

  /** The book with the answer to the stop that this claim sent. */
  Book stopped(String name, String claim, Answer result, Instant now) {
    Entry entry = orders.get(name);
    if (entry == null
        || entry.state() != State.Stopping
        || /* guard: stop-answer-of-its-claim */ !claim.equals(entry.claimId())) {
      return this;
    }
    return switch (result.kind()) {
      case UNCLEAR -> this;
      case ACCEPTED, NEEDLESS -> {
        Draft draft = new Draft(entry);
        draft.answered = true;
        draft.stop =
            new Stop(
                result.requestId(),
                result.kind() == Answer.Kind.NEEDLESS ? true : null,
                Draft.seconds(now),
                Map.of());
        yield with(name, draft.entry(), now);
      }
      default -> refused(name, entry, result, now);
    };
  }

  /**
   * The book with the answer to the start that this claim sent. A refusal that may pass is waited
   * out; any other is told, and the order has succeeded all the same.
   */
  Book started(String name, String claim, Answer result, Instant now) {
    Entry entry = orders.get(name);
    if (entry == null
        || entry.state() != State.Installing
        || entry.start() == null
        || /* guard: start-answer-of-its-claim */ !claim.equals(entry.start().claimId())) {
      return this;
    }
    Draft draft = new Draft(entry);
    switch (result.kind()) {
      case UNCLEAR, NEEDLESS -> {
        return this;
      }
      case ACCEPTED ->
          draft.start = new Start(claim, result.requestId(), Draft.seconds(now), null, Map.of());
      case BUSY, THROTTLED, NEVER_SENT ->
          draft.start = new Start(claim, null, null, true, Map.of());
      default ->
          draft.settle(
              State.Succeeded,
              Reason.Installed.name(),
              Lifecycle.installed(entry) + Lifecycle.NOT_STARTED + result.message(),
              now);
    }
    return with(name, draft.entry(), now);
  }

  private Book refused(String name, Entry entry, Answer result, Instant now) {
    Draft draft = new Draft(entry);
    draft.answered = true;
    if (entry.state() == State.Unknown
        && /* guard: busy-refusal-resolves-nothing */ result.kind() != Answer.Kind.BUSY) {
      // It resolves what was called unknown, and reopens nothing: over is over for this object.
      draft.requestId = result.requestId();
      // named: unknown-is-refused
      draft.settle(State.Released, Reason.Rejected.name(), result.message(), now);
      return with(name, draft.entry(), now);
    }
    if (entry.state() != State.Submitting && entry.state() != State.Stopping) {
      return this;
    }
    // guard: busy-refusal-is-not-sure
    if (result.kind() == Answer.Kind.BUSY && entry.state() == State.Submitting) {
      draft.reason = Reason.ServerBusy.name();
      draft.message = result.message();
      return with(name, draft.entry(), now);
    }
    draft.requestId = result.kind().isFinal() ? result.requestId() : null;
    draft.settle(State.Released, result.kind().reason().name(), result.message(), now);
    if (!result.kind().isFinal()) {
      // guard: refusal-reopens-nothing
      draft.endedAt = null; // the same object may begin again
    }
    return with(name, draft.entry(), now);
  }
}
