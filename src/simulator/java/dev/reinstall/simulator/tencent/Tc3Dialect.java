package dev.reinstall.simulator.tencent;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.reinstall.simulator.wire.Hashes;
import dev.reinstall.simulator.wire.HttpRequest;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** API 3.0: a JSON body, common parameters in headers, signed with TC3-HMAC-SHA256. */
final class Tc3Dialect {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  private static final Pattern AUTHORIZATION =
      Pattern.compile(
          "TC3-HMAC-SHA256 Credential=([^/,]+)/(\\d{4}-\\d\\d-\\d\\d)/([^/,]+)/tc3_request,"
              + " ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})");

  private final TencentAccounts credentials;
  private final Set<String> services;
  private final Set<String> paths;

  /**
   * Both sets may grow later.
   *
   * @param services the service names that a caller may sign for
   * @param paths the paths that a caller may use; signed as they are
   */
  Tc3Dialect(TencentAccounts credentials, Set<String> services, Set<String> paths) {
    this.credentials = credentials;
    this.services = services;
    this.paths = paths;
  }

  TencentCall read(HttpRequest request) {
    if (!request.method().equals("POST") || !paths.contains(request.path())) {
      throw new TencentRefusal("UnsupportedProtocol", "Only POST to " + paths + ".");
    }
    if (!request.mediaType().equals("application/json")) {
      throw new TencentRefusal("InvalidRequest", "The Content-Type is not application/json.");
    }
    TencentAccount account = verify(request);
    return new TencentCall(
        account.secretId(),
        needed(request, "x-tc-action"),
        needed(request, "x-tc-version"),
        request.header("x-tc-region"),
        parse(request.body()),
        false);
  }

  private TencentAccount verify(HttpRequest request) {
    Matcher stated = AUTHORIZATION.matcher(request.header("authorization"));
    if (!stated.matches()) {
      throw new TencentRefusal(
          "AuthFailure.InvalidAuthorization", "The header Authorization is not as documented.");
    }
    TencentAccount account =
        credentials.of(
            stated.group(1), request.header("x-tc-token"), request.header("x-tc-timestamp"));
    long timestamp = Long.parseLong(request.header("x-tc-timestamp"));
    List<String> signed = List.of(stated.group(4).split(";", -1));
    boolean sound =
        stated.group(2).equals(Tc3Signature.date(timestamp))
            && services.contains(stated.group(3))
            && signed.containsAll(List.of("content-type", "host"))
            && request.headers().keySet().containsAll(signed);
    String expected =
        Tc3Signature.of(
                account.secretKey(),
                stated.group(3),
                timestamp,
                request.method(),
                request.path(),
                request.query(),
                request.headers(),
                signed,
                request.bodySha256())
            .signature();
    if (!sound || !Hashes.same(expected, stated.group(5))) {
      throw new TencentRefusal(
          "AuthFailure.SignatureFailure", "The signature is not that of this request.");
    }
    return account;
  }

  private static String needed(HttpRequest request, String header) {
    if (request.header(header).isEmpty()) {
      throw new TencentRefusal("MissingParameter", "The header " + header + " is missing.");
    }
    return request.header(header);
  }

  static JsonNode parse(String body) {
    try {
      JsonNode parsed = JSON.readTree(body);
      if (parsed.isObject()) {
        return parsed;
      }
    } catch (JsonProcessingException e) {
      // Falls through to the common rejection.
    }
    throw new TencentRefusal("InvalidParameter", "The body is not a JSON object.");
  }
}
