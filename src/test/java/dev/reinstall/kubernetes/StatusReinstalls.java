package dev.reinstall.kubernetes;

import dev.reinstall.api.Reinstall;
import dev.reinstall.api.ReinstallStatus;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.List;

/** Reinstalls with the fields that the tests of statuses and Events need. */
final class StatusReinstalls {
  private StatusReinstalls() {}

  static Reinstall with(ReinstallStatus status) {
    Reinstall reinstall = new Reinstall();
    reinstall.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace("team-a")
            .withName("web-1")
            .withUid("0d9f8a52-0000-0000-0000-000000000001")
            .withResourceVersion("7")
            .withGeneration(2L)
            .withCreationTimestamp("2026-11-01T12:00:00Z")
            .build());
    reinstall.setSpec(
        MockedEnvironment.tencentRequest("web-1", "ins-r8hr2upy", "img-ubuntu22").getSpec());
    reinstall.setStatus(status);
    return reinstall;
  }

  static ReinstallStatus status(String phase, String reason, String message) {
    return new ReinstallStatus(
        1L, phase, reason, message, "req-1", null, null, null, null, null, List.of());
  }
}
