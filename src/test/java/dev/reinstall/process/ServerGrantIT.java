package dev.reinstall.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.api.Server;
import dev.reinstall.controlplane.NeedsControlPlane;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A server belongs to the namespace whose call its cloud first accepted, until an administrator
 * gives it to another one.
 */
@Tag("deep")
@NeedsControlPlane
@Execution(ExecutionMode.CONCURRENT)
class ServerGrantIT {
  private static final Pattern COMMAND = Pattern.compile("kubectl (patch serverledger .*?'.*?')");

  private static TestCluster site;
  private static TestCluster strict;
  private static String here;
  private static String there;

  @BeforeAll
  static void start() {
    site = new TestCluster();
    here = site.namespace;
    there = site.newNamespace();
    site.startOperator();
    strict = new TestCluster().with("REINSTALL_REQUIRE_SERVER_GRANT", "true");
    strict.startOperator();
  }

  @AfterAll
  static void close() {
    site.close();
    strict.close();
  }

  private static String namespaceOf(CloudUnderTest cloud, String id) {
    return site.cluster
        .kubectl(
            "get",
            "serverledger",
            cloud.server(id).ledgerName(),
            "-o",
            "jsonpath={.spec.namespace}")
        .orFail();
  }

  private static void install(CloudUnderTest cloud, String where, String name, String id) {
    site.applyIn(where, cloud.request(name, id));
    site.awaitFinishedIn(where, name);
    assertThat(site.fieldIn(where, name, ".status.reason"))
        .as(site::everything)
        .isEqualTo("Installed");
  }

  private static void newServer(CloudUnderTest cloud, String id) {
    cloud.newServer(site, id);
    cloud.endStopped(site, id);
  }

  @ParameterizedTest
  @EnumSource
  void a_server_is_wiped_for_another_namespace_only_after_an_administrator_moved_it(
      CloudUnderTest cloud) {
    String id = cloud.id("grant001");
    newServer(cloud, id);
    install(cloud, here, "old-" + id, id);
    assertThat(namespaceOf(cloud, id)).isEqualTo(here);
    site.cluster.kubectl("-n", here, "delete", "ri", "old-" + id).orFail();
    int calls = cloud.calls(site, id);

    site.applyIn(there, cloud.request("old-" + id, id));
    site.applyIn(there, cloud.request("new-" + id, id));
    site.awaitReasonIn(there, "old-" + id, "ServerNotGranted");
    site.awaitReasonIn(there, "new-" + id, "ServerNotGranted");
    site.staysTheSame("the calls for the server", () -> cloud.calls(site, id));
    assertThat(cloud.calls(site, id)).isEqualTo(calls);
    assertThat(site.fieldIn(there, "new-" + id, ".status.phase")).isEqualTo("Pending");

    String message = site.fieldIn(there, "new-" + id, ".status.message");
    Matcher command = COMMAND.matcher(message);
    assertThat(command.find()).as(message).isTrue();
    assertThat(message).doesNotContain(here);
    site.cluster.kubectl(command.group(1).replace("'", "").split(" ")).orFail();
    site.awaitFinishedIn(there, "old-" + id);
    site.awaitFinishedIn(there, "new-" + id);

    assertThat(site.fieldIn(there, "old-" + id, ".status.reason")).isEqualTo("AlreadyCompleted");
    assertThat(site.fieldIn(there, "new-" + id, ".status.reason")).isEqualTo("Installed");
    assertThat(namespaceOf(cloud, id)).isEqualTo(there);
    assertThat(cloud.cloud(site).calls(cloud.send(), id)).isEqualTo(2);
    assertThat(cloud.cloud(site).wipes(id)).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource
  void a_ledger_that_names_no_namespace_is_that_of_the_newest_accepted_entry(CloudUnderTest cloud) {
    String id = cloud.id("grant002");
    newServer(cloud, id);
    install(cloud, here, "first-" + id, id);
    site.give(cloud.server(id), there);
    install(cloud, there, "second-" + id, id);

    // As an operator that did not know the field wrote it.
    site.cluster
        .kubectl(
            "patch",
            "serverledger",
            cloud.server(id).ledgerName(),
            "--type=merge",
            "-p",
            "{\"spec\":{\"namespace\":null}}")
        .orFail();
    assertThat(namespaceOf(cloud, id)).isEmpty();
    site.applyIn(here, cloud.request("third-" + id, id));
    site.awaitReasonIn(here, "third-" + id, "ServerNotGranted");
    install(cloud, there, "fourth-" + id, id);

    assertThat(namespaceOf(cloud, id)).isEqualTo(there);
    assertThat(site.fieldIn(here, "third-" + id, ".status.reason")).isEqualTo("ServerNotGranted");
    assertThat(cloud.cloud(site).wipes(id)).isEqualTo(3);
  }

  @ParameterizedTest
  @EnumSource
  void a_request_that_stops_a_server_does_not_reinstall_it_after_it_was_moved(
      CloudUnderTest cloud) {
    String id = cloud.id("grant004");
    newServer(cloud, id);
    RequestStage.STOPPING.prepare(site, cloud, id, null);
    site.applyIn(here, cloud.request("stops-" + id, id, "whenRunning: Stop"));
    site.awaitReasonIn(here, "stops-" + id, "Stopping");
    site.await("the stop to be accepted", () -> namespaceOf(cloud, id).equals(here));

    site.give(cloud.server(id), there);
    site.awaitReasonIn(here, "stops-" + id, "ServerNotGranted");
    site.applyIn(there, cloud.request("heirs-" + id, id));
    site.awaitFinishedIn(there, "heirs-" + id);

    assertThat(site.fieldIn(here, "stops-" + id, ".status.reason")).isEqualTo("ServerNotGranted");
    assertThat(site.fieldIn(there, "heirs-" + id, ".status.reason")).isEqualTo("Installed");
    assertThat(cloud.cloud(site).calls(cloud.send(), id)).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void a_request_that_the_cloud_accepted_is_followed_to_its_end_after_its_server_was_moved(
      CloudUnderTest cloud) {
    String id = cloud.id("grant005");
    newServer(cloud, id);
    cloud.stick(site, id);
    site.applyIn(here, cloud.request("runs-" + id, id));
    site.awaitReasonIn(here, "runs-" + id, "Installing");

    site.give(cloud.server(id), there);
    site.applyIn(there, cloud.request("heirs-" + id, id));
    site.awaitReasonIn(there, "heirs-" + id, "Queued");
    cloud.goOn(site, id);
    site.awaitFinishedIn(here, "runs-" + id);
    site.awaitFinishedIn(there, "heirs-" + id);

    assertThat(site.fieldIn(here, "runs-" + id, ".status.reason")).isEqualTo("Installed");
    assertThat(site.fieldIn(there, "heirs-" + id, ".status.reason")).isEqualTo("Installed");
    assertThat(cloud.cloud(site).wipes(id)).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource
  void a_finalizer_of_a_deleted_request_keeps_no_server_from_its_new_namespace(
      CloudUnderTest cloud) {
    String id = cloud.id("grant006");
    newServer(cloud, id);
    cloud.stick(site, id);
    site.applyIn(here, cloud.request("kept-" + id, id));
    site.awaitReasonIn(here, "kept-" + id, "Installing");
    finalizers("kept-" + id, "[\"example.com/keep\"]");
    site.cluster.kubectl("-n", here, "delete", "--wait=false", "reinstall/kept-" + id).orFail();

    site.give(cloud.server(id), there);
    site.applyIn(there, cloud.request("heirs-" + id, id));
    site.awaitReasonIn(there, "heirs-" + id, "Queued");
    cloud.goOn(site, id);
    site.awaitFinishedIn(there, "heirs-" + id);
    finalizers("kept-" + id, "null");

    assertThat(site.fieldIn(there, "heirs-" + id, ".status.reason")).isEqualTo("Installed");
    assertThat(cloud.cloud(site).wipes(id)).isEqualTo(2);
  }

  private static void finalizers(String name, String finalizers) {
    site.cluster
        .kubectl(
            "-n",
            here,
            "patch",
            "reinstall/" + name,
            "--type=merge",
            "-p",
            "{\"metadata\":{\"finalizers\":" + finalizers + "}}")
        .orFail();
  }

  @ParameterizedTest
  @EnumSource
  void where_a_grant_is_required_nothing_is_called_before_it(CloudUnderTest cloud) {
    String id = cloud.id("grant003");
    cloud.newServer(strict, id);
    strict.apply(cloud.request(id, id));
    strict.awaitReason(id, "ServerNotGranted");
    strict.staysTheSame("the calls for the server", () -> cloud.calls(strict, id));
    assertThat(cloud.calls(strict, id)).isZero();

    Server server = cloud.server(id);
    strict
        .cluster
        .kubectlWithInput(
            """
            apiVersion: reinstall.dev/v1alpha1
            kind: ServerLedger
            metadata: {name: %s}
            spec: {cloud: %s, region: %s, instanceId: %s, namespace: %s, claims: 0}
            """
                .formatted(
                    server.ledgerName(),
                    server.cloud(),
                    server.region(),
                    server.instanceId(),
                    strict.namespace),
            "create",
            "-f",
            "-")
        .orFail();
    strict.awaitFinished(id);

    assertThat(strict.reason(id)).as(strict::everything).isEqualTo("Installed");
    assertThat(cloud.cloud(strict).wipes(id)).isEqualTo(1);
  }
}
