package dev.reinstall.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.controlplane.CommandResult;
import dev.reinstall.controlplane.NeedsControlPlane;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The same manifest is applied again: by hand, by Argo CD, by Flux, in another namespace. The
 * object is new, the request is the same. The ledger does not distinguish the clouds, so each case
 * is tested with an open request of one cloud and a finished request of the other.
 */
@Tag("deep")
@NeedsControlPlane
@Execution(ExecutionMode.CONCURRENT)
class ReplayIT {
  private static final String ARGO = "argocd-controller";
  private static final String FLUX = "kustomize-controller";

  private static final List<GivenReinstall> ONCE = Collections.synchronizedList(new ArrayList<>());

  private static TestCluster site;
  private static String elsewhere;

  @BeforeAll
  static void start() {
    site = new TestCluster();
    elsewhere = site.newNamespace();
    site.startOperator();
  }

  /** No call was submitted after the end of a test. */
  @AfterAll
  static void close() {
    ONCE.forEach(given -> given.assertSent(1, 1));
    site.close();
  }

  // By hand.

  @ParameterizedTest
  @CsvSource({"TENCENT,FINISHED", "TENCENT,INSTALLING", "JD,FINISHED", "JD,INSTALLING"})
  void deleted_and_applied_again_it_says_what_became_of_it_and_is_not_sent_again(
      CloudUnderTest cloud, RequestStage stage) {
    GivenReinstall given =
        GivenReinstall.of(site, cloud, "replay0" + stage.ordinal(), stage).alone();
    ONCE.add(given);
    given.create();
    given.awaitStage();
    String before = given.uid();
    int calls = given.calls();

    site.kubectl("delete", "ri", given.id()).orFail();
    site.apply(given.manifest());

    assertRecorded(given, before);
    if (stage == RequestStage.FINISHED) {
      assertThat(given.calls()).as("looks and orders").isEqualTo(calls);
    }
  }

  @ParameterizedTest
  @CsvSource({"TENCENT,INSTALLING", "JD,FINISHED"})
  void replaced_by_force_it_says_what_became_of_it_and_is_not_sent_again(
      CloudUnderTest cloud, RequestStage stage) {
    GivenReinstall given = once(cloud, stage, "replay1");
    String before = given.uid();

    put(given.manifest(), "replace", "--force").orFail();

    assertRecorded(given, before);
  }

  // As Argo CD applies it.

  @ParameterizedTest
  @CsvSource({"TENCENT,FINISHED", "JD,INSTALLING"})
  void pruned_and_synced_again_by_argo_cd_it_is_not_sent_again(
      CloudUnderTest cloud, RequestStage stage) {
    GivenReinstall given = once(cloud, stage, "replay2");
    String synced = argo(given.manifest(), given.id(), "ServerSideApply=true");
    serverSide(ARGO, synced).orFail();
    String before = given.uid();

    // Its default; the object stays until the garbage collector has seen that nothing depends on it
    site.kubectl("delete", "ri", given.id(), "--cascade=foreground", "--wait=false").orFail();
    assertThat(given.object().orElseThrow().isMarkedForDeletion()).isTrue();
    collectGarbage(given);
    serverSide(ARGO, synced).orFail();

    assertRecorded(given, before);
  }

  @ParameterizedTest
  @EnumSource
  void while_argo_cd_prunes_it_in_the_foreground_nothing_is_sent_and_the_next_one_is_started(
      CloudUnderTest cloud) {
    GivenReinstall given = once(cloud, RequestStage.PENDING, "replay3");
    String before = given.uid();
    site.kubectl("delete", "ri", given.id(), "--cascade=foreground", "--wait=false").orFail();

    given.letGo();
    site.staysTheSame("the orders that were sent", given::sends);
    given.assertSent(0, 0);
    assertThat(given.uid()).isEqualTo(before);
    collectGarbage(given);
    serverSide(ARGO, argo(given.manifest(), given.id(), "ServerSideApply=true")).orFail();
    given.awaitReported("Succeeded/Installed");

    assertThat(given.uid()).isNotEqualTo(before);
    assertThat(given.requestId()).isEqualTo(given.wipedBy());
    given.assertSent(1, 1);
  }

  @ParameterizedTest
  @CsvSource({"TENCENT,INSTALLING", "JD,FINISHED"})
  void with_replace_of_argo_cd_it_is_not_sent_again(CloudUnderTest cloud, RequestStage stage) {
    GivenReinstall given = once(cloud, stage, "replay4");
    String synced = argo(given.manifest(), given.id(), "Replace=true");
    String before = given.uid();

    // Existing objects are replaced ...
    put(synced, "replace", "--field-manager=" + ARGO).orFail();
    assertThat(given.uid()).isEqualTo(before);
    assertThat(given.reported()).isEqualTo(stage.words);
    // ... and objects that were pruned, here in the background, are created.
    site.kubectl("delete", "ri", given.id(), "--cascade=background").orFail();
    put(synced, "create", "--field-manager=" + ARGO).orFail();

    assertRecorded(given, before);
  }

  // As Flux applies it.

  @ParameterizedTest
  @CsvSource({"TENCENT,FINISHED", "JD,INSTALLING"})
  void pruned_and_applied_again_by_flux_it_is_not_sent_again(
      CloudUnderTest cloud, RequestStage stage) {
    GivenReinstall given = once(cloud, stage, "replay5");
    String applied = flux(given.manifest(), given.id());
    serverSide(FLUX, applied).orFail();
    String before = given.uid();

    site.kubectl("delete", "ri", given.id(), "--cascade=background").orFail();
    serverSide(FLUX, applied).orFail();

    assertRecorded(given, before);
  }

  @ParameterizedTest
  @CsvSource({"TENCENT,INSTALLING", "JD,FINISHED"})
  void edited_and_forced_by_flux_it_is_refused_because_the_name_is_taken(
      CloudUnderTest cloud, RequestStage stage) {
    GivenReinstall given = once(cloud, stage, "replay6");
    String edited =
        flux(given.manifest(), given.id())
            .replace("img-ubuntu22", "img-pmqg1cw7")
            .replace("os-2", "os-1");
    String before = given.uid();

    assertThat(serverSide(FLUX, edited).err()) // which is what force is for
        .contains("is invalid", "field is immutable; create a Reinstall with a new name");
    site.kubectl("delete", "ri", given.id(), "--cascade=background").orFail();
    serverSide(FLUX, edited).orFail();
    given.awaitReported("Failed/NameConflict");

    assertThat(given.uid()).isNotEqualTo(before);
    assertThat(given.message())
        .startsWith(
            "A request named "
                + given.name()
                + " with a different spec already exists for this server: that of Reinstall "
                + site.namespace
                + "/"
                + given.name()
                + ", state ")
        .endsWith(
            ". No reinstall request is sent. To reinstall the server with this spec, create a"
                + " Reinstall with a different name.");
    assertKept(given);
  }

  // By a backup tool, while the operator runs. (While none runs: RestoreIT.)

  @ParameterizedTest
  @CsvSource({"TENCENT,FINISHED", "JD,INSTALLING"})
  void restored_without_status_its_ledger_first_it_is_not_sent_again(
      CloudUnderTest cloud, RequestStage stage) {
    GivenReinstall given = once(cloud, stage, "replay8");
    String before = given.uid();
    Backup backup = Backup.of(given);
    given.delete();
    site.deleteLedger(given.id());

    backup.createLedger();
    backup.createReinstall();

    assertRecorded(given, before);
  }

  // In another namespace. (In both at once: QueueIT.)

  @ParameterizedTest
  @CsvSource({"TENCENT,INSTALLING", "JD,FINISHED"})
  void moved_to_another_namespace_it_is_the_same_request(CloudUnderTest cloud, RequestStage stage) {
    GivenReinstall given = once(cloud, stage, "replay7");

    site.kubectl("delete", "ri", given.id()).orFail();
    site.applyIn(elsewhere, given.manifest());

    assertRecordedIn(elsewhere, given);
  }

  /** A request that is submitted only once, in every case. */
  private static GivenReinstall once(CloudUnderTest cloud, RequestStage stage, String seven) {
    GivenReinstall given = GivenReinstall.at(site, cloud, seven + stage.ordinal(), stage);
    ONCE.add(given);
    return given;
  }

  private static void assertRecorded(GivenReinstall given, String uidBefore) {
    assertThat(given.uid()).isNotEqualTo(uidBefore);
    assertRecordedIn(site.namespace, given);
  }

  /** An open request continues to its end; a final one is reported again. */
  private static void assertRecordedIn(String namespace, GivenReinstall given) {
    if (given.stage() == RequestStage.INSTALLING) {
      site.awaitReasonIn(namespace, given.id(), "Installing");
      assertKept(given);
      given.letGo();
    }
    site.awaitFinishedIn(namespace, given.id());

    assertThat(given.reportedIn(namespace))
        .as(site::everything)
        .isEqualTo("Succeeded/AlreadyCompleted");
    assertThat(site.fieldIn(namespace, given.id(), ".status.requestId")).isEqualTo(given.wipedBy());
    assertThat(site.fieldIn(namespace, given.id(), ".status.message"))
        .startsWith("This reinstall was already requested at 20")
        .endsWith(
            " by Reinstall "
                + site.namespace
                + "/"
                + given.id()
                + ". No request was sent now. To reinstall again, create a Reinstall with a new"
                + " name. Previous result: The cloud confirmed that the reinstall is complete.");
    assertThat(given.ledger()).isEqualTo("Succeeded");
    given.assertSent(1, 1);
  }

  /** Its ledger is unchanged, and no call was submitted. */
  private static void assertKept(GivenReinstall given) {
    assertThat(given.ledger())
        .isIn(
            given.stage() == RequestStage.FINISHED
                ? List.of("Succeeded")
                : List.of("Accepted", "Installing"));
    given.assertSent(1, 1);
  }

  /** As the garbage collector does when an object deleted in the foreground has no dependents. */
  private static void collectGarbage(GivenReinstall given) {
    site.kubectl(
            "patch", "ri", given.id(), "--type=merge", "-p", "{\"metadata\":{\"finalizers\":null}}")
        .orFail();
    assertThat(given.object()).isEmpty();
  }

  private static CommandResult serverSide(String manager, String manifest) {
    return put(
        manifest, "apply", "--server-side", "--force-conflicts", "--field-manager=" + manager);
  }

  private static CommandResult put(String manifest, String... command) {
    List<String> arguments = new ArrayList<>(List.of(command));
    arguments.addAll(List.of("-n", site.namespace, "-f", "-"));
    return site.cluster.kubectlWithInput(manifest, arguments.toArray(String[]::new));
  }

  /** Marks an object as Argo CD does. */
  private static String argo(String manifest, String id, String option) {
    return manifest.replace(
        "metadata: {name: " + id + "}",
        """
        metadata:
          name: %1$s
          annotations:
            argocd.argoproj.io/tracking-id: servers:reinstall.dev/Reinstall:%2$s/%1$s
            argocd.argoproj.io/sync-options: %3$s"""
            .formatted(id, site.namespace, option));
  }

  /** Marks an object as Flux does. */
  private static String flux(String manifest, String id) {
    return manifest.replace(
        "metadata: {name: " + id + "}",
        """
        metadata:
          name: %s
          labels:
            kustomize.toolkit.fluxcd.io/name: servers
            kustomize.toolkit.fluxcd.io/namespace: flux-system
          annotations:
            kustomize.toolkit.fluxcd.io/force: enabled"""
            .formatted(id));
  }
}
