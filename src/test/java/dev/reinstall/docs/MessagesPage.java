package dev.reinstall.docs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.reinstall.api.CloudName;
import dev.reinstall.api.Reason;
import dev.reinstall.api.ReinstallSpec.WhenRunning;
import dev.reinstall.api.Server;
import dev.reinstall.cloud.Finding;
import dev.reinstall.config.SettingsException;
import dev.reinstall.config.WiredSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Every sentence that the operator can show, on one page. */
final class MessagesPage {
  static final Path FILE = Path.of("docs", "messages.md");

  private static final Path MAIN = Path.of("src/main/java/dev/reinstall");
  private static final Path RECONCILE = MAIN.resolve("reconcile");
  private static final List<Path> CRDS =
      List.of(
          Path.of("crds/reinstalls.reinstall.dev-v1.yml"),
          Path.of("crds/serverledgers.reinstall.dev-v1.yml"));

  /** By the subject that their names say; in the order of a request's life. */
  private static final List<String> SOURCES =
      List.of(
          "NotStartedMessages",
          "CheckMessages",
          "SubmittingMessages",
          "InstallingMessages",
          "RestartMessages",
          "GrantMessages",
          "CloudErrorMessages",
          "ClusterMessages");

  /** It puts sentences together and is none. */
  private static final Set<String> HELPERS = Set.of("cause", "request");

  private static final Pattern METHOD = Pattern.compile("static String (\\w+)\\(");

  /** At least two words, so no name, key or header. */
  private static final Pattern WORDS = Pattern.compile(".*\\p{Alpha}{2,}[^\\p{Alnum}]* \\w.*");

  private MessagesPage() {}

  static String page() {
    StringBuilder page =
        new StringBuilder(
            """
            # Messages

            Every sentence that the operator can show, so that all of them can be read in one place.
            Generated: `mvn test -Dtest=MessagesPageTest -Dregenerate`. What to do about a reason is
            in the column *what to do*; where a message contains a value, it is an example, or `…`.

            ## Status messages

            `status.message` is one of these, or several of them in a row.
            """);
    for (String source : SOURCES) {
      page.append("\nIn `%s`:\n\n| name | message |\n|---|---|\n".formatted(source));
      messages(source)
          .forEach(
              (name, texts) -> texts.forEach(text -> page.append(row("`" + name + "`", text))));
    }
    page.append("\n## Reasons\n\n| reason | meaning | what to do |\n|---|---|---|\n");
    for (Reason reason : Reason.values()) {
      page.append(row("`" + reason + "`", reason.meaning(), reason.action()));
    }
    page.append("\n## What the API server says about an invalid manifest\n");
    for (Path crd : CRDS) {
      page.append("\n`%s`:\n\n".formatted(crd));
      rules(crd).forEach(text -> page.append(item(text)));
    }
    page.append("\n## Settings\n\nEach problem of a start with bad settings, for example:\n\n");
    settings().forEach(text -> page.append(item(text)));
    page.append(
        "\n## Texts in the code\n\nAll other texts of two words or more: validation, errors of cloud"
            + " calls, log lines.\n");
    for (Path file : JavaText.files(MAIN)) {
      List<String> texts =
          JavaText.texts(file).stream().filter(MessagesPage::isShown).map(String::strip).toList();
      if (!texts.isEmpty() && !isCovered(file)) {
        page.append("\n`%s`:\n\n".formatted(MAIN.relativize(file)));
        texts.forEach(text -> page.append(item(text)));
      }
    }
    return page.toString();
  }

  /** By a section above. */
  private static boolean isCovered(Path file) {
    String name = file.toString();
    return name.contains("/api/")
        || SOURCES.stream().anyMatch(source -> name.endsWith("/" + source + ".java"));
  }

  private static boolean isShown(String text) {
    return WORDS.matcher(text.replace('\n', ' ')).matches();
  }

  private static String row(String... cells) {
    return "| "
        + String.join(" | ", Stream.of(cells).map(c -> c.replace("|", "\\|")).toList())
        + " |\n";
  }

  private static String item(String text) {
    return "- " + text.replaceAll("\\s*\n\\s*", " ") + "\n";
  }

  // Status messages.

  /** Those of every source. */
  static Map<String, Set<String>> messages() {
    Map<String, Set<String>> messages = new LinkedHashMap<>();
    SOURCES.forEach(source -> messages.putAll(messages(source)));
    return messages;
  }

  /** In the order of the source; by name, each with its variants. */
  private static Map<String, Set<String>> messages(String source) {
    try {
      Map<String, Set<String>> messages = new LinkedHashMap<>();
      METHOD
          .matcher(Files.readString(RECONCILE.resolve(source + ".java")))
          .results()
          .map(found -> found.group(1))
          .filter(name -> !HELPERS.contains(name))
          .forEach(name -> messages.put(name, texts(method(name))));
      return messages;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<String> methods() {
    return declared().map(Method::getName).filter(name -> !HELPERS.contains(name)).toList();
  }

  private static Stream<Method> declared() {
    return SOURCES.stream()
        .flatMap(source -> Stream.of(type(source).getDeclaredMethods()))
        .filter(m -> Modifier.isStatic(m.getModifiers()) && m.getReturnType() == String.class)
        .filter(m -> !m.isSynthetic());
  }

  private static Class<?> type(String source) {
    try {
      return Class.forName("dev.reinstall.reconcile." + source);
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  private static Method method(String name) {
    return declared().filter(m -> m.getName().equals(name)).findFirst().orElseThrow();
  }

  private static Set<String> texts(Method method) {
    Set<String> texts = new LinkedHashSet<>();
    for (boolean alternative : new boolean[] {false, true}) {
      List<Object> arguments = new ArrayList<>();
      for (Parameter parameter : method.getParameters()) {
        arguments.add(sample(method.getName(), parameter, alternative));
      }
      try {
        method.setAccessible(true);
        texts.add((String) method.invoke(null, arguments.toArray()));
      } catch (ReflectiveOperationException e) {
        throw new AssertionError(method.getName(), e);
      }
    }
    return texts;
  }

  private static Object sample(String method, Parameter parameter, boolean alternative) {
    Instant noon = Instant.parse("2026-11-01T12:00:00Z");
    return switch (parameter.getName()) {
      case "cause" -> cause(method);
      case "failure" -> failure(method);
      case "fence" -> Duration.ofMinutes(10);
      case "poll" -> Duration.ofSeconds(15);
      case "retry", "slow" -> Duration.ofSeconds(150);
      case "settleTime" -> Duration.ofMinutes(2);
      case "orderTimeout" -> Duration.ofHours(2);
      case "notAfter", "submitTime", "at", "first", "stopTime" -> noon;
      case "server" -> "TencentCloud/ap-guangzhou/ins-zzzzzzzz";
      case "ledger", "used" -> "tencentcloud.ap-guangzhou.ins-r8hr2upy-303c2a5a";
      case "limit" -> alternative ? "1000 entries" : "1 MiB";
      case "fields" ->
          alternative ? List.of("spec.precondition", "suspend") : List.of("spec.precondition");
      case "now" -> 1200L;
      case "seen" -> 1234L;
      case "stillStopped", "running", "started", "owned" -> alternative;
      case "errors" -> findings(alternative);
      case "name" ->
          switch (method) {
            case "nameConflict", "nameConflictElsewhere" -> "web-1";
            case "secretNotCreated", "generatedKeyMissing" -> "web-1-login";
            case "ledgerFull" -> "tencentcloud.ap-guangzhou.ins-r8hr2upy-303c2a5a";
            default -> "tencent";
          };
      case "namespace" -> "team-a";
      case "owner" -> "team-a/web-1";
      case "ahead" -> alternative ? null : "team-a/web-1";
      case "target" -> new Server(CloudName.TencentCloud, "ap-guangzhou", "ins-r8hr2upy");
      case "result" -> "The cloud confirmed that the reinstall is complete.";
      case "rejection" ->
          alternative
              ? "The cloud API denied the reinstall request with the credentials in Secret tencent:"
                  + " AuthFailure.SecretIdNotFound: the SecretId is not found. Nothing was wiped."
                  + " Retrying every 5m."
              : null;
      case "whenRunning" -> alternative ? WhenRunning.Stop : WhenRunning.Wait;
      case "error" -> "az must be the zone of the server, cn-east-tz1b, not cn-east-tz1a";
      case "state" ->
          switch (method) {
            case "serverBusy" -> "REBOOTING";
            case "notSeenRunning", "restartNotSeen" -> "STOPPED";
            case "nameConflict" -> "Succeeded";
            default -> "LAUNCH_FAILED";
          };
      case "end" -> alternative ? "" : message("deadlineExceeded");
      case "message" -> message("restarted");
      case "unmet", "why" ->
          "spec.preconditions requires imageId img-pmqg1cw7, but img-eb30mz89 is installed";
      case "field" -> "imageId";
      case "label" -> "tags.role";
      case "wanted" -> "web";
      case "found" -> alternative ? null : "db";
      case "required" -> "img-pmqg1cw7";
      case "reason" -> "the disk is being replaced";
      case "installed" -> alternative ? null : "img-eb30mz89";
      case "problem" -> "Secret login has no key password.";
      case "problems" -> List.of("Secret boot does not exist in namespace team-a.");
      case "key" -> "secretKey";
      case "codeKey" -> "securityToken";
      case "keys" -> List.of("secretId", "secretKey");
      case "longest" -> 4096;
      case "sources" -> List.of("InstanceRole", "WebIdentity");
      case "setting" -> "REINSTALL_TENCENT_IDENTITY_NAMESPACES";
      case "instanceId" -> "ins-r8hr2upy";
      case "node" -> "node-1";
      case "address" -> "10.0.0.7";
      case "region" -> "ap-guangzhou";
      case "secret" -> "tencent";
      case "operation" -> "0b1d8e6f-8d5c-4f0e-a2a0-6f9d5f6f4c11";
      case "call" -> alternative ? "stop request" : "reinstall request";
      default -> throw new AssertionError("no sample of " + parameter + " of " + method);
    };
  }

  private static List<Finding> findings(boolean many) {
    Finding weak =
        Finding.correctable(
            "spec.tencentCloud.loginSettings.passwordRef",
            "Secret login, key password, must contain a password of 8 to 30 characters.");
    return many ? List.of(weak, weak, weak, weak) : List.of(weak);
  }

  /** A message about a description that failed. */
  private static String failure(String method) {
    return switch (method) {
      case "finalBeforeStart" -> message("serverNotFound");
      case "deniedBeforeStart" -> message("describeDenied");
      default -> message("cloudUnreachable");
    };
  }

  private static String message(String name) {
    return texts(method(name)).iterator().next();
  }

  private static String cause(String method) {
    return switch (method) {
      case "rejectedBusy" ->
          "OperationDenied.InstanceOperationInProgress: an operation is in progress";
      case "rejectedThrottled", "throttled" -> "RequestLimitExceeded: the request rate is too high";
      case "rejectedDenied", "describeDenied" ->
          "AuthFailure.SecretIdNotFound: the SecretId is not found";
      case "serverNotFound", "rejectedNotFound" ->
          "InvalidInstanceId.NotFound: the instance ins-r8hr2upy does not exist";
      case "notSent", "cloudUnreachable" -> "No connection to cvm.tencentcloudapi.com.";
      case "secretNotCreated" ->
          "secrets is forbidden: User \"system:serviceaccount:reinstall-system:reinstall-operator\""
              + " cannot create resource \"secrets\" in API group \"\" in the namespace \"team-a\"";
      case "reconcileFailed" ->
          "The API server rejected the call (HTTP 403): a policy denies the request";
      case "restartRejected" -> "UnauthorizedOperation: the account must not call StartInstances";
      default -> "InvalidImageId.NotFound: the image img-pmqg1cw7 does not exist";
    };
  }

  // The CRDs.

  private static Set<String> rules(Path crd) {
    try {
      Set<String> texts = new LinkedHashSet<>();
      collect(new YAMLMapper().readTree(crd.toFile()), texts);
      return texts;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void collect(JsonNode node, Set<String> texts) {
    for (JsonNode rule : node.path("x-kubernetes-validations")) {
      texts.add(rule.path("message").asText());
    }
    node.forEach(child -> collect(child, texts));
  }

  // Settings.

  private static Set<String> settings() {
    Map<String, String> bad = new TreeMap<>();
    bad.put("POD_NAMESPACE", "No_Namespace");
    bad.put("REINSTALL_CALL_TIMEOUT", "20");
    bad.put("REINSTALL_CONCURRENCY", "0");
    bad.put("REINSTALL_HTTP_PORT", "tcp://10.0.0.1:8080");
    bad.put("REINSTALL_JDCLOUD_ENDPOINT", "http://cloud.example.com");
    bad.put("REINSTALL_JDCLOUD_SIGNATURE", "JDCLOUD4");
    bad.put("REINSTALL_LEADER_ELECTION", "yes");
    bad.put("REINSTALL_MEMORY_FILE", "/tmp/resource-version");
    bad.put("REINSTALL_NAMESPACES", "a,,b");
    bad.put("REINSTALL_POLL", "15s");
    bad.put("REINSTALL_TENCENT_SIGNATURE", "TC4");
    bad.put("REINSTALL_UNHEARD_OF", "1");
    Set<String> problems = new LinkedHashSet<>(problems(bad));
    problems.addAll(
        problems(
            Map.of(
                "REINSTALL_FENCE", "1s",
                "REINSTALL_ORDER_TIMEOUT", "500ms",
                "REINSTALL_SEND_WITHIN", "150s")));
    return problems;
  }

  private static List<String> problems(Map<String, String> bad) {
    try {
      WiredSettings.config(bad);
      return List.of();
    } catch (SettingsException e) {
      return e.problems();
    }
  }
}
