package dev.reinstall.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.Server;
import dev.reinstall.controlplane.Command;
import dev.reinstall.controlplane.CommandResult;
import dev.reinstall.controlplane.NeedsControlPlane;
import dev.reinstall.controlplane.NeedsPrograms;
import dev.reinstall.controlplane.Programs;
import dev.reinstall.simulator.SimulatedFault;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code deploy/kubectl/kubectl-reinstall}, called by the real kubectl. */
@Tag("deep")
@NeedsControlPlane
class KubectlPluginIT {
  private static TestCluster site;

  @BeforeAll
  static void start() {
    site = new TestCluster();
    site.startOperator();
  }

  @AfterAll
  static void close() {
    site.close();
  }

  private static CommandResult plugin(String... arguments) {
    Path kubectl = site.cluster.programs().resolve("kubectl");
    List<String> all = new ArrayList<>(List.of("reinstall"));
    all.addAll(List.of(arguments));
    String path =
        String.join(
            File.pathSeparator,
            Path.of("deploy/kubectl").toAbsolutePath().toString(),
            kubectl.getParent().toString(),
            System.getenv("PATH"));
    return Command.run(
        kubectl,
        all,
        Map.of("PATH", path, "KUBECONFIG", site.cluster.kubeconfig().toString()),
        "",
        Duration.ofSeconds(60));
  }

  private static CommandResult inNamespace(String command, String... more) {
    List<String> all = new ArrayList<>(List.of(command, "-n", site.namespace));
    all.addAll(List.of(more));
    return plugin(all.toArray(String[]::new));
  }

  private static String ledger(String id) {
    return new Server(CloudName.TencentCloud, "ap-guangzhou", id).ledgerName();
  }

  @Test
  void wait_ends_with_0_after_a_success_and_status_and_history_show_it() {
    site.tencent.newServer("ins-plugin01");
    site.apply(TestCluster.tencentRequest("good", "ins-plugin01", ""));

    CommandResult waited = inNamespace("wait", "good", "--timeout=60s");

    assertThat(waited.exitCode()).as(waited.toString()).isZero();
    String requestId = site.requestId("good");
    assertThat(waited.out())
        .contains(
            "Name:       " + site.namespace + "/good",
            "Server:     TencentCloud ap-guangzhou ins-plugin01",
            "Phase:      Succeeded (Installed)",
            "Submitted:  " + site.field("good", ".status.submitTime"),
            "Completed:  " + site.field("good", ".status.completionTime"),
            "Request ID: " + requestId,
            "Message:    " + site.message("good"))
        .doesNotContain("Since:", "<no value>");
    assertThat(inNamespace("status", "good").orFail()).isEqualTo(waited.out());
    assertThat(inNamespace("status").orFail()).contains("NAME", "good", "Succeeded");
    assertThat(plugin("status", "-A").orFail()).contains("NAMESPACE", site.namespace);

    assertThat(plugin("status", "good", "-n" + site.namespace).orFail()).isEqualTo(waited.out());

    assertThat(inNamespace("history", "good").orFail())
        .isEqualTo(
            "Server of the Reinstall good: TencentCloud/ap-guangzhou/ins-plugin01\n"
                + plugin("history", "ins-plugin01").orFail());
    assertThat(inNamespace("hold", "good").err())
        .contains("good is a Reinstall. To hold its server: kubectl reinstall hold TencentCloud/");
    for (String server : List.of("ins-plugin01", "TencentCloud/ap-guangzhou/ins-plugin01")) {
      assertThat(plugin("history", server).orFail().lines())
          .hasSize(3)
          .first()
          .isEqualTo("ServerLedger " + ledger("ins-plugin01"));
      assertThat(plugin("history", server).orFail())
          .containsPattern(
              "\n1 +good +Succeeded +\\S+Z +\\S+Z +" + requestId + " +" + site.namespace + " *\n");
    }
  }

  @Test
  void wait_ends_with_1_after_a_failure() {
    site.tencent.newServer("ins-plugin02");
    site.apply(
        TestCluster.tencentRequest("bad", "ins-plugin02", "")
            .replace("img-ubuntu22", "img-unknown0"));

    CommandResult waited = inNamespace("wait", "bad");

    assertThat(waited.exitCode()).as(waited.toString()).isEqualTo(1);
    assertThat(waited.out()).contains("Phase:      Failed (Rejected)");
  }

  @Test
  void wait_ends_with_2_if_the_outcome_is_unknown() {
    site.tencent.newServer("ins-plugin03");
    site.tencent.on("ResetInstance", "ins-plugin03", 1, SimulatedFault.cutBeforeEffect());
    site.apply(TestCluster.tencentRequest("lost", "ins-plugin03", ""));

    CommandResult waited = inNamespace("wait", "lost");

    assertThat(waited.exitCode()).as(waited.toString()).isEqualTo(2);
    assertThat(waited.out()).contains("Phase:      Unknown (OutcomeUnknown)");
  }

  @Test
  void wait_ends_with_3_in_time_and_says_what_the_request_waits_for() {
    site.tencent.newServer("ins-plugin04").plugIn();
    site.apply(TestCluster.tencentRequest("slow", "ins-plugin04", ""));
    site.awaitReason("slow", "ServerRunning");

    CommandResult waited = inNamespace("wait", "slow", "--timeout", "1s");

    assertThat(waited.exitCode()).as(waited.toString()).isEqualTo(3);
    assertThat(waited.out())
        .contains("Phase:      Pending (ServerRunning)")
        .containsPattern("Since: {6}\\S+Z\n");
  }

  @Test
  void wait_ends_with_4_soon_after_the_reinstall_was_deleted() throws Exception {
    site.tencent.newServer("ins-plugin12").plugIn();
    site.apply(TestCluster.tencentRequest("gone", "ins-plugin12", ""));
    site.awaitReason("gone", "ServerRunning");

    var deleted =
        CompletableFuture.runAsync(
            () -> site.kubectl("delete", "reinstall", "gone").orFail(),
            CompletableFuture.delayedExecutor(2, TimeUnit.SECONDS)); // it is waited for by then
    CommandResult waited = inNamespace("wait", "gone", "--timeout=1h");
    deleted.get(10, TimeUnit.SECONDS);

    assertThat(waited.exitCode()).as(waited.toString()).isEqualTo(4);
    assertThat(waited.err()).contains("not found");
  }

  @Test
  void a_reinstall_that_no_operator_has_seen_has_a_status_too() {
    String unseen = site.namespace + "-unseen";
    site.cluster.kubectl("create", "namespace", unseen).orFail();
    site.applyIn(unseen, TestCluster.tencentRequest("new", "ins-plugin09", ""));

    assertThat(plugin("status", "new", "--namespace=" + unseen).orFail())
        .contains("Phase:      none: the operator has not seen it yet")
        .doesNotContain("<no value>", "Since:");
  }

  @Test
  void suspend_and_resume_set_the_field_and_name_the_tool_that_will_undo_it() {
    site.tencent.newServer("ins-plugin05").plugIn();
    site.apply(TestCluster.tencentRequest("paused", "ins-plugin05", ""));
    site.awaitReason("paused", "ServerRunning");

    CommandResult suspended = inNamespace("suspend", "paused");
    assertThat(suspended.orFail()).contains("patched");
    assertThat(suspended.err()).isEmpty();
    site.awaitReason("paused", "Suspended");

    site.kubectl("label", "reinstall", "paused", "kustomize.toolkit.fluxcd.io/name=fleet").orFail();
    assertThat(inNamespace("resume", "paused").err())
        .contains("warning: Flux applies this Reinstall from Git (Kustomization fleet)")
        .doesNotContain("hold");
    site.awaitReason("paused", "ServerRunning");

    site.kubectl("label", "reinstall", "paused", "kustomize.toolkit.fluxcd.io/name-").orFail();
    mark("paused", "annotate", "argocd.argoproj.io/tracking-id=app:x/Reinstall:y");
    assertThat(inNamespace("suspend", "paused").err())
        .contains("warning: Argo CD applies this Reinstall from Git (Application app)")
        .contains("kubectl reinstall hold TencentCloud/ap-guangzhou/ins-plugin05\n");
  }

  /**
   * A chart that Argo CD renders sets this label, and so does the same chart, installed by Helm.
   */
  @Test
  void suspend_knows_the_labels_that_argo_cd_tracks_by() {
    site.tencent.newServer("ins-plugin13").plugIn();
    site.apply(TestCluster.tencentRequest("tracked", "ins-plugin13", ""));

    mark("tracked", "label", "app.kubernetes.io/instance=fleet");
    assertThat(inNamespace("suspend", "tracked").err())
        .contains("warning: Argo CD may apply this Reinstall from Git (Application fleet)");
    mark("tracked", "annotate", "meta.helm.sh/release-name=fleet");
    assertThat(inNamespace("suspend", "tracked").err()).isEmpty();
    mark("tracked", "label", "argocd.argoproj.io/instance=servers");
    assertThat(inNamespace("suspend", "tracked", "--kubeconfig=" + site.cluster.kubeconfig()).err())
        .contains("warning: Argo CD applies this Reinstall from Git (Application servers)")
        .contains("/ins-plugin13 --kubeconfig=" + site.cluster.kubeconfig());
  }

  private static void mark(String name, String how, String mark) {
    site.kubectl(how, "reinstall", name, mark).orFail();
  }

  @Test
  void hold_holds_a_server_with_and_without_a_ledger_until_it_is_removed() {
    String server = "TencentCloud/ap-guangzhou/ins-plugin06";
    String reason = "disk: \"swap\" {until} Friday # $(id)\n- no: yes";
    site.tencent.newServer("ins-plugin06");

    plugin("hold", server, reason).orFail();

    site.apply(TestCluster.tencentRequest("held", "ins-plugin06", ""));
    site.awaitReason("held", "ServerHeld");
    assertThat(site.message("held")).contains("disk: \"swap\" {until} Friday # $(id) - no: yes");
    assertThat(site.field("held", ".metadata.name") + plugin("history", "ins-plugin06").orFail())
        .contains("Held: disk: \"swap\"");

    plugin("hold", "ins-plugin06", "another reason").orFail();
    site.await("the new reason", () -> site.message("held").contains("another reason"));
    plugin("hold", "ins-plugin06", "--remove").orFail();
    site.awaitPhase("held", "Succeeded");
    assertThat(site.tencent.wipes("ins-plugin06")).isEqualTo(1);
  }

  @Test
  void a_request_that_was_sent_is_not_stopped_and_suspend_and_hold_say_so() {
    site.tencent.newServer("ins-plugin10").stayInTransition();
    site.apply(TestCluster.tencentRequest("sent", "ins-plugin10", ""));
    site.awaitPhase("sent", "Installing");

    CommandResult suspended = inNamespace("suspend", "sent");
    CommandResult held = plugin("hold", "ins-plugin10", "emergency");

    assertThat(suspended.exitCode()).as(suspended.toString()).isEqualTo(1);
    assertThat(suspended.err()).contains("too late: sent is Installing. Nothing is stopped.");
    assertThat(held.exitCode()).as(held.toString()).isZero();
    assertThat(held.err())
        .contains("warning: too late for " + site.namespace + "/sent: its request was sent");
    plugin("hold", "ins-plugin10", "--remove").orFail();
    site.tencent.server("ins-plugin10").goOn();
    site.awaitPhase("sent", "Succeeded");
    assertThat(inNamespace("suspend", "sent").err()).contains("too late: sent is Succeeded.");
  }

  @Test
  void a_hold_says_what_it_replaces_and_its_removal_whether_there_was_one() {
    String server = "TencentCloud/ap-guangzhou/ins-plugin11";

    assertThat(plugin("hold", server, "").orFail()).contains("created");
    assertThat(plugin("history", server).orFail()).contains("Held: no reason is given\n");
    assertThat(plugin("hold", server, "second").orFail())
        .contains("It was held before. Held: no reason is given\n");
    assertThat(plugin("hold", server, "third").orFail())
        .contains("It was held before. Held: second\n");
    assertThat(plugin("hold", "TencentCloud/ap-guangzou/ins-plugin11", "typo").err())
        .contains("another one with this instance ID has: " + ledger("ins-plugin11"));
    assertThat(plugin("hold", server, "--remove").orFail()).contains("annotated");
    assertThat(plugin("hold", server, "--remove").orFail()).isEqualTo(server + " was not held.\n");
  }

  @Test
  void the_role_for_holds_is_enough_to_hold() {
    site.cluster.kubectl("create", "serviceaccount", "on-call", "-n", site.namespace).orFail();
    site.cluster
        .kubectl(
            "create",
            "clusterrolebinding",
            "plugin-" + site.namespace,
            "--clusterrole=reinstall-hold",
            "--serviceaccount=" + site.namespace + ":on-call")
        .orFail();
    Path onCall = site.cluster.kubeconfigOf(site.namespace, "on-call");
    String server = "TencentCloud/ap-guangzhou/ins-plugin07";

    plugin("hold", server, "--kubeconfig", onCall.toString()).orFail();

    assertThat(plugin("history", "ins-plugin07", "--kubeconfig=" + onCall).orFail())
        .contains("Held: held by kubectl reinstall");
    plugin("hold", server, "--remove", "--kubeconfig", onCall.toString()).orFail();
  }

  @Test
  void without_permissions_it_names_the_role_that_grants_them() {
    site.cluster.kubectl("create", "serviceaccount", "nobody", "-n", site.namespace).orFail();
    Path nobody = site.cluster.kubeconfigOf(site.namespace, "nobody");
    Map.of(
            "status a", "reinstall-view, which view, edit and admin contain,",
            "wait a", "reinstall-view, which view, edit and admin contain,",
            "history ins-1", "reinstall-view, bound by a ClusterRoleBinding,",
            "hold ins-1", "reinstall-hold, bound by a ClusterRoleBinding,")
        .forEach(
            (call, role) -> {
              CommandResult result = plugin((call + " --kubeconfig " + nobody).split(" "));

              assertThat(result.exitCode()).as(result.toString()).isEqualTo(4);
              assertThat(result.err())
                  .contains("Error from server (Forbidden): ")
                  .contains("The ClusterRole " + role + " grants this permission.\n");
              assertThat(result.out()).isEmpty();
            });
  }

  /** As in a script whose variable is not set. */
  @Test
  void an_empty_namespace_is_not_the_default_one() {
    CommandResult result = plugin("status", "-n", "");

    assertThat(result.exitCode()).as(result.toString()).isEqualTo(4);
    assertThat(result.err()).contains("-n needs a value");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "explode | unknown command explode",
        "wait | wrong number of arguments",
        "wait a b | wrong number of arguments",
        "status a --watch | unknown option --watch",
        "wait a --timeout | --timeout needs a value",
        "status --context= | --context needs a value",
        "status a -A | -A is for status without NAME",
        "wait a -A | -A is for status without NAME",
        "wait absent --timeout=5s | not found",
        "wait absent --timeout=3 | --timeout must be a duration such as 90s, 30m or 1h30m",
        "wait absent --timeout=0s | --timeout must be a duration such as 90s, 30m or 1h30m",
        "status absent | not found",
        "suspend absent | not found",
        "status a/b | NAME must have letters, digits, dots, dashes and underscores",
        "history ins-plugin99 | no ServerLedger of ins-plugin99",
        "history TencentCloud/ap-guangzhou/ins-plugin99 | nothing was ever requested for it",
        "history a\"}} | SERVER must have",
        "hold TencentCloud/ap-guang/zhou/ins-1 | INSTANCE_ID must have",
        "hold AliCloud/ap-guangzhou/ins-1 | CLOUD must be JDCloud or TencentCloud",
        "hold tencentcloud/ap-guangzhou/ins-1 | CLOUD must be JDCloud or TencentCloud",
        "hold ins-1 remove | a hold is removed by --remove",
        "hold ins-plugin99 | name the server as CLOUD/REGION/ins-plugin99",
        "hold ins-1 why --remove | --remove takes no reason",
      })
  void a_wrong_call_ends_with_4_and_says_what_is_wrong(String call, String said) {
    CommandResult result = inNamespace(call.split(" ")[0], rest(call));

    assertThat(result.exitCode()).as(result.toString()).isEqualTo(4);
    assertThat(result.err()).contains(said);
    assertThat(result.out()).isEmpty();
  }

  private static String[] rest(String call) {
    String[] words = call.split(" ");
    return List.of(words).subList(1, words.length).toArray(String[]::new);
  }

  @Test
  @NeedsPrograms("shellcheck")
  void shellcheck_finds_nothing_in_it() {
    assertThat(
            Command.run(
                    Programs.path("shellcheck"),
                    List.of("deploy/kubectl/kubectl-reinstall"),
                    Map.of(),
                    "",
                    Duration.ofSeconds(60))
                .orFail())
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"--help", "-h", "help", "wait --help"})
  void help_is_printed(String call) {
    assertThat(plugin(call.split(" ")).orFail()).contains("kubectl reinstall wait NAME");
  }
}
