package dev.reinstall.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.controlplane.CommandResult;
import dev.reinstall.simulator.Wipe;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A Reinstall, for one test event.
 *
 * @param namespace at first the site's first one
 * @param id of its server
 * @param stage its stage at the event
 * @param manifest as committed in Git
 * @param answer the cloud's blocked response, where the stage is that no response arrives
 */
record GivenReinstall(
    TestCluster site,
    String namespace,
    CloudUnderTest cloud,
    String id,
    String name,
    RequestStage stage,
    String manifest,
    BlockedCall answer) {

  /**
   * A Reinstall whose server exists, and nothing else; it has the server's name. The server is
   * stopped whenever it is idle: only the operator prevents a second submission.
   */
  static GivenReinstall of(
      TestCluster site, CloudUnderTest cloud, String eight, RequestStage stage) {
    String id = cloud.id(eight);
    cloud.newServer(site, id);
    cloud.endStopped(site, id);
    BlockedCall response = new BlockedCall(call -> false, 1, false);
    stage.prepare(site, cloud, id, response);
    return new GivenReinstall(
        site, site.namespace, cloud, id, id, stage, cloud.request(id, id, stage.lines()), response);
  }

  /** A Reinstall that was created and has reached its stage. */
  static GivenReinstall at(
      TestCluster site, CloudUnderTest cloud, String eight, RequestStage stage) {
    GivenReinstall given = of(site, cloud, eight, stage);
    given.create();
    given.awaitStage();
    return given;
  }

  /** Another Reinstall for the server. */
  GivenReinstall another(String prefix) {
    String other = prefix + "-" + id;
    return new GivenReinstall(
        site, namespace, cloud, id, other, RequestStage.FINISHED, cloud.request(other, id), answer);
  }

  /**
   * Not yet created: with an account of its own, so that no call for another describes its server.
   */
  GivenReinstall alone() {
    return with(cloud.requestOfItsOwnAccount(site, name, id, stage.lines()));
  }

  /** Not yet created: with this manifest. */
  GivenReinstall with(String other) {
    return new GivenReinstall(site, namespace, cloud, id, name, stage, other, answer);
  }

  /** The same one at a later stage. */
  GivenReinstall movedTo(RequestStage later) {
    return new GivenReinstall(site, namespace, cloud, id, name, later, manifest, answer);
  }

  /** The same manifest in another namespace. */
  GivenReinstall inNamespace(String other) {
    return new GivenReinstall(site, other, cloud, id, name, stage, manifest, answer);
  }

  /** The same manifest in another cluster. Both clusters use the clouds of this site. */
  GivenReinstall in(TestCluster cluster) {
    return new GivenReinstall(cluster, cluster.namespace, cloud, id, name, stage, manifest, answer);
  }

  void create() {
    site.cluster.client().resource(manifest).inNamespace(namespace).create();
  }

  void delete() {
    object().ifPresent(one -> site.cluster.client().resource(one).delete());
  }

  /** Gives its manifest to this command of kubectl. */
  CommandResult put(String... command) {
    List<String> arguments = new ArrayList<>(List.of(command));
    arguments.addAll(List.of("-n", namespace, "-f", "-"));
    return site.cluster.kubectlWithInput(manifest, arguments.toArray(String[]::new));
  }

  void suspend(boolean suspended) {
    patch("{\"spec\":{\"suspend\":" + suspended + "}}");
  }

  void patch(String merged) {
    site.kubectl("patch", "ri", name, "--type=merge", "-p", merged).orFail();
  }

  void awaitStage() {
    awaitReported(stage.words);
  }

  void letGo() {
    stage.letGo(site, cloud, id);
    answer.letGo();
  }

  void awaitReported(String words) {
    site.await(name + " to say " + words, () -> reported().equals(words));
  }

  /** "Phase/Reason". */
  String reported() {
    return field(".status.phase") + "/" + field(".status.reason");
  }

  String message() {
    return field(".status.message");
  }

  String requestId() {
    return field(".status.requestId");
  }

  String field(String path) {
    return site.fieldIn(namespace, name, path);
  }

  /** Empty if there is none. */
  Optional<GenericKubernetesResource> object() {
    return Optional.ofNullable(
        site.cluster
            .client()
            .genericKubernetesResources("reinstall.dev/v1alpha1", "Reinstall")
            .inNamespace(namespace)
            .withName(name)
            .get());
  }

  /** Changes when the object is deleted and created again. */
  String uid() {
    return object().orElseThrow().getMetadata().getUid();
  }

  /** The state of its entry; empty if there is none. */
  String ledger() {
    return site.ledgerState(id, name);
  }

  /** The number of calls of the operator for the server. */
  int calls() {
    return cloud.calls(site, id);
  }

  /** The number of reinstall calls for the server, with any outcome. */
  int sends() {
    return cloud.cloud(site).calls(cloud.send(), id);
  }

  /** The requestId of the newest call that wiped the server. */
  String wipedBy() {
    List<Wipe> wipes = cloud.cloud(site).wipeHistory(id);
    return wipes.get(wipes.size() - 1).requestId();
  }

  void assertSent(int sends, int wipes) {
    assertThat(sends()).as(() -> "orders sent for " + id + site.everything()).isEqualTo(sends);
    assertThat(cloud.cloud(site).wipes(id))
        .as(() -> "wipes of " + id + site.everything())
        .isEqualTo(wipes);
  }
}
