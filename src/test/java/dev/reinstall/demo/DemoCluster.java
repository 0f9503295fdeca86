package dev.reinstall.demo;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;

/** A Kubernetes API for the demo. */
interface DemoCluster extends AutoCloseable {

  /** Describes it. */
  String name();

  KubernetesClient client();

  /** The environment with which the operator reaches it. */
  Path operatorsKubeconfig();

  void apply(Path manifests);

  /** Returns when it has stopped. */
  void delete(Path manifest);

  @Override
  void close();
}
