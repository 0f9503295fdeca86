package dev.reinstall.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.api.ServerLedger;
import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.controlplane.NeedsControlPlane;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What a tenant can read of its own requests, statuses and Events alike, has no word of a request
 * of another tenant for the same server.
 */
@Tag("deep")
@NeedsControlPlane
@Execution(ExecutionMode.CONCURRENT)
class TenantSecrecyIT {
  private static final String ACCOUNT = "AKIDOFTHEOWNER";
  private static final String LOOK_ONLY = "AKIDOFTHELOOKER";

  private static TestCluster site;
  private static Tenant owner;
  private static Tenant stranger;

  @BeforeAll
  static void start() {
    site = new TestCluster().with("REINSTALL_CALL_TIMEOUT", "30s"); // a response is blocked
    owner = Tenant.of(site, site.namespace);
    stranger = Tenant.of(site, site.newNamespace());
    site.startOperator();
    account(ACCOUNT);
    account(LOOK_ONLY);
    site.tencent.deny(LOOK_ONLY, "StopInstances");
    site.jd.deny(LOOK_ONLY, "stopInstance");
  }

  private static void account(String id) {
    String key = "secret-key-of-" + id;
    site.tencent.account(id, key);
    site.jd.account(id, key);
    owner.secret(secretOf(id), Map.of("secretId", id, "accessKey", id, "secretKey", key));
  }

  private static String secretOf(String account) {
    return account.toLowerCase(Locale.ROOT);
  }

  @AfterAll
  static void close() {
    owner.close();
    stranger.close();
    site.close();
  }

  private static String with(String account, String manifest) {
    return manifest.replaceFirst(
        "credentialsRef: .*", "credentialsRef: {name: " + secretOf(account) + "}");
  }

  /** Namespace, name, IDs and times of the owner's entry, and the words of its account. */
  private static List<String> wordsOf(CloudUnderTest cloud, String id, String name) {
    List<String> words = new ArrayList<>(List.of(owner.namespace, name, ACCOUNT, LOOK_ONLY));
    site.cluster.client().resources(ServerLedger.class).list().getItems().stream()
        .filter(ledger -> ledger.getSpec().instanceId().equals(id))
        .flatMap(ledger -> ledger.getSpec().orders().values().stream())
        .filter(entry -> entry.owner().namespace().equals(owner.namespace))
        .forEach(entry -> words.addAll(wordsOf(entry)));
    cloud.cloud(site).wipeHistory(id).forEach(wipe -> words.add(wipe.requestId()));
    return words.stream().distinct().toList();
  }

  private static List<String> wordsOf(Entry entry) {
    return Stream.of(
            entry.requestId(),
            entry.stop() == null ? null : entry.stop().requestId(),
            entry.claimId(),
            entry.owner().uid(),
            entry.claimTime(),
            entry.acceptTime(),
            entry.completionTime())
        .filter(Objects::nonNull)
        .map(Object::toString)
        .toList();
  }

  private static void assertSeesNothingOf(List<String> words, String... names) {
    assertThat(words).hasSizeGreaterThan(5);
    for (String name : names) {
      assertThat(stranger.seen(name))
          .isNotEmpty()
          .allSatisfy(text -> assertThat(text).doesNotContain(words));
    }
  }

  /** From now on no time of the stranger is one of the owner by chance: they have whole seconds. */
  private static void awaitNextSecond() {
    Instant second = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    site.await("the next second", () -> Instant.now().isAfter(second.plusSeconds(1)));
  }

  @ParameterizedTest
  @EnumSource
  void who_waits_for_a_server_reads_nothing_of_the_request_ahead_and_of_the_owner(
      CloudUnderTest cloud) {
    String id = cloud.id("secret01");
    String name = "owners-" + id;
    cloud.newServer(site, id);
    cloud.stick(site, id);
    BlockedCall response = new BlockedCall(call -> false, 1, false);
    RequestStage.CALLING.prepare(site, cloud, id, response);
    owner.create(with(ACCOUNT, cloud.request(name, id)));
    site.await("the reinstall call", () -> cloud.cloud(site).wipes(id) == 1);

    stranger.create(cloud.request("early-" + id, id));
    stranger.awaitReason("early-" + id, "Queued");
    List<String> words = new ArrayList<>(wordsOf(cloud, id, name));
    response.letGo();
    owner.awaitReason(name, "Installing");
    stranger.awaitReason("early-" + id, "ServerNotGranted");
    stranger.create(cloud.request("during-" + id, id));
    stranger.awaitReason("during-" + id, "ServerNotGranted");
    words.addAll(wordsOf(cloud, id, name));
    cloud.goOn(site, id);
    owner.awaitFinished(name);
    stranger.create(cloud.request("late-" + id, id));
    stranger.awaitReason("late-" + id, "ServerNotGranted");
    words.addAll(wordsOf(cloud, id, name));

    assertThat(owner.reason(name)).isEqualTo("Installed");
    assertSeesNothingOf(words, "early-" + id, "during-" + id, "late-" + id);
  }

  @ParameterizedTest
  @EnumSource
  void who_gets_a_server_later_reads_nothing_of_what_was_done_with_it_before(CloudUnderTest cloud) {
    String id = cloud.id("secret02");
    String name = "used-" + id;
    cloud.newServer(site, id);
    cloud.endStopped(site, id);
    owner.create(with(ACCOUNT, cloud.request(name, id)));
    owner.awaitFinished(name);
    List<String> words = wordsOf(cloud, id, name);
    awaitNextSecond();
    site.give(cloud.server(id), stranger.namespace);

    stranger.create(cloud.request(name, id));
    stranger.awaitFinished(name);
    stranger.create(cloud.request("new-" + id, id));
    stranger.awaitFinished("new-" + id);

    assertThat(stranger.reason(name)).isEqualTo("AlreadyCompleted");
    assertThat(stranger.field(name, ".status.requestId")).isEmpty();
    assertThat(stranger.field(name, ".status.submitTime")).isEmpty();
    assertThat(stranger.reason("new-" + id)).as(site::everything).isEqualTo("Installed");
    assertSeesNothingOf(words, "new-" + id);
    // That it used the name itself, too, is no secret.
    assertSeesNothingOf(words.stream().filter(word -> !word.equals(name)).toList(), name);
  }

  /** What the cloud said about a key is said to the owner of the key alone. */
  @ParameterizedTest
  @EnumSource
  void a_namesake_reads_nothing_of_what_the_cloud_denied_to_another(CloudUnderTest cloud) {
    String id = cloud.id("secret03");
    cloud.newServer(site, id);
    cloud.plugIn(site, id);
    stranger.create(cloud.request(id, id));
    stranger.awaitReason(id, "ServerRunning");
    owner.create(with(LOOK_ONLY, cloud.request(id, id, "whenRunning: Stop")));
    owner.awaitReason(id, "AccessDenied");
    assertThat(owner.message(id)).containsAnyOf("Not allowed: ", "not authorized");
    List<String> words = new ArrayList<>(List.of("Not allowed: ", "not authorized"));
    wordsOf(cloud, id, id).stream().filter(word -> !word.equals(id)).forEach(words::add);
    awaitNextSecond();

    cloud.pullPlug(site, id);
    stranger.awaitFinished(id);

    assertThat(stranger.reason(id)).as(site::everything).isEqualTo("Installed");
    assertThat(stranger.history(id)).noneMatch(status -> status.endsWith("/AccessDenied"));
    assertSeesNothingOf(words, id);
  }
}
