package dev.reinstall.ledger;

import dev.reinstall.api.Reason;
import dev.reinstall.api.Server;
import dev.reinstall.api.ServerLedger;
import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.api.ServerLedger.Owner;
import dev.reinstall.api.ServerLedger.Start;
import dev.reinstall.api.ServerLedger.State;
import dev.reinstall.api.ServerLedger.Stop;
import dev.reinstall.api.StoredText;
import dev.reinstall.cloud.CloudException.Kind;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The ledger of one server, as one copy of it. Every change makes a new Ledger that is written by
 * compare-and-swap with the copy it came from.
 *
 * @param metadata of the copy
 * @param namespace that the server belongs to; null: to none yet
 * @param claims number of claims that were ever made on this server
 * @param orders the entries by name of the request
 * @param additionalProperties fields of a newer operator: kept, never read
 */
public record Ledger(
    Server server,
    Metadata metadata,
    String namespace,
    long claims,
    Map<String, Entry> orders,
    Map<String, Object> additionalProperties) {

  /** A server belongs to the namespace whose call its cloud first accepted. */
  public Ledger {
    if (namespace == null) {
      namespace = namespaceOfNewestAccepted(orders);
    }
  }

  /** The first one as it is recorded; the newest one of a ledger of an older operator. */
  private static String namespaceOfNewestAccepted(Map<String, Entry> orders) {
    return orders.values().stream()
        .filter(e -> e.acceptTime() != null || e.firstStopTime() != null)
        .max(Comparator.comparing(Entry::claimNumber))
        .map(e -> e.owner().namespace())
        .orElse(null);
  }

  /** The CRD accepts no more. */
  public static final int MOST_ENTRIES = 1000;

  private static final int NEARLY_FULL = MOST_ENTRIES / 2;

  /** The annotation by which a person forbids to claim the server; its value is the reason. */
  public static final String HOLD = "reinstall.dev/hold";

  /**
   * What the copy has beside its contents.
   *
   * @param resourceVersion null: there is no such ledger yet
   * @param labels of people; kept
   * @param annotations of people; kept
   */
  public record Metadata(
      String resourceVersion, Map<String, String> labels, Map<String, String> annotations) {
    public static final Metadata NONE = new Metadata(null, Map.of(), Map.of());
  }

  public static Ledger of(ServerLedger resource) {
    ServerLedger.Spec spec = resource.getSpec();
    ObjectMeta copy = resource.getMetadata();
    return new Ledger(
        spec.server(),
        new Metadata(copy.getResourceVersion(), copy.getLabels(), copy.getAnnotations()),
        spec.namespace(),
        spec.claims(),
        spec.orders() == null ? Map.of() : EarlierStates.read(spec.orders()),
        spec.additionalProperties() == null ? Map.of() : spec.additionalProperties());
  }

  public static Ledger empty(Server server) {
    return new Ledger(server, Metadata.NONE, null, 0, Map.of(), Map.of());
  }

  public String resourceVersion() {
    return metadata.resourceVersion();
  }

  /** Why nothing may be claimed or sent for this server; empty: nobody forbids it. */
  public Optional<String> hold() {
    return Optional.ofNullable(metadata.annotations().get(HOLD)).map(StoredText::reason);
  }

  public Optional<Entry> entry(String name) {
    return Optional.ofNullable(orders.get(name));
  }

  /**
   * False: an entry has something that only a newer operator supports, or lacks what every operator
   * writes.
   */
  public boolean isSupported() {
    return orders.values().stream().allMatch(SupportedEntry::isSupported);
  }

  /**
   * The request that has the server: the open one with the oldest claim.
   *
   * @param others of which requests
   */
  public Optional<Map.Entry<String, Entry>> openEntry(Predicate<String> others) {
    return orders.entrySet().stream()
        .filter(e -> e.getValue().state().isOpen() && others.test(e.getKey()))
        .min(Comparator.comparing(e -> e.getValue().claimNumber()));
  }

  /** The final request, other than this one, whose newest call may still be in flight. */
  public Optional<Map.Entry<String, Entry>> otherUnansweredEntry(String name) {
    return orders.entrySet().stream()
        .filter(
            e ->
                !e.getKey().equals(name)
                    && /* guard: newest-claim-keeps-the-server */ e.getValue().claimNumber()
                        == claims)
        .filter(e -> !e.getValue().state().isOpen())
        // guard: answered-call-frees-the-server
        .filter(e -> !Boolean.TRUE.equals(e.getValue().responseReceived()))
        .findFirst();
  }

  /**
   * The newest claim, if the server must be started again for it: not for a namespace that does not
   * have it any more.
   *
   * @param others of which requests
   */
  public Optional<Map.Entry<String, Entry>> owedRestart(Predicate<Entry> others) {
    return orders.entrySet().stream()
        .filter(e -> others.test(e.getValue()))
        .filter(e -> namespace == null || namespace.equals(e.getValue().owner().namespace()))
        .filter(e -> e.getValue().state() == State.Released)
        .filter(e -> e.getValue().restartWith() != null && e.getValue().claimNumber() == claims)
        .findFirst();
  }

  /** The entry with the newest claim of the Reinstalls of a namespace. */
  public Optional<Entry> newestEntry(String of) {
    return orders.values().stream()
        .filter(e -> e.owner().namespace().equals(of))
        .max(Comparator.comparing(Entry::claimNumber));
  }

  /** Claims that may have something under way to the cloud. */
  public List<String> inFlightClaims() {
    return orders.values().stream()
        .flatMap(e -> Stream.of(e.claimId(), e.start() == null ? null : e.start().claimId()))
        .filter(Objects::nonNull)
        .toList();
  }

  public boolean hasLaterClaimThan(Entry entry) {
    return entry.claimNumber() < claims;
  }

  public boolean isOwnedByAnother(String requestId, String name) {
    return orders.entrySet().stream()
        .anyMatch(e -> !e.getKey().equals(name) && requestId.equals(e.getValue().requestId()));
  }

  public Ledger with(String name, Entry entry) {
    Map<String, Entry> next = new TreeMap<>(orders);
    next.put(name, entry);
    return withOrders(claims, next);
  }

  private Ledger withOrders(long claims, Map<String, Entry> orders) {
    return new Ledger(
        server, metadata, namespace, claims, Map.copyOf(orders), additionalProperties);
  }

  public boolean isNearlyFull() {
    return orders.size() >= NEARLY_FULL;
  }

  /**
   * Without entries that were never submitted, or certainly rejected, and whose Reinstall is gone:
   * nothing is left that they could stop.
   *
   * @param name of the request that needs the space; its own entry is kept
   * @param isDeleted whether the Reinstall certainly exists no more; asked for some, oldest first
   */
  public Ledger withoutReleased(String name, Predicate<Owner> isDeleted) {
    return withOrders(claims, Pruning.withoutReleased(orders, name, isDeleted));
  }

  /**
   * The ledger with a claim; the number of a claim makes it the newest. It lets go what need not be
   * kept any longer: the API server allows that to a claim alone.
   */
  public Ledger withClaim(String name, EntryBuilder entry, Instant now) {
    entry.claimNumber = claims + 1;
    Entry claimed = entry.build();
    Map<String, Entry> next =
        Pruning.kept(orders, name, namespace, claimed.owner().namespace(), now);
    next.put(name, claimed);
    return withOrders(claims + /* guard: claim-is-counted */ 1, next);
  }

  /**
   * The ledger with the result of what this claim sent: the one change that is made to a newer copy
   * too, because nobody else can know it. It adds and removes nothing: a final entry stays final,
   * and a rejection counts only while the claim is the newest and the only one that was submitted.
   *
   * @return this very ledger if the result adds nothing
   */
  public Ledger withReinstallResult(
      String name, String claim, SubmissionResult result, Instant now) {
    Entry entry = orders.get(name);
    if (entry == null || entry.state().isPowerChange()) {
      return this;
    }
    boolean newest = claim.equals(entry.claimId());
    if (result.isAccepted()) {
      return withAcceptance(name, entry, newest, result.requestId(), now);
    }
    return result.isRejected()
            && /* guard: rejection-of-the-newest-claim */ newest
            && /* guard: rejection-of-the-only-submit */ !Boolean.TRUE.equals(entry.resending())
        ? withRejection(name, entry, result, now)
        : this;
  }

  private Ledger withAcceptance(String name, Entry entry, boolean newest, String id, Instant now) {
    boolean guessed = entry.requestId() == null || Boolean.TRUE.equals(entry.adopted());
    EntryBuilder builder = new EntryBuilder(entry);
    // guard: late-acceptance-keeps-the-server
    builder.responseReceived = newest ? Boolean.TRUE : entry.responseReceived();
    switch (entry.state()) {
      case Submitting, RejectedBusy -> {
        // guard: acceptance-reopens-nothing
        builder.state = State.Accepted;
        builder.reason = null;
        builder.message = null;
        builder.recordAcceptance(id, now);
      }
      case Accepted, Installing, Starting -> {
        if (guessed) {
          builder.recordAcceptance(id, now); // better than any operation that matches
        } else if (!newest || Boolean.TRUE.equals(entry.responseReceived())) {
          return this;
        }
      }
      case Unknown -> {
        if (entry.requestId() != null || id == null) {
          return this;
        }
        builder.recordAcceptance(id, now);
      }
      default -> {
        // guard: final-is-final
        return this;
      }
    }
    return with(name, builder.build());
  }

  /** The ledger with the result of the stop that this claim sent. */
  public Ledger withStopResult(String name, String claim, SubmissionResult result, Instant now) {
    Entry entry = orders.get(name);
    if (entry == null
        || entry.state() != State.Stopping
        || /* guard: stop-response-of-its-claim */ !claim.equals(entry.claimId())) {
      return this;
    }
    if (result.error() != null) {
      return result.isRejected() ? withRejection(name, entry, result, now) : this;
    }
    EntryBuilder builder = new EntryBuilder(entry);
    builder.responseReceived = true;
    if (!result.isAccepted()) {
      builder.stopRejected(); // there was no need for it
    } else if (builder.firstStopTime == null) {
      builder.firstStopTime = EntryBuilder.wholeSeconds(now);
    }
    builder.stop =
        new Stop(
            result.requestId(),
            result.isAccepted() ? null : true,
            EntryBuilder.wholeSeconds(now),
            Map.of());
    return with(name, builder.build());
  }

  /**
   * The ledger with the result of the start that this claim sent. A rejection that may pass is
   * retried; any other is reported, by its message, and the request has succeeded anyway.
   */
  public Ledger withStartResult(String name, String claim, SubmissionResult result, Instant now) {
    Entry entry = orders.get(name);
    if (entry == null
        || entry.state() != State.Starting
        || /* guard: start-response-of-its-claim */ !claim.equals(entry.start().claimId())) {
      return this;
    }
    EntryBuilder builder = new EntryBuilder(entry);
    if (result.isAccepted()) {
      builder.start = accepted(claim, result, now);
    } else if (!result.isRejected()) {
      return this;
    } else {
      switch (result.error()) {
        case BUSY, THROTTLED, NOT_SENT -> builder.start = refused(claim);
        default -> builder.finish(State.Succeeded, Reason.Installed.name(), result.message(), now);
      }
    }
    return with(name, builder.build());
  }

  /**
   * The ledger with the result of the start that this claim sent for a request that ended
   * unsubmitted. A rejection that may pass is retried; any other is reported, by its message.
   */
  public Ledger withRestartResult(String name, String claim, SubmissionResult result, Instant now) {
    Entry entry = orders.get(name);
    if (entry == null
        || entry.state() != State.Restarting
        || /* guard: restart-response-of-its-claim */ !claim.equals(entry.start().claimId())
        || !(result.isAccepted() || result.isRejected())) {
      return this;
    }
    EntryBuilder builder = new EntryBuilder(entry);
    builder.responseReceived = true;
    if (result.isAccepted()) {
      builder.start = accepted(claim, result, now);
    } else {
      switch (result.error()) {
        case BUSY, THROTTLED, NOT_SENT -> builder.start = refused(claim);
        default -> builder.endUnsubmitted(entry.reason(), result.message(), false, now);
      }
    }
    return with(name, builder.build());
  }

  private static Start accepted(String claim, SubmissionResult result, Instant now) {
    return new Start(claim, result.requestId(), EntryBuilder.wholeSeconds(now), null, Map.of());
  }

  private static Start refused(String claim) {
    return new Start(claim, null, null, true, Map.of());
  }

  private Ledger withRejection(String name, Entry entry, SubmissionResult result, Instant now) {
    EntryBuilder builder = new EntryBuilder(entry);
    builder.responseReceived = true;
    if (entry.state() == State.Unknown
        && /* guard: busy-rejection-resolves-nothing */ result.error() != Kind.BUSY) {
      // It resolves what was called unknown, and reopens nothing: over is over for this object.
      builder.requestId = result.requestId();
      // named: unknown-is-rejected
      builder.finish(State.Released, Reason.Rejected.name(), result.message(), now);
      return with(name, builder.build());
    }
    if (!entry.state().mayBeSubmitted() && entry.state() != State.Stopping) {
      return this;
    }
    // guard: busy-rejection-is-not-certain
    if (result.error() == Kind.BUSY && entry.state() != State.Stopping) {
      builder.state = State.RejectedBusy;
      builder.reason = Reason.ServerBusy.name();
      builder.message = result.message();
      return with(name, builder.build());
    }
    if (entry.state() == State.Stopping) {
      builder.stopRejected();
    }
    builder.requestId = result.error().isFinal() ? result.requestId() : null;
    builder.finish(State.Released, result.error().reason().name(), result.message(), now);
    if (!result.error().isFinal()) {
      // guard: rejection-reopens-nothing
      builder.completionTime = null; // the same object may start again
    }
    return with(name, builder.build());
  }
}
