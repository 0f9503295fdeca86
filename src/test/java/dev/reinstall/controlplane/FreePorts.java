package dev.reinstall.controlplane;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Free ports on the loopback address. */
public final class FreePorts {
  private FreePorts() {}

  /**
   * Below the range of the kernel's ephemeral ports: another connection could take such a port
   * between two starts of a server that must keep its address.
   */
  public static int free() {
    for (int attempt = 0; attempt < 100; attempt++) {
      int port = ThreadLocalRandom.current().nextInt(20_000, 32_000);
      try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return free.getLocalPort();
      } catch (IOException taken) {
        // the next one, then
      }
    }
    throw new IllegalStateException("no free port between 20000 and 32000");
  }
}
