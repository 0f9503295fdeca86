package dev.reinstall.demo;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;

/** A Kubernetes API to show the operator on. */
interface DemoCluster extends AutoCloseable {

  /** Which one it is. */
  String name();

  KubernetesClient client();

  /** With what the operator reaches it. */
  Path operatorsKubeconfig();

  void apply(Path manifests);

  /** Returns when it is gone. */
  void delete(Path manifest);

  @Override
  void close();
}
