package dev.reinstall.lifecycle;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.JdCloudSpec;
import dev.reinstall.api.ReinstallSpec;
import dev.reinstall.api.SecretKeyRef;
import dev.reinstall.api.TencentCloudSpec;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Whether this operator knows every field and every value of an order. Unknown ones are kept when
 * read, so that one such order does not make the watch deaf; but such an order is not begun.
 */
final class Understanding {

  private Understanding() {}

  static boolean isComplete(ReinstallSpec spec) {
    return spec.cloud() != null
        && spec.cloud() != CloudName.NotUnderstood
        && spec.whenRunning() != ReinstallSpec.WhenRunning.NotUnderstood
        && (spec.jdCloud() == null
            || spec.jdCloud().imageType() != JdCloudSpec.ImageType.NotUnderstood)
        && Stream.of(
                Stream.of(spec.unknown()),
                spec.preconditions() == null
                    ? Stream.<Map<String, Object>>empty()
                    : Stream.of(orEmpty(spec.preconditions().unknown())),
                spec.credentialsRef() == null
                    ? Stream.<Map<String, Object>>empty()
                    : Stream.of(spec.credentialsRef().unknown()),
                ofTencent(spec.tencentCloud()),
                ofJd(spec.jdCloud()))
            .flatMap(fields -> fields)
            .allMatch(fields -> fields == null || fields.isEmpty());
  }

  private static Stream<Map<String, Object>> ofJd(JdCloudSpec block) {
    if (block == null) {
      return Stream.empty();
    }
    return Stream.of(
            Stream.of(orEmpty(block.unknown())),
            ofRef(block.passwordRef()),
            ofRef(block.userDataRef()))
        .flatMap(fields -> fields);
  }

  private static Stream<Map<String, Object>> ofTencent(TencentCloudSpec block) {
    if (block == null) {
      return Stream.empty();
    }
    Stream<Map<String, Object>> own = Stream.of(orEmpty(block.unknown()));
    Stream<Map<String, Object>> disk =
        block.systemDisk() == null
            ? Stream.empty()
            : Stream.of(orEmpty(block.systemDisk().unknown()));
    Stream<Map<String, Object>> login =
        block.loginSettings() == null
            ? Stream.empty()
            : Stream.concat(
                Stream.of(orEmpty(block.loginSettings().unknown())),
                ofRef(block.loginSettings().passwordRef()));
    TencentCloudSpec.EnhancedService services = block.enhancedService();
    Stream<Map<String, Object>> agents =
        services == null
            ? Stream.empty()
            : Stream.of(
                    Stream.of(orEmpty(services.unknown())),
                    ofSwitch(services.securityService()),
                    ofSwitch(services.monitorService()),
                    ofSwitch(services.automationService()))
                .flatMap(fields -> fields);
    return Stream.of(own, disk, login, agents, ofRef(block.userDataRef()))
        .flatMap(fields -> fields);
  }

  private static Stream<Map<String, Object>> ofSwitch(TencentCloudSpec.Switch agent) {
    return agent == null ? Stream.empty() : Stream.of(orEmpty(agent.unknown()));
  }

  private static Stream<Map<String, Object>> ofRef(SecretKeyRef ref) {
    return ref == null ? Stream.empty() : Stream.of(orEmpty(ref.unknown()));
  }

  private static Map<String, Object> orEmpty(Map<String, Object> fields) {
    return fields == null ? Map.of() : fields;
  }
}
