package dev.reinstall.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.api.Phase;
import dev.reinstall.api.Reinstall;
import dev.reinstall.api.ReinstallStatus;
import dev.reinstall.controlplane.CrudMock;
import dev.reinstall.reconcile.ReportedStatus;
import dev.reinstall.reconcile.Timeouts;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.OperatorException;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What people hear of a reconciliation that failed; the status stays a witness. */
class ReconcileErrorReporterTest {
  private static final Instant NOON = Instant.parse("2026-11-01T12:00:00Z");
  private static final String SECRET = "a-key-that-nobody-prints";

  private final CrudMock cluster = CrudMock.start();
  private final EventRecorder events = new EventRecorder(cluster.client(), "replica-1");
  private final OperatorMetrics metrics = new OperatorMetrics("this-test");
  private final ReconcileErrorReporter reporter = new ReconcileErrorReporter(events, metrics);

  @AfterEach
  void close() {
    cluster.close();
  }

  @Test
  void only_the_reconciling_condition_changes() {
    ReinstallStatus before = installing();

    ReinstallStatus after = reported(before, rejection(403, "a policy denies it"));

    assertThat(after.observedGeneration()).isEqualTo(before.observedGeneration());
    assertThat(after.phase()).isEqualTo("Installing");
    assertThat(after.reason()).isEqualTo("Installing");
    assertThat(after.message()).isEqualTo(before.message());
    assertThat(after.requestId()).isEqualTo("req-1");
    assertThat(after.submitTime()).isEqualTo(NOON);
    assertThat(after.completionTime()).isNull();
    assertThat(after.server()).isEqualTo(before.server());
    assertThat(others(after)).isEqualTo(others(before)).hasSize(4);
    Condition failure = reconciling(after);
    assertThat(failure.getStatus()).isEqualTo("True");
    assertThat(failure.getReason()).isEqualTo("ReconcileError");
    assertThat(failure.getMessage())
        .isEqualTo(
            "Reconciliation failed: The API server rejected the call (HTTP 403): a policy denies"
                + " it. It is retried after at most 1m.");
    assertThat(failure.getLastTransitionTime())
        .as("it was True before")
        .isEqualTo(reconciling(before).getLastTransitionTime());
    assertThat(failure.getObservedGeneration()).isEqualTo(before.observedGeneration());
  }

  @ParameterizedTest
  @EnumSource(names = {"Succeeded", "Failed", "Unknown"})
  void a_finished_status_stays_as_it_is_and_an_event_reports_the_failure(Phase phase) {
    FrameworkDouble framework = new FrameworkDouble(of(phase), null);

    reporter.report(framework.reinstall(), framework.context(), rejection(403, "denied"));

    assertThat(framework.written()).isEmpty();
    assertThat(notes()).hasSize(1);
  }

  @Test
  void without_a_status_there_is_the_condition_and_nothing_else() {
    ReinstallStatus after = reported(null, rejection(403, "a policy denies it"));

    assertThat(after.observedGeneration()).as("the CRD's default").isEqualTo(-1);
    assertThat(after.phase()).isNull();
    assertThat(after.reason()).isNull();
    assertThat(after.message()).isNull();
    assertThat(after.conditions()).hasSize(1);
    assertThat(reconciling(after).getMessage()).contains("a policy denies it");
  }

  @Test
  void the_same_message_is_not_written_twice_and_another_one_is() {
    ReinstallStatus once = reported(installing(), rejection(403, "a policy denies it"));

    FrameworkDouble again = new FrameworkDouble(once, null);
    reporter.report(again.reinstall(), again.context(), rejection(403, "a policy denies it"));
    assertThat(again.written()).isEmpty();

    assertThat(reconciling(reported(once, rejection(403, "a webhook denies it"))).getMessage())
        .contains("a webhook denies it");
  }

  /** Each write of one replica wakes the other one. */
  @Test
  void a_message_that_differs_by_a_port_a_time_or_an_id_is_not_written_again() {
    ReinstallStatus once =
        reported(installing(), rejection(500, "webhook: read 10.0.0.1:34567, id 7f3a-1: reset"));

    FrameworkDouble again = new FrameworkDouble(once, null);
    reporter.report(
        again.reinstall(),
        again.context(),
        rejection(500, "webhook: read 10.0.0.1:49152, id c9b0-22: reset"));

    assertThat(again.written()).isEmpty();
  }

  @Test
  void where_the_status_cannot_be_written_either_an_event_is_left() {
    FrameworkDouble framework = new FrameworkDouble(installing(), rejection(403, "no status"));

    reporter.report(framework.reinstall(), framework.context(), rejection(403, "no ledger"));

    assertThat(notes())
        .containsExactly(
            "Reconciliation failed: The API server rejected the call (HTTP 403): no ledger. It is"
                + " retried after at most 1m.");
  }

  @Test
  void a_failure_is_a_warning_and_one_event() {
    FrameworkDouble framework = new FrameworkDouble(installing(), null);

    reporter.report(framework.reinstall(), framework.context(), rejection(403, "denied"));
    reporter.report(framework.reinstall(), framework.context(), rejection(500, "broken"));

    assertThat(recorded())
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.getType()).isEqualTo("Warning");
              assertThat(event.getReason()).isEqualTo("ReconcileError");
              assertThat(event.getAction()).isEqualTo("Reconcile");
              assertThat(event.getRegarding().getName()).isEqualTo("web-1");
            });
  }

  @Test
  void each_failure_is_counted_also_one_that_cannot_be_written() {
    FrameworkDouble framework = new FrameworkDouble(installing(), rejection(403, "no status"));

    reporter.report(framework.reinstall(), framework.context(), rejection(403, "denied"));
    reporter.report(framework.reinstall(), framework.context(), rejection(403, "denied"));

    assertThat(metrics.scrape().lines()).contains("reinstall_reconcile_errors_total 2.0");
  }

  @Test
  void what_the_cluster_rejects_is_reported_in_its_own_words() {
    assertThat(
            message(new ClusterRejectionException("The API server rejected ServerLedger x", null)))
        .isEqualTo(
            "Reconciliation failed: The API server rejected ServerLedger x. It is retried after at"
                + " most 1m.");
  }

  /** A webhook of anybody may have written them. */
  @Test
  void the_words_of_the_api_server_are_one_line_that_can_be_printed() {
    assertThat(message(rejection(403, "denied:\n\u001b[31mno\u202edy")))
        .isEqualTo(
            "Reconciliation failed: The API server rejected the call (HTTP 403): denied:  [31mno dy."
                + " It is retried after at most 1m.");
  }

  /** As its metrics do. */
  @Test
  void what_the_framework_wraps_is_reported_as_what_it_is() {
    assertThat(message(new OperatorException(new OperatorException(rejection(403, "denied")))))
        .isEqualTo(
            "Reconciliation failed: The API server rejected the call (HTTP 403): denied. It is"
                + " retried after at most 1m.");
    assertThat(message(new OperatorException("without a cause " + SECRET)))
        .isEqualTo(
            "Reconciliation failed: Internal error (OperatorException); see the operator log. It is"
                + " retried after at most 1m.");
  }

  @Test
  void no_text_of_an_exception_reaches_the_status_or_an_event() {
    List<Throwable> failures =
        List.of(
            new IllegalStateException("password " + SECRET, new IOException(SECRET)),
            new StackOverflowError(SECRET),
            new KubernetesClientException("no response with " + SECRET, new IOException(SECRET)),
            new KubernetesClientException(SECRET, 500, null));

    assertThat(failures.stream().map(this::message))
        .containsExactly(
            "Reconciliation failed: Internal error (IllegalStateException); see the operator log."
                + " It is retried after at most 1m.",
            "Reconciliation failed: Internal error (StackOverflowError); see the operator log. It"
                + " is retried after at most 1m.",
            "Reconciliation failed: The Kubernetes API did not respond. It is retried after at most"
                + " 1m.",
            "Reconciliation failed: The API server rejected the call (HTTP 500): no message. It"
                + " is retried after at most 1m.");
    assertThat(notes()).isNotEmpty().allSatisfy(note -> assertThat(note).doesNotContain(SECRET));
  }

  // By the reconciler.

  @Test
  void the_framework_writes_no_status_of_its_own_and_retries() {
    FrameworkDouble framework = new FrameworkDouble(installing(), null);

    ReinstallReconciler reconciler = reconciler();
    reconciler.timer().start();

    var control =
        reconciler.updateErrorStatus(
            framework.reinstall(),
            framework.context(),
            new IllegalArgumentException("with " + SECRET));

    assertThat(control.getResource()).isEmpty();
    assertThat(control.getScheduleDelay()).as("by the framework's timer").isEmpty();
    assertThat(control.isNoRetry()).as("the framework counts it").isFalse();
    assertThat(reconciler.timer().remaining(ResourceID.fromResource(framework.reinstall())))
        .hasValueSatisfying(next -> assertThat(next).isLessThanOrEqualTo(RetryCount.FIRST));
    assertThat(framework.written()).hasSize(1);
  }

  /** The framework would never reconcile the object again. */
  @Test
  void an_error_is_reported_like_an_exception_and_is_retried_at_the_next_poll() {
    FrameworkDouble framework = new FrameworkDouble(installing(), null);
    ReinstallReconciler reconciler = reconcilerThatThrows();
    reconciler.timer().start();

    UpdateControl<Reinstall> control = // without its sources it has no ledgers
        reconciler.reconcile(framework.reinstall(), framework.context());

    assertThat(control.getScheduleDelay()).as("by the framework's timer").isEmpty();
    assertThat(reconciler.timer().remaining(ResourceID.fromResource(framework.reinstall())))
        .hasValueSatisfying(
            next -> assertThat(next).isBetween(Duration.ofSeconds(5), Duration.ofSeconds(15)));
    assertThat(reconciling(framework.written().get(0).getStatus()).getMessage())
        .isEqualTo(
            "Reconciliation failed: Internal error (StackOverflowError); see the operator log. It"
                + " is retried after at most 1m.");
  }

  private ReinstallReconciler reconciler() {
    return new ReinstallReconciler(
        cluster.client(),
        Map.of(),
        TIMEOUTS,
        false,
        "replica-1",
        Duration.ofSeconds(20),
        10,
        null,
        metrics);
  }

  private ReinstallReconciler reconcilerThatThrows() {
    return new ReinstallReconciler(
        cluster.client(),
        new FrameworkDouble.ThrowingMap(),
        TIMEOUTS,
        false,
        "replica-1",
        Duration.ofSeconds(20),
        10,
        null,
        metrics);
  }

  private static final Timeouts TIMEOUTS =
      new Timeouts(
          Duration.ofSeconds(15),
          Duration.ofSeconds(10),
          Duration.ofMinutes(10),
          Duration.ofMinutes(20),
          Duration.ofHours(2));

  private ReinstallStatus reported(ReinstallStatus before, Throwable failure) {
    FrameworkDouble framework = new FrameworkDouble(before, null);
    reporter.report(framework.reinstall(), framework.context(), failure);
    assertThat(framework.written()).hasSize(1);
    assertThat(framework.written().get(0).getMetadata().getResourceVersion()).isEqualTo("7");
    return framework.written().get(0).getStatus();
  }

  private String message(Throwable failure) {
    return reconciling(reported(installing(), failure)).getMessage();
  }

  private static KubernetesClientException rejection(int code, String words) {
    return new KubernetesClientException(
        "POST https://10.0.0.1/apis: " + words,
        code,
        new StatusBuilder().withCode(code).withMessage(words).build());
  }

  private static ReinstallStatus installing() {
    return of(Phase.Installing);
  }

  private static ReinstallStatus of(Phase phase) {
    return StatusConverter.of(
        new ReportedStatus(
            phase,
            phase.name(),
            "as it was",
            true,
            Optional.of("req-1"),
            Optional.empty(),
            Optional.empty(),
            Optional.of(NOON),
            Optional.empty(),
            Optional.of(1L)),
        null,
        3,
        NOON);
  }

  private static Condition reconciling(ReinstallStatus status) {
    return status.conditions().stream()
        .filter(c -> c.getType().equals("Reconciling"))
        .findFirst()
        .orElseThrow();
  }

  private static List<Condition> others(ReinstallStatus status) {
    return status.conditions().stream().filter(c -> !c.getType().equals("Reconciling")).toList();
  }

  private List<String> notes() {
    return recorded().stream().map(Event::getNote).toList();
  }

  private List<Event> recorded() {
    return cluster.client().resources(Event.class).inNamespace("team-a").list().getItems();
  }
}
