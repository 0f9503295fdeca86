package dev.reinstall.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.controlplane.CrudMock;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ApiServerCheckTest {
  private static final String READ = "/apis/reinstall.dev/v1alpha1/serverledgers?limit=1";

  private final CrudMock cluster = CrudMock.start();
  private final ApiServerCheck apiServer =
      new ApiServerCheck(cluster.client().getConfiguration(), Optional.empty());

  @AfterEach
  void close() {
    cluster.close();
  }

  /** A process that ends because a watch stalls must find an API server when it starts again. */
  @Test
  void an_api_server_responds_only_if_it_serves_a_read() {
    assertThat(apiServer.responds()).isTrue();

    cluster.refuseNext("GET", READ, 503);
    assertThat(apiServer.responds()).isFalse();
    assertThat(apiServer.responds()).isTrue();
  }
}
