package dev.reinstall.cloud;

import io.github.bucket4j.TimeMeter;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.function.LongSupplier;

/** The calls of a cloud with a clock, and with a client, of the test. */
public final class TimedCalls {
  private TimedCalls() {}

  /**
   * @param facts whose client is replaced
   * @param nanos nobody waits by this clock
   */
  public static CloudCalls over(CloudProvider facts, CloudClient client, LongSupplier nanos) {
    return new CloudCalls(
        with(client, facts),
        new RecordedMetrics(),
        Instant::now,
        new TimeMeter() {
          @Override
          public long currentTimeNanos() {
            return nanos.getAsLong();
          }

          @Override
          public boolean isWallClockBased() {
            return false;
          }
        },
        wait -> {});
  }

  static CloudProvider with(CloudClient client, CloudProvider facts) {
    return (CloudProvider)
        Proxy.newProxyInstance(
            CloudProvider.class.getClassLoader(),
            new Class<?>[] {CloudProvider.class},
            (proxy, method, arguments) ->
                method.getName().equals("client") ? client : method.invoke(facts, arguments));
  }
}
