package dev.reinstall.demo;

import dev.reinstall.controlplane.ControlPlane;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;

/** A real API server, where the operator has exactly the permissions of {@code deploy}. */
final class RealDemoCluster implements DemoCluster {
  private final ControlPlane plane = ControlPlane.start();
  private final Path operatorsKubeconfig;

  RealDemoCluster() {
    plane.kubectl("apply", "-k", "deploy").orFail();
    plane
        .kubectl(
            "wait",
            "--for=condition=Established",
            "crd/reinstalls.reinstall.dev",
            "crd/serverledgers.reinstall.dev")
        .orFail();
    apply(Samples.NAMESPACE_FILE);
    plane.kubectl("apply", "-n", Samples.NAMESPACE, "-k", "deploy/tenant").orFail();
    operatorsKubeconfig = plane.kubeconfigOf("reinstall-system", "reinstall-operator");
  }

  @Override
  public String name() {
    return "a real kube-apiserver, version " + client().getKubernetesVersion().getGitVersion();
  }

  @Override
  public KubernetesClient client() {
    return plane.client();
  }

  @Override
  public Path operatorsKubeconfig() {
    return operatorsKubeconfig;
  }

  /** With all permissions, for a user who experiments. */
  Path adminsKubeconfig() {
    return plane.kubeconfig();
  }

  /** The folder with a kubectl of the same version. */
  Path programs() {
    return plane.programs();
  }

  /** Namespace deletion and garbage collection work, as users expect. */
  void startControllers() {
    plane.withControllers();
  }

  @Override
  public void apply(Path manifests) {
    plane.kubectl("apply", "-f", manifests.toString()).orFail();
  }

  @Override
  public void delete(Path manifest) {
    plane.kubectl("delete", "-f", manifest.toString()).orFail();
  }

  @Override
  public void close() {
    plane.close();
  }
}
