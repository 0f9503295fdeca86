package dev.reinstall.cloud;

import dev.reinstall.api.CloudName;
import java.time.Duration;
import java.util.Optional;

/** Where calls are counted. */
public interface CallMetrics {

  /**
   * Calls to this cloud were held up: by the rate limit, or by a pause that the cloud asked for.
   */
  void throttled(CloudName cloud, Duration time);

  /**
   * A call was made, whatever came of it.
   *
   * @param failure empty: it succeeded
   * @param time of the call itself; a wait for the rate limit is no part
   */
  void called(CloudName cloud, String action, Optional<CloudException> failure, Duration time);
}
