package dev.reinstall.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reinstall.simulator.SimulatedFault;
import dev.reinstall.simulator.SimulatedFault.FaultScript;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Everything that a call to a cloud can run into, among it responses that repeat the secrets. */
final class CanaryFaults {
  private static final Pattern TEXT = Pattern.compile("\"(?!(?i:instanceId)\")(\\w+)\":\"[^\"]*\"");
  private static final Pattern ANY_TEXT = Pattern.compile("\"(\\w+)\":\"[^\"]*\"");

  private CanaryFaults() {}

  /**
   * @param secrets what the request sends, which some of the responses repeat
   */
  static List<SimulatedFault> all(CloudUnderTest cloud, String secrets) {
    List<SimulatedFault> all = new ArrayList<>(plain(cloud));
    all.addAll(echoes(cloud, secrets));
    return all;
  }

  private static List<SimulatedFault> plain(CloudUnderTest cloud) {
    boolean tencent = cloud == CloudUnderTest.TENCENT;
    return List.of(
        SimulatedFault.status(500),
        SimulatedFault.status(503),
        SimulatedFault.status(429),
        SimulatedFault.status(403),
        SimulatedFault.statusAfterEffect(500, Map.of(), ""),
        SimulatedFault.errorCode(cloud.denied()),
        SimulatedFault.errorCode(cloud.invalid()),
        SimulatedFault.errorCode(tencent ? "RequestLimitExceeded" : "QUOTA_EXCEEDED"),
        SimulatedFault.errorCode(tencent ? "InternalError" : "INTERNAL"),
        SimulatedFault.errorCodeAfterEffect(tencent ? "InternalError" : "INTERNAL"),
        SimulatedFault.cutBeforeEffect(),
        SimulatedFault.cutAfterEffect(),
        SimulatedFault.resetBeforeEffect(),
        SimulatedFault.resetAfterEffect(),
        SimulatedFault.cutThenEffect(Duration.ofMillis(500)),
        SimulatedFault.deliveredTwice(Duration.ofMillis(100)),
        SimulatedFault.lateResponse(Duration.ofSeconds(3)),
        SimulatedFault.delayBeforeEffect(Duration.ofSeconds(3)),
        SimulatedFault.garbage(),
        SimulatedFault.notJson(),
        SimulatedFault.truncated(),
        SimulatedFault.hugeBody(3 << 20),
        SimulatedFault.emptyBody(),
        SimulatedFault.redirect(),
        SimulatedFault.wrongInstance(),
        SimulatedFault.slowDrip(Duration.ofMillis(100)),
        SimulatedFault.closeBehindResponse());
  }

  private static List<SimulatedFault> echoes(CloudUnderTest cloud, String secrets) {
    String base64 = Base64.getEncoder().encodeToString(secrets.getBytes(UTF_8));
    String plain = secrets.replaceAll("[^!-~]", "");
    String id = Base64.getUrlEncoder().withoutPadding().encodeToString(secrets.getBytes(UTF_8));
    String shortId = id.substring(0, Math.min(60, id.length()));
    return List.of(
        echo("message", 400, error(cloud, cloud.invalid(), "Bad: " + secrets + ".", "r-1")),
        echo("message in Base64", 400, error(cloud, cloud.invalid(), "Bad: " + base64, "r-1")),
        echo(
            "message URL-encoded",
            400,
            error(cloud, cloud.denied(), URLEncoder.encode(secrets, UTF_8), "r-1")),
        echo("code", 400, error(cloud, shortId, "Bad.", "r-1")),
        echo("code that is no code", 400, error(cloud, secrets, "Bad.", "r-1")),
        echo("request ID", 400, error(cloud, cloud.invalid(), "Bad.", shortId)),
        echo("page", 502, "<html><pre>" + secrets + "</pre>"),
        echo("page that is a success", 200, secrets),
        echo("unfinished JSON", 200, "{\"Response\":{\"a\":\"" + plain.replace("\"", "")),
        new SimulatedFault(
            "echo in headers",
            SimulatedFault.status(
                    503,
                    Map.of(
                        "Retry-After", plain,
                        "Date", plain,
                        "Location", "http://" + plain,
                        "X-Jdcloud-Request-Id", plain,
                        "Content-Type", plain),
                    "")
                .script()),
        new SimulatedFault(
            "echo in a redirect",
            SimulatedFault.status(307, Map.of("Location", "http://x/?" + plain), "").script()),
        new SimulatedFault(
            "echo in no HTTP",
            call -> {
              call.caller()
                  .raw(("HTTP/1.1 " + plain + "\r\n" + plain + "\r\n\r\n").getBytes(UTF_8));
              call.caller().cut();
            }),
        new SimulatedFault("echo in every text", replaced(TEXT, secrets)),
        new SimulatedFault("echo in every ID", replaced(ANY_TEXT, shortId)));
  }

  private static SimulatedFault echo(String where, int status, String body) {
    return new SimulatedFault(
        "echo in " + where,
        SimulatedFault.status(status, Map.of("Content-Type", "application/json"), body).script());
  }

  static String error(CloudUnderTest cloud, String code, String message, String requestId) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    if (cloud == CloudUnderTest.TENCENT) {
      ObjectNode response = root.putObject("Response").put("RequestId", requestId);
      response.putObject("Error").put("Code", code).put("Message", message);
    } else {
      root.put("requestId", requestId)
          .putObject("error")
          .put("code", 400)
          .put("status", code)
          .put("message", message);
    }
    return root.toString();
  }

  /** The proper response, with the secrets in place of its texts. */
  private static FaultScript replaced(Pattern texts, String secrets) {
    String quoted = JsonNodeFactory.instance.textNode(secrets).toString();
    return call -> {
      var result = call.effect();
      String body =
          texts
              .matcher(result.body())
              .replaceAll(one -> Matcher.quoteReplacement("\"" + one.group(1) + "\":" + quoted));
      call.response(result.withBody(body));
    };
  }
}
