package dev.reinstall.config;

import dev.reinstall.api.Durations;
import dev.reinstall.cloud.CloudProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Relations between time-outs that "at most once" depends on. */
public final class TimeoutValidation {
  /**
   * A cloud without idempotency tokens must accept a signature for 5 minutes at most, by a clock
   * that may differ 5 minutes from ours.
   */
  private static final Duration SIGNATURE_LIVES = Duration.ofMinutes(10);

  private TimeoutValidation() {}

  /** One sentence for each relation that does not hold. */
  static List<String> problemsOf(OperatorConfig config, List<CloudProvider> clouds) {
    List<String> problems = new ArrayList<>();
    Duration fence = config.fence();
    Duration sendWithin = config.sendWithin();
    if (fence.compareTo(SIGNATURE_LIVES) < 0) {
      problems.add(
          ("REINSTALL_FENCE must be at least %s, but is %s: a cloud may still accept a delayed"
                  + " copy of a request for that long.")
              .formatted(Durations.text(SIGNATURE_LIVES), Durations.text(fence)));
    }
    Duration sending = sendWithin.plus(config.callTimeout());
    if (fence.compareTo(sending) < 0) {
      problems.add(
          ("REINSTALL_FENCE must be at least REINSTALL_SEND_WITHIN plus"
                  + " REINSTALL_CALL_TIMEOUT (%s), but is %s: until then another process may still"
                  + " be sending the request.")
              .formatted(Durations.text(sending), Durations.text(fence)));
    }
    Duration twice = sendWithin.multipliedBy(2);
    if (fence.compareTo(twice) < 0) {
      problems.add(
          ("REINSTALL_FENCE must be at least twice REINSTALL_SEND_WITHIN (%s), but is %s:"
                  + " another process may start to measure it later.")
              .formatted(Durations.text(twice), Durations.text(fence)));
    }
    for (CloudProvider cloud : clouds) {
      Duration settling = cloud.capabilities().settleTime();
      if (!cloud.capabilities().idempotentToken() && fence.compareTo(settling) < 0) {
        problems.add(
            ("REINSTALL_FENCE must be at least the settle time of %s (%s), but is %s: until then"
                    + " the cloud may not show an operation that it has started.")
                .formatted(cloud.name(), Durations.text(settling), Durations.text(fence)));
      }
    }
    if (config.orderTimeout().compareTo(fence) < 0) {
      problems.add(
          ("REINSTALL_ORDER_TIMEOUT must be at least REINSTALL_FENCE (%s), but is %s:"
                  + " a request must not be given up while a delayed copy of it can still take"
                  + " effect.")
              .formatted(Durations.text(fence), Durations.text(config.orderTimeout())));
    }
    return problems;
  }

  /**
   * What the log must say at start; empty: the time-outs are safe.
   *
   * @param problems the relations that do not hold
   */
  public static Optional<String> warning(List<String> problems) {
    if (problems.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        "REINSTALL_ALLOW_UNSAFE_TIMEOUTS is true: a server may be reinstalled more than once."
            + " Use it only for tests and demos. Safety relations that do not hold: "
            + String.join(" ", problems));
  }
}
