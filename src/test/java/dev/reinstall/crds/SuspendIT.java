package dev.reinstall.crds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.reinstall.controlplane.CommandResult;
import dev.reinstall.controlplane.ControlPlane;
import dev.reinstall.controlplane.NeedsControlPlane;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("deep")
@NeedsControlPlane
class SuspendIT {

  /** Values that no current rule admits, but that an older CRD may have admitted. */
  private static final String ADMITTED_LONG_AGO =
      """
      apiVersion: reinstall.dev/v1alpha1
      kind: Reinstall
      metadata: {name: %s, namespace: default}
      spec:
        cloud: TencentCloud
        region: ap-guangzhou
        instanceId: not-of-this-cloud
        credentialsRef: {name: tencent}
        notAfter: "2026-12-01T00:00:00Z"
        preconditions: {imageId: img-0123abcd, osTypeId: os-1}
        tencentCloud:
          hostName: web_1
          userData: IyEvYmluL3NoCg==
          userDataRef: {name: web-1, key: user-data}
          loginSettings: {keyIds: [skey-0123abcd], keepImageLogin: true}
        jdCloud:
          az: cn-east-tz1a
          osTypeId: os-1
          sysRaidTypeId: raid-1
          keepData: true
          dataRaidTypeId: raid-2
          passwordRef: {name: db-1, key: password}
          hostname: db_1
          userData: %s
          userDataRef: {name: db-1, key: user-data}
      """;

  @Test
  void a_request_can_be_suspended_whatever_rules_came_after_it() throws IOException {
    try (ControlPlane plane = ControlPlane.start()) {
      String tooManyBytes = "\u91cd".repeat(6000);
      plane.kubectlWithInput(withoutRules(), "create", "-f", "-").orFail();
      plane.kubectl("wait", "--for=condition=Established", "crd", "--all").orFail();
      create(plane, "old", tooManyBytes).orFail();
      plane.kubectl("apply", "--server-side", "--force-conflicts", "-k", "crds").orFail();
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> !create(plane, "new", tooManyBytes).succeeded());

      for (String suspend : new String[] {"true", "false", "null"}) {
        patch(plane, "{\"spec\":{\"suspend\":%s}}".formatted(suspend)).orFail();
      }
      assertThat(patch(plane, "{\"spec\":{\"region\":\"ap-shanghai\"}}").err())
          .contains("spec.region: Forbidden");
    }
  }

  private static String withoutRules() throws IOException {
    String crd = Files.readString(Path.of("crds/reinstalls.reinstall.dev-v1.yml"));
    return crd.replaceAll("( +)x-kubernetes-validations:\n(\\1(- |  ).*\n)+", "");
  }

  private static CommandResult create(ControlPlane plane, String name, String userData) {
    return plane.kubectlWithInput(ADMITTED_LONG_AGO.formatted(name, userData), "create", "-f", "-");
  }

  private static CommandResult patch(ControlPlane plane, String patch) {
    return plane.kubectl("patch", "ri", "old", "--type=merge", "-p", patch);
  }
}
