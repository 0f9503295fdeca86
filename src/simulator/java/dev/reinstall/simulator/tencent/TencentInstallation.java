package dev.reinstall.simulator.tencent;

import java.util.List;

/** What is on the server after a reset has ended. */
record TencentInstallation(TencentImage image, long diskSize, List<String> keyIds) {
  TencentInstallation {
    keyIds = List.copyOf(keyIds);
  }
}
