package dev.reinstall.simulator.jdcloud;

import dev.reinstall.simulator.SimClock;
import dev.reinstall.simulator.wire.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which tokens were used, and the response to the first call with each. A second call with a token
 * gets the same response, whatever its parameters: the documentation guarantees no more.
 */
final class TokenMemory {
  private record Key(String accessKey, String action, String token) {}

  private record Remembered(HttpResponse answer, Instant at, String server) {}

  private final SimClock clock;
  private final Map<Key, Remembered> answers = new HashMap<>();
  private Duration retention = Duration.ofHours(24);
  private boolean refusalsToo;

  TokenMemory(SimClock clock) {
    this.clock = clock;
  }

  synchronized void keepFor(Duration duration) {
    retention = duration;
  }

  synchronized void rememberRefusals(boolean yes) {
    refusalsToo = yes;
  }

  /** Those of the calls about this server. */
  synchronized void forget(String server) {
    answers.values().removeIf(one -> one.server().equals(server));
  }

  synchronized Optional<HttpResponse> first(String accessKey, String action, String token) {
    return Optional.ofNullable(answers.get(new Key(accessKey, action, token)))
        .filter(one -> clock.now().isBefore(one.at().plus(retention)))
        .map(Remembered::answer);
  }

  synchronized void remember(
      String accessKey, String action, String token, String server, HttpResponse result) {
    if (result.status() == 200 || refusalsToo) {
      answers.put(new Key(accessKey, action, token), new Remembered(result, clock.now(), server));
    }
  }
}
