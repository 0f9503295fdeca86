package dev.reinstall.lifecycle;

import dev.reinstall.api.Reason;
import dev.reinstall.api.Server;
import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.api.ServerLedger.State;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

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

  /** False: an entry says something that only a newer operator knows. */
  boolean isUnderstood() {
    return orders.values().stream()
        .allMatch(e -> e.state() != State.NotUnderstood && e.digestVersion() == Digest.VERSION);
  }

  /** The order that has the server, other than this one: the open one with the oldest claim. */
  Optional<String> openBeside(String name) {
    return orders.entrySet().stream()
        .filter(e -> !e.getKey().equals(name) && e.getValue().state().isOpen())
        .min(Comparator.comparing(e -> e.getValue().claim()))
        .map(Map.Entry::getKey);
  }

  /** The settled order, other than this one, whose newest call may still be under way. */
  Optional<String> unansweredBeside(String name) {
    return orders.entrySet().stream()
        .filter(e -> !e.getKey().equals(name) && e.getValue().claim() == claims)
        .filter(e -> !e.getValue().state().isOpen())
        .filter(e -> !Boolean.TRUE.equals(e.getValue().answered()))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  boolean hasLaterClaimThan(Entry entry) {
    return entry.claim() < claims;
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
            .filter(e -> isPast(e.getValue(), now))
            .sorted(Comparator.comparing((Map.Entry<String, Entry> e) -> e.getValue().claim()))
            .map(Map.Entry::getKey)
            .toList();
    past.stream().limit(Math.max(0, past.size() - KEPT)).forEach(next::remove);
    return new Book(server, resourceVersion, claims, Map.copyOf(next), unknown);
  }

  /** The book with a claim, which is the newest by being counted. */
  Book claimed(String name, Draft entry, Instant now) {
    entry.claim = claims + 1;
    return new Book(server, resourceVersion, claims + 1, orders, unknown)
        .with(name, entry.entry(), now);
  }

  private static boolean isPast(Entry entry, Instant now) {
    return !entry.state().isOpen()
        && entry.state() != State.NotUnderstood
        && entry.notAfter() != null
        && entry.notAfter().plus(KEPT_PAST_NOT_AFTER).isBefore(now);
  }

  /**
   * The book with the answer to what this claim sent: the one change that is made to a newer copy
   * too, because nobody else can know it. It adds, and takes nothing back: a settled entry stays
   * settled, and a refusal counts only while the claim is the newest and the only one that sent.
   *
   * @return this very book where the answer adds nothing
   */
  Book answered(String name, String claim, Answer answer, Instant now) {
    Entry entry = orders.get(name);
    if (entry == null || answer.kind() == Answer.Kind.UNCLEAR) {
      return this;
    }
    boolean newest = claim.equals(entry.claimedBy());
    boolean counts =
        entry.state() == State.Sending
            || (entry.state() == State.Unknown && answer.kind() != Answer.Kind.BUSY);
    if (answer.kind() == Answer.Kind.ACCEPTED) {
      return accepted(name, entry, newest, answer.requestId(), now);
    }
    if (!newest || !counts || Boolean.TRUE.equals(entry.recovering())) {
      return this;
    }
    Draft draft = new Draft(entry);
    draft.answered = true;
    if (answer.kind() == Answer.Kind.BUSY) {
      draft.reason = Reason.ServerBusy.name();
      draft.message = answer.message();
      return with(name, draft.entry(), now);
    }
    draft.requestId = answer.kind().isFinal() ? answer.requestId() : null;
    draft.settle(State.Released, answer.kind().reason().name(), answer.message(), now);
    if (!answer.kind().isFinal()) {
      draft.endedAt = null; // the same object may begin again
    }
    return with(name, draft.entry(), now);
  }

  private Book accepted(String name, Entry entry, boolean newest, String id, Instant now) {
    boolean open = entry.state() == State.Sending;
    boolean guessed = entry.requestId() == null || Boolean.TRUE.equals(entry.adopted());
    boolean fills = guessed && (entry.state() == State.Unknown || entry.state() == State.Accepted);
    boolean answers = newest && !Boolean.TRUE.equals(entry.answered());
    if (!open && !fills && !answers) {
      return this;
    }
    Draft draft = new Draft(entry);
    draft.answered = newest ? Boolean.TRUE : entry.answered();
    if (open) {
      draft.state = State.Accepted;
      draft.reason = null;
      draft.message = null;
    }
    if (open || fills) {
      draft.requestId = id;
      draft.adopted = null; // a receipt is better than any trace
      draft.acceptedAt = Draft.seconds(now);
    }
    return with(name, draft.entry(), now);
  }
}
