package dev.reinstall.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.reinstall.controlplane.ControlPlane;
import dev.reinstall.controlplane.NeedsControlPlane;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the roles of people in deploy/ permit, on the roles that every cluster has. */
@Tag("deep")
@NeedsControlPlane
class UserRolesIT {
  private static ControlPlane cluster;

  @BeforeAll
  static void start() {
    cluster = TestCluster.withBase(ControlPlane.startWithControllers());
    kubectl("create namespace team");
    kubectl("-n team create rolebinding viewer --clusterrole=view --user=viewer");
    kubectl("-n team create rolebinding editor --clusterrole=edit --user=editor");
    kubectl("-n team create rolebinding owner --clusterrole=admin --user=owner");
    kubectl("create clusterrolebinding auditor --clusterrole=view --user=auditor");
    kubectl("create clusterrolebinding holder --clusterrole=reinstall-hold --user=holder");
    kubectl("create clusterrolebinding read-ledgers --clusterrole=reinstall-view --user=reader");
    await("the aggregation").until(() -> may("owner", "delete", "reinstalls"));
  }

  @AfterAll
  static void close() {
    cluster.close();
  }

  @ParameterizedTest
  @CsvSource({
    "viewer,  watch,            reinstalls,        true",
    "viewer,  create,           reinstalls,        false",
    "viewer,  get,              serverledgers,     false",
    "editor,  get,              reinstalls,        true",
    "editor,  create,           reinstalls,        true",
    "editor,  patch,            reinstalls,        true",
    "editor,  deletecollection, reinstalls,        true",
    "editor,  patch,            reinstalls/status, false",
    "editor,  get,              serverledgers,     false",
    "owner,   update,           reinstalls,        true",
    "owner,   update,           reinstalls/status, false",
    "owner,   patch,            serverledgers,     false",
    "auditor, list,             reinstalls,        true",
    "auditor, list,             serverledgers,     true",
    "auditor, patch,            serverledgers,     false",
    "reader,  list,             serverledgers,     true",
    "reader,  list,             reinstalls,        true",
    "reader,  update,           reinstalls,        false",
    "holder,  create,           serverledgers,     true",
    "holder,  patch,            serverledgers,     true",
    "holder,  update,           serverledgers,     false",
    "holder,  delete,           serverledgers,     false",
    "holder,  get,              reinstalls,        false",
  })
  void who_may_do_what(String user, String verb, String resource, boolean expected) {
    assertThat(may(user, verb, resource)).isEqualTo(expected);
  }

  private static boolean may(String user, String verb, String resource) {
    String[] parts = (resource + "/").split("/", -1);
    return cluster
        .kubectl(
            "-n",
            // A ledger is in no namespace, so that no binding in one counts.
            resource.equals("serverledgers") ? "default" : "team",
            "auth",
            "can-i",
            verb,
            parts[0] + ".reinstall.dev",
            "--subresource=" + parts[1],
            "--as=" + user)
        .out()
        .strip()
        .equals("yes");
  }

  private static void kubectl(String command) {
    cluster.kubectl(command.split(" ")).orFail();
  }
}
