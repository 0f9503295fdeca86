package dev.reinstall.reconcile;

import dev.reinstall.api.Reason;
import dev.reinstall.api.ReinstallSpec.WhenRunning;
import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.api.ServerLedger.Start;
import dev.reinstall.api.ServerLedger.State;
import dev.reinstall.api.ServerLedger.Stop;
import dev.reinstall.cloud.Finding;
import dev.reinstall.cloud.Observation;
import dev.reinstall.cloud.Observation.Details;
import dev.reinstall.cloud.Observation.Operation;
import dev.reinstall.cloud.Observation.Power;
import dev.reinstall.cloud.Observation.Progress;
import dev.reinstall.ledger.TestEntry;
import dev.reinstall.reconcile.ServerObservation.DescribeFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Facts of every kind, drawn from the product of all facts, the same ones every time. */
final class SituationSamples {
  static final Instant CLAIMED = Instant.parse("2026-11-01T00:00:00Z");
  private static final Duration FENCE = Duration.ofMinutes(10);
  private static final Timeouts TIMEOUTS =
      new Timeouts(
          Duration.ofSeconds(15),
          Duration.ofSeconds(10),
          Duration.ofMinutes(10),
          Duration.ofMinutes(20),
          Duration.ofHours(2));
  private static final Finding WEAK = Finding.correctable("spec.passwordRef", "weak");
  private static final Finding UNFIT = Finding.invalid("spec.image", "unfit");
  private static final Finding NOT_CHARGED = Finding.correctable("spec.instanceId", "not charged");
  private static final Finding BEING_BUILT = Finding.correctable("spec.image", "being built");
  private static final Finding UNREAD = Finding.warning("spec.image", "not checked");
  private static final Duration SETTLE = Duration.ofMinutes(2);

  private final SplittableRandom draw;

  private SituationSamples(long seed) {
    draw = new SplittableRandom(seed);
  }

  static Stream<SnapshotFacts> some(int count) {
    return LongStream.range(0, count).mapToObj(seed -> new SituationSamples(seed).next());
  }

  private boolean rarely() {
    return draw.nextInt(8) == 0;
  }

  private boolean often() {
    return draw.nextInt(8) != 0;
  }

  private boolean either() {
    return draw.nextBoolean();
  }

  @SafeVarargs
  private <T> T oneOf(T... values) {
    return values[draw.nextInt(values.length)];
  }

  private SnapshotFacts next() {
    State state =
        oneOf(
            null,
            State.Stopping,
            State.Stopping,
            State.Restarting,
            State.Submitting,
            State.RejectedBusy,
            State.Accepted,
            State.Installing,
            State.Starting,
            State.Succeeded,
            State.Failed,
            State.Unknown,
            State.Released,
            State.UNRECOGNIZED);
    return new SnapshotFacts(
        rarely() ? Optional.of("incident") : Optional.empty(),
        desiredState(),
        recordedState(state),
        describe(),
        secrets(),
        catalogues(),
        TIMEOUTS);
  }

  private static Details called(String name) {
    return new Details(
        Optional.of(name),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        Optional.empty(),
        false,
        Map.of("instanceName", name));
  }

  private DesiredState desiredState() {
    Map<String, String> only = either() ? Map.of() : Map.of("imageId", "img-old");
    return new DesiredState(
        either(),
        often() ? List.of() : List.of("spec.precondition"),
        rarely() ? Optional.of("unsound") : Optional.empty(),
        rarely(),
        rarely(),
        rarely(),
        CLAIMED.plusSeconds(3600),
        oneOf(WhenRunning.values()),
        either(),
        only,
        only.isEmpty() ? Map.of() : Map.of("instanceName", "web-1"),
        either() ? ReportedProgress.NONE : oneOf(ReportedProgress.values()),
        oneOf(Optional.empty(), Optional.of(CLAIMED), Optional.of(CLAIMED.plusSeconds(60))),
        oneOf(
            Optional.empty(),
            Optional.of(Reason.ServerRunning.name()),
            Optional.of(Reason.ServerBusy.name())));
  }

  private RecordedState recordedState(State state) {
    Optional<Entry> entry = state == null ? Optional.empty() : Optional.of(entry(state));
    boolean resting =
        state == State.Released
            && entry.get().completionTime() == null
            && entry.get().reason() != null
            && either();
    boolean sameSpec = often();
    boolean sameObject = either();
    boolean mine = sameObject || often();
    Optional<String> notGranted = rarely() ? Optional.of("belongs to others") : Optional.empty();
    boolean open = state != null && state.isOpen();
    boolean continued = open ? mine && sameSpec : mine || notGranted.isEmpty();
    return new RecordedState(
        "web",
        entry,
        often(),
        sameSpec,
        often(),
        sameObject,
        mine,
        continued,
        notGranted,
        either(),
        state != State.UNRECOGNIZED && often(),
        rarely() ? Optional.of("repair") : Optional.empty(),
        open && !continued
            ? Optional.of(new BlockingEntry("web", null, true, either(), false))
            : blocking(),
        rarely(),
        entry.map(Entry::start).filter(start -> start.acceptTime() == null).isPresent() && either(),
        state == State.Released && either(),
        rarely(),
        oneOf(Duration.ZERO, FENCE),
        oneOf(Duration.ZERO, SETTLE),
        resting
            ? Optional.of(new Backoff(Reason.valueOf(entry.get().reason()), "refused", FENCE))
            : Optional.empty(),
        FENCE,
        SETTLE,
        rarely(),
        often(),
        CLAIMED.plusSeconds(60));
  }

  private Optional<BlockingEntry> blocking() {
    return either()
        ? Optional.empty()
        : oneOf(
            Optional.<BlockingEntry>empty(),
            Optional.of(new BlockingEntry("other", "ns/other", true, false, false)),
            Optional.of(new BlockingEntry("other", "ns/other", true, true, false)),
            Optional.of(new BlockingEntry("other", "ns/other", false, false, true)),
            Optional.of(new BlockingEntry("other", "ns/other", false, false, false)));
  }

  private Entry entry(State state) {
    TestEntry builder = new TestEntry(state, CLAIMED);
    builder.expected(oneOf(null, Map.of("imageId", "img-new")));
    builder.requestId(oneOf(null, "req-1"));
    builder.adopted(oneOf(null, true));
    if (state == State.Stopping) {
      builder.responseReceived(oneOf(null, true));
      builder.stop(
          oneOf(
              null,
              new Stop("stop-1", null, CLAIMED, Map.of()),
              new Stop("stop-1", true, CLAIMED, Map.of())));
    }
    if (state == State.Restarting) {
      builder.reason(Reason.DeadlineExceeded.name());
      builder.message("too late");
    }
    if (state == State.Starting || state == State.Restarting) {
      builder.start(
          oneOf(
              new Start("start-1", null, null, null, Map.of()),
              new Start("start-1", null, null, true, Map.of()),
              new Start("start-1", "req-3", CLAIMED, null, Map.of())));
    }
    if (state == State.RejectedBusy) {
      builder.reason(Reason.ServerBusy.name());
      builder.message("busy");
    }
    if (state == State.Released) {
      builder.reason(oneOf(null, Reason.AccessDenied, Reason.Throttled) == null ? null : reason());
      builder.message("refused");
      builder.completionTime(rarely() ? CLAIMED : null);
    }
    return builder.build();
  }

  private String reason() {
    return oneOf(Reason.AccessDenied, Reason.Throttled, Reason.CloudUnreachable).name();
  }

  private Optional<ServerObservation> describe() {
    if (rarely()) {
      return Optional.empty();
    }
    if (rarely()) {
      Reason reason =
          oneOf(
              Reason.SecretNotReady,
              Reason.ServerNotFound,
              Reason.Rejected,
              Reason.AccessDenied,
              Reason.Throttled,
              Reason.CloudUnreachable);
      return Optional.of(
          ServerObservation.failed(
              new DescribeFailure(
                  reason,
                  "the look failed",
                  reason == Reason.Throttled && either()
                      ? Optional.of(Duration.ofSeconds(30))
                      : Optional.empty(),
                  reason == Reason.Rejected || (reason == Reason.ServerNotFound && either()))));
    }
    Evidence.LostRequestEvidence lostRequest = oneOf(Evidence.LostRequestEvidence.values());
    boolean reinstall =
        lostRequest != Evidence.LostRequestEvidence.NONE
            && lostRequest != Evidence.LostRequestEvidence.HIDDEN;
    Optional<Operation> operation =
        either() || reinstall
            ? Optional.of(new Operation(reinstall, "req-2", oneOf(Progress.values())))
            : Optional.empty();
    Map<String, String> installed = installed();
    return Optional.of(
        new ServerObservation(
            Optional.of(
                new Observation(
                    either() ? Power.STOPPED : oneOf(Power.values()),
                    "word",
                    installed,
                    operation,
                    Optional.empty(),
                    Optional.empty(),
                    installed.isEmpty() ? Details.NONE : called("web-1"))),
            Optional.empty(),
            rarely() ? List.of(oneOf(UNFIT, NOT_CHARGED)) : List.of(),
            oneOf(Evidence.values()),
            lostRequest,
            either(),
            either(),
            either()));
  }

  private Map<String, String> installed() {
    return oneOf(
        Map.of(),
        Map.of("imageId", "img-old"),
        Map.of("imageId", "img-old"),
        Map.of("imageId", "img-new"),
        Map.of("imageId", "img-third"));
  }

  private Optional<SecretsRead> secrets() {
    return oneOf(
        Optional.empty(),
        Optional.of(
            new SecretsRead(List.of("the Secret is missing"), List.of(), false, Optional.empty())),
        Optional.of(new SecretsRead(List.of(), List.of(WEAK), false, Optional.empty())),
        Optional.of(new SecretsRead(List.of(), List.of(), false, Optional.empty())),
        Optional.of(
            new SecretsRead(List.of(), List.of(), false, Optional.of(CoreReinstalls.LOGIN))),
        Optional.of(new SecretsRead(List.of(), List.of(), true, Optional.empty())));
  }

  private Optional<List<Finding>> catalogues() {
    return oneOf(
        Optional.empty(),
        Optional.of(List.of(UNFIT)),
        Optional.of(List.of(BEING_BUILT)),
        Optional.of(List.of(UNREAD)),
        Optional.of(List.<Finding>of()));
  }
}
