package dev.reinstall.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.reinstall.api.OperatorPause;
import dev.reinstall.api.Phase;
import dev.reinstall.api.Reinstall;
import dev.reinstall.api.ReinstallStatus;
import dev.reinstall.api.ServerLedger.Owner;
import dev.reinstall.controlplane.CrudMock;
import dev.reinstall.reconcile.ConflictException;
import dev.reinstall.reconcile.ReportedStatus;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What the framework receives; an IT shows that a real API server rejects a stale copy. */
class KubernetesGatewayTest {
  private static final ReportedStatus SUBMITTING =
      new ReportedStatus(
          Phase.Submitting,
          "Submitting",
          "the server is claimed",
          false,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.of(1L));

  private static KubernetesGateway world(FrameworkDouble framework) {
    return world(framework, null);
  }

  private static KubernetesGateway world(FrameworkDouble framework, PauseWatch pause) {
    OperatorMetrics metrics = new OperatorMetrics("this-test");
    return new KubernetesGateway(
        framework.reinstall(),
        framework.owners(),
        framework.context().resourceOperations()::updatePrimaryStatus,
        null,
        new SharedParts(
            null,
            pause,
            new EventRecorder(null, "replica-1"), // of these statuses none is an Event
            null,
            Map.of(),
            metrics,
            new Transitions(metrics),
            null,
            null,
            null,
            null,
            Duration.ofSeconds(15),
            false));
  }

  @Test
  void a_status_is_written_with_the_resource_version_of_the_copy_it_was_decided_on()
      throws ConflictException {
    FrameworkDouble framework = new FrameworkDouble(RUNNING, null);
    Reinstall copy = framework.reinstall();

    world(framework).commitStart(copy, SUBMITTING);
    world(framework).updateObservedGeneration(copy);

    assertThat(framework.written())
        .hasSize(2)
        .allSatisfy(next -> assertThat(next.getMetadata().getResourceVersion()).isEqualTo("7"));
  }

  @Test
  void who_is_not_in_the_watch_is_asked_for_before_it_is_called_gone() {
    try (CrudMock cluster = CrudMock.start()) {
      cluster.create(MockedEnvironment.tencentRequest("web-1", "ins-r8hr2upy", "img-ubuntu22"));
      Reinstall there =
          cluster.client().resources(Reinstall.class).inNamespace("team-a").withName("web-1").get();
      KubernetesGateway ports = world(new FrameworkDouble(there, cluster.client()));

      String uid = there.getMetadata().getUid();
      assertThat(ports.isDeleted(new Owner("team-a", "web-1", uid))).isFalse();
      assertThat(ports.isDeleted(new Owner("team-a", "web-1", "another"))).isTrue();
      assertThat(ports.isDeleted(new Owner("team-a", "web-2", uid))).isTrue();
    }
  }

  @Test
  void one_that_is_being_deleted_counts_as_gone() {
    try (CrudMock cluster = CrudMock.start()) {
      Reinstall held = MockedEnvironment.tencentRequest("web-1", "ins-r8hr2upy", "img-ubuntu22");
      held.getMetadata().setFinalizers(List.of("example.com/keep"));
      cluster.create(held);
      Resource<Reinstall> web =
          cluster.client().resources(Reinstall.class).inNamespace("team-a").withName("web-1");
      Owner owner = new Owner("team-a", "web-1", web.get().getMetadata().getUid());
      KubernetesGateway ports = world(new FrameworkDouble(web.get(), cluster.client()));
      assertThat(ports.isDeleted(owner)).isFalse();

      web.delete();
      assertThat(web.get()).as("its finalizer holds it").isNotNull();
      assertThat(ports.isDeleted(owner)).isTrue();
    }
  }

  @Test
  void whether_an_object_of_its_own_name_is_gone_is_not_guessed() {
    try (CrudMock cluster = CrudMock.start()) {
      cluster.create(MockedEnvironment.tencentRequest("web-1", "ins-r8hr2upy", "img-ubuntu22"));
      Reinstall there =
          cluster.client().resources(Reinstall.class).inNamespace("team-a").withName("web-1").get();
      KubernetesGateway ports = world(new FrameworkDouble(there, cluster.client()));
      String path = "/apis/reinstall.dev/v1alpha1/namespaces/team-a/reinstalls/";

      cluster.refuseNext("GET", path + "web-1", 403);
      assertThatThrownBy(() -> ports.isDeleted(new Owner("team-a", "web-1", "before")))
          .isInstanceOf(KubernetesClientException.class);
      cluster.refuseNext("GET", path + "web-2", 403);
      assertThat(ports.isDeleted(new Owner("team-a", "web-2", "before"))).isFalse();
    }
  }

  /** Else a request would be claimed again and again until the watch shows the pause. */
  @Test
  void a_pause_that_a_reconciliation_fetched_it_knows_before_the_watch_shows_it() {
    try (CrudMock cluster = CrudMock.start()) {
      cluster.create(
          new ConfigMapBuilder()
              .withNewMetadata()
              .withNamespace("reinstall-system")
              .withName(OperatorPause.NAME)
              .endMetadata()
              .build());
      PauseWatch notStarted = new PauseWatch(cluster.client(), "reinstall-system");
      KubernetesGateway ports = world(new FrameworkDouble(RUNNING, null), notStarted);

      assertThat(ports.fetchPause()).contains("no reason is given");
      assertThat(ports.cachedPause()).contains("no reason is given");
    }
  }

  private static final ReinstallStatus RUNNING =
      StatusReinstalls.status("Pending", "ServerRunning", "it runs");

  // One line for each transition, and none while nothing changes.

  @Test
  void a_transition_is_one_line_with_the_claim() throws ConflictException {
    FrameworkDouble framework = new FrameworkDouble(RUNNING, null);

    List<String> lines =
        logged(() -> world(framework).commitStart(framework.reinstall(), SUBMITTING));

    assertThat(lines).containsExactly("INFO Pending/ServerRunning -> Submitting (claim 1)");
  }

  @Test
  void a_first_status_is_a_transition_too_and_without_a_claim_none_is_named()
      throws ConflictException {
    FrameworkDouble framework = new FrameworkDouble((ReinstallStatus) null, null);

    List<String> lines =
        logged(
            () ->
                world(framework)
                    .updateStatus(framework.reinstall(), pending("Queued", "behind web-0")));

    assertThat(lines).containsExactly("INFO New -> Pending/Queued");
  }

  @Test
  void another_message_is_no_transition() throws ConflictException {
    FrameworkDouble framework = new FrameworkDouble(RUNNING, null);

    List<String> lines =
        logged(
            () ->
                world(framework)
                    .updateStatus(framework.reinstall(), pending("ServerRunning", "still")));

    assertThat(framework.written()).hasSize(1);
    assertThat(lines).isEmpty();
  }

  @Test
  void what_is_up_to_date_is_neither_written_nor_logged() throws ConflictException {
    FrameworkDouble framework = new FrameworkDouble((ReinstallStatus) null, null);
    ReportedStatus waiting = pending("Queued", "behind web-0");
    Reinstall written = world(framework).updateStatus(framework.reinstall(), waiting);

    List<String> lines = logged(() -> world(framework).updateStatus(written, waiting));

    assertThat(framework.written()).hasSize(1);
    assertThat(lines).isEmpty();
  }

  private static ReportedStatus pending(String reason, String message) {
    return new ReportedStatus(
        Phase.Pending,
        reason,
        message,
        false,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private interface Update {
    Object run() throws ConflictException;
  }

  private static List<String> logged(Update update) throws ConflictException {
    Logger logger = (Logger) LoggerFactory.getLogger(Transitions.class);
    ListAppender<ILoggingEvent> appender = new ListAppender<>();
    Level level = logger.getLevel();
    appender.start();
    logger.addAppender(appender);
    logger.setLevel(Level.INFO);
    try {
      update.run();
    } finally {
      logger.setLevel(level);
      logger.detachAppender(appender);
    }
    return appender.list.stream().map(e -> e.getLevel() + " " + e.getFormattedMessage()).toList();
  }
}
