package dev.reinstall;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Relations between durations that "at most once" rests on. They protect servers: where both
 * endpoints are on the loopback address, as simulators are, there is none to protect, and trials
 * have to be quick.
 */
final class Fences {
  private static final Pattern LOOPBACK =
      Pattern.compile("https?://(localhost|127(\\.[0-9]{1,3}){3}|\\[::1\\])([:/].*)?");

  /** Tencent Cloud takes a signature for 5 minutes, by a clock that may be 5 minutes from ours. */
  private static final Duration SIGNATURE_LIVES = Duration.ofMinutes(10);

  private Fences() {}

  static List<String> problemsOf(Settings settings) {
    List<String> problems = new ArrayList<>();
    if (isTrial(settings)) {
      return problems;
    }
    Duration fence = settings.fence();
    if (fence.compareTo(SIGNATURE_LIVES) < 0) {
      problems.add(
          "REINSTALL_FENCE must be 10m or longer: for so long Tencent Cloud may still carry out a"
              + " copy of an order that was held up on its way");
    }
    if (fence.compareTo(settings.sendWithin().plus(settings.callTimeout())) < 0) {
      problems.add(
          "REINSTALL_FENCE must not be shorter than REINSTALL_SEND_WITHIN and"
              + " REINSTALL_CALL_TIMEOUT together: until then another process may still be sending");
    }
    if (fence.compareTo(settings.sendWithin().multipliedBy(2)) < 0) {
      problems.add(
          "REINSTALL_FENCE must not be shorter than twice REINSTALL_SEND_WITHIN: another process"
              + " may measure it from later");
    }
    if (fence.compareTo(settings.settleTime()) < 0) {
      problems.add(
          "REINSTALL_FENCE must not be shorter than REINSTALL_SETTLE_TIME: until then an order"
              + " may be under way that the cloud does not show yet");
    }
    if (settings.orderTimeout().compareTo(fence) < 0) {
      problems.add(
          "REINSTALL_ORDER_TIMEOUT must not be shorter than REINSTALL_FENCE: an order must not be"
              + " given up while a copy of it can still be carried out");
    }
    return problems;
  }

  private static boolean isTrial(Settings settings) {
    return LOOPBACK.matcher(settings.tencentEndpoint()).matches()
        && LOOPBACK.matcher(settings.jdCloudEndpoint()).matches();
  }
}
