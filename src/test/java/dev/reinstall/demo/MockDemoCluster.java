package dev.reinstall.demo;

import dev.reinstall.controlplane.CrudMock;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** fabric8's mock: no RBAC, no schema, but the same operator from the same jar. */
final class MockDemoCluster implements DemoCluster {
  private final CrudMock mock = CrudMock.start();
  private final Path operatorsKubeconfig;

  MockDemoCluster() {
    try {
      operatorsKubeconfig = mock.writeKubeconfig(Files.createTempFile("mock-", ".kubeconfig"));
      operatorsKubeconfig.toFile().deleteOnExit();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String name() {
    return "fabric8's mock, without RBAC and schema.\n"
        + "               To build a real one (needs Go): .ci/kube-apiserver/ensure";
  }

  @Override
  public KubernetesClient client() {
    return mock.client();
  }

  @Override
  public Path operatorsKubeconfig() {
    return operatorsKubeconfig;
  }

  @Override
  public void apply(Path manifests) {
    try (Stream<Path> files = Files.walk(manifests)) {
      files
          .filter(Files::isRegularFile)
          .sorted()
          .flatMap(file -> mock.read(file).stream())
          .forEach(mock::create);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void delete(Path manifest) {
    mock.client().resourceList(mock.read(manifest)).delete();
  }

  @Override
  public void close() {
    mock.close();
  }
}
