package dev.reinstall.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.javaoperatorsdk.operator.api.reconciler.RetryInfo;
import io.javaoperatorsdk.operator.health.Status;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.retry.RetryExecution;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** (That it runs by System.nanoTime is a property of ScheduledThreadPoolExecutor.) */
class RequeueTimerTest {
  /** Of requests that follow no server. */
  private static final ServerPoller POLLER =
      new ServerPoller(
          id -> {}, Duration.ofSeconds(15), Duration.ofSeconds(150), Duration.ofSeconds(15));

  private static final ResourceID WEB = new ResourceID("web-1", "team-a");
  private static final ResourceID OTHER = new ResourceID("web-2", "team-a");
  private static final Duration SOON = Duration.ofMillis(20);

  /** Long enough for a slow machine to do something else before. */
  private static final Duration IN_A_MOMENT = Duration.ofMillis(300);

  private static final Duration LATER = Duration.ofHours(1);

  private final RequeueTimer timer = new RequeueTimer(POLLER);
  private final List<ResourceID> woken = new CopyOnWriteArrayList<>();

  @BeforeEach
  void start() {
    timer.setEventHandler(event -> woken.add(event.getRelatedCustomResourceID()));
    timer.start();
  }

  @AfterEach
  void stop() {
    timer.stop();
  }

  @Test
  void it_wakes_a_request_once_when_its_time_has_come() {
    timer.schedule(WEB, SOON);

    Awaitility.await().until(() -> woken.equals(List.of(WEB)));
    assertThat(timer.remaining(WEB)).isEmpty();
  }

  @Test
  void a_delay_of_zero_wakes_it_at_once() {
    timer.schedule(WEB, Duration.ZERO);

    Awaitility.await().until(() -> woken.equals(List.of(WEB)));
  }

  @Test
  void it_is_late_while_what_it_wakes_does_not_return_and_then_no_more() {
    CountDownLatch blocked = new CountDownLatch(1);
    timer.setEventHandler(event -> uninterruptibly(blocked));
    timer.schedule(WEB, Duration.ZERO);
    timer.schedule(OTHER, SOON);

    Awaitility.await().until(() -> timer.late().filter(late -> !late.isZero()).isPresent());
    blocked.countDown();
    Awaitility.await().until(() -> timer.late().isEmpty());
  }

  private static void uninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void what_is_not_due_is_not_late() {
    timer.schedule(WEB, LATER);

    assertThat(timer.late()).isEmpty();
  }

  @Test
  void a_later_schedule_replaces_an_earlier_one() {
    timer.schedule(WEB, LATER);
    timer.schedule(WEB, SOON);

    Awaitility.await().until(() -> woken.equals(List.of(WEB)));
    assertThat(timer.remaining(WEB)).isEmpty();
  }

  @Test
  void what_was_replaced_or_cancelled_wakes_nobody() {
    ResourceID cancelled = new ResourceID("web-3", "team-a");
    timer.schedule(cancelled, IN_A_MOMENT);
    timer.schedule(WEB, IN_A_MOMENT);

    timer.cancel(cancelled);
    timer.schedule(WEB, LATER);
    timer.schedule(OTHER, IN_A_MOMENT);

    Awaitility.await().until(() -> woken.contains(OTHER));
    assertThat(woken).containsExactly(OTHER);
    assertThat(timer.remaining(WEB)).isPresent();
  }

  @Test
  void a_stopped_timer_wakes_nobody_even_if_it_is_started_again() {
    timer.schedule(WEB, IN_A_MOMENT);
    timer.start(); // as if it were not running
    assertThat(timer.getStatus()).isEqualTo(Status.HEALTHY);
    timer.stop();
    assertThat(timer.getStatus()).isEqualTo(Status.UNHEALTHY);

    timer.start();
    assertThat(timer.remaining(WEB)).isEmpty();
    timer.schedule(OTHER, IN_A_MOMENT);

    Awaitility.await().until(() -> woken.contains(OTHER));
    assertThat(woken).containsExactly(OTHER);
  }

  @Test
  void a_deleted_request_is_not_woken() {
    timer.schedule(WEB, LATER);

    timer.onResourceDeleted(StatusReinstalls.with(null));

    assertThat(timer.remaining(WEB)).isEmpty();
  }

  @Test
  void after_a_stop_nothing_is_scheduled_and_nothing_fails() {
    timer.schedule(WEB, LATER);
    timer.stop();

    timer.schedule(WEB, SOON);

    assertThat(timer.remaining(WEB)).isEmpty();
  }

  /** As the timer of a replica that never led. */
  @Test
  void a_timer_that_never_ran_can_be_stopped() {
    RequeueTimer idle = new RequeueTimer(POLLER);

    idle.stop();

    assertThat(idle.getStatus()).isEqualTo(Status.UNHEALTHY);
  }

  @Test
  void the_backoff_doubles_to_a_minute_and_never_ends() {
    RetryExecution failures = new RetryCount().initExecution();

    List<Duration> backoffs =
        Stream.generate(
                () -> {
                  Duration next = RetryCount.backoff(Optional.<RetryInfo>of(failures));
                  assertThat(failures.nextDelay()).as("by the framework's timer").isEmpty();
                  assertThat(failures.isLastAttempt()).isFalse();
                  return next;
                })
            .limit(1000)
            .toList();

    assertThat(backoffs.subList(0, 8))
        .extracting(Duration::toSeconds)
        .containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L);
    assertThat(backoffs.subList(6, 1000)).containsOnly(RetryCount.LONGEST);
    assertThat(RetryCount.backoff(Optional.empty())).isEqualTo(RetryCount.FIRST);
  }
}
