package dev.reinstall.crds;

import dev.reinstall.controlplane.ControlPlane;

/** The committed CRDs in a real cluster, ready for use. */
public final class InstalledCrds {

  private InstalledCrds() {}

  public static void in(ControlPlane plane) {
    plane.kubectl("apply", "-k", "crds").orFail();
    plane.kubectl("wait", "--for=condition=Established", "crd", "--all").orFail();
  }
}
