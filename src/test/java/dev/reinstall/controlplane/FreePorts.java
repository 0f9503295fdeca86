package dev.reinstall.controlplane;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** Free ports on the loopback address. */
public final class FreePorts {
  private static final int FIRST = 20_000;
  private static final int COUNT = 12_000;

  /** Other processes search from elsewhere. */
  private static final AtomicInteger NEXT =
      new AtomicInteger(ThreadLocalRandom.current().nextInt(COUNT));

  private FreePorts() {}

  /**
   * Below the range of the kernel's ephemeral ports: another connection could take such a port
   * between two starts of a server that must keep its address. One after the other, because it
   * takes a while until a server opens the port that it was given.
   */
  public static int free() {
    for (int attempt = 0; attempt < 100; attempt++) {
      int port = FIRST + Math.floorMod(NEXT.getAndIncrement(), COUNT);
      try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return free.getLocalPort();
      } catch (IOException taken) {
        // the next one, then
      }
    }
    throw new IllegalStateException("no free port from " + FIRST + " on");
  }
}
