package dev.reinstall;

import dev.reinstall.cloud.CloudFactory;
import dev.reinstall.cloud.jdcloud.JdCloud;
import dev.reinstall.cloud.tencent.TencentCloud;
import java.util.List;

/** The clouds of this program, one line each. */
public final class WiredClouds {
  public static final List<CloudFactory> ALL =
      List.of(
          TencentCloud::from, //
          JdCloud::from);

  private WiredClouds() {}
}
