package dev.reinstall.simulator.jdcloud;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.reinstall.simulator.wire.Hashes;
import dev.reinstall.simulator.wire.HttpRequest;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Checks the signature, and requires a code if the account is protected. */
final class JdGate {
  private static final Pattern AUTHORIZATION =
      Pattern.compile(
          "(?<form>JDCLOUD(?<version>[23]))-HMAC-SHA256"
              + " Credential=(?<key>[^/,]+)/(?<day>\\d{8})/(?<region>[^/,]+)/(?<service>[^/,]+)"
              + "/jdcloud\\k<version>_request,"
              + " ?SignedHeaders=(?<signed>[a-z0-9;_-]+), ?Signature=(?<signature>[0-9a-f]{64})");
  private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'");
  private static final Set<String> PROTECTED =
      Set.of("stopInstance", "restartInstance", "reinstallInstance");

  private final Map<String, JdAccount> accounts = new ConcurrentHashMap<>();
  private final Map<String, Set<String>> denied = new ConcurrentHashMap<>();
  private final Supplier<Instant> clock;
  private volatile Duration skew = Duration.ofMinutes(15);
  private volatile Set<String> forms = Set.of("JDCLOUD2", "JDCLOUD3");

  JdGate(Supplier<Instant> clock) {
    this.clock = clock;
  }

  void add(JdAccount account) {
    accounts.put(account.accessKey(), account);
  }

  void remove(String accessKey) {
    accounts.remove(accessKey);
  }

  /** Replaces what was denied to the account before. */
  void deny(String accessKey, Set<String> actions) {
    denied.put(accessKey, actions);
  }

  /** Rejects a call that its account may not make. */
  void checkRight(JdAccount account, Route route) {
    if (denied.getOrDefault(account.accessKey(), Set.of()).contains(route.action())) {
      throw new JdRefusal(403, "PERMISSION_DENIED", "Not allowed: " + route.action() + ".");
    }
  }

  void allowSkew(Duration most) {
    skew = most;
  }

  void takeOnly(String form) {
    forms = Set.of(form);
  }

  /** The account that signed the call. */
  JdAccount check(HttpRequest request, Route route) {
    Matcher stated = AUTHORIZATION.matcher(request.header("authorization"));
    if (!stated.matches()) {
      throw JdRefusal.unauthenticated("The header Authorization is not as documented.");
    }
    String form = stated.group("form");
    if (!forms.contains(form)) {
      throw JdRefusal.unauthenticated("This form of the signature is not supported.");
    }
    JdAccount account =
        Optional.ofNullable(accounts.get(stated.group("key")))
            .orElseThrow(() -> JdRefusal.unauthenticated("There is no such access key."));
    String date = request.header("x-jdcloud-date");
    checkAge(date);
    List<String> signed = List.of(stated.group("signed").split(";", -1));
    boolean sound =
        stated.group("day").equals(date.substring(0, 8))
            && stated.group("region").equals(route.region())
            && stated.group("service").equals("edcps")
            && signed.containsAll(mustBeSigned(form, request))
            && (form.equals("JDCLOUD2") || carriesItsHash(request))
            && request.headers().keySet().containsAll(signed);
    String expected =
        JdCloudSignature.of(
                form,
                account.secretKey(),
                date,
                stated.group("region"),
                stated.group("service"),
                request.method(),
                request.path(),
                UriText.pairs(request.query()),
                request.headers(),
                signed,
                request.bodySha256())
            .signature();
    if (!sound || !Hashes.same(expected, stated.group("signature"))) {
      throw JdRefusal.unauthenticated("The signature is not that of this request.");
    }
    checkCode(account, request, route);
    return account;
  }

  private void checkAge(String date) {
    try {
      Instant signed = LocalDateTime.parse(date, DATE).toInstant(ZoneOffset.UTC);
      if (Duration.between(signed, clock.get()).abs().compareTo(skew) > 0) {
        throw JdRefusal.unauthenticated("The signature is too old or too new.");
      }
    } catch (DateTimeException e) {
      throw JdRefusal.unauthenticated("x-jdcloud-date is not as documented.");
    }
  }

  /** In the newer form the vendor's client adds date and nonce after it has signed. */
  private static List<String> mustBeSigned(String form, HttpRequest request) {
    Stream<String> always =
        form.equals("JDCLOUD2") ? Stream.of("x-jdcloud-date", "x-jdcloud-nonce") : Stream.empty();
    Stream<String> whenSent =
        Stream.of("content-type", "host", "x-jdcloud-security-token")
            .filter(request.headers()::containsKey);
    return Stream.concat(always, whenSent).toList();
  }

  private static boolean carriesItsHash(HttpRequest request) {
    return request.header("x-jdcloud-content-sha256").equals(request.bodySha256())
        && request.header("jdcloud3-hmac-sha256").equals("JDCLOUD3-HMAC-SHA256")
        && !request.header("x-jdcloud-nonce").isEmpty();
  }

  private static void checkCode(JdAccount account, HttpRequest request, Route route) {
    if (account.mfaCode().isEmpty() || !PROTECTED.contains(route.action())) {
      return;
    }
    byte[] code = account.mfaCode().get().getBytes(UTF_8);
    String wanted = Base64.getEncoder().encodeToString(code);
    if (!request.header("x-jdcloud-security-token").equals(wanted)) {
      throw new JdRefusal(403, "HTTP_FORBIDDEN", "This action is protected: a code is needed.");
    }
  }
}
