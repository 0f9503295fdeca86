package dev.reinstall.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.simulator.SimulatedFault;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Requests whose Secrets all have a mark, one for each fault of each call of each cloud. */
final class CanaryRequests {
  /** JD Cloud's codes, which have no place for a mark: of all accounts, and one that is over. */
  static final List<String> CODES = List.of("73190264", "64820917");

  private static final String DESCRIBE_KEY_PAIRS = "DescribeKeyPairs";
  private static final String KEY = "skey-canary01";

  /** As in the requests of {@link CloudUnderTest}. */
  private static final String LOGIN = "passwordRef: {name: login, key: password}";

  /** Where a fault strikes. */
  private enum Strike {
    DESCRIBE("whenRunning: Stop"),
    KEY_PAIRS(""),
    STOP("whenRunning: Stop"),
    SEND(""),
    START("powerAfter: Running");

    private final String more;

    Strike(String more) {
      this.more = more;
    }
  }

  private final TestCluster site;
  private final List<String> finished = new ArrayList<>();
  private final List<String> successes = new ArrayList<>();
  private final List<String> generated = new ArrayList<>();
  private final Map<String, String> waiting = new LinkedHashMap<>();
  private final Map<String, String> inline = new LinkedHashMap<>();
  private final StringBuilder manifest = new StringBuilder();
  private final int round;
  private int count;

  /**
   * @param round a digit: the ledgers of the servers of another round stay in the cluster
   */
  CanaryRequests(TestCluster site, int round) {
    this.site = site;
    this.round = round;
  }

  /** The number of requests. */
  int count() {
    return finished.size() + waiting.size() + inline.size();
  }

  /** One cloud after the other: a slow machine runs few at a time. */
  void runAll() {
    for (CloudUnderTest cloud : CloudUnderTest.values()) {
      giveSuccesses(cloud);
      int faults = CanaryFaults.all(cloud, "").size();
      for (int fault = 0; fault < faults; fault++) {
        for (Strike strike : Strike.values()) {
          if (strike != Strike.KEY_PAIRS || cloud == CloudUnderTest.TENCENT) {
            giveStruck(cloud, strike, fault);
          }
        }
      }
      giveGenerated(cloud);
      giveBadSecrets(cloud);
      site.apply(manifest.toString());
      manifest.setLength(0);
      awaitAll();
    }
  }

  /** In another namespace, because such a spec shows them. */
  void giveInline(String namespace) {
    for (CloudUnderTest cloud : CloudUnderTest.values()) {
      String id = newId(cloud);
      site.applyIn(
          namespace,
          cloud
              .request(id, id)
              .replaceFirst(
                  "\n( +)(loginSettings|passwordRef):",
                  "\n$1userData: \"#!/bin/bash\\\\necho "
                      + CanaryForms.value("inline")
                      + "\\\\n\"\n$1$2:"));
      inline.put(id, namespace);
    }
  }

  private void awaitAll() {
    inline.forEach((id, namespace) -> site.awaitFinishedIn(namespace, id));
    finished.forEach(site::awaitFinished);
    waiting.forEach(
        (id, reason) -> site.await(id + " to be " + reason, () -> site.story(id).contains(reason)));
    for (String id : successes) {
      assertThat(site.phase(id)).as(id + site.message(id)).isEqualTo("Succeeded");
    }
  }

  private String newId(CloudUnderTest cloud) {
    String id = cloud.id("can%d%04d".formatted(round, count++));
    cloud.newServer(site, id);
    return id;
  }

  private void giveSuccesses(CloudUnderTest cloud) {
    String plain = newId(cloud);
    cloud.plugIn(site, plain);
    give(cloud, plain, "whenRunning: Stop");
    successes.add(plain);
    finished.add(plain);
    String powered = newId(cloud);
    cloud.endStopped(site, powered);
    give(cloud, powered, "powerAfter: Running");
    successes.add(powered);
    finished.add(powered);
  }

  private void giveStruck(CloudUnderTest cloud, Strike strike, int number) {
    String id = newId(cloud);
    SimulatedFault fault = CanaryFaults.all(cloud, secrets(cloud, id)).get(number);
    switch (strike) {
      case DESCRIBE -> {
        cloud.plugIn(site, id);
        cloud.cloud(site).on(cloud.describeAction(), id, 1, fault);
        cloud.cloud(site).on(cloud.describeAction(), id, 4, fault);
        cloud.catalogues().stream()
            .filter(catalogue -> !catalogue.equals(DESCRIBE_KEY_PAIRS))
            .forEach(catalogue -> cloud.cloud(site).onNext(catalogue, fault));
      }
      case KEY_PAIRS -> {
        site.tencent.key(KEY);
        site.tencent.onNext(DESCRIBE_KEY_PAIRS, fault);
      }
      case STOP -> {
        cloud.plugIn(site, id);
        cloud.cloud(site).on(cloud.stop(), id, 1, fault);
      }
      case SEND -> cloud.cloud(site).on(cloud.send(), id, 1, fault);
      case START -> {
        cloud.endStopped(site, id);
        cloud.cloud(site).on(cloud.start(), id, 1, fault);
      }
    }
    give(cloud, id, strike.more, strike == Strike.KEY_PAIRS ? "keyIds: [" + KEY + "]" : LOGIN);
    finished.add(id);
  }

  /** Its password is not known before. */
  private void giveGenerated(CloudUnderTest cloud) {
    site.cluster
        .kubectl("apply", "-n", site.namespace, "-k", "deploy/tenant-generate-password")
        .orFail();
    String id = newId(cloud);
    cloud.plugIn(site, id);
    give(
        cloud,
        id,
        "whenRunning: Stop",
        "generatePassword: {secretName: " + id + "-made, key: password}");
    successes.add(id);
    finished.add(id);
    generated.add(id);
  }

  /** The passwords that the operator generated, once all requests have run. */
  List<String> generatedPasswords() {
    return generated.stream()
        .map(
            id ->
                site.cluster.client().secrets().inNamespace(site.namespace).withName(id + "-made"))
        .map(secret -> secret.get().getData().get("password"))
        .map(base64 -> new String(Base64.getDecoder().decode(base64), UTF_8))
        .toList();
  }

  private void giveBadSecrets(CloudUnderTest cloud) {
    String value = CanaryForms.value("bad");
    String weak = newId(cloud);
    give(cloud, weak, "");
    replace(weak + "-login", Map.of("password", value + value, "other", value));
    waiting.put(weak, "Pending/CheckFailed");
    String script = newId(cloud);
    give(cloud, script, "");
    replace(script + "-login", Map.of("password", password(script)));
    replace(script + "-data", Map.of("script", value + "\r\n"));
    waiting.put(script, cloud == CloudUnderTest.JD ? "Pending/CheckFailed" : "Succeeded/Installed");
    String missing = newId(cloud);
    give(cloud, missing, "");
    replace(missing + "-login", Map.of("passwort", value));
    waiting.put(missing, "Pending/SecretNotReady");
    for (String key : List.of(value + "\n" + value, value + "\u00e4", value + " " + value)) {
      String malformed = newId(cloud);
      give(cloud, malformed, "");
      replace(malformed + "-account", account(cloud, malformed, key, token(cloud, malformed)));
      waiting.put(malformed, "Pending/SecretNotReady");
    }
    String noKey = newId(cloud);
    give(cloud, noKey, "");
    replace(noKey + "-account", Map.of("secretid", value, "secret", value));
    waiting.put(noKey, "Pending/SecretNotReady");
    String wrong = newId(cloud);
    give(cloud, wrong, "");
    replace(wrong + "-account", account(cloud, wrong, value, token(cloud, wrong)));
    waiting.put(wrong, "Pending/AccessDenied");
    String over = cloud == CloudUnderTest.JD ? CODES.get(1) : value;
    String expired = newId(cloud);
    give(cloud, expired, "");
    replace(expired + "-account", account(cloud, expired, key(expired), over));
    waiting.put(expired, "Pending/AccessDenied");
    if (cloud == CloudUnderTest.JD) {
      String noCode = newId(cloud);
      give(cloud, noCode, "");
      replace(noCode + "-account", account(cloud, noCode, key(noCode), value));
      waiting.put(noCode, "Pending/SecretNotReady");
    }
  }

  private void give(CloudUnderTest cloud, String id, String more) {
    give(cloud, id, more, LOGIN);
  }

  /**
   * @param login in place of the reference to its password
   */
  private void give(CloudUnderTest cloud, String id, String more, String login) {
    if (cloud == CloudUnderTest.TENCENT) {
      site.tencent.account(id, key(id), token(cloud, id));
    } else {
      site.jd.protectedAccount(id, key(id), token(cloud, id));
    }
    replace(id + "-account", account(cloud, id, key(id), token(cloud, id)));
    replace(id + "-login", Map.of("password", password(id)));
    replace(id + "-data", Map.of("script", script(id)));
    manifest
        .append("---\n")
        .append(
            cloud
                .request(id, id, more)
                .replaceFirst("credentialsRef: .*", "credentialsRef: {name: " + id + "-account}")
                .replaceFirst(
                    "\n( +)(loginSettings|passwordRef):",
                    "\n$1userDataRef: {name: " + id + "-data, key: script}\n$1$2:")
                .replace(LOGIN, login)
                .replace("name: login", "name: " + id + "-login"));
  }

  private void replace(String secret, Map<String, String> keys) {
    site.secret(site.namespace, secret, keys);
  }

  private static Map<String, String> account(
      CloudUnderTest cloud, String id, String key, String token) {
    return cloud == CloudUnderTest.TENCENT
        ? Map.of("secretId", id, "secretKey", key, "token", token)
        : Map.of("accessKey", id, "secretKey", key, "securityToken", token);
  }

  private static String key(String id) {
    return CanaryForms.value("key of " + id);
  }

  private static String token(CloudUnderTest cloud, String id) {
    return cloud == CloudUnderTest.JD ? CODES.get(0) : CanaryForms.value("token of " + id);
  }

  private static String password(String id) {
    return CanaryForms.value("password of " + id);
  }

  private static String script(String id) {
    return "#!/bin/bash\necho " + CanaryForms.value("script of " + id) + "\n";
  }

  private static String secrets(CloudUnderTest cloud, String id) {
    return String.join(" ", key(id), token(cloud, id), password(id), script(id));
  }
}
