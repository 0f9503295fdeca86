package dev.reinstall.config;

import dev.reinstall.WiredClouds;
import dev.reinstall.cloud.CloudHttp;
import java.time.Duration;
import java.util.Map;

/** The settings as the program reads them, with its clouds. */
public final class WiredSettings {
  private WiredSettings() {}

  public static Settings read(Map<String, String> environment) {
    return Settings.read(
        environment, WiredClouds.ALL, timeout -> new CloudHttp(Duration.ofSeconds(5), timeout));
  }

  public static OperatorConfig config(Map<String, String> environment) {
    return read(environment).operator();
  }
}
