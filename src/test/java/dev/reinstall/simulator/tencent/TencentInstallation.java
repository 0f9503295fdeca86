package dev.reinstall.simulator.tencent;

import java.util.List;

/** What will be on the server once a reset has ended. */
record TencentInstallation(TencentImage image, long diskSize, List<String> keyIds) {
  TencentInstallation {
    keyIds = List.copyOf(keyIds);
  }
}
