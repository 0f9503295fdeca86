package dev.reinstall.config;

import dev.reinstall.cloud.CloudFactory;
import dev.reinstall.cloud.CloudHttp;
import dev.reinstall.cloud.CloudProvider;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What the environment's {@code REINSTALL_*} say, validated.
 *
 * @param clouds made from their own settings
 * @param unsafe the relations between time-outs that do not hold
 */
public record Settings(OperatorConfig operator, List<CloudProvider> clouds, List<String> unsafe) {

  /**
   * Reads the settings.
   *
   * @param http of a time-out for one call
   * @throws SettingsException naming everything that is unknown, malformed or unsafe
   */
  public static Settings read(
      Map<String, String> environment,
      List<CloudFactory> wired,
      Function<Duration, CloudHttp> http) {
    EnvironmentReader read = new EnvironmentReader(environment);
    OperatorConfig operator = OperatorConfig.from(read);
    CloudHttp calls = http.apply(operator.callTimeout());
    List<CloudProvider> clouds = wired.stream().map(cloud -> cloud.create(read, calls)).toList();
    List<String> unsafe = TimeoutValidation.problemsOf(operator, clouds);
    if (!operator.allowUnsafeTimeouts()) {
      read.refuse(unsafe);
    }
    read.finish();
    return new Settings(operator, clouds, unsafe);
  }
}
