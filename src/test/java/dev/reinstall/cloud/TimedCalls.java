package dev.reinstall.cloud;

import io.github.bucket4j.TimeMeter;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/** The calls of a cloud with a clock, and with a client, of the test. */
public final class TimedCalls {
  private TimedCalls() {}

  /**
   * @param facts whose client is replaced
   * @param nanos nobody waits by this clock
   */
  public static CloudCalls over(
      CloudProvider facts, CloudClient client, Duration poll, LongSupplier nanos) {
    return new CloudCalls(
        with(client, facts),
        poll,
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

  static AccountDescriptions.DescribeCall describing(CloudClient client) {
    return (credentials, servers) ->
        servers.size() == 1
            ? Map.of(servers.get(0), client.describe(credentials, servers.get(0)))
            : client.describeAll(credentials, List.copyOf(servers));
  }
}
