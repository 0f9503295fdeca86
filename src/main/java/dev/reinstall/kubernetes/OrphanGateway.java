package dev.reinstall.kubernetes;

import dev.reinstall.api.Reinstall;
import dev.reinstall.api.Server;
import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.Credentials;
import java.util.List;
import java.util.Optional;

/**
 * The ports for a Reinstall that is gone: it has no status, and describes its server at once,
 * because nothing could wake it.
 */
final class OrphanGateway extends KubernetesGateway {
  OrphanGateway(Reinstall gone, OwnerLookup owners, LedgerStore ledgers, SharedParts shared) {
    super(
        gone,
        owners,
        copy -> {
          throw new IllegalStateException("a Reinstall that is gone has no status");
        },
        ledgers,
        shared);
  }

  @Override
  public Optional<Reinstall> fetchReinstall() {
    return Optional.empty();
  }

  @Override
  public List<String> olderInQueue() {
    return List.of(); // it claims nothing
  }

  @Override
  DescribeLane.Answer answer(Credentials credentials, Server server) {
    long from = System.nanoTime();
    try {
      return new DescribeLane.Answer(
          from,
          shared.clouds().get(server.cloud()).describe(credentials, List.of(server)).get(server),
          null);
    } catch (CloudException e) {
      return new DescribeLane.Answer(from, null, e);
    }
  }
}
