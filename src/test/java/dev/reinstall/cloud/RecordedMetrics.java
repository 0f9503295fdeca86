package dev.reinstall.cloud;

import dev.reinstall.api.CloudName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What was reported of the calls. */
final class RecordedMetrics implements CallMetrics {

  /** One call that was measured. */
  record MeasuredCall(
      CloudName cloud, String action, Optional<CloudException> failure, Duration time) {}

  final List<Duration> throttled = new ArrayList<>();
  final List<MeasuredCall> calls = new ArrayList<>();

  @Override
  public void throttled(CloudName cloud, Duration time) {
    throttled.add(time);
  }

  @Override
  public void called(
      CloudName cloud, String action, Optional<CloudException> failure, Duration time) {
    calls.add(new MeasuredCall(cloud, action, failure, time));
  }
}
