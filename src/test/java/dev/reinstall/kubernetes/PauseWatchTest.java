package dev.reinstall.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.api.OperatorPause;
import dev.reinstall.api.ReinstallStatus;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** On the mock of the Kubernetes API; the same with a real one: OperatorPauseIT. */
class PauseWatchTest {
  private static final String NAMESPACE = "reinstall-system";

  private final MockedEnvironment site = new MockedEnvironment();

  @AfterEach
  void close() {
    site.close();
  }

  private static ConfigMap configMap(String namespace, String name, String reason) {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withNamespace(namespace)
        .withName(name)
        .endMetadata()
        .addToData("reason", reason)
        .build();
  }

  private static void await(String what, Callable<Boolean> until) {
    Awaitility.await(what).until(until);
  }

  private boolean isIn(String order, String reason) {
    return site.status(order).map(ReinstallStatus::reason).filter(reason::equals).isPresent();
  }

  @Test
  void each_change_of_the_config_map_reconciles_what_is_not_finished() {
    site.tencent.newServer("ins-pause000").running();
    site.apply(MockedEnvironment.tencentRequest("web-pause", "ins-pause000", "img-ubuntu22"));
    await("it waits", () -> isIn("web-pause", "ServerRunning"));

    site.client().resource(configMap(NAMESPACE, OperatorPause.NAME, "incident")).create();
    await("the pause", () -> isIn("web-pause", "OperatorPaused"));
    assertThat(site.status("web-pause").orElseThrow().message()).contains(": incident. ");

    site.client().resource(configMap(NAMESPACE, OperatorPause.NAME, "still")).update();
    await("the reason", () -> site.status("web-pause").orElseThrow().message().contains("still"));

    site.client().resource(configMap(NAMESPACE, OperatorPause.NAME, "")).delete();
    await("the end of the pause", () -> isIn("web-pause", "ServerRunning"));
  }

  @Test
  void no_other_config_map_pauses_the_operator() {
    site.client().resource(configMap(NAMESPACE, "another", "incident")).create();
    site.client().resource(configMap("team-a", OperatorPause.NAME, "incident")).create();
    site.tencent.newServer("ins-pause001");
    site.apply(MockedEnvironment.tencentRequest("web-free", "ins-pause001", "img-ubuntu22"));

    await("the end", () -> isIn("web-free", "Installed"));
  }

  @Test
  void it_is_fetched_without_the_watch() {
    PauseWatch watch = new PauseWatch(site.client(), NAMESPACE);

    assertThat(watch.fetch()).isEmpty();
    site.client().resource(configMap(NAMESPACE, OperatorPause.NAME, "incident")).create();
    assertThat(watch.fetch()).contains("incident");
  }
}
