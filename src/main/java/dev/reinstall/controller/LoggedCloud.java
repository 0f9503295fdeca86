package dev.reinstall.controller;

import dev.reinstall.api.ReinstallSpec;
import dev.reinstall.api.SecretKeyRef;
import dev.reinstall.api.Server;
import dev.reinstall.cloud.Account;
import dev.reinstall.cloud.Cloud;
import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.Observation;
import dev.reinstall.cloud.Order;
import dev.reinstall.cloud.PowerOrder;
import dev.reinstall.cloud.Receipt;
import dev.reinstall.cloud.Traits;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs what each call that changes a server came to, and why a look failed, with the request ids.
 */
record LoggedCloud(Cloud cloud) implements Cloud {
  private static final Logger LOG = LoggerFactory.getLogger(Cloud.class);

  @Override
  public Observation look(Account account, Server server) throws CloudException {
    try {
      return cloud.look(account, server);
    } catch (CloudException e) {
      LOG.info("look at {}: {} {} {}", server, e.trouble(), e.getMessage(), id(e));
      throw e;
    }
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

  @Override
  public Traits traits() {
    return cloud.traits();
  }

  @Override
  public List<String> credentialKeys() {
    return cloud.credentialKeys();
  }

  @Override
  public List<SecretKeyRef> secretKeys(ReinstallSpec spec) {
    return cloud.secretKeys(spec);
  }

  @Override
  public Optional<String> unsound(ReinstallSpec spec) {
    return cloud.unsound(spec);
  }

  @Override
  public Optional<String> unfit(ReinstallSpec spec, Observation observation) {
    return cloud.unfit(spec, observation);
  }

  @Override
  public Optional<String> unusable(ReinstallSpec spec, Map<SecretKeyRef, String> secrets) {
    return cloud.unusable(spec, secrets);
  }

  @Override
  public Map<String, String> ordered(ReinstallSpec spec) {
    return cloud.ordered(spec);
  }
}
