package dev.reinstall.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.api.Reinstall;
import dev.reinstall.reconcile.Timeouts;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.javaoperatorsdk.operator.api.config.BaseConfigurationService;
import io.javaoperatorsdk.operator.api.config.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import java.time.Duration;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** How the controller is configured, and what wakes it. */
class ReinstallReconcilerTest {
  private static final Reinstall BEFORE =
      StatusReinstalls.with(StatusReinstalls.status("Pending", "ServerRunning", "It runs."));

  @Test
  void nothing_is_scheduled_by_the_frameworks_timer_which_runs_by_the_wall_clock() {
    ControllerConfiguration<Reinstall> configuration = configuration();

    assertThat(configuration.maxReconciliationInterval()).isEmpty();
    assertThat(configuration.getRetry().initExecution().nextDelay()).isEmpty();
    assertThat(configuration.getRateLimiter().isLimited(configuration.getRateLimiter().initState()))
        .isEmpty();
  }

  @Test
  void an_annotation_or_another_change_of_the_metadata_alone_is_no_change() {
    assertThat(isChange(meta -> meta.addToAnnotations("seen", "today"))).isFalse();
    assertThat(isChange(meta -> meta.addToLabels("team", "a"))).isFalse();
    assertThat(isChange(meta -> meta.addToFinalizers("example.com/keep"))).isFalse();
    assertThat(isChange(meta -> meta.withResourceVersion("8"))).isFalse();
  }

  @Test
  void a_new_generation_a_deletion_and_another_object_are_changes() {
    assertThat(isChange(meta -> meta.withGeneration(3L))).isTrue();
    assertThat(isChange(meta -> meta.withDeletionTimestamp("2026-11-01T12:00:00Z"))).isTrue();
    assertThat(isChange(meta -> meta.withUid("0d9f8a52-0000-0000-0000-000000000002"))).isTrue();
  }

  @Test
  void a_status_that_somebody_wiped_or_edited_is_a_change() {
    assertThat(accepts(StatusReinstalls.with(null))).isTrue();
    assertThat(
            accepts(
                StatusReinstalls.with(
                    StatusReinstalls.status("Pending", "ServerRunning", "It flies."))))
        .isTrue();
    assertThat(
            accepts(
                StatusReinstalls.with(
                    StatusReinstalls.status("Pending", "ServerRunning", "It runs."))))
        .isFalse();
  }

  private static boolean isChange(UnaryOperator<ObjectMetaBuilder> change) {
    Reinstall now = StatusReinstalls.with(BEFORE.getStatus());
    now.setMetadata(change.apply(new ObjectMetaBuilder(now.getMetadata())).build());
    return accepts(now);
  }

  /** By the filter of the controller as it is configured. */
  private static boolean accepts(Reinstall now) {
    return configuration().getInformerConfig().getOnUpdateFilter().accept(now, BEFORE);
  }

  private static final Timeouts TIMEOUTS =
      new Timeouts(
          Duration.ofSeconds(15),
          Duration.ofSeconds(10),
          Duration.ofMinutes(10),
          Duration.ofMinutes(20),
          Duration.ofHours(2));

  private static ControllerConfiguration<Reinstall> configuration() {
    ControllerConfigurationOverrider<Reinstall> overrider =
        ControllerConfigurationOverrider.override(
            new BaseConfigurationService()
                .getConfigurationFor(
                    new ReinstallReconciler(
                        null,
                        Map.of(),
                        TIMEOUTS,
                        false,
                        "this-test",
                        Duration.ZERO,
                        10,
                        null,
                        null)));
    ReinstallReconciler.configure(overrider);
    return overrider.build();
  }
}
