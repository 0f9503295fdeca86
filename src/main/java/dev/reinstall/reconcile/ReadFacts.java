package dev.reinstall.reconcile;

import dev.reinstall.api.SecretKeyRef;
import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.cloud.CatalogueAnswer;
import dev.reinstall.cloud.CatalogueQuery;
import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.Description;
import dev.reinstall.cloud.Finding;
import dev.reinstall.cloud.Observation;
import dev.reinstall.cloud.SecretBytes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The facts as they are now, but for the server, the Secrets and the catalogues, which are kept
 * once they were read.
 */
final class ReadFacts implements Facts {
  private final ReconcileContext ctx;
  private final String subject;
  private final boolean own;
  private final Optional<String> pause;
  private final DesiredState desired;
  private final RecordedState recorded;
  private boolean readMore;

  private ReadFacts(ReconcileContext ctx, String subject, boolean own, DesiredState desired) {
    this.ctx = ctx;
    this.subject = subject;
    this.own = own;
    pause = ctx.ports.cachedPause();
    this.desired = desired;
    recorded = RecordedState.of(ctx, subject, own);
  }

  /** For this request. */
  static ReadFacts of(ReconcileContext ctx) {
    return new ReadFacts(ctx, ctx.name, true, DesiredState.of(ctx));
  }

  /** For an orphaned entry that this request waits behind. */
  static ReadFacts ofOrphan(ReconcileContext ctx, String orphaned) {
    return new ReadFacts(ctx, orphaned, false, DesiredState.none());
  }

  /** Whether time has passed since: then what was decided must be decided again. */
  boolean haveReadMore() {
    return readMore;
  }

  @Override
  public Optional<String> pause() {
    return pause;
  }

  @Override
  public DesiredState desired() {
    return desired;
  }

  @Override
  public RecordedState recorded() {
    return recorded;
  }

  @Override
  public Timeouts timeouts() {
    return ctx.timeouts;
  }

  @Override
  public ServerObservation server() {
    if (ctx.observation == null) {
      readMore = true;
      describe();
    }
    return ctx.observation;
  }

  private void describe() {
    // named: description-begins
    Duration from = ctx.ports.monotonicTime();
    Duration age = Duration.ZERO;
    try {
      ctx.credentials = ctx.ports.credentials(ctx.reinstall, ctx.cloud.credentialKeys());
      Description description = ctx.ports.describe(ctx.credentials, ctx.spec.server());
      age = description.age();
      ctx.observation = ServerFacts.of(ctx, subject, own, description.observation());
    } catch (SecretNotReadyException e) {
      ctx.observation = ServerFacts.failed(e);
    } catch (CloudException e) {
      ctx.observation = ServerFacts.failed(ctx, e);
    }
    // guard: description-is-as-old-as-its-request
    ctx.observedFrom =
        from
            // guard: description-is-as-old-as-its-call
            .minus(age);
  }

  @Override
  public boolean restartOverdue() {
    return ctx.ports
            .durationSinceFirstSeen(
                "ended before its restart " + ctx.id(ctx.entry(subject).orElseThrow()))
            .compareTo(ctx.timeouts.orderTimeout())
        >= 0;
  }

  @Override
  public SecretsRead secrets() {
    if (ctx.secretsRead == null) {
      readMore = true;
      ctx.secretsRead = readSecrets();
    }
    return ctx.secretsRead;
  }

  @Override
  public List<Finding> catalogues() {
    if (ctx.cataloguesRead == null) {
      server();
      secrets();
      ctx.cataloguesRead = ctx.observation().map(this::readCatalogues).orElse(List.of());
    }
    return ctx.cataloguesRead;
  }

  private List<Finding> readCatalogues(Observation observation) {
    List<CatalogueQuery> queries = ctx.cloud.catalogueQueries(ctx.spec, observation);
    Map<CatalogueQuery, CatalogueAnswer> answers = Map.of();
    if (!queries.isEmpty()) {
      readMore = true;
      answers = ctx.ports.catalogues(ctx.credentials, ctx.spec.cloud(), queries);
    }
    Map<SecretKeyRef, SecretBytes> contents =
        ctx.secrets == null ? Map.of() : ctx.secrets.contents();
    ctx.resolution = ctx.cloud.resolve(ctx.spec, observation, answers);
    List<Finding> findings = new ArrayList<>(ctx.resolution.findings());
    findings.addAll(ctx.cloud.checkCatalogues(ctx.resolvedSpec(), observation, contents, answers));
    return List.copyOf(findings);
  }

  private SecretsRead readSecrets() {
    Optional<SecretKeyRef> generated = ctx.cloud.generatedPassword(ctx.spec);
    SecretValues secrets =
        ctx.ports.secretValues(ctx.reinstall, ctx.cloud.secretKeys(ctx.spec), generated);
    ctx.secrets = secrets;
    Map<String, String> before =
        ctx.entry(ctx.name).map(Entry::secretVersions).orElse(secrets.resourceVersions());
    return new SecretsRead(
        secrets.problems(),
        ctx.cloud.checkSecrets(ctx.spec, secrets.contents()),
        before.equals(secrets.resourceVersions()),
        generated.filter(
            key -> secrets.problems().isEmpty() && !secrets.contents().containsKey(key)));
  }
}
