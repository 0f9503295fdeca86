package dev.reinstall.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.controlplane.NeedsControlPlane;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Several requests for one server. What two namespaces see of each other: TenantsIT. */
@Tag("deep")
@NeedsControlPlane
@Execution(ExecutionMode.CONCURRENT)
class QueueIT {
  private static TestCluster site;
  private static String here;
  private static String there;

  @BeforeAll
  static void start() {
    site = new TestCluster();
    here = site.namespace;
    there = site.newNamespace();
    site.startOperator();
  }

  @AfterAll
  static void close() {
    site.close();
  }

  @ParameterizedTest
  @EnumSource
  void the_second_request_for_a_server_waits_for_the_first_names_it_and_goes_after_it(
      CloudUnderTest cloud) {
    String id = cloud.id("queue001");
    cloud.newServer(site, id);
    cloud.stick(site, id);
    String first = "first-" + id;
    site.applyIn(here, cloud.request(first, id));
    site.awaitReasonIn(here, first, "Installing");

    site.applyIn(here, cloud.request("second-" + id, id));
    site.awaitReasonIn(here, "second-" + id, "Queued");
    assertThat(site.fieldIn(here, "second-" + id, ".status.phase")).isEqualTo("Pending");
    assertThat(site.fieldIn(here, "second-" + id, ".status.message"))
        .startsWith(
            "The request "
                + here
                + "/"
                + first
                + " is in progress on this server. This request starts after it has finished.");
    assertThat(cloud.cloud(site).calls(cloud.send(), id)).isEqualTo(1);

    cloud.goOn(site, id);
    site.awaitFinishedIn(here, first);
    stopAgain(cloud, id);
    site.awaitFinishedIn(here, "second-" + id);

    assertThat(site.fieldIn(here, first, ".status.phase")).isEqualTo("Succeeded");
    assertThat(site.fieldIn(here, "second-" + id, ".status.phase")).isEqualTo("Succeeded");
    assertThat(site.fieldIn(here, "second-" + id, ".status.requestId"))
        .isEqualTo(cloud.cloud(site).wipeHistory(id).get(1).requestId());
    assertThat(cloud.cloud(site).wipes(id)).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource
  void the_same_manifest_in_two_namespaces_reinstalls_the_server_for_one_of_them(
      CloudUnderTest cloud) {
    String id = cloud.id("queue002");
    String name = "twin-" + id;
    cloud.newServer(site, id);

    site.applyIn(here, cloud.request(name, id));
    site.applyIn(there, cloud.request(name, id));
    site.await(
        "one of them to have the server",
        () -> reasons(name).containsAll(List.of("Installed", "ServerNotGranted")));

    assertThat(cloud.cloud(site).calls(cloud.send(), id)).isEqualTo(1);
    assertThat(cloud.cloud(site).wipes(id)).isEqualTo(1);
  }

  private static List<String> reasons(String name) {
    return List.of(
        site.fieldIn(here, name, ".status.reason"), site.fieldIn(there, name, ".status.reason"));
  }

  @ParameterizedTest
  @EnumSource
  void the_same_name_with_other_contents_is_refused(CloudUnderTest cloud) {
    String id = cloud.id("queue003");
    String name = "reused-" + id;
    cloud.newServer(site, id);
    site.applyIn(here, cloud.request(name, id));
    site.awaitFinishedIn(here, name);
    site.cluster.kubectl("-n", here, "delete", "ri", name).orFail();

    String other =
        cloud.request(name, id).replace("img-ubuntu22", "img-pmqg1cw7").replace("os-2", "os-1");
    site.applyIn(here, other);
    site.awaitFinishedIn(here, name);

    assertThat(site.fieldIn(here, name, ".status.phase")).isEqualTo("Failed");
    assertThat(site.fieldIn(here, name, ".status.reason")).isEqualTo("NameConflict");
    assertThat(cloud.cloud(site).wipes(id)).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void a_request_whose_object_is_gone_is_followed_to_its_end_by_the_one_that_waits(
      CloudUnderTest cloud) {
    String id = cloud.id("queue004");
    String orphaned = "orphan-" + id;
    String heir = "heir-" + id;
    cloud.newServer(site, id);
    cloud.stick(site, id);
    site.applyIn(here, cloud.request(orphaned, id));
    site.awaitReasonIn(here, orphaned, "Installing");
    site.cluster.kubectl("-n", here, "delete", "ri", orphaned).orFail();

    site.applyIn(here, cloud.request(heir, id));
    site.awaitReasonIn(here, heir, "Queued");
    site.await(
        heir + " to say that the one ahead is gone",
        () ->
            site.fieldIn(here, heir, ".status.message")
                .startsWith(
                    "The request "
                        + here
                        + "/"
                        + orphaned
                        + ", whose Reinstall was deleted, is in progress on this server. This"
                        + " request starts after it has finished."));
    cloud.goOn(site, id);
    stopAgain(cloud, id);
    site.awaitFinishedIn(here, heir);

    assertThat(site.fieldIn(here, heir, ".status.phase")).isEqualTo("Succeeded");
    assertThat(cloud.cloud(site).wipes(id)).isEqualTo(2);
    assertThat(site.ledgerState(id, orphaned)).isEqualTo("Succeeded");
  }

  /** Tencent Cloud's servers run after a reset, and the next request waits for a stopped server. */
  private static void stopAgain(CloudUnderTest cloud, String id) {
    if (cloud == CloudUnderTest.TENCENT) {
      site.await("the reset to be over", () -> site.tencent.server(id).state().equals("RUNNING"));
      site.awaitReasonIn(here, waiting(id), "ServerRunning");
      site.tencent.server(id).pullPlug();
    }
  }

  private static String waiting(String id) {
    return (id.endsWith("1") ? "second-" : "heir-") + id;
  }
}
