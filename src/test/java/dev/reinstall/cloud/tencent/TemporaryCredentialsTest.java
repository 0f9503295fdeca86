package dev.reinstall.cloud.tencent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.CloudException.Kind;
import dev.reinstall.cloud.Credentials;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class TemporaryCredentialsTest {
  private final AtomicLong now = new AtomicLong(-5);
  private final AtomicInteger calls = new AtomicInteger();
  private volatile CloudException failure;
  private volatile Duration validFor = Duration.ofHours(2);
  private final TemporaryCredentials kept = new TemporaryCredentials(this::issue, now::get);

  private IssuedCredentials issue() throws CloudException {
    int call = calls.incrementAndGet();
    if (failure != null) {
      throw failure;
    }
    return new IssuedCredentials(new Credentials(Map.of("secretId", "id-" + call)), validFor);
  }

  private void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }

  private static String id(Credentials credentials) throws CloudException {
    return credentials.credential("secretId");
  }

  @Test
  void they_are_kept_until_five_minutes_before_their_end() throws Exception {
    assertThat(id(kept.renewed())).isEqualTo("id-1");
    pass(validFor.minus(TemporaryCredentials.MARGIN).minusNanos(1));
    assertThat(id(kept.renewed())).isEqualTo("id-1");

    pass(Duration.ofNanos(1));

    assertThat(id(kept.renewed())).isEqualTo("id-2");
    assertThat(calls).hasValue(2);
  }

  @Test
  void short_ones_are_kept_for_half_of_their_time() throws Exception {
    validFor = Duration.ofMinutes(4);
    kept.renewed();
    pass(Duration.ofMinutes(2).minusNanos(1));
    assertThat(id(kept.renewed())).isEqualTo("id-1");

    pass(Duration.ofNanos(1));

    assertThat(id(kept.renewed())).isEqualTo("id-2");
  }

  @Test
  void valid_ones_stay_in_use_while_they_cannot_be_renewed_and_that_is_not_tried_all_the_time()
      throws Exception {
    kept.renewed();
    pass(validFor.minus(TemporaryCredentials.MARGIN));
    failure = CloudException.notSent("dark");

    assertThat(id(kept.renewed())).isEqualTo("id-1");
    assertThat(id(kept.renewed())).isEqualTo("id-1");
    assertThat(calls).hasValue(2);
    pass(TemporaryCredentials.PAUSE);
    assertThat(id(kept.renewed())).isEqualTo("id-1");
    assertThat(calls).hasValue(3);

    pass(TemporaryCredentials.MARGIN);
    assertThatThrownBy(kept::renewed).isSameAs(failure);
  }

  @Test
  void a_failure_is_not_kept() throws Exception {
    failure = new CloudException(Kind.DENIED, "no such role");
    assertThatThrownBy(kept::renewed).isSameAs(failure);

    failure = null;

    assertThat(id(kept.renewed())).isEqualTo("id-2");
  }

  @Test
  void a_call_that_changes_a_server_renews_nothing() throws Exception {
    assertThatThrownBy(kept::valid)
        .isInstanceOfSatisfying(
            CloudException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NOT_SENT));
    kept.renewed();
    pass(validFor.minusNanos(1));
    assertThat(id(kept.valid())).isEqualTo("id-1");

    pass(Duration.ofNanos(1));

    assertThatThrownBy(kept::valid).hasMessage("The temporary credentials have ended.");
    assertThat(calls).hasValue(1);
  }

  @Test
  void what_was_denied_is_renewed_at_most_once_a_minute() throws Exception {
    kept.renewed();
    kept.denied();
    assertThat(id(kept.renewed())).isEqualTo("id-1");

    pass(TemporaryCredentials.SUSPECT);
    kept.denied();
    kept.denied();

    assertThat(id(kept.valid())).isEqualTo("id-1");
    assertThat(id(kept.renewed())).isEqualTo("id-2");
    kept.denied();
    assertThat(id(kept.renewed())).isEqualTo("id-2");
  }

  @Test
  void one_call_renews_for_all_that_wait_and_they_share_its_failure() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    CloudException denied = new CloudException(Kind.DENIED, "no such role");
    TemporaryCredentials slow =
        new TemporaryCredentials(
            () -> {
              calls.incrementAndGet();
              begun.countDown();
              await(answer);
              throw denied;
            },
            now::get);
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Thread> waiting = new ArrayList<>();
      Future<Credentials> first = threads.submit((Callable<Credentials>) slow::renewed);
      await(begun);
      List<Future<Credentials>> others = new ArrayList<>();
      for (int i = 0; i < 7; i++) {
        others.add(
            threads.submit(
                () -> {
                  synchronized (waiting) {
                    waiting.add(Thread.currentThread());
                  }
                  return slow.renewed();
                }));
      }
      Awaitility.await()
          .until(
              () -> {
                synchronized (waiting) {
                  return waiting.size() == 7
                      && waiting.stream().allMatch(t -> t.getState() == Thread.State.BLOCKED);
                }
              });
      answer.countDown();

      assertThatThrownBy(first::get).hasCause(denied);
      for (Future<Credentials> other : others) {
        assertThatThrownBy(other::get).hasCause(denied);
      }
      assertThat(calls).hasValue(1);
    } finally {
      threads.shutdownNow();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void nothing_of_them_is_printed() throws Exception {
    kept.renewed();

    assertThat(kept + " " + new IssuedCredentials(kept.valid(), validFor)).doesNotContain("id-1");
  }
}
