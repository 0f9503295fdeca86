package dev.reinstall.simulator.tencent;

import java.util.List;

/** What will be on the server once a reset has ended. */
record Installation(TencentImage image, long diskSize, List<String> keyIds) {
  Installation {
    keyIds = List.copyOf(keyIds);
  }
}
