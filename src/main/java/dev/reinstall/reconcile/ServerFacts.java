package dev.reinstall.reconcile;

import dev.reinstall.api.Reason;
import dev.reinstall.api.ReinstallSpec;
import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.api.ServerLedger.RecordedEvidence;
import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.Finding;
import dev.reinstall.cloud.Observation;
import dev.reinstall.cloud.Observation.Progress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is concluded from a description of the server, or from its failure. */
final class ServerFacts {
  private ServerFacts() {}

  /**
   * @param own false: the description is evaluated for an orphaned entry
   */
  static ServerObservation of(
      ReconcileContext ctx, String subject, boolean own, Observation observation) {
    ctx.ports.forget(notFound(ctx));
    Optional<Entry> entry = ctx.entry(subject);
    return new ServerObservation(
        Optional.of(observation),
        Optional.empty(),
        own && ctx.spec.block().isPresent() ? findings(ctx, observation) : List.of(),
        entry
            .map(
                e ->
                    Evidence.of(
                        e, observation, ctx.cloud.capabilities(), hasSettled(ctx, e, observation)))
            .orElse(Evidence.NONE),
        entry
            .map(
                e ->
                    Evidence.LostRequestEvidence.of(
                        subject, e, ctx.ledger, observation, ctx.cloud.capabilities()))
            .orElse(Evidence.LostRequestEvidence.NONE),
        entry
            .filter(e -> Evidence.isChangedAsRequested(e, observation, ctx.cloud.capabilities()))
            .isPresent(),
        entry.filter(e -> isTokenTrusted(ctx, e, observation)).isPresent(),
        entry.filter(e -> hasPowerChangeSettled(ctx, e, observation)).isPresent());
  }

  private static List<Finding> findings(ReconcileContext ctx, Observation observation) {
    List<Finding> findings = new ArrayList<>(ctx.cloud.checkServer(ctx.spec, observation));
    // guard: own-node-is-not-claimed
    findings.addAll(OwnNode.findings(ctx, observation));
    return findings;
  }

  static ServerObservation failed(ReconcileContext ctx, CloudException e) {
    return ServerObservation.failed(
        new ServerObservation.DescribeFailure(
            reason(e.kind()), message(ctx, e), e.retryAfter(), isLasting(ctx, e.kind())));
  }

  static ServerObservation failed(SecretNotReadyException e) {
    return ServerObservation.failed(
        new ServerObservation.DescribeFailure(
            Reason.SecretNotReady, e.getMessage(), Optional.empty(), false));
  }

  /** One description that does not find the server proves little: what it reports may lag. */
  private static boolean isLasting(ReconcileContext ctx, CloudException.Kind kind) {
    return kind == CloudException.Kind.NOT_FOUND
        ? /* guard: not-found-must-last */ ctx.ports
                .durationSinceFirstSeen(notFound(ctx))
                .compareTo(ctx.cloud.capabilities().settleTime())
            >= 0
        : kind == CloudException.Kind.INVALID;
  }

  private static String notFound(ReconcileContext ctx) {
    return "not found for " + ctx.reinstall.getMetadata().getUid();
  }

  private static String message(ReconcileContext ctx, CloudException e) {
    ReinstallSpec spec = ctx.spec;
    String cause = e.getMessage();
    String secret = /* named: credentials */ spec.credentialsRef().name();
    return switch (e.kind()) {
      case NOT_FOUND ->
          CloudErrorMessages.serverNotFound(spec.instanceId(), spec.region(), secret, cause);
      case INVALID -> CloudErrorMessages.describeRejected(cause);
      case DENIED -> CloudErrorMessages.describeDenied(secret, cause);
      case THROTTLED -> CloudErrorMessages.throttled(cause);
      case BUSY, NOT_SENT, AMBIGUOUS -> CloudErrorMessages.cloudUnreachable(cause);
    };
  }

  private static Reason reason(CloudException.Kind kind) {
    // A description that is rejected as busy says nothing about the server.
    return kind == CloudException.Kind.BUSY ? Reason.CloudUnreachable : kind.reason();
  }

  /**
   * Whether the server has not changed for the settling time since its record was seen to change.
   */
  private static boolean hasSettled(ReconcileContext ctx, Entry entry, Observation observation) {
    if (entry.evidence() == null || entry.evidence().kind() != RecordedEvidence.Kind.Changed) {
      return false;
    }
    Duration remaining =
        ctx.ports.durationSinceFirstSeen(
            "unchanged "
                + ctx.id(entry)
                + " "
                + entry.evidence().observedTime()
                + " "
                + observation.rawState());
    // guard: changed-server-must-settle
    return remaining.compareTo(ctx.cloud.capabilities().settleTime()) >= 0;
  }

  /**
   * Whether the end of the newest stop, or start, is shown: by its name where operations have one;
   * else by what is shown not having changed for the settling time.
   */
  private static boolean hasPowerChangeSettled(
      ReconcileContext ctx, Entry entry, Observation observation) {
    if (entry.state().mayStartServer()) {
      return isOver(ctx, entry.start().claimId(), entry.start().requestId(), observation);
    }
    String stop = entry.stop() == null ? null : entry.stop().requestId();
    return switch (entry.state()) {
      case Stopping -> isOver(ctx, entry.claimId(), stop, observation);
      case Released -> entry.restartWith() != null && isOver(ctx, ctx.id(entry), stop, observation);
      default -> false;
    };
  }

  private static boolean isOver(
      ReconcileContext ctx, String call, String requestId, Observation observation) {
    boolean named =
        observation
            .operation()
            .filter(o -> o.id().equals(requestId) && o.progress() != Progress.IN_PROGRESS)
            .isPresent();
    String shown =
        observation.rawState()
            + observation.operation().map(Object::toString).or(observation::updateTime).orElse("");
    return named
        || ctx.ports
                .durationSinceFirstSeen("unchanged after " + call + " " + shown)
                .compareTo(ctx.cloud.capabilities().settleTime())
            >= 0;
  }

  /** By the cloud's own clock, from before the first send; without its Date there is no trust. */
  private static boolean isTokenTrusted(
      ReconcileContext ctx, Entry entry, Observation observation) {
    if (!ctx.cloud.capabilities().idempotentToken()
        || entry.token() == null
        || entry.baseline() == null) {
      return false;
    }
    Instant since = entry.baseline().cloudTime();
    // guard: token-needs-the-clouds-date
    return /* named: baseline-has-a-date */ since != null
        && /* named: description-has-a-date */ observation.cloudTime().isPresent()
        // guard: token-is-young
        && Duration.between(
                    since, /* guard: token-age-by-the-clouds-clock */ observation.cloudTime().get())
                .compareTo(ctx.timeouts.tokenTrust())
            < 0;
  }
}
