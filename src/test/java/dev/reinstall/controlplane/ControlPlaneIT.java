package dev.reinstall.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("deep")
@NeedsControlPlane
class ControlPlaneIT {
  @Test
  void kubectl_talks_to_it_and_reports_how_it_went() {
    ControlPlane plane = ControlPlane.shared();

    assertThat(plane.kubectl("get", "--raw", "/readyz").orFail()).isEqualTo("ok");
    CommandResult refused = plane.kubectl("get", "namespace", "nowhere");
    assertThat(refused.succeeded()).isFalse();
    assertThat(refused.err()).contains("NotFound");
  }

  @Test
  void kubectl_takes_a_manifest_from_stdin() {
    String manifest = "{apiVersion: v1, kind: Namespace, metadata: {name: by-stdin}}";

    ControlPlane.shared().kubectlWithInput(manifest, "apply", "-f", "-").orFail();

    assertThat(ControlPlane.shared().client().namespaces().withName("by-stdin").get()).isNotNull();
  }

  @Test
  void a_service_account_has_the_rights_that_rbac_gives_it_and_no_others() {
    ControlPlane plane = ControlPlane.shared();
    plane.kubectl("create", "namespace", "limited").orFail();
    plane.kubectl("create", "serviceaccount", "reader", "-n", "limited").orFail();
    plane.kubectl("create", "role", "reader", "--verb=list", "--resource=pods", "-n", "limited");
    plane.kubectl(
        "create",
        "rolebinding",
        "r",
        "--role=reader",
        "--serviceaccount=limited:reader",
        "-nlimited");
    Path reader = plane.kubeconfigOf("limited", "reader");

    assertThat(plane.kubectlAs(reader, "auth", "whoami", "-o", "name").exitCode()).isZero();
    assertThat(plane.kubectlAs(reader, "get", "pods", "-n", "limited").succeeded()).isTrue();
    assertThat(plane.kubectlAs(reader, "get", "secrets", "-n", "limited").err())
        .contains("system:serviceaccount:limited:reader")
        .contains("Forbidden");
  }

  @Test
  void the_controllers_end_a_namespace_with_all_that_is_in_it() {
    ControlPlane plane = ControlPlane.shared().withControllers();
    plane.kubectl("create", "namespace", "doomed").orFail();
    plane.kubectl("create", "configmap", "inside", "-n", "doomed").orFail();

    plane.kubectl("delete", "namespace", "doomed", "--wait=false").orFail();

    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> plane.client().namespaces().withName("doomed").get() == null);
  }

  @Test
  void it_keeps_data_over_a_restart_goes_back_to_a_backup_and_leaves_nothing_behind() {
    List<ProcessHandle> processes;
    Path folder;
    try (ControlPlane plane = ControlPlane.startWithControllers()) {
      folder = plane.dataFolder().getParent();
      plane.kubectl("create", "namespace", "before").orFail();
      Path saved = plane.saveData();
      plane.kubectl("create", "namespace", "after").orFail();

      List<ProcessHandle> stopped = plane.processes();
      plane.stop();
      assertThat(stopped).hasSize(3).noneMatch(ProcessHandle::isAlive);
      plane.restart();
      assertThat(namespaces(plane)).contains("before", "after");

      plane.putDataBack(saved);
      assertThat(namespaces(plane)).contains("before").doesNotContain("after");
      processes = plane.processes();
      assertThat(processes).hasSize(3).allMatch(ProcessHandle::isAlive);
    }
    assertThat(processes).noneMatch(ProcessHandle::isAlive);
    assertThat(folder).doesNotExist();
  }

  @Test
  void nobody_outside_this_machine_can_reach_it() {
    ControlPlane plane = ControlPlane.shared().withControllers();

    List<String> addresses =
        plane.processes().stream().flatMap(p -> Sockets.listenedOnBy(p).stream()).toList();

    assertThat(addresses).hasSizeGreaterThanOrEqualTo(3).allMatch(a -> a.startsWith("0100007F:"));
  }

  private static String namespaces(ControlPlane plane) {
    return plane.kubectl("get", "namespaces", "-o", "name").orFail();
  }
}
