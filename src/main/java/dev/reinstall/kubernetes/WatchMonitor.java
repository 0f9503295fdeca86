package dev.reinstall.kubernetes;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices a watch whose connection is open and silent, as behind a proxy that stalls. The API
 * server is asked to end each watch after a short time, and the informer then opens the next one. A
 * watch that is not followed by another one has not ended, so nothing arrives on its connection.
 */
public final class WatchMonitor implements Interceptor {
  private static final Logger LOG = LoggerFactory.getLogger(WatchMonitor.class);
  private static final Duration SHORTEST = Duration.ofSeconds(5);
  private static final Duration LONGEST = Duration.ofMinutes(1);
  private static final Pattern TIMEOUT = Pattern.compile("([?&]timeoutSeconds=)([0-9]+)");
  private static final int SWITCHING_PROTOCOLS = 101;

  /**
   * By monotonic time.
   *
   * @param opened when it was last tried to be opened
   * @param established when it last was; before that, when it was first tried
   * @param rejected HTTP status of the response to the last try; zero: it was opened
   */
  private record Attempts(long opened, long established, int rejected) {
    String rejection() {
      return switch (rejected) {
        case 0 -> "";
        case HttpURLConnection.HTTP_UNAUTHORIZED, HttpURLConnection.HTTP_FORBIDDEN ->
            ": the API server responds with HTTP "
                + rejected
                + ". Check the operator's ServiceAccount and its permissions (deploy/rights.yaml)";
        default -> ": the API server responds with HTTP " + rejected;
      };
    }
  }

  private final Duration duration;
  private final LongSupplier nanoTime;
  private final Map<String, Attempts> watches = new ConcurrentHashMap<>();

  /**
   * For informers that should notice a change within a few poll intervals.
   *
   * @param pollInterval between two calls of the caller to {@link #stalled}
   */
  public WatchMonitor(Duration pollInterval) {
    this(pollInterval, System::nanoTime);
  }

  WatchMonitor(Duration pollInterval, LongSupplier nanoTime) {
    Duration two = pollInterval.multipliedBy(2);
    Duration atLeast = two.compareTo(SHORTEST) < 0 ? SHORTEST : two;
    this.duration = atLeast.compareTo(LONGEST) > 0 ? LONGEST : atLeast;
    this.nanoTime = nanoTime;
  }

  /** How long a watch may go without being followed by the next one. */
  Duration limit() {
    return duration.multipliedBy(2);
  }

  @Override
  public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
    Optional<Matcher> timeout = timeout(request.uri());
    if (timeout.isEmpty() || Long.parseLong(timeout.get().group(2)) <= duration.toSeconds()) {
      return; // no watch, or one that ends sooner
    }
    builder.uri(URI.create(timeout.get().replaceFirst("$1" + duration.toSeconds())));
    long now = nanoTime.getAsLong();
    watches.merge(
        request.uri().getPath(),
        new Attempts(now, now, 0),
        (before, first) -> new Attempts(now, before.established(), before.rejected()));
  }

  @Override
  public void after(
      HttpRequest request,
      HttpResponse<?> response,
      AsyncBody.Consumer<List<ByteBuffer>> consumer) {
    if (timeout(request.uri()).isPresent()) {
      watches.computeIfPresent(
          request.uri().getPath(), (path, before) -> after(path, before, response.code()));
    }
  }

  private Attempts after(String path, Attempts before, int code) {
    if (code == SWITCHING_PROTOCOLS || code == HttpURLConnection.HTTP_OK) {
      return new Attempts(before.opened(), nanoTime.getAsLong(), 0);
    }
    Attempts now = new Attempts(before.opened(), before.established(), code);
    if (code != before.rejected()) {
      LOG.warn("The watch of {} is not established{}", path, now.rejection());
    }
    return now;
  }

  private static Optional<Matcher> timeout(URI uri) {
    String query = uri.getRawQuery();
    return query != null && query.matches("(.*&)?watch=(true|1)(&.*)?")
        ? Optional.of(TIMEOUT.matcher(uri.toString())).filter(Matcher::find)
        : Optional.empty();
  }

  /** What the operator may not see; empty: all watches are followed by the next one in time. */
  public Optional<String> problem() {
    long now = nanoTime.getAsLong();
    return firstOf(watch -> now - watch.established() > limit().toNanos())
        .map(
            watch ->
                "the watch of "
                    + watch.getKey()
                    + " has received nothing for "
                    + text(limit())
                    + watch.getValue().rejection());
  }

  /**
   * A watch that has not ended, so that only a new connection helps; empty: none. Later than {@link
   * #problem} reports it.
   */
  public Optional<String> stalled() {
    long now = nanoTime.getAsLong();
    Duration patience = limit().plus(duration);
    return firstOf(watch -> now - watch.opened() > patience.toNanos())
        .map(
            watch ->
                "The watch of " + watch.getKey() + " has received nothing for " + text(patience));
  }

  private Optional<Map.Entry<String, Attempts>> firstOf(Predicate<Attempts> which) {
    return watches.entrySet().stream()
        .filter(watch -> which.test(watch.getValue()))
        .min(Map.Entry.comparingByKey());
  }

  private static String text(Duration duration) {
    return duration.toSeconds() + "s";
  }
}
