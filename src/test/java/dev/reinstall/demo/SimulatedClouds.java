package dev.reinstall.demo;

import dev.reinstall.simulator.SimClock;
import dev.reinstall.simulator.SimulatedServer;
import dev.reinstall.simulator.Simulators;
import dev.reinstall.simulator.Wipe;
import dev.reinstall.simulator.jdcloud.JdCloudSimulator;
import dev.reinstall.simulator.tencent.TencentSimulator;
import java.util.List;
import java.util.stream.Stream;

/** Both clouds, with the servers of the samples. */
final class SimulatedClouds implements AutoCloseable {
  /** An install of 15 to 20 minutes takes 2 to 3 seconds: long enough to see it. */
  private static final double SPEED = 400;

  final TencentSimulator tencent = TencentSimulator.start(0, SimClock.faster(SPEED));
  final JdCloudSimulator jd = JdCloudSimulator.start(0, SimClock.faster(SPEED));

  SimulatedClouds() {
    Simulators.furnish(tencent, jd);
  }

  /** Sorted by id. */
  List<SimulatedServer> servers() {
    return Stream.<SimulatedServer>concat(tencent.servers().stream(), jd.servers().stream())
        .sorted((one, other) -> one.id().compareTo(other.id()))
        .toList();
  }

  SimulatedServer server(String id) {
    return servers().stream().filter(one -> one.id().equals(id)).findFirst().orElseThrow();
  }

  /** The request ids of the calls that wiped the server. */
  List<String> wipes(String server) {
    return server(server).wipeHistory().stream().map(Wipe::requestId).toList();
  }

  @Override
  public void close() {
    tencent.close();
    jd.close();
  }
}
