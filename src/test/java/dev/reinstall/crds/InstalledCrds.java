package dev.reinstall.crds;

import dev.reinstall.controlplane.ControlPlane;
import org.awaitility.Awaitility;

/** The committed CRDs and their policy in a real cluster, ready for use. */
public final class InstalledCrds {

  private static final String MISSPELT =
      """
      apiVersion: reinstall.dev/v1alpha1
      kind: Reinstall
      metadata: {name: misspelt, namespace: default}
      spec:
        cloud: TencentCloud
        region: ap-guangzhou
        instanceId: ins-r8hr2upy
        credentialsRef: {name: tencent}
        notAfter: "2026-12-01T00:00:00Z"
        precondition: {}
        tencentCloud: {}
      """;

  private InstalledCrds() {}

  public static void in(ControlPlane plane) {
    plane.kubectl("apply", "-k", "crds").orFail();
    plane.kubectl("wait", "--for=condition=Established", "crd", "--all").orFail();
    // A policy is evaluated a moment after it was created.
    Awaitility.await()
        .until(
            () ->
                plane
                    .kubectlWithInput(MISSPELT, "apply", "--dry-run=server", "-f", "-")
                    .err()
                    .contains("unknown field"));
  }
}
