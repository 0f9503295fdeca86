package dev.reinstall.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.reinstall.api.ServerLedger;
import dev.reinstall.controlplane.CommandResult;
import dev.reinstall.controlplane.ControlPlane;
import dev.reinstall.controlplane.NeedsControlPlane;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a deletion removes, and what it does not: ledgers, their CRD, namespaces, the base. */
@Tag("deep")
@NeedsControlPlane
class RemovalIT {
  private static final String CRD = "serverledgers.reinstall.dev";
  private static final String CRDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
  private static final String LEDGERS = "/apis/reinstall.dev/v1alpha1/serverledgers";
  private static final String REASON =
      "ServerLedgers record the requests that were submitted. Without them, a server can be wiped a"
          + " second time. To delete this object anyway, annotate it and delete it again: kubectl"
          + " annotate ";
  private static final Pattern ADVICE =
      Pattern.compile("kubectl (annotate \\S+ \\S+ reinstall\\.dev/allow-deletion=true)");
  private static final String[] RELEASE_GUARD = {
    "patch",
    "validatingadmissionpolicy/keep-serverledgers",
    "validatingadmissionpolicybinding/keep-serverledgers",
    "--type=merge",
    "-p",
    "{\"metadata\":{\"finalizers\":null}}"
  };

  private static final String HOLDER = "--as=holder";
  private static final String[] HOLDER_BINDING = {
    "create", "clusterrolebinding", "hold-servers", "--clusterrole=reinstall-hold", "--user=holder"
  };

  private static ControlPlane cluster;

  @BeforeAll
  static void start() {
    cluster = TestCluster.withBase(ControlPlane.startWithControllers());
    awaitGuard();
    cluster.kubectl(HOLDER_BINDING).orFail();
  }

  @AfterAll
  static void close() {
    cluster.close();
  }

  /** The API server needs a moment to apply a new policy. */
  private static void awaitGuard() {
    await("the guard")
        .until(() -> !cluster.kubectl("delete", "crd", CRD, "--dry-run=server").succeeded());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "delete serverledger kept",
        "delete serverledger kept --force",
        "delete serverledgers --all",
        "delete --raw " + LEDGERS, // one request for the whole collection
        "delete crd serverledgers.reinstall.dev --dry-run=server",
        "delete crds --all --dry-run=server",
        "delete --raw " + CRDS + "?dryRun=All",
        "delete -k crds --dry-run=server",
        "replace --force -f crds/serverledgers.reinstall.dev-v1.yml"
      })
  void ledgers_and_their_crd_are_not_deleted_and_the_rejection_says_why_and_what_to_do(
      String command) {
    ledger("kept");

    CommandResult refused = cluster.kubectl(command.split(" "));

    assertThat(refused.succeeded()).as(refused::toString).isFalse();
    assertThat(refused.err())
        .contains(REASON, " reinstall.dev/allow-deletion=true")
        .contains("forbidden");
    assertThat(ledgers()).containsKey("kept");
  }

  @Test
  void one_that_is_annotated_as_the_rejection_says_is_deleted_and_no_other() {
    ledger("kept");
    ledger("forgotten");
    cluster
        .kubectl("annotate", "serverledger", "kept", "reinstall.dev/allow-deletion=yes")
        .orFail();

    Matcher advice = ADVICE.matcher(cluster.kubectl("delete", "serverledger", "forgotten").err());
    assertThat(advice.find()).isTrue();
    cluster.kubectl(advice.group(1).split(" ")).orFail();
    CommandResult deleted = cluster.kubectl("delete", "serverledgers", "--all");

    assertThat(deleted.out()).contains("\"forgotten\" deleted");
    assertThat(deleted.err()).contains("\"kept\" is forbidden").doesNotContain("forgotten");
    assertThat(ledgers()).containsKey("kept").doesNotContainKey("forgotten");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"metadata\":{\"ownerReferences\":[{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\","
            + "\"name\":\"gone\",\"uid\":\"11111111-1111-1111-1111-111111111111\"}]}}",
        "{\"metadata\":{\"finalizers\":[\"example.com/hold\"]}}"
      })
  void a_ledger_gets_nothing_by_which_the_garbage_collector_could_delete_it(String patch) {
    ledger("kept");

    CommandResult refused =
        cluster.kubectl("patch", "serverledger", "kept", "--type=merge", "-p", patch);

    assertThat(refused.err())
        .contains("A ServerLedger must have no ownerReferences and no finalizers");
  }

  @Test
  void the_operator_cannot_allow_what_it_may_not_do() {
    ledger("annotated");
    String annotated =
        cluster
            .kubectl(
                "annotate",
                "serverledger/annotated",
                "reinstall.dev/allow-deletion=true",
                "--overwrite",
                "--dry-run=client",
                "-o",
                "yaml")
            .orFail();
    String operator = "--as=system:serviceaccount:reinstall-system:reinstall-operator";

    CommandResult refused = cluster.kubectlWithInput(annotated, "replace", "-f", "-", operator);

    assertThat(refused.err())
        .contains("Only who has permission to delete this ServerLedger may set the annotation");
    String held = annotated.replaceAll("reinstall.dev/allow-deletion: .*", "rack: r7");
    cluster.kubectlWithInput(held, "replace", "-f", "-", operator).orFail();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "patch serverledger recorded --type=merge -p {'spec':{'orders':{'web':{'state':'Released'}}}}",
        "patch serverledger recorded --type=merge -p {'spec':{'claims':7}}",
        "patch serverledger recorded --type=merge -p {'spec':{'claims':7,'orders':null}}",
        "patch serverledger recorded --type=merge -p {'spec':{'namespace':'team-b'}}",
        "label serverledger recorded filled=yes",
        "create -f -"
      })
  void who_may_only_hold_a_server_changes_nothing_that_is_recorded(String command) {
    String ledger =
        """
        apiVersion: reinstall.dev/v1alpha1
        kind: ServerLedger
        metadata: {name: recorded}
        spec: {cloud: TencentCloud, region: ap-x, instanceId: ins-1, claims: 1, orders: {web: {
          specHash: d, specHashVersion: 1, owner: {namespace: team, name: web, uid: u},
          state: Unknown, claimNumber: 1, attempt: 1}}}
        """;
    cluster.kubectlWithInput(ledger, "apply", "-f", "-").orFail();
    cluster
        .kubectl(
            "annotate", "serverledger", "recorded", "reinstall.dev/hold=x", "--overwrite", HOLDER)
        .orFail();

    CommandResult refused =
        cluster.kubectlWithInput(
            ledger.replace("recorded", "forged"),
            (command.replace('\'', '"') + " " + HOLDER).split(" "));

    assertThat(refused.err())
        .contains(
            "Only who has permission to update this ServerLedger may change its spec or labels, or"
                + " create it with claims, orders, a namespace or labels.");
  }

  @Test
  void who_may_only_hold_a_server_gives_none_to_a_namespace() {
    String given =
        """
        apiVersion: reinstall.dev/v1alpha1
        kind: ServerLedger
        metadata: {name: given}
        spec: {cloud: TencentCloud, region: ap-x, instanceId: ins-1, claims: 0, namespace: team-b}
        """;

    CommandResult refused = cluster.kubectlWithInput(given, "create", "-f", "-", HOLDER);

    assertThat(refused.err())
        .contains(
            "Only who has permission to update this ServerLedger may", " a namespace or labels");
    cluster
        .kubectlWithInput(
            given.replace(", namespace: team-b", ""),
            "create",
            "-f",
            "-",
            "--dry-run=server",
            HOLDER)
        .orFail();
    cluster.kubectlWithInput(given, "create", "-f", "-", "--dry-run=server").orFail();
  }

  @Test
  void the_guard_stands_in_the_way_of_nothing_else() {
    cluster.kubectl("delete", "crd", "reinstalls.reinstall.dev", "--dry-run=server").orFail();
    cluster.kubectl("delete", "clusterrole", "reinstall-operator", "--dry-run=server").orFail();
  }

  @Test
  void a_namespace_that_ends_takes_no_ledger_along_and_its_requests_go_on_when_it_is_back() {
    try (TestCluster site = new TestCluster(cluster)) {
      String there = site.newNamespace();
      site.startOperator();
      for (CloudUnderTest cloud : CloudUnderTest.values()) {
        begin(site, cloud, "space");
        String ahead = cloud.id("space003");
        cloud.newServer(site, ahead);
        cloud.stick(site, ahead);
        site.apply(cloud.request("ahead-" + ahead, ahead));
        site.awaitPhase("ahead-" + ahead, "Installing");
      }
      Map<String, String> before = ledgers();
      Map<String, String> requestIds = requestIds(site, "space");

      cluster.kubectl("delete", "namespace", site.namespace).orFail();
      assertThat(ledgers()).isEqualTo(before);
      for (CloudUnderTest cloud : CloudUnderTest.values()) {
        String ahead = cloud.id("space003");
        String heir = "heir-" + ahead;
        site.give(cloud.server(ahead), there);
        site.applyIn(there, cloud.request(heir, ahead, "whenRunning: Stop"));
        site.await(
            heir + " to say that the one ahead is gone",
            () ->
                site.fieldIn(there, heir, ".status.message")
                    .startsWith(
                        "Another request, whose Reinstall was deleted, is in progress on this"
                            + " server. This request starts after it has finished."));
        cloud.goOn(site, ahead);
      }
      String open = "serverledger/" + ledgerOf(CloudUnderTest.JD.id("space002"));
      cluster.kubectl("annotate", open, "reinstall.dev/allow-deletion=true").orFail();
      site.furnish(site.namespace);
      goOn(site, requestIds, "space");
      assertThat(cluster.kubectl("delete", open).err())
          .as("the operator wrote it again, and with that the annotation is gone")
          .contains(REASON);

      for (CloudUnderTest cloud : CloudUnderTest.values()) {
        String ahead = cloud.id("space003");
        site.awaitFinishedIn(there, "heir-" + ahead);
        assertThat(site.fieldIn(there, "heir-" + ahead, ".status.phase")).isEqualTo("Succeeded");
        assertThat(site.ledgerState(ahead, "ahead-" + ahead)).isEqualTo("Succeeded");
        assertThat(cloud.cloud(site).wipes(ahead)).isEqualTo(2);
      }
    }
  }

  @Test
  void the_base_deleted_takes_no_ledger_along_however_often_and_applied_again_it_goes_on() {
    try (TestCluster site = new TestCluster(cluster)) {
      OperatorProcess operator = site.startOperator();
      for (CloudUnderTest cloud : CloudUnderTest.values()) {
        begin(site, cloud, "based");
      }
      Map<String, String> before = ledgers();
      Map<String, String> requestIds = requestIds(site, "based");

      assertThat(cluster.kubectl("delete", "-k", "deploy").err()).contains(REASON);
      operator.kill(); // as its Pod, which no kubelet runs here
      awaitGone("namespace/reinstall-system");
      assertThat(cluster.kubectl("delete", "-k", "deploy").err()).contains(REASON);
      assertThat(ledgers()).isEqualTo(before);
      applyBase();
      cluster.kubeconfigOf("reinstall-system", "reinstall-operator"); // of a new service account
      site.startOperator();
      goOn(site, requestIds, "based");

      assertThat(cluster.kubectl("delete", "-k", "crds").err()).contains(REASON);
      TestCluster.withBase(cluster);
    } finally {
      // The guard is still the one that was deleted.
      cluster.kubectl(RELEASE_GUARD).orFail();
      applyBase();
    }
    assertThat(cluster.kubectl("get", "validatingadmissionpolicies", "-o", "yaml").orFail())
        .contains("keep-serverledgers")
        .doesNotContain("deletionTimestamp");
  }

  @Test
  void uninstalled_as_documented_nothing_is_left() {
    ledger("kept");
    cluster.kubectl("annotate", "crd", CRD, "reinstall.dev/allow-deletion=true").orFail();
    cluster.kubectl("delete", "-k", "deploy", "--wait=false").orFail();
    cluster.kubectl(RELEASE_GUARD).orFail();

    awaitGone("crd/" + CRD);
    awaitGone("crd/reinstalls.reinstall.dev");
    awaitGone("namespace/reinstall-system");
    assertThat(
            cluster
                .kubectl(
                    "get",
                    "validatingadmissionpolicies,validatingadmissionpolicybindings,clusterroles",
                    "-o",
                    "name")
                .orFail())
        .contains("clusterrole")
        .doesNotContain("ledger", "reinstall");
    applyBase();
    await("no ledger, by the annotation of the CRD alone")
        .ignoreExceptions() // until the new kind is served
        .until(() -> ledgers().isEmpty());
  }

  /** One finished request, and one in progress. */
  private static void begin(TestCluster site, CloudUnderTest cloud, String five) {
    String done = cloud.id(five + "001");
    cloud.newServer(site, done);
    site.apply(cloud.request(done, done));
    String open = cloud.id(five + "002");
    cloud.newServer(site, open);
    cloud.stick(site, open);
    site.apply(cloud.request(open, open));
    site.awaitPhase(done, "Succeeded");
    site.awaitPhase(open, "Installing");
  }

  /**
   * Applies the same manifests again: the finished request is reported, the open one continues, and
   * no call is submitted.
   */
  private static void goOn(TestCluster site, Map<String, String> requestIds, String five) {
    for (CloudUnderTest cloud : CloudUnderTest.values()) {
      String done = cloud.id(five + "001");
      String open = cloud.id(five + "002");
      site.apply(cloud.request(done, done));
      site.apply(cloud.request(open, open));
      site.awaitPhase(open, "Installing");
      cloud.goOn(site, open);
      site.awaitFinished(done);
      site.awaitFinished(open);

      assertThat(site.reason(done)).as(site::everything).isEqualTo("AlreadyCompleted");
      assertThat(site.phase(open)).as(site::everything).isEqualTo("Succeeded");
      for (String id : List.of(done, open)) {
        assertThat(site.requestId(id)).isEqualTo(requestIds.get(id)).isNotEmpty();
        assertThat(cloud.cloud(site).calls(cloud.send(), id)).isEqualTo(1);
        assertThat(cloud.cloud(site).wipes(id)).isEqualTo(1);
      }
    }
  }

  private static Map<String, String> requestIds(TestCluster site, String five) {
    return List.of(CloudUnderTest.values()).stream()
        .flatMap(cloud -> List.of(cloud.id(five + "001"), cloud.id(five + "002")).stream())
        .collect(Collectors.toMap(id -> id, site::requestId));
  }

  private static void ledger(String name) {
    String manifest =
        """
        apiVersion: reinstall.dev/v1alpha1
        kind: ServerLedger
        metadata: {name: %s}
        spec: {cloud: JDCloud, region: cn-east-tz1, instanceId: %s, claims: 0}
        """
            .formatted(name, name);
    cluster.kubectlWithInput(manifest, "apply", "-f", "-").orFail();
  }

  private static String ledgerOf(String instanceId) {
    return ledgers().keySet().stream().filter(name -> name.contains(instanceId)).findFirst().get();
  }

  /** The uids by name, so that a re-created object is detected. */
  private static Map<String, String> ledgers() {
    return cluster.client().resources(ServerLedger.class).list().getItems().stream()
        .collect(Collectors.toMap(l -> l.getMetadata().getName(), l -> l.getMetadata().getUid()));
  }

  private static void applyBase() {
    TestCluster.withBase(cluster);
    awaitGuard();
  }

  private static void awaitGone(String what) {
    await(what + " to be gone")
        .atMost(Duration.ofSeconds(60))
        .until(() -> cluster.kubectl("get", what).err().contains("NotFound"));
  }
}
