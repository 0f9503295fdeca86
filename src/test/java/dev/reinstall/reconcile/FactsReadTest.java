package dev.reinstall.reconcile;

import static dev.reinstall.reconcile.FaultSchedule.CallOutcome.REJECTED_DENIED;
import static dev.reinstall.reconcile.FaultSchedule.CallOutcome.REQUEST_LOST;
import static dev.reinstall.reconcile.PortCall.DESCRIBE;
import static dev.reinstall.reconcile.PortCall.FETCH_LEDGER;
import static dev.reinstall.reconcile.PortCall.FETCH_REINSTALL;
import static dev.reinstall.reconcile.PortCall.REINSTALL;
import static dev.reinstall.reconcile.PortCall.UPDATE_OBSERVED_GENERATION;
import static dev.reinstall.reconcile.Scenario.R1;
import static dev.reinstall.reconcile.Scenario.R2;
import static dev.reinstall.reconcile.Scenario.TIMING;
import static dev.reinstall.reconcile.Scenario.tencent;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.Phase;
import dev.reinstall.api.Reinstall;
import dev.reinstall.api.ReinstallSpec;
import dev.reinstall.api.ReinstallSpec.WhenRunning;
import dev.reinstall.cloud.Observation.Power;
import dev.reinstall.ledger.SpecHash;
import dev.reinstall.reconcile.FaultSchedule.DescribeOutcome;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.NullSource;

/** What a reconciliation reads, and that it decides by the newest of it. */
class FactsReadTest {

  /** How often the process makes this call, at most once per registration. */
  private static AtomicInteger count(Scenario stage, PortCall call) {
    AtomicInteger calls = new AtomicInteger();
    stage.before(call, s -> calls.incrementAndGet());
    return calls;
  }

  @Test
  void a_deadline_that_passes_during_a_description_is_seen_before_a_claim() {
    tencent()
        .requestWith("web", it -> it.cluster.spec("img-new", it.cluster.trueTime().plusSeconds(5)))
        .before(DESCRIBE, s -> s.after(Duration.ofSeconds(6)))
        .reconcile()
        .assertStatus("Failed/DeadlineExceeded")
        .assertNothingClaimed();
  }

  @Test
  void who_waits_reads_nothing_but_caches() {
    Scenario stage = tencent().power(Power.RUNNING).request("web");
    AtomicInteger ledgers = count(stage, FETCH_LEDGER);
    AtomicInteger reinstalls = count(stage, FETCH_REINSTALL);
    stage.reconcile().assertStatus("Pending/ServerRunning");
    assertThat(ledgers).hasValue(0);
    assertThat(reinstalls).hasValue(0);
  }

  /** Who waits behind a request sees its claim, and may be the one that follows it. */
  @Test
  void the_fence_of_a_claim_counts_from_when_a_process_first_sees_it_behind_another_request() {
    tencent("web")
        .crash(R1, REINSTALL)
        .request("next")
        .reconcile(R2, "next")
        .assertStatus("next", "Pending/Queued")
        .after(TIMING.fence())
        .reconcile(R2, "web")
        .assertStatus("Unknown/OutcomeUnknown");
  }

  @Test
  void a_rejection_has_a_backoff_of_its_own() {
    tencent("web")
        .send(REJECTED_DENIED)
        .after(TIMING.slowInterval())
        .send(REJECTED_DENIED)
        .assertSends(2)
        .reconcile()
        .assertSends(2)
        .assertStatus("Pending/AccessDenied");
  }

  @Test
  void what_a_cache_keeps_only_in_part_is_claimed_and_sent_as_its_owner_wrote_it() {
    tencent("web")
        .cluster(it -> it.cached = copy -> partOf(copy, it.spec("img-part", null)))
        .reconcile()
        .verify(it -> assertThat(it.entry().expected()).containsEntry("imageId", "img-new"))
        .verify(it -> assertThat(it.entry().specHash()).isEqualTo(SpecHash.of(it.spec())))
        .endsAs("Succeeded/Installed")
        .assertSends(1)
        .verify(
            it ->
                assertThat(it.cluster.cloud.observation().installed())
                    .containsEntry("imageId", "img-new"));
  }

  @Test
  void what_a_cache_keeps_only_in_part_is_planned_as_its_owner_wrote_it() {
    tencent()
        .cluster(it -> it.cached = copy -> partOf(copy, it.spec("img-part", null)))
        .requestWith("web", it -> it.cluster.spec("img-new", it.inHours(4), WhenRunning.Wait, true))
        .reconcile()
        .assertStatus("Pending/Suspended")
        .verify(
            it ->
                assertThat(it.status().plan().installation().to())
                    .containsEntry("imageId", "img-new"));
  }

  private static Reinstall partOf(Reinstall complete, ReinstallSpec part) {
    Reinstall copy = InMemoryCluster.copy(complete);
    copy.getMetadata().setResourceVersion(complete.getMetadata().getResourceVersion());
    ReinstallSpec spec = complete.getSpec();
    copy.setSpec(
        new ReinstallSpec(
            spec.cloud(),
            spec.region(),
            spec.instanceId(),
            spec.credentialsRef(),
            spec.notAfter(),
            part.tencentCloud(),
            null,
            spec.whenRunning(),
            spec.onUnsubmitted(),
            spec.powerAfter(),
            spec.preconditions(),
            spec.allowOwnNode(),
            spec.suspend(),
            null));
    copy.becomePartOf(SpecHash.of(spec));
    return copy;
  }

  /** The newer CRD writes the default; this operator does not know it, and cannot leave it out. */
  @Test
  void a_field_that_a_newer_crd_adds_makes_no_other_request_of_the_object_that_claimed() {
    tencent("web")
        .reconcile()
        .cluster(it -> it.cached = copy -> withOtherHash(copy, "newField"))
        .endsAs("Succeeded/Installed");
    tencent("web")
        .reconcile()
        .editStatus(null)
        .cluster(it -> it.cached = copy -> withOtherHash(copy, null))
        .endsAs("Failed/NameConflict");
  }

  private static Reinstall withOtherHash(Reinstall complete, String unknown) {
    Reinstall copy = InMemoryCluster.copy(complete);
    copy.getMetadata().setResourceVersion(complete.getMetadata().getResourceVersion());
    copy.becomePartOf("other");
    if (unknown != null) {
      copy.getAdditionalProperties().put(unknown, "default");
    }
    return copy;
  }

  @Test
  void a_server_that_is_not_found_is_looked_for_as_long_for_each_object() {
    Scenario stage =
        tencent("web")
            .describe(DescribeOutcome.NOT_FOUND)
            .reconcile()
            .assertStatus("Pending/ServerNotFound")
            .delete()
            .request("web");
    Duration settle = stage.cluster.cloud.capabilities.settleTime();
    stage
        .reconcileAfter(settle)
        .assertStatus("Pending/ServerNotFound")
        .reconcileAfter(settle)
        .assertStatus("Failed/ServerNotFound");
  }

  @Test
  void missing_credentials_are_waited_for_and_reported() {
    tencent("web")
        .cluster(it -> it.credentials = null)
        .reconcile()
        .assertNext(TIMING.pollInterval())
        .assertStatus("Pending/SecretNotReady")
        .message(it -> assertThat(it).startsWith("the Secret account is missing. No reinstall"))
        .assertNothingClaimed();
  }

  @ParameterizedTest
  @CsvSource({
    "DENIED,The cloud API denied access with the credentials in Secret account: key disabled.",
    "THROTTLED,The cloud API limits the request rate of this account: slowly.",
    "'UNREACHABLE','The cloud API did not answer, or not with a usable response: no route.'",
    "NOT_FOUND,The cloud API does not find the server ins-r8hr2upy in region ap-guangzhou with the"
        + " credentials in Secret account: no such server.",
  })
  void why_a_server_cannot_be_checked_is_reported_before_and_after_a_submit(
      DescribeOutcome outcome, String cause) {
    tencent("web")
        .describe(outcome)
        .reconcile()
        .message(it -> assertThat(it).startsWith(cause + " No reinstall request is sent."));
    tencent("web")
        .send(REQUEST_LOST)
        .describe(outcome)
        .reconcileAfter(TIMING.fence())
        .assertStatus("Submitting/AwaitingConfirmation")
        .message(it -> assertThat(it).contains("cannot be checked now: " + cause));
    tencent("web")
        .reconcile()
        .describe(outcome)
        .reconcile()
        .assertStatus("Installing/Installing")
        .message(it -> assertThat(it).contains("cannot be checked now: " + cause));
  }

  @Test
  void a_status_that_is_kept_shows_that_an_edit_was_seen_only_where_it_has_finished() {
    Scenario finished =
        tencent()
            .power(Power.RUNNING)
            .requestWith(
                "web", it -> it.cluster.spec("img-new", it.inHours(4), WhenRunning.Fail, false))
            .reconcile()
            .assertStatus("Failed/ServerRunning")
            .suspend();
    AtomicInteger seen = count(finished, UPDATE_OBSERVED_GENERATION);
    finished.reconcile().assertStatus("Failed/ServerRunning");
    assertThat(seen).hasValue(1);

    Scenario deleted = tencent("web").markDeleted();
    AtomicInteger unseen = count(deleted, UPDATE_OBSERVED_GENERATION);
    deleted.reconcile().assertNoNext();
    assertThat(unseen).hasValue(0);
  }

  @ParameterizedTest
  @NullSource
  @EnumSource(names = "UNRECOGNIZED")
  void of_a_cloud_that_is_not_known_nothing_is_called_and_a_submit_stays_reported(CloudName cloud) {
    Scenario stage =
        tencent()
            .requestWith("web", it -> of(cloud, it.spec()))
            .reconcile()
            .assertNext(TIMING.slowInterval())
            .assertStatus("Pending/UnsupportedField")
            .assertWholeMessage(NotStartedMessages.unsupportedCloud())
            .editStatus(Phase.Installing)
            .reconcile()
            .assertNext(TIMING.slowInterval())
            .assertStatus("Installing/Edited")
            .editStatus(Phase.Succeeded);
    AtomicInteger seen = count(stage, UPDATE_OBSERVED_GENERATION);
    stage.reconcile().assertNoNext().assertStatus("Succeeded/Edited").assertNothingClaimed();
    assertThat(seen).hasValue(1);
  }

  private static ReinstallSpec of(CloudName cloud, ReinstallSpec spec) {
    return new ReinstallSpec(
        cloud,
        spec.region(),
        spec.instanceId(),
        spec.credentialsRef(),
        spec.notAfter(),
        spec.tencentCloud(),
        spec.jdCloud(),
        spec.whenRunning(),
        spec.onUnsubmitted(),
        spec.powerAfter(),
        spec.preconditions(),
        spec.allowOwnNode(),
        spec.suspend(),
        spec.additionalProperties());
  }
}
