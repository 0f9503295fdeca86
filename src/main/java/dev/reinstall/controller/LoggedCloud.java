package dev.reinstall.controller;

import dev.reinstall.api.Server;
import dev.reinstall.cloud.Account;
import dev.reinstall.cloud.Cloud;
import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.ForwardingCloud;
import dev.reinstall.cloud.Glance;
import dev.reinstall.cloud.Observation;
import dev.reinstall.cloud.Order;
import dev.reinstall.cloud.PowerOrder;
import dev.reinstall.cloud.Receipt;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs what each call that changes a server came to, and why a look failed, with the request ids.
 */
final class LoggedCloud extends ForwardingCloud {
  private static final Logger LOG = LoggerFactory.getLogger(Cloud.class);

  LoggedCloud(Cloud cloud) {
    super(cloud);
  }

  @Override
  public void reserve(Account account) throws CloudException {
    cloud.reserve(account);
  }

  @Override
  public Observation look(Account account, Server server) throws CloudException {
    try {
      return cloud.look(account, server);
    } catch (CloudException e) {
      failed(server, e);
      throw e;
    }
  }

  @Override
  public Glance glance(Account account, Server server) throws CloudException {
    try {
      return cloud.glance(account, server);
    } catch (CloudException e) {
      failed(server, e);
      throw e;
    }
  }

  private static void failed(Server server, CloudException e) {
    LOG.info("look at {}: {} {} {}", server, e.trouble(), e.getMessage(), id(e));
  }

  @Override
  public Map<Server, Observation> lookAtAll(Account account, List<Server> servers)
      throws CloudException {
    return cloud.lookAtAll(account, servers);
  }

  @Override
  public Receipt order(Account account, Order order) throws CloudException {
    return logged("order", order.spec().server(), () -> cloud.order(account, order));
  }

  @Override
  public Optional<Receipt> stop(Account account, PowerOrder order) throws CloudException {
    return Optional.ofNullable(
        logged("stop", order.server(), () -> cloud.stop(account, order).orElse(null)));
  }

  @Override
  public Receipt start(Account account, PowerOrder order) throws CloudException {
    return logged("start", order.server(), () -> cloud.start(account, order));
  }

  private interface Sending {
    Receipt send() throws CloudException;
  }

  private static Receipt logged(String what, Server server, Sending sending) throws CloudException {
    try {
      Receipt receipt = sending.send();
      if (receipt == null) {
        LOG.info("{} for {}: needless, an install has failed on it", what, server);
      } else {
        LOG.info("{} for {}: accepted, request id {}", what, server, receipt.requestId());
      }
      return receipt;
    } catch (CloudException e) {
      LOG.warn(
          "{} for {}: {}{} {} {}",
          what,
          server,
          e.trouble(),
          e.isNeverSent() ? " (never sent)" : "",
          e.getMessage(),
          id(e));
      throw e;
    }
  }

  private static String id(CloudException e) {
    return e.requestId().map(id -> "(request id " + id + ")").orElse("");
  }
}
