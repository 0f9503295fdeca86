package dev.reinstall.reconcile;

import dev.reinstall.api.Server;
import dev.reinstall.cloud.CatalogueEntry;
import dev.reinstall.cloud.CatalogueQuery;
import dev.reinstall.cloud.CloudClient;
import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.CloudException.Kind;
import dev.reinstall.cloud.Credentials;
import dev.reinstall.cloud.HostileCloud.Action;
import dev.reinstall.cloud.Observation;
import dev.reinstall.cloud.PowerRequest;
import dev.reinstall.cloud.ReinstallRequest;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A client with another route for one action; records the kind of result of each action, by the
 * names in {@code answers.md}.
 */
final class RecordingClient implements CloudClient {
  private final Map<Action, String> came = new EnumMap<>(Action.class);

  private final CloudClient client;
  private final Action struck;
  private final CloudClient otherWay;

  RecordingClient(CloudClient client, Action struck, CloudClient otherWay) {
    this.client = client;
    this.struck = struck;
    this.otherWay = otherWay;
  }

  private CloudClient to(Action action) {
    return action == struck ? otherWay : client;
  }

  /** By action, the result of its first call. */
  Map<Action, String> came() {
    return came;
  }

  void forget() {
    came.clear();
  }

  @FunctionalInterface
  private interface Sending<T> {
    T send() throws CloudException;
  }

  private <T> T noted(Action action, Sending<T> call, Function<T, String> kindOf)
      throws CloudException {
    try {
      T result = call.send();
      came.putIfAbsent(action, kindOf.apply(result));
      return result;
    } catch (CloudException e) {
      String kind = name(e.kind());
      String pause =
          e.retryAfter()
              .map(p -> "+" + p.toString().substring(2).toLowerCase(Locale.ROOT))
              .orElse("");
      came.putIfAbsent(action, kind + pause);
      throw e;
    }
  }

  private static String name(Kind kind) {
    return switch (kind) {
      case NOT_FOUND -> "notFound";
      case NOT_SENT -> "notSent";
      default -> kind.name().toLowerCase(Locale.ROOT);
    };
  }

  @Override
  public Observation describe(Credentials credentials, Server server) throws CloudException {
    return noted(
        Action.describe,
        () -> to(Action.describe).describe(credentials, server),
        observation -> "seen");
  }

  @Override
  public Map<Server, Observation> describeAll(Credentials credentials, List<Server> servers)
      throws CloudException {
    return noted(
        Action.describeAll,
        () -> to(Action.describeAll).describeAll(credentials, servers),
        observations -> List.of("none", "one", "both").get(observations.size()));
  }

  /** Nobody may read one here: a request goes on without. */
  @Override
  public Map<CatalogueQuery, List<CatalogueEntry>> catalogue(
      Credentials credentials, List<CatalogueQuery> queries) throws CloudException {
    throw new CloudException(Kind.DENIED, "no permission");
  }

  @Override
  public Optional<String> stop(Credentials credentials, PowerRequest request)
      throws CloudException {
    return noted(
        Action.stop,
        () -> to(Action.stop).stop(credentials, request),
        receipt -> receipt.isPresent() ? "accepted" : "notNeeded");
  }

  @Override
  public String reinstall(Credentials credentials, ReinstallRequest request) throws CloudException {
    return noted(
        Action.reinstall,
        () -> to(Action.reinstall).reinstall(credentials, request),
        response -> "accepted");
  }

  @Override
  public String start(Credentials credentials, PowerRequest request) throws CloudException {
    return noted(
        Action.start, () -> to(Action.start).start(credentials, request), response -> "accepted");
  }
}
