package dev.reinstall.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.Server;
import dev.reinstall.api.ServerLedger;
import dev.reinstall.controlplane.Command;
import dev.reinstall.controlplane.CommandResult;
import dev.reinstall.controlplane.ControlPlane;
import dev.reinstall.controlplane.NeedsControlPlane;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The commands by which an administrator gives servers to namespaces, as the page has them. */
@Tag("deep")
@NeedsControlPlane
class TenantsPageIT {
  private static final Path PAGE = Path.of("docs", "tenants.md");
  private static final Server KNOWN = new Server(CloudName.JDCloud, "cn-east-tz1", "cps-known");

  /** Each line of a list, and the ledger that it means. */
  private record Grant(Server server, String namespace) {
    String line() {
      return "%s %s %s %s"
          .formatted(server.cloud(), server.region(), server.instanceId(), namespace);
    }
  }

  private static ControlPlane cluster;

  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    cluster = TestCluster.withBase(ControlPlane.start());
  }

  @AfterAll
  static void close() {
    cluster.close();
  }

  @Test
  void the_list_of_the_page_gives_400_servers_in_one_go_and_changes_none_that_has_a_ledger()
      throws IOException {
    createdByTheOperator(KNOWN, "team-9");
    List<Grant> grants = new ArrayList<>(grants(399));
    grants.add(200, new Grant(KNOWN, "team-0"));
    list(grants);

    CommandResult created = run(block("For many servers,"));

    assertThat(created.err())
        .containsOnlyOnce("already exists")
        .contains("\"" + KNOWN.ledgerName() + "\" already exists");
    Map<String, ServerLedger> ledgers = ledgers();
    for (Grant grant : grants) {
      assertThat(ledgers).containsKey(grant.server().ledgerName());
      ServerLedger.Spec spec = ledgers.get(grant.server().ledgerName()).getSpec();
      assertThat(spec.server()).isEqualTo(grant.server());
      boolean known = grant.server().equals(KNOWN);
      assertThat(spec.namespace()).isEqualTo(known ? "team-9" : grant.namespace());
      assertThat(spec.claims()).isEqualTo(known ? 7 : 0);
    }

    list(grants.subList(199, 202));
    run(block("For many servers,").replace("kubectl create -f -", "cat")).orFail();
    run(block("`kubectl create` changes no ledger")).orFail();

    assertThat(ledgers().get(KNOWN.ledgerName()).getSpec())
        .satisfies(spec -> assertThat(spec.namespace()).isEqualTo("team-0"))
        .satisfies(spec -> assertThat(spec.claims()).isEqualTo(7));
    assertThat(run(block("Then check the whole list")).orFail()).contains("NAMESPACE");
  }

  @Test
  void the_manifest_of_the_page_is_that_of_its_server_and_the_server_is_moved() throws IOException {
    cluster.kubectlWithInput(block("For one server"), "create", "-f", "-").orFail();
    Server server = new Server(CloudName.TencentCloud, "ap-guangzhou", "ins-r8hr2upy");
    assertThat(ledgers().get(server.ledgerName()).getSpec().namespace()).isEqualTo("team-a");

    Matcher move =
        Pattern.compile("\\| move a server \\| `([^`]*)` \\|").matcher(Files.readString(PAGE));
    assertThat(move.find()).isTrue();
    run(move.group(1).replace("NAME", server.ledgerName())).orFail();

    assertThat(ledgers().get(server.ledgerName()).getSpec().namespace()).isEqualTo("team-b");
  }

  @ParameterizedTest
  @EnumSource
  void the_command_in_the_message_grants_a_server_that_has_no_ledger(CloudUnderTest cloud) {
    try (TestCluster site = new TestCluster(cluster)) {
      site.with("REINSTALL_REQUIRE_SERVER_GRANT", "true").startOperator();
      String id = cloud.id("granted1");
      cloud.newServer(site, id);
      site.apply(cloud.request(id, id));
      site.awaitReason(id, "ServerNotGranted");
      assertThat(cloud.calls(site, id)).isZero();

      Matcher command =
          Pattern.compile(
                  "grants it with: (echo .* \\| kubectl create -f -)\\. The request goes on")
              .matcher(site.message(id));
      assertThat(command.find()).as(site.message(id)).isTrue();
      run(command.group(1)).orFail();

      site.awaitFinished(id);
      assertThat(site.phase(id)).as(site::everything).isEqualTo("Succeeded");
    }
  }

  private static List<Grant> grants(int number) {
    List<Grant> grants = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      boolean tencent = i % 2 == 0;
      String id =
          switch (i % 5) {
            case 0 -> "ins-%08d".formatted(i);
            case 1 -> "Cps_ABC.%d".formatted(i);
            case 2 -> "%d".formatted(1000 + i); // a number in YAML, if it is not quoted
            case 3 -> "%de5".formatted(i);
            default -> "a-very-long-instance-id-that-is-cut-right-at-a-dash---x-%d".formatted(i);
          };
      grants.add(
          new Grant(
              tencent
                  ? new Server(CloudName.TencentCloud, "ap-guangzhou", id)
                  : new Server(CloudName.JDCloud, "cn-east-tz1", id),
              "team-" + i % 3));
    }
    return grants;
  }

  private void list(List<Grant> grants) throws IOException {
    Files.writeString(
        folder.resolve("servers.txt"),
        grants.stream()
            .map(Grant::line)
            .collect(Collectors.joining("\n"))); // no line end at its end
  }

  private static void createdByTheOperator(Server server, String namespace) {
    cluster
        .kubectlWithInput(
            """
            apiVersion: reinstall.dev/v1alpha1
            kind: ServerLedger
            metadata: {name: %s}
            spec: {cloud: %s, region: %s, instanceId: %s, claims: 7, namespace: %s}
            """
                .formatted(
                    server.ledgerName(),
                    server.cloud(),
                    server.region(),
                    server.instanceId(),
                    namespace),
            "create",
            "-f",
            "-")
        .orFail();
  }

  private static Map<String, ServerLedger> ledgers() {
    return cluster.client().resources(ServerLedger.class).list().getItems().stream()
        .collect(
            Collectors.toMap(
                it -> it.getMetadata().getName(), Function.identity(), (a, b) -> a, TreeMap::new));
  }

  /** The first block of the page after these words. */
  private static String block(String words) throws IOException {
    String text = Files.readString(PAGE);
    assertThat(text).contains(words);
    int from = text.indexOf("\n", text.indexOf("```", text.indexOf(words))) + 1;
    return text.substring(from, text.indexOf("```", from));
  }

  private CommandResult run(String commands) {
    return Command.run(
        Path.of("/bin/bash"),
        List.of("-uc", "cd '" + folder + "'\n" + commands),
        Map.of(
            "KUBECONFIG",
            cluster.kubeconfig().toString(),
            "HOME",
            folder.toString(),
            "PATH",
            cluster.programs() + ":" + System.getenv("PATH")),
        "",
        Duration.ofMinutes(3));
  }
}
