package dev.reinstall.lifecycle;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.Phase;
import dev.reinstall.api.Reason;
import dev.reinstall.api.Reinstall;
import dev.reinstall.api.ReinstallSpec;
import dev.reinstall.api.ReinstallStatus;
import dev.reinstall.api.ServerLedger.Baseline;
import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.api.ServerLedger.Evidence;
import dev.reinstall.api.ServerLedger.Owner;
import dev.reinstall.api.ServerLedger.State;
import dev.reinstall.cloud.Account;
import dev.reinstall.cloud.Cloud;
import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.Observation;
import dev.reinstall.cloud.Order;
import dev.reinstall.cloud.Trouble;
import dev.reinstall.lifecycle.Situation.Ahead;
import dev.reinstall.lifecycle.Situation.Failure;
import dev.reinstall.lifecycle.Situation.Look;
import dev.reinstall.lifecycle.Situation.SecretsRead;
import dev.reinstall.lifecycle.Situation.Standing;
import dev.reinstall.lifecycle.Situation.Told;
import dev.reinstall.lifecycle.Situation.Wish;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * One pass over one order, from top to bottom: look, decide, claim, act on at most one thing,
 * record. Keeps nothing between passes; everything outside is behind {@link World}.
 */
public final class Pass {
  private static final int TRIES = 4; // to decide anew after a lost compare-and-swap
  private static final int RECEIPT_TRIES = 20; // a receipt is worth more than anything else

  private final World world;
  private final Timing timing;

  private Reinstall order;
  private ReinstallSpec spec;
  private String name;
  private Cloud cloud;
  private Book book;
  private boolean fresh;
  private Account account;
  private Look look;
  private Secrets secrets;
  private SecretsRead secretsRead;

  public Pass(World world, Timing timing) {
    this.world = world;
    this.timing = timing;
  }

  /**
   * @return when to come back; empty: only when something changes
   */
  public Optional<Duration> run() {
    Optional<Reinstall> copy = world.order();
    for (int tries = 0; tries < TRIES && copy.isPresent(); tries++) {
      order = copy.get();
      spec = order.getSpec();
      name = order.getMetadata().getName();
      try {
        return begin(tries > 0);
      } catch (Conflict e) {
        copy = world.orderNow();
      }
    }
    return copy.map(c -> timing.poll());
  }

  private Optional<Duration> begin(boolean afterConflict) throws Conflict {
    look = null;
    secretsRead = null;
    if (spec.cloud() == null || spec.cloud() == CloudName.NotUnderstood) {
      return unknownCloud();
    }
    cloud = world.cloud(spec.cloud());
    book = afterConflict ? world.bookNow(spec.server()) : world.book(spec.server());
    fresh = afterConflict;
    while (true) {
      Situation situation = situation(name, true);
      Decision decision = Lifecycle.decide(situation);
      switch (decision.step()) {
        case READ_LEDGER -> {
          book = world.bookNow(spec.server());
          fresh = true;
        }
        case LOOK -> look = look(name, true);
        case READ_SECRETS -> secretsRead = readSecrets();
        case RELEASE -> release(name);
        case CLAIM, RECOVER -> {
          return claimAndSend(decision);
        }
        default -> {
          act(decision, situation);
          return comeBack(decision, situation);
        }
      }
    }
  }

  private Optional<Duration> unknownCloud() throws Conflict {
    if (told(order.getStatus()) == Told.OVER) {
      world.acknowledge(order);
      return Optional.empty();
    }
    Decision wait =
        new Decision(
            Step.WAIT,
            Reason.NotUnderstood,
            "spec.cloud holds a value that this operator does not know: upgrade the operator",
            Decision.Pace.SLOWLY);
    show(wait, Optional.empty());
    return Optional.of(timing.slow());
  }

  // Look.

  private Situation situation(String subject, boolean own) {
    return new Situation(
        own ? wish(order) : Wish.none(),
        standing(subject, own),
        Optional.ofNullable(look),
        Optional.ofNullable(secretsRead));
  }

  private Wish wish(Reinstall copy) {
    ReinstallSpec wished = copy.getSpec();
    return new Wish(
        Understanding.isComplete(wished),
        cloud.unsound(wished),
        copy.getMetadata().getDeletionTimestamp() != null,
        wished.suspended(),
        world.now().isAfter(wished.notAfter()),
        wished.whenRunning() == ReinstallSpec.WhenRunning.Fail,
        told(copy.getStatus()));
  }

  /** A phase that this operator does not know may be a newer one's word for "sent". */
  private static Told told(ReinstallStatus status) {
    String phase = status == null ? null : status.phase();
    if (phase == null || phase.equals(Phase.Waiting.name())) {
      return Told.NOTHING;
    }
    if (phase.equals(Phase.Ordering.name())) {
      return Told.ORDERING;
    }
    for (Phase known : Phase.values()) {
      if (known.isFinished() && known.name().equals(phase)) {
        return Told.OVER;
      }
    }
    return Told.GIVEN;
  }

  private Standing standing(String subject, boolean own) {
    Optional<Entry> entry = book.entry(subject);
    Instant now = world.now();
    return new Standing(
        subject,
        entry,
        own,
        !own || entry.filter(e -> !e.digest().equals(Digest.of(spec))).isEmpty(),
        own && entry.filter(this::isOwn).isPresent(),
        fresh,
        book.isUnderstood(),
        own ? ahead() : Optional.empty(),
        entry.filter(this::isAbandoned).isPresent(),
        entry.map(this::claimAge).orElse(Duration.ZERO),
        entry.map(this::fence).orElse(Duration.ZERO),
        cloud.traits().settleTime(),
        entry.filter(e -> now.isAfter(e.claimedAt().plus(timing.orderTimeout()))).isPresent(),
        entry.filter(e -> isWatched(e, now)).isPresent());
  }

  private boolean isOwn(Entry entry) {
    return order.getMetadata().getUid().equals(entry.owner().uid());
  }

  /** A recovering claim is never given back: the first send of its order may live. */
  private boolean isAbandoned(Entry entry) {
    return entry.claimedBy() != null
        && !Boolean.TRUE.equals(entry.recovering())
        && world.isAbandoned(entry.claimedBy());
  }

  private Duration claimAge(Entry entry) {
    return entry.claimedBy() == null ? Duration.ZERO : world.knownFor("claim " + entry.claimedBy());
  }

  private Duration fence(Entry entry) {
    return timing.fenceOf(
        cloud.traits(),
        entry.sendWithin() == null ? timing.sendWithin() : Duration.parse(entry.sendWithin()));
  }

  /** A late trace resolves an unknown outcome until the next claim, or for one more time-out. */
  private boolean isWatched(Entry entry, Instant now) {
    return entry.state() == State.Unknown
        && !book.hasLaterClaimThan(entry)
        && (cloud.traits().namesOperations() || entry.acceptedAt() != null)
        && entry.endedAt() != null
        && now.isBefore(entry.endedAt().plus(timing.orderTimeout()));
  }

  private Optional<Ahead> ahead() {
    Optional<String> open = book.openBeside(name);
    if (open.isPresent()) {
      Owner owner = book.entry(open.get()).orElseThrow().owner();
      return Optional.of(new Ahead(owner.name(), owner.namespace(), true, world.isGone(owner)));
    }
    return book.unansweredBeside(name)
        .filter(n -> claimAge(book.entry(n).orElseThrow()).compareTo(timing.fence()) < 0)
        .map(n -> book.entry(n).orElseThrow().owner())
        .map(owner -> new Ahead(owner.name(), owner.namespace(), false, false));
  }

  private Look look(String subject, boolean own) {
    Observation seen;
    try {
      account = world.account(order, cloud.credentialKeys());
      seen = cloud.look(account, spec.server());
    } catch (MissingSecret e) {
      return Look.failed(new Failure(Reason.CredentialsMissing, e.getMessage(), Optional.empty()));
    } catch (CloudException e) {
      return Look.failed(new Failure(reason(e.trouble()), e.getMessage(), e.retryAfter()));
    }
    Optional<Entry> entry = book.entry(subject);
    return new Look(
        Optional.of(seen),
        Optional.empty(),
        own ? cloud.unfit(spec, seen) : Optional.empty(),
        entry
            .map(e -> Sight.of(e, seen, cloud.traits(), hasSettled(e, seen)))
            .orElse(Sight.NOTHING),
        entry.map(e -> Sight.Trace.of(subject, e, book, seen)).orElse(Sight.Trace.NONE),
        entry.filter(e -> isTokenTrusted(e, seen)).isPresent());
  }

  private static Reason reason(Trouble trouble) {
    return switch (trouble) {
      case MISSING -> Reason.ServerMissing;
      case INVALID -> Reason.Rejected;
      case DENIED -> Reason.Denied;
      case THROTTLED -> Reason.Throttled;
      case BUSY, UNCLEAR -> Reason.CloudUnreachable;
    };
  }

  /** Whether the server has rested for the settling time since its record was seen to change. */
  private boolean hasSettled(Entry entry, Observation seen) {
    if (entry.evidence() == null || entry.evidence().kind() != Evidence.Kind.Changed) {
      return false;
    }
    Duration rest =
        world.knownFor("rest " + spec.server() + " " + entry.claim() + " " + seen.word());
    return rest.compareTo(cloud.traits().settleTime()) >= 0;
  }

  /** By the cloud's own clock, from before the first send; without its Date there is no trust. */
  private boolean isTokenTrusted(Entry entry, Observation seen) {
    if (!cloud.traits().idempotentToken() || entry.token() == null || entry.baseline() == null) {
      return false;
    }
    Instant since = entry.baseline().cloudTime();
    return since != null
        && seen.cloudTime().isPresent()
        && Duration.between(since, seen.cloudTime().get()).compareTo(timing.tokenTrust()) < 0;
  }

  private SecretsRead readSecrets() {
    try {
      secrets = world.secrets(order, cloud.secretKeys(spec));
    } catch (MissingSecret e) {
      return new SecretsRead(Optional.of(e.getMessage()), false);
    }
    Map<String, String> before =
        book.entry(name).map(Entry::secrets).orElse(secrets.resourceVersions());
    return new SecretsRead(
        cloud.unusable(spec, secrets.contents()), before.equals(secrets.resourceVersions()));
  }

  // Act.

  private void act(Decision decision, Situation situation) throws Conflict {
    switch (decision.step()) {
      case LEAVE -> {
        if (situation.wish().told() == Told.OVER) {
          world.acknowledge(order);
        }
      }
      case WAIT -> show(decision, book.entry(name));
      case END -> show(decision, Optional.empty());
      case SHOW -> showSettled(book.entry(name).orElseThrow());
      case FOLLOW_ORPHAN -> {
        show(decision, book.entry(name));
        followOrphan(book.openBeside(name).orElseThrow());
      }
      default -> {
        settleOrMove(name, decision);
        show(decision, book.entry(name));
      }
    }
  }

  /** A step that changes nothing but the entry. */
  private void settleOrMove(String subject, Decision decision) throws Conflict {
    Instant now = world.now();
    Draft draft = new Draft(book.entry(subject).orElseThrow());
    Observation seen = look == null ? null : look.seen().orElse(null);
    switch (decision.step()) {
      case ADOPT -> {
        draft.state = State.Accepted;
        draft.adopted = true;
        draft.requestId = seen.operation().orElseThrow().id();
        draft.acceptedAt = Draft.seconds(now);
        draft.reason = null;
        draft.message = null;
      }
      case NOTE -> {
        draft.state = State.Installing;
        draft.evidence =
            new Evidence(
                look.sight() == Sight.TRANSITION ? Evidence.Kind.Transition : Evidence.Kind.Changed,
                Draft.seconds(now),
                Map.of());
      }
      case SUCCEED -> {
        if (draft.requestId == null && seen.operation().isPresent()) {
          draft.requestId = seen.operation().get().id();
          draft.adopted = true;
        }
        draft.settle(State.Succeeded, decision.reason().name(), decision.message(), now);
      }
      case FAIL -> draft.settle(State.Failed, decision.reason().name(), decision.message(), now);
      case GIVE_UP ->
          draft.settle(State.Unknown, decision.reason().name(), decision.message(), now);
      default -> throw new IllegalStateException("not a change of an entry: " + decision.step());
    }
    book = world.write(book.with(subject, draft.entry(), now));
  }

  /** Gives the server back: the claim was never sent, or was surely refused. */
  private void release(String subject) throws Conflict {
    Instant now = world.now();
    Draft draft = new Draft(book.entry(subject).orElseThrow());
    draft.answered = true;
    book =
        world.write(book.with(subject, draft.settle(State.Released, null, null, now).entry(), now));
  }

  /** Looks only, with the credentials of the order that waits behind. */
  private void followOrphan(String orphan) throws Conflict {
    look = null;
    secretsRead = null;
    while (true) {
      Decision decision = Lifecycle.decide(situation(orphan, false));
      switch (decision.step()) {
        case LOOK -> look = look(orphan, false);
        case RELEASE -> {
          release(orphan);
          return;
        }
        case ADOPT, NOTE, SUCCEED, FAIL, GIVE_UP -> {
          settleOrMove(orphan, decision);
          return;
        }
        default -> {
          return;
        }
      }
    }
  }

  /**
   * From here on the order of things is the promise. The claim is written before the point of no
   * return, that before the send, and the time to send runs from before the claim.
   */
  private Optional<Duration> claimAndSend(Decision decision) throws Conflict {
    boolean recovering = decision.step() == Step.RECOVER;
    String claim = world.newClaim();
    Duration claimedFrom = world.uptime();
    Instant claimedAt = world.now();
    boolean sent = false;
    try {
      Draft draft = claim(recovering, claim, claimedAt);
      book = writeClaim(book.claimed(name, draft, claimedAt), claim);
      if (!closeGates(decision, claimedFrom)) {
        if (!recovering) {
          release(name);
        }
        throw new Conflict("a gate closed, or time ran out, before the order was sent");
      }
      sent = true;
      return record(claim, send(claimedAt));
    } finally {
      if (!sent) {
        world.abandon(claim);
      }
    }
  }

  private Draft claim(boolean recovering, String claim, Instant now) {
    Optional<Entry> before = book.entry(name);
    Observation seen = look.seen().orElseThrow();
    Draft draft = before.map(Draft::new).orElseGet(Draft::new);
    draft.owner =
        new Owner(
            order.getMetadata().getNamespace(),
            order.getMetadata().getName(),
            order.getMetadata().getUid());
    draft.state = State.Sending;
    draft.claimedBy = claim;
    draft.sendWithin = timing.sendWithin().toString();
    draft.answered = null;
    draft.claimedAt = Draft.seconds(now);
    draft.notAfter = Draft.seconds(spec.notAfter());
    draft.reason = null;
    draft.message = null;
    if (recovering) {
      draft.recovering = true;
      return draft; // the same attempt, token, Secrets and baseline: it is the same order
    }
    draft.recovering = null;
    draft.digest = Digest.of(spec);
    draft.attempt = before.map(Pass::nextAttempt).orElse(1);
    draft.token = cloud.traits().idempotentToken() ? Digest.token(spec, name, draft.attempt) : null;
    draft.secrets = secrets.resourceVersions();
    draft.ordered = cloud.ordered(spec);
    draft.baseline = baseline(seen);
    draft.requestId = null;
    draft.endedAt = null;
    return draft;
  }

  /**
   * A token that was surely refused may be remembered as refused: the next attempt takes another.
   */
  private static int nextAttempt(Entry before) {
    boolean refused =
        Reason.Denied.name().equals(before.reason())
            || Reason.Rejected.name().equals(before.reason())
            || Reason.ServerMissing.name().equals(before.reason());
    return refused ? before.attempt() + 1 : before.attempt();
  }

  private static Baseline baseline(Observation seen) {
    return new Baseline(
        seen.operation().map(Observation.Operation::id).orElse(null),
        seen.updateTime().orElse(null),
        seen.installed(),
        seen.cloudTime().map(Draft::seconds).orElse(null),
        Map.of());
  }

  /**
   * After a conflict, or an answer that was lost: only who finds its own id in the book goes on.
   */
  private Book writeClaim(Book claimed, String claim) throws Conflict {
    try {
      return world.write(claimed);
    } catch (Conflict lostOrUnclear) {
      Book now = world.bookNow(spec.server());
      if (now.entry(name).filter(e -> claim.equals(e.claimedBy())).isEmpty()) {
        throw lostOrUnclear;
      }
      return now;
    }
  }

  /**
   * Writes the status, by compare-and-swap with the copy that the decision rests on: an edit that
   * was made before is seen here, an edit that comes later is too late.
   *
   * @return false: a gate closed, or the time to send has run out
   */
  private boolean closeGates(Decision decision, Duration claimedFrom) {
    while (world.uptime().minus(claimedFrom).compareTo(timing.sendWithin()) < 0) {
      if (wish(order).isGateClosed()) {
        return false;
      }
      try {
        order = world.declare(order, view(decision, book.entry(name)));
        return world.uptime().minus(claimedFrom).compareTo(timing.sendWithin()) < 0;
      } catch (Conflict e) {
        Optional<Reinstall> now = world.orderNow();
        if (now.isEmpty()
            || !now.get().getMetadata().getUid().equals(order.getMetadata().getUid())) {
          return false;
        }
        order = now.get();
      }
    }
    return false;
  }

  private Answer send(Instant claimedAt) {
    String token = book.entry(name).map(Entry::token).orElse(null);
    try {
      return Answer.of(cloud.order(account, new Order(spec, secrets.contents(), token, claimedAt)));
    } catch (CloudException e) {
      return Answer.of(e);
    }
  }

  // Record.

  private Optional<Duration> record(String claim, Answer answer) throws Conflict {
    for (int tries = 1; ; tries++) {
      Instant now = world.now();
      Book answered = book.answered(name, claim, answer, now);
      try {
        book = answered == book ? book : world.write(answered);
        break;
      } catch (Conflict e) {
        if (tries == RECEIPT_TRIES) {
          throw e;
        }
        book = world.bookNow(spec.server());
      }
    }
    showAnswer(answer);
    return comeBack(answer);
  }

  private Optional<Duration> comeBack(Answer answer) {
    return switch (answer.kind()) {
      case ACCEPTED, NEVER_SENT -> Optional.of(timing.poll());
      case THROTTLED -> Optional.of(longer(timing.poll(), answer.pause()));
      case DENIED -> Optional.of(timing.slow());
      case BUSY -> Optional.of(cloud.traits().settleTime());
      case UNCLEAR -> Optional.of(timing.fenceOf(cloud.traits(), timing.sendWithin()));
      case INVALID, MISSING -> Optional.empty();
    };
  }

  private void showAnswer(Answer answer) throws Conflict {
    Entry entry = book.entry(name).orElseThrow();
    switch (entry.state()) {
      case Accepted, Installing ->
          show(
              new Decision(
                  Step.WAIT,
                  Reason.Installing,
                  "the cloud accepted the order and is at work",
                  Decision.Pace.POLL),
              Optional.of(entry));
      case Released -> {
        if (entry.endedAt() != null) {
          showSettled(entry);
        } else {
          show(waiting(answer), Optional.of(entry));
        }
      }
      case Sending ->
          show(
              answer.kind() == Answer.Kind.BUSY && entry.recovering() == null
                  ? waiting(answer)
                  : new Decision(
                      Step.WAIT,
                      Reason.AwaitingTrace,
                      "the order was sent and no answer that can be trusted came: its trace is"
                          + " looked for",
                      Decision.Pace.POLL),
              Optional.of(entry));
      default -> showSettled(entry);
    }
  }

  private static Decision waiting(Answer answer) {
    return new Decision(Step.WAIT, answer.kind().reason(), answer.message(), Decision.Pace.POLL);
  }

  // Show.

  private void show(Decision decision, Optional<Entry> entry) throws Conflict {
    order = world.show(order, view(decision, entry));
  }

  private View view(Decision decision, Optional<Entry> entry) {
    Phase phase = phase(decision);
    Optional<Entry> sent = entry.filter(e -> e.state() != State.Released);
    return new View(
        phase,
        decision.reason().name(),
        decision.message(),
        sent.filter(e -> e.acceptedAt() != null).isPresent(),
        sent.map(Entry::requestId),
        look == null ? Optional.empty() : look.seen(),
        sent.map(Entry::claimedAt),
        phase.isFinished()
            ? Optional.of(sent.map(Entry::endedAt).orElseGet(() -> Draft.seconds(world.now())))
            : Optional.empty());
  }

  private static Phase phase(Decision decision) {
    return switch (decision.step()) {
      case END -> decision.reason() == Reason.LedgerRegressed ? Phase.Unknown : Phase.Failed;
      case SUCCEED -> Phase.Succeeded;
      case FAIL -> Phase.Failed;
      case GIVE_UP -> Phase.Unknown;
      default ->
          switch (decision.reason()) {
            case Ordering, AwaitingTrace -> Phase.Ordering;
            case Installing -> Phase.Installing;
            default -> Phase.Waiting;
          };
    };
  }

  /** Says what the ledger says of an order that is over. */
  private void showSettled(Entry entry) throws Conflict {
    boolean taken = !isOwn(entry);
    Phase phase =
        switch (entry.state()) {
          case Succeeded -> Phase.Succeeded;
          case Unknown -> Phase.Unknown;
          default -> Phase.Failed;
        };
    String reason = phase == Phase.Succeeded && taken ? Reason.AlreadyDone.name() : entry.reason();
    String message = taken ? takenOver(entry) : entry.message();
    order =
        world.show(
            order,
            new View(
                phase,
                reason,
                message,
                entry.acceptedAt() != null,
                Optional.ofNullable(entry.requestId()),
                look == null ? Optional.empty() : look.seen(),
                Optional.ofNullable(entry.claimedAt()),
                Optional.ofNullable(entry.endedAt())));
  }

  private static String takenOver(Entry entry) {
    return "nothing was done now: this order was given on "
        + entry.claimedAt()
        + " for "
        + entry.owner().namespace()
        + "/"
        + entry.owner().name()
        + ". To reinstall again, write a Reinstall with another name. Then: "
        + entry.message();
  }

  private Optional<Duration> comeBack(Decision decision, Situation situation) {
    Standing standing = situation.standing();
    Optional<Duration> pause = situation.look().flatMap(Look::failure).flatMap(Failure::pause);
    Duration untilNotAfter = Duration.between(world.now(), spec.notAfter()).plusMillis(1);
    Duration next =
        switch (decision.pace()) {
          case NEVER -> null;
          case POLL -> longer(timing.poll(), pause.orElse(Duration.ZERO));
          case SLOWLY -> timing.slow();
          case AFTER_FENCE ->
              longer(standing.fence().minus(standing.claimAge()), Duration.ofMillis(1));
          case AFTER_SETTLING ->
              longer(standing.settle().minus(standing.claimAge()), Duration.ofMillis(1));
          case AT_NOT_AFTER -> untilNotAfter;
          case AT_ONCE -> Duration.ZERO;
        };
    boolean unsent = decision.step() == Step.WAIT && phase(decision) == Phase.Waiting;
    return Optional.ofNullable(next)
        .map(
            n ->
                unsent && !untilNotAfter.isNegative() && untilNotAfter.compareTo(n) < 0
                    ? untilNotAfter
                    : n);
  }

  private static Duration longer(Duration a, Duration b) {
    return a.compareTo(b) > 0 ? a : b;
  }
}
