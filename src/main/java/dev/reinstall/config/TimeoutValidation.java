package dev.reinstall.config;

import dev.reinstall.api.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Relations between time-outs that "at most once" depends on. */
public final class TimeoutValidation {
  /**
   * Tencent Cloud accepts a signature for 5 minutes, by a clock that may differ 5 minutes from
   * ours.
   */
  private static final Duration SIGNATURE_LIVES = Duration.ofMinutes(10);

  private TimeoutValidation() {}

  /** One sentence for each relation that does not hold. */
  static List<String> problemsOf(OperatorConfig config) {
    List<String> problems = new ArrayList<>();
    Duration fence = config.fence();
    Duration sendWithin = config.sendWithin();
    if (fence.compareTo(SIGNATURE_LIVES) < 0) {
      problems.add(
          ("REINSTALL_FENCE must be at least %s, but is %s: Tencent Cloud may still accept"
                  + " a delayed copy of a request for that long.")
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
    if (fence.compareTo(config.settleTime()) < 0) {
      problems.add(
          ("REINSTALL_FENCE must be at least REINSTALL_SETTLE_TIME (%s), but is %s: until"
                  + " then the cloud may not show an operation that it has started.")
              .formatted(Durations.text(config.settleTime()), Durations.text(fence)));
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

  /** What the log must say at start; empty: the time-outs are safe. */
  public static Optional<String> warning(OperatorConfig config) {
    List<String> problems = problemsOf(config);
    if (problems.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        "REINSTALL_ALLOW_UNSAFE_TIMEOUTS is true: a server may be reinstalled more than once."
            + " Use it only for tests and demos. Safety relations that do not hold: "
            + String.join(" ", problems));
  }
}
