package dev.reinstall.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.reinstall.api.CloudName;
import dev.reinstall.api.Server;
import dev.reinstall.controlplane.CommandResult;
import dev.reinstall.controlplane.ControlPlane;
import dev.reinstall.controlplane.FreePorts;
import dev.reinstall.controlplane.NeedsControlPlane;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaPropsBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRule;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRuleBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The current operator under the CRDs of a later version and of an earlier version. */
@Tag("deep")
@NeedsControlPlane
class EvolutionIT {
  private static String unsupported(String field) {
    return "This operator version does not support the field, or its value: "
        + field
        + ". No reinstall request is sent. If it is misspelt, delete this Reinstall and create it"
        + " again with the right field, in Git first. If it is not, upgrade the operator.";
  }

  private static final String CRD_OUTDATED =
      "The CRDs in the cluster are missing or older than the operator. No reinstall request is"
          + " sent. Apply the CRDs of the operator's version: kubectl apply -k crds.";

  private static ControlPlane cluster;
  private static InstalledCrd reinstalls;
  private static InstalledCrd ledgers;

  private TestCluster site;
  private int port;

  @BeforeAll
  static void startCluster() {
    cluster = TestCluster.withBase(ControlPlane.start());
    // Each later CRD would come with a policy of its own.
    cluster.kubectl("delete", "-f", "crds/known-fields.yml").orFail();
    reinstalls = new InstalledCrd(cluster, "reinstalls");
    ledgers = new InstalledCrd(cluster, "serverledgers");
  }

  @AfterAll
  static void closeCluster() {
    cluster.close();
  }

  @BeforeEach
  void start() {
    port = FreePorts.free();
    site = new TestCluster(cluster).with("REINSTALL_HTTP_PORT", Integer.toString(port));
  }

  @AfterEach
  void close() {
    site.close();
    reinstalls.restore();
    ledgers.restore();
    Awaitility.await("the CRDs to be served and not to be exchanged any more")
        .during(Duration.ofMillis(500))
        .until(() -> cluster.kubectl("get", "ri,sl", "--all-namespaces").succeeded());
  }

  // A later CRD with existing Reinstalls.

  @Test
  void a_later_crd_hinders_no_living_request() {
    site.tencent.newServer("ins-later001").running();
    site.jd.newServer("cps-later002").stayInTransition();
    String waiting = TestCluster.tencentRequest("waiting", "ins-later001", "");
    String open = TestCluster.jdRequest("open", "cps-later002", "");
    site.startOperator();
    site.apply(waiting);
    site.applyServerSide(open);
    site.awaitReason("waiting", "ServerRunning");
    site.awaitPhase("open", "Installing");

    reinstalls.edit(EvolutionIT::tightened);
    String late = TestCluster.tencentRequest("late", "ins-later003", "");
    site.await("the later CRD", () -> tried(late).contains("spec.region: "));
    assertThat(tried(late.replace("ap-guangzhou", "us-west")))
        .contains("spec.instanceId: Invalid value", "no such servers")
        .contains("spec.cloud: Invalid value", "no new orders");

    for (String living : List.of(waiting, open)) {
      site.apply(living);
      site.applyServerSide(living);
    }
    suspend("waiting", "true");
    site.awaitReason("waiting", "Suspended");
    suspend("waiting", "null");
    site.awaitReason("waiting", "ServerRunning");
    site.tencent.server("ins-later001").pullPlug();
    site.jd.server("cps-later002").goOn();
    site.awaitFinished("waiting");
    site.awaitFinished("open");

    assertThat(site.phase("waiting")).as(site::everything).isEqualTo("Succeeded");
    assertThat(site.phase("open")).as(site::everything).isEqualTo("Succeeded");
    assertThat(site.tencent.wipes("ins-later001")).isEqualTo(1);
    assertThat(site.jd.wipes("cps-later002")).isEqualTo(1);
  }

  /** New fields, with and without a default, and rules that existing Reinstalls violate. */
  private static void tightened(JSONSchemaProps spec) {
    Map<String, JSONSchemaProps> fields = spec.getProperties();
    fields.put("comment", text());
    fields.get("suspend").setDefault(BooleanNode.FALSE);
    fields.get("region").setMaxLength(8L);
    fields.get("region").setPattern("^us-[a-z]+$");
    fields
        .get("instanceId")
        .setXKubernetesValidations(
            List.of(
                new ValidationRuleBuilder()
                    .withRule("!self.contains('later')")
                    .withMessage("no such servers")
                    .build()));
    ValidationRule betweenFields =
        new ValidationRuleBuilder()
            .withRule("oldSelf.hasValue() || self.cloud == 'JDCloud' && self.region == 'us-east'")
            .withOptionalOldSelf(true)
            .withFieldPath(".cloud")
            .withMessage("no new orders")
            .build();
    spec.getXKubernetesValidations().add(betweenFields);
  }

  // An older operator under a later CRD.

  @Test
  void a_default_that_it_does_not_know_makes_no_request_another_one() {
    site.tencent.newServer("ins-deflt001").running();
    site.tencent.newServer("ins-deflt002").stayInTransition();
    site.tencent.newServer("ins-deflt003");
    OperatorProcess before = site.startOperator();
    site.apply(TestCluster.tencentRequest("waiting", "ins-deflt001", ""));
    site.apply(TestCluster.tencentRequest("open", "ins-deflt002", ""));
    String done = TestCluster.tencentRequest("done", "ins-deflt003", "");
    site.apply(done);
    site.awaitReason("waiting", "ServerRunning");
    site.awaitPhase("open", "Installing");
    site.awaitFinished("done");

    reinstalls.edit(
        spec -> {
          JSONSchemaProps erase = text();
          erase.setDefault(new TextNode("Quickly"));
          spec.getProperties().get("tencentCloud").getProperties().put("erase", erase);
        });
    site.await(
        "the default", () -> site.field("open", ".spec.tencentCloud.erase").equals("Quickly"));
    before.kill(); // a watch started under the earlier CRD shows no later defaults
    site.kubectl("delete", "reinstall", "done").orFail();
    site.apply(done);
    site.startOperator();
    site.awaitReason("waiting", "UnsupportedField");
    site.awaitReason("done", "UnsupportedField");
    site.tencent.server("ins-deflt001").pullPlug();
    site.tencent.server("ins-deflt002").goOn();
    site.awaitFinished("open");

    assertThat(site.phase("open")).as(site::everything).isEqualTo("Succeeded");
    assertThat(List.of(site.message("waiting"), site.message("done")))
        .allSatisfy(says -> assertThat(says).startsWith(unsupported("spec.tencentCloud.erase")));
    assertThat(site.tencent.calls("ResetInstance", "ins-deflt001")).isZero();
    assertThat(site.tencent.wipes("ins-deflt002")).isEqualTo(1);
    assertThat(site.tencent.wipes("ins-deflt003")).isEqualTo(1);
  }

  @Test
  void what_only_a_newer_operator_knows_is_not_started_and_all_else_is() {
    reinstalls.edit(
        spec -> {
          Map<String, JSONSchemaProps> fields = spec.getProperties();
          fields.put("comment", text());
          fields.put("moonCloud", text());
          fields.get("tencentCloud").getProperties().put("erase", text());
          fields.get("whenRunning").getEnum().add(new TextNode("Hibernate"));
          fields.get("cloud").getEnum().add(new TextNode("MoonCloud"));
          spec.setXKubernetesValidations(List.of()); // the newer one has its own
        });
    Map<String, String> newer =
        Map.of(
            "field", "comment: for the night",
            "field-in-block", "erase: Quickly",
            "word", "whenRunning: Hibernate",
            "cloud", "moonCloud: full");
    site.startOperator();
    newer.forEach(
        (name, line) -> {
          String order = TestCluster.tencentRequest(name, "ins-newer001", "");
          String manifest =
              switch (name) {
                case "field-in-block" -> order.replace("imageId:", line + "\n    imageId:");
                case "cloud" -> order.replace("TencentCloud", "MoonCloud").concat("  " + line);
                default -> order.concat("  " + line + "\n");
              };
          site.await(name + " to be admitted", () -> tried(manifest).isEmpty());
          site.apply(manifest);
        });
    site.tencent.newServer("ins-newer001");
    newer.keySet().forEach(name -> site.awaitReason(name, "UnsupportedField"));
    site.tencent.newServer("ins-newer002");
    site.apply(TestCluster.tencentRequest("plain", "ins-newer002", ""));
    site.awaitFinished("plain");

    assertThat(site.phase("plain")).as(site::everything).isEqualTo("Succeeded");
    Map<String, String> fields =
        Map.of(
            "field", "spec.comment",
            "field-in-block", "spec.tencentCloud.erase",
            "word", "spec.whenRunning");
    assertThat(newer.keySet())
        .allSatisfy(
            name ->
                assertThat(site.message(name))
                    .startsWith(
                        name.equals("cloud")
                            ? "spec.cloud has a value that this operator version does not"
                                + " support. No reinstall request is sent. Upgrade the operator."
                            : unsupported(fields.get(name))));
    assertThat(site.tencent.calls("ResetInstance", "ins-newer001")).isZero();
    site.await("readiness", () -> HealthProbe.get(port, "/readyz").equals("200 ok"));
  }

  @Test
  void what_a_newer_operator_wrote_into_a_ledger_is_kept_and_its_open_request_left_alone() {
    ledgers.edit(
        spec -> {
          JSONSchemaProps entry = entry(spec);
          spec.getProperties().put("colour", text());
          entry.getProperties().put("colour", text());
          entry.getProperties().get("owner").getProperties().put("colour", text());
          entry.getProperties().get("state").getEnum().add(new TextNode("Parked"));
          spec.setXKubernetesValidations(List.of()); // the newer one has its own
        });
    String parked = newerLedger("ins-newer003", "Parked");
    String settled = newerLedger("ins-newer004", "Succeeded");
    site.await("the newer ledgers", () -> cluster.kubectlWithInput(parked, CREATE).succeeded());
    cluster.kubectlWithInput(settled, CREATE).orFail();
    String parkedBefore = ledger("ins-newer003");
    String settledBefore = ledger("ins-newer004");
    site.tencent.newServer("ins-newer003");
    site.tencent.newServer("ins-newer004");
    site.startOperator();
    site.apply(TestCluster.tencentRequest("newer", "ins-newer003", ""));
    site.apply(TestCluster.tencentRequest("behind", "ins-newer003", ""));
    site.apply(TestCluster.tencentRequest("after", "ins-newer004", ""));
    site.awaitReason("newer", "LedgerVersionUnsupported");
    site.awaitReason("behind", "LedgerVersionUnsupported");
    site.awaitFinished("after");

    assertThat(List.of(site.message("newer"), site.message("behind")))
        .allSatisfy(
            says ->
                assertThat(says)
                    .startsWith(
                        "The ServerLedger of this server contains a field or value that this"
                            + " operator version does not support. No reinstall request is sent."
                            + " Upgrade the operator."));
    assertThat(site.phase("after")).as(site::everything).isEqualTo("Succeeded");
    assertThat(site.tencent.calls("ResetInstance", "ins-newer003")).isZero();
    assertThat(ledger("ins-newer003")).isEqualTo(parkedBefore);
    assertThat(ledger("ins-newer004")).isEqualTo(settledBefore);
    assertThat(site.ledgerState("ins-newer004", "after")).isEqualTo("Succeeded");
    site.await("readiness", () -> HealthProbe.get(port, "/readyz").equals("200 ok"));
  }

  private static final String[] CREATE = {"create", "-f", "-"};

  private static String newerLedger(String instanceId, String state) {
    return """
        apiVersion: reinstall.dev/v1alpha1
        kind: ServerLedger
        metadata: {name: %s}
        spec:
          cloud: TencentCloud
          region: ap-guangzhou
          instanceId: %s
          claims: 1
          colour: red
          orders:
            newer:
              colour: green
              specHash: "0123"
              specHashVersion: 1
              owner: {namespace: gone, name: newer, uid: "1", colour: blue}
              state: %s
              claimNumber: 1
              attempt: 1
              responseReceived: true
              claimTime: "2026-01-01T00:00:00Z"
        """
        .formatted(ledgerName(instanceId), instanceId, state);
  }

  private static String ledgerName(String instanceId) {
    return new Server(CloudName.TencentCloud, "ap-guangzhou", instanceId).ledgerName();
  }

  /** The bytes that the newer operator wrote. */
  private static String ledger(String instanceId) {
    return cluster
        .kubectl(
            "get",
            "serverledger",
            ledgerName(instanceId),
            "-o",
            "jsonpath={.spec.colour} {.spec.orders.newer}")
        .orFail();
  }

  // A newer operator under an older CRD.

  @Test
  void under_an_older_crd_it_ends_and_says_what_to_apply_and_then_it_starts() {
    ledgers.edit(spec -> entry(spec).getProperties().remove("expected"));
    site.await("the older CRD", () -> triedLedger("expected: {}").contains("expected"));
    site.tencent.newServer("ins-older001");
    site.apply(TestCluster.tencentRequest("order", "ins-older001", ""));

    OperatorProcess operator = site.startOperator();

    assertThat(operator.exitCode()).as(operator::log).isEqualTo(1);
    assertThat(operator.log())
        .contains(CRD_OUTDATED + " The API server said: ")
        .contains("unknown field \"spec.orders.aa-1.expected\"");
    assertThat(site.phase("order")).isEmpty();
    assertThat(site.tencent.calls("ResetInstance", "ins-older001")).isZero();
    assertThat(site.ledgerState("ins-older001", "order")).isEmpty();

    ledgers.restore();
    site.await("the CRD of the operator", () -> triedLedger("expected: {}").isEmpty());
    site.startOperator(); // as the kubelet does
    site.awaitFinished("order");

    assertThat(site.phase("order")).as(site::everything).isEqualTo("Succeeded");
    assertThat(site.tencent.wipes("ins-older001")).isEqualTo(1);
  }

  @Test
  void a_crd_that_is_restored_under_it_stops_new_requests_and_loses_no_open_one() {
    site.jd.newServer("cps-older002").stayInTransition();
    site.jd.newServer("cps-older003");
    OperatorProcess operator = site.startOperator();
    site.apply(TestCluster.jdRequest("open", "cps-older002", ""));
    site.awaitPhase("open", "Installing");
    ledgers.edit(
        spec -> {
          spec.setXKubernetesValidations(List.of());
          entry(spec).getProperties().remove("claimId"); // each claim has it
          entry(spec).getProperties().remove("completionTime"); // each outcome has it
        });
    String completed = "completionTime: \"2026-01-01T00:00:00Z\"";
    site.await("the older CRD", () -> triedLedger(completed).contains("completionTime"));
    site.apply(TestCluster.jdRequest("late", "cps-older003", ""));
    site.awaitReason("late", "CRDOutdated");
    assertThat(site.phase("late")).isEqualTo("Pending");
    assertThat(site.message("late")).startsWith(CRD_OUTDATED);
    assertThat(operator.log()).contains("unknown field \"spec.orders.late.claimId\"");
    site.staysTheSame("the request", () -> site.field("late", ".metadata.resourceVersion"));
    site.jd.server("cps-older002").goOn();
    site.await(
        "the failure in the Reconciling condition",
        () ->
            condition("open", "Reconciling")
                .equals(
                    "Reconciliation failed: The API server rejected ServerLedger "
                        + new Server(CloudName.JDCloud, "cn-east-tz1", "cps-older002").ledgerName()
                        + " (HTTP 400): ServerLedger in version \"v1alpha1\" cannot be handled as a"
                        + " ServerLedger: strict decoding error: unknown field"
                        + " \"spec.orders.open.completionTime\". It is retried after at most 1m."));
    assertThat(site.phase("open")).as(site::everything).isEqualTo("Installing");

    ledgers.restore();
    site.awaitFinished("open");
    site.awaitFinished("late");

    for (String order : List.of("open", "late")) {
      assertThat(site.phase(order)).as(site::everything).isEqualTo("Succeeded");
    }
    assertThat(site.jd.wipes("cps-older002")).isEqualTo(1);
    assertThat(site.jd.wipes("cps-older003")).isEqualTo(1);
  }

  @Test
  void without_a_crd_it_ends_and_says_what_to_apply() {
    ledgers.delete();

    OperatorProcess operator = site.startOperator();

    assertThat(operator.exitCode()).as(operator::log).isEqualTo(1);
    assertThat(operator.log()).contains(CRD_OUTDATED);
  }

  @Test
  void without_the_crd_of_reinstalls_it_ends_by_one_line_that_says_what_to_apply() {
    reinstalls.delete();

    OperatorProcess operator = site.startOperator();

    assertThat(operator.exitCode()).as(operator::log).isEqualTo(1);
    assertThat(operator.log().lines().filter(line -> line.contains("ERROR")))
        .singleElement()
        .asString()
        .endsWith(CRD_OUTDATED + " The API server does not have the kind Reinstall.");
    assertThat(operator.log()).doesNotContain("Exception");
  }

  private String condition(String order, String type) {
    return site.kubectl(
            "get",
            "ri",
            order,
            "-o",
            "jsonpath={.status.conditions[?(@.type=='" + type + "')].message}")
        .orFail();
  }

  private static JSONSchemaProps entry(JSONSchemaProps spec) {
    return spec.getProperties().get("orders").getAdditionalProperties().getSchema();
  }

  private static JSONSchemaProps text() {
    return new JSONSchemaPropsBuilder().withType("string").withMaxLength(64L).build();
  }

  /** The validation error of the API server; empty if there is none. */
  private String tried(String manifest) {
    CommandResult result =
        cluster.kubectlWithInput(
            manifest, "create", "--dry-run=server", "-n", site.namespace, "-f", "-");
    return result.err();
  }

  /** Of a ledger whose entry has this line. */
  private String triedLedger(String line) {
    return tried(
        newerLedger("ins-older004", "Succeeded")
            .replaceAll(".*colour: (red|green)\n", "")
            .replace(", colour: blue", "")
            .replace("claimNumber: 1", "claimNumber: 1\n      " + line));
  }

  private void suspend(String order, String value) {
    site.kubectl(
            "patch", "ri", order, "--type=merge", "-p", "{\"spec\":{\"suspend\":" + value + "}}")
        .orFail();
  }
}
