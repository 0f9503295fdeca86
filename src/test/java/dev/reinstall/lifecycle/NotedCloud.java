package dev.reinstall.lifecycle;

import dev.reinstall.api.Server;
import dev.reinstall.cloud.Account;
import dev.reinstall.cloud.Cloud;
import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.ForwardingCloud;
import dev.reinstall.cloud.HostileCloud.Action;
import dev.reinstall.cloud.Observation;
import dev.reinstall.cloud.Order;
import dev.reinstall.cloud.PowerOrder;
import dev.reinstall.cloud.Receipt;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A cloud, another way to it for one action, and to which kind of end each action came, in the
 * words of {@code answers.md}.
 */
final class NotedCloud extends ForwardingCloud {
  private final Map<Action, String> came = new EnumMap<>(Action.class);

  private final Action struck;
  private final Cloud otherWay;

  NotedCloud(Cloud cloud, Action struck, Cloud otherWay) {
    super(cloud);
    this.struck = struck;
    this.otherWay = otherWay;
  }

  private Cloud to(Action action) {
    return action == struck ? otherWay : cloud;
  }

  /** By action, the end of its first call. */
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

  private <T> T noted(Action action, Sending<T> call, Function<T, String> kind)
      throws CloudException {
    try {
      T result = call.send();
      came.putIfAbsent(action, kind.apply(result));
      return result;
    } catch (CloudException e) {
      String trouble = e.isNeverSent() ? "unsent" : e.trouble().name().toLowerCase(Locale.ROOT);
      String pause =
          e.retryAfter()
              .map(p -> "+" + p.toString().substring(2).toLowerCase(Locale.ROOT))
              .orElse("");
      came.putIfAbsent(action, trouble + pause);
      throw e;
    }
  }

  @Override
  public Observation look(Account account, Server server) throws CloudException {
    return noted(Action.look, () -> to(Action.look).look(account, server), seen -> "seen");
  }

  @Override
  public Map<Server, Observation> lookAtAll(Account account, List<Server> servers)
      throws CloudException {
    return noted(
        Action.lookAtAll,
        () -> to(Action.lookAtAll).lookAtAll(account, servers),
        seen -> List.of("none", "one", "both").get(seen.size()));
  }

  @Override
  public Optional<Receipt> stop(Account account, PowerOrder order) throws CloudException {
    return noted(
        Action.stop,
        () -> to(Action.stop).stop(account, order),
        receipt -> receipt.isPresent() ? "accepted" : "needless");
  }

  @Override
  public Receipt order(Account account, Order order) throws CloudException {
    return noted(Action.order, () -> to(Action.order).order(account, order), receipt -> "accepted");
  }

  @Override
  public Receipt start(Account account, PowerOrder order) throws CloudException {
    return noted(Action.start, () -> to(Action.start).start(account, order), receipt -> "accepted");
  }
}
