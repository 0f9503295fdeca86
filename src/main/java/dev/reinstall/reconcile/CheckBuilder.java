package dev.reinstall.reconcile;

import dev.reinstall.api.ReinstallSpec.PowerAfter;
import dev.reinstall.api.ReinstallSpec.WhenRunning;
import dev.reinstall.api.ReinstallStatus.Plan;
import dev.reinstall.api.SecretKeyRef;
import dev.reinstall.cloud.Finding;
import dev.reinstall.cloud.Observation;
import dev.reinstall.cloud.SecretBytes;
import dev.reinstall.reconcile.ServerObservation.DescribeFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Builds the check of a request from what was read of its server, its Secrets and the catalogues.
 */
final class CheckBuilder {
  private CheckBuilder() {}

  /** Empty: not everything that is to be checked was read in this reconciliation. */
  static Optional<Check> of(ReconcileContext ctx) {
    ServerObservation server = ctx.observation;
    SecretsRead secrets = ctx.secretsRead;
    List<Finding> catalogues = ctx.cataloguesRead;
    if (server == null || secrets == null || catalogues == null) {
      return Optional.empty();
    }
    List<Finding> findings = new ArrayList<>(server.findings());
    server.failure().ifPresent(failure -> findings.add(finding(failure)));
    if (server
        .observation()
        .filter(o -> !server.isBusy()) // then the cloud may report either
        .filter(o -> InstalledPreconditions.areUnmet(ctx.spec, o))
        .isPresent()) {
      findings.add(
          Finding.invalid(
              "spec.preconditions", InstalledPreconditions.unmet(ctx.spec, server.described())));
    }
    findings.addAll(secrets.findings());
    findings.addAll(catalogues);
    secrets.problems().stream()
        .filter(problem -> !Optional.of(problem).equals(failureMessage(server)))
        .map(problem -> Finding.correctable("spec." + ctx.spec.cloud().block(), problem))
        .forEach(findings::add);
    findings.replaceAll(
        found -> new Finding(found.field(), found.kind(), Sentences.sentence(found.message())));
    return Optional.of(
        new Check(
            findings,
            server.failure().isEmpty()
                && secrets.problems().isEmpty()
                && findings.stream().noneMatch(found -> found.kind() == Finding.Kind.UNCHECKED),
            server.observation().map(observation -> plan(ctx, observation))));
  }

  /** Empty: the spec is valid by itself. */
  static Optional<Check> ofInvalidSpec(ReconcileContext ctx) {
    return RequestValidation.validate(ctx.reinstall, ctx.cloud, ctx.ports.now())
        .map(error -> Finding.invalid("spec", Sentences.sentence(error)))
        .map(found -> new Check(List.of(found), false, Optional.empty()));
  }

  /** A person must correct what keeps the server from being described; or it passes. */
  private static Finding finding(DescribeFailure failure) {
    if (failure.passes()) {
      return Finding.warning("spec.instanceId", failure.message());
    }
    return switch (failure.reason()) {
      case SecretNotReady, AccessDenied ->
          Finding.correctable("spec.credentialsRef", failure.message());
      default -> Finding.correctable("spec.instanceId", failure.message());
    };
  }

  private static Optional<String> failureMessage(ServerObservation server) {
    return server.failure().map(DescribeFailure::message);
  }

  private static Plan plan(ReconcileContext ctx, Observation observation) {
    Map<SecretKeyRef, SecretBytes> contents =
        ctx.secrets == null ? Map.of() : ctx.secrets.contents();
    return new Plan(
        null,
        observation.details().name().orElse(null),
        observation.details().addresses(),
        power(ctx, observation),
        ctx.cloud.plan(ctx.resolvedSpec(), observation, contents));
  }

  private static String power(ReconcileContext ctx, Observation observation) {
    boolean running = observation.power() == Observation.Power.RUNNING;
    WhenRunning whenRunning = ctx.spec.whenRunning();
    boolean stopped = Ownership.ownEntry(ctx).filter(entry -> entry.stop() != null).isPresent();
    return Sentences.join(
        stopped && !running
            ? CheckMessages.wasStopped()
            : CheckMessages.before(running, whenRunning == null ? WhenRunning.Wait : whenRunning),
        CheckMessages.after(ctx.spec.powerAfter() == PowerAfter.Running));
  }
}
