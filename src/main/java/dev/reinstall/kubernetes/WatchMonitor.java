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

/**
 * Notices a watch whose connection is open and silent, as behind a proxy that stalls. The API
 * server is asked to end each watch after a short time, and the informer then opens the next one. A
 * watch that is not followed by another one has not ended, so nothing arrives on its connection.
 */
public final class WatchMonitor implements Interceptor {
  private static final Duration SHORTEST = Duration.ofSeconds(5);
  private static final Duration LONGEST = Duration.ofMinutes(1);
  private static final Pattern TIMEOUT = Pattern.compile("([?&]timeoutSeconds=)([0-9]+)");
  private static final int SWITCHING_PROTOCOLS = 101;

  /**
   * By monotonic time.
   *
   * @param opened when it was last tried to be opened
   * @param established when it last was; before that, when it was first tried
   */
  private record Times(long opened, long established) {}

  private final Duration duration;
  private final LongSupplier nanoTime;
  private final Map<String, Times> watches = new ConcurrentHashMap<>();

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
        new Times(now, now),
        (before, first) -> new Times(now, before.established()));
  }

  @Override
  public void after(
      HttpRequest request,
      HttpResponse<?> response,
      AsyncBody.Consumer<List<ByteBuffer>> consumer) {
    if (timeout(request.uri()).isPresent()
        && (response.code() == SWITCHING_PROTOCOLS
            || response.code() == HttpURLConnection.HTTP_OK)) {
      long now = nanoTime.getAsLong();
      watches.computeIfPresent(
          request.uri().getPath(), (path, before) -> new Times(before.opened(), now));
    }
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
    return firstOf(times -> now - times.established() > limit().toNanos())
        .map(path -> "the watch of " + path + " has received nothing for " + text(limit()));
  }

  /**
   * A watch that has not ended, so that only a new connection helps; empty: none. Later than {@link
   * #problem} reports it.
   */
  public Optional<String> stalled() {
    long now = nanoTime.getAsLong();
    Duration patience = limit().plus(duration);
    return firstOf(times -> now - times.opened() > patience.toNanos())
        .map(path -> "The watch of " + path + " has received nothing for " + text(patience));
  }

  private Optional<String> firstOf(Predicate<Times> which) {
    return watches.entrySet().stream()
        .filter(watch -> which.test(watch.getValue()))
        .map(Map.Entry::getKey)
        .sorted()
        .findFirst();
  }

  private static String text(Duration duration) {
    return duration.toSeconds() + "s";
  }
}
