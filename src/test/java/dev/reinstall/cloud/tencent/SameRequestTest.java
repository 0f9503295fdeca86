package dev.reinstall.cloud.tencent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.tencentcloudapi.common.Credential;
import com.tencentcloudapi.common.Sign;
import com.tencentcloudapi.common.exception.TencentCloudSDKException;
import com.tencentcloudapi.cvm.v20170312.CvmClient;
import com.tencentcloudapi.cvm.v20170312.models.DescribeInstancesRequest;
import dev.reinstall.api.CloudName;
import dev.reinstall.api.Server;
import dev.reinstall.cloud.Account;
import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.CloudHttp;
import dev.reinstall.cloud.Endpoint;
import dev.reinstall.simulator.Call;
import dev.reinstall.simulator.SimClock;
import dev.reinstall.simulator.tencent.TencentSimulator;
import dev.reinstall.simulator.wire.Request;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What we send against what the vendor's own client sends for the same input, at the same time and
 * with the same nonce, over many odd inputs. The differences that are meant stand in the code below
 * and nowhere else.
 */
class SameRequestTest {
  private static final int CASES = 150;
  private static final long SEED = 20170312;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String KEY = "Gu5t9x+/=~%41&'*";
  private static final String TOKEN = "the-token+/=&%7E~*'";

  private final TencentSimulator simulator =
      TencentSimulator.start(0, SimClock.manual())
          .account("AKIDpermanent", KEY)
          .account("AKIDtemporary", KEY, TOKEN)
          .alsoSignedFor(VendorClient.SERVICE);
  private final Random chance = new Random(SEED);
  private final CloudHttp http = new CloudHttp(Duration.ofSeconds(10), Duration.ofSeconds(10));

  @AfterEach
  void close() {
    simulator.close();
  }

  @Test
  void with_tc3_headers_and_json_are_the_same_and_each_signature_is_ours() throws Exception {
    for (Who who : List.of(Who.PERMANENT, Who.TEMPORARY)) {
      CvmClient vendor = VendorClient.at(simulator.endpoint(), "TC3", who.credential());
      for (int i = 0; i < CASES; i++) {
        WantedReset wanted = WantedReset.random(chance);
        Request theirs = theirs(vendor, wanted);
        long timestamp = Long.parseLong(theirs.header("x-tc-timestamp"));
        sameByTc3(theirs, ours(new Tc3(), who, wanted, timestamp), timestamp);
        Request theirLook = theirLook(vendor, wanted);
        timestamp = Long.parseLong(theirLook.header("x-tc-timestamp"));
        sameByTc3(theirLook, ourLook(new Tc3(), who, wanted, timestamp), timestamp);
        List<Server> many = many(wanted);
        Request theirLooks = theirLooks(vendor, many);
        timestamp = Long.parseLong(theirLooks.header("x-tc-timestamp"));
        sameByTc3(theirLooks, ourLooks(new Tc3(), who, many, timestamp), timestamp);
      }
    }
    assertThat(simulator.callsLog()).hasSize(12 * CASES).allMatch(Call::verified);
  }

  @ParameterizedTest
  @ValueSource(strings = {"V1-SHA256", "V1-SHA1"})
  void with_the_older_form_parameters_are_the_same_and_each_signature_is_ours(String name)
      throws Exception {
    for (Who who : List.of(Who.PERMANENT, Who.TEMPORARY)) {
      CvmClient vendor = VendorClient.at(simulator.endpoint(), name, who.credential());
      for (int i = 0; i < CASES; i++) {
        WantedReset wanted = WantedReset.random(chance);
        Request theirs = theirs(vendor, wanted);
        Map<String, String> said = form(theirs);
        Signature signature = Signature.named(name, () -> Integer.parseInt(said.get("Nonce")));
        long timestamp = Long.parseLong(said.get("Timestamp"));
        sameByV1(theirs, ours(signature, who, wanted, timestamp));
        List<Server> many = many(wanted);
        Request theirLooks = theirLooks(vendor, many);
        Map<String, String> asked = form(theirLooks);
        sameByV1(
            theirLooks,
            ourLooks(
                Signature.named(name, () -> Integer.parseInt(asked.get("Nonce"))),
                who,
                many,
                Long.parseLong(asked.get("Timestamp"))));
      }
    }
    assertThat(simulator.callsLog()).hasSize(8 * CASES).allMatch(Call::verified);
  }

  private static void sameByTc3(Request theirs, Request ours, long timestamp) throws Exception {
    assertThat(ours.method()).isEqualTo(theirs.method());
    assertThat(ours.target()).isEqualTo(theirs.target());
    for (String name :
        List.of(
            "host",
            "content-type",
            "x-tc-action",
            "x-tc-version",
            "x-tc-region",
            "x-tc-timestamp",
            "x-tc-language",
            "x-tc-token")) {
      assertThat(ours.headers().get(name)).as(name).isEqualTo(theirs.headers().get(name));
    }
    // Theirs escapes <, >, =, & and ' too: not the same bytes, but the same text in the same order.
    assertThat(ours.body()).isEqualTo(JSON.readTree(theirs.body()).toString());
    // They sign for another service (see VendorClient) and leave out the action: so does our
    // signer here, over their very bytes.
    var signed = new TreeMap<String, String>();
    signed.put("content-type", theirs.header("content-type"));
    signed.put("host", theirs.header("host"));
    String id = theirs.header("authorization").replaceAll(".*Credential=([^/]*)/.*", "$1");
    assertThat(
            new Tc3Signer(id, KEY, VendorClient.SERVICE)
                .authorization(
                    new Tc3Signer.Request("POST", "/", "", signed, theirs.body()),
                    Instant.ofEpochSecond(timestamp)))
        .isEqualTo(theirs.header("authorization"));
  }

  private static void sameByV1(Request theirs, Request ours) throws Exception {
    assertThat(ours.method()).isEqualTo(theirs.method());
    assertThat(ours.target()).isEqualTo(theirs.target());
    assertThat(ours.header("host")).isEqualTo(theirs.header("host"));
    assertThat(ours.header("content-type")).isEqualTo(theirs.header("content-type"));
    SortedMap<String, String> weSay = form(ours);
    SortedMap<String, String> theySay = form(theirs);
    String ourSignature = weSay.remove("Signature");
    String theirSignature = theySay.remove("Signature");
    String algorithm = weSay.get("SignatureMethod");
    String host = ours.header("host");
    assertThat(ourSignature) // their signer, our parameters
        .isEqualTo(
            Sign.sign(
                KEY, Sign.makeSignPlainText(new TreeMap<>(weSay), "POST", host, "/"), algorithm));
    assertThat(theirSignature) // our signer, their parameters
        .isEqualTo(
            new V1Signer(KEY, algorithm).signature(V1Signer.toSign("POST", host, "/", theySay)));
    theySay.remove("RequestClient"); // the name of their client
    theySay.replaceAll(
        (name, value) -> name.endsWith(".Enabled") ? value.toUpperCase(Locale.ROOT) : value);
    assertThat(weSay).isEqualTo(theySay);
  }

  private Request theirs(CvmClient vendor, WantedReset wanted) {
    vendor.setRegion(wanted.region());
    return one(() -> vendor.ResetInstance(wanted.vendorRequest()));
  }

  private Request theirLook(CvmClient vendor, WantedReset wanted) {
    vendor.setRegion(wanted.region());
    DescribeInstancesRequest request = new DescribeInstancesRequest();
    request.setInstanceIds(new String[] {wanted.instanceId()});
    return one(() -> vendor.DescribeInstances(request));
  }

  /** From two to a hundred servers of the wanted one's region. */
  private List<Server> many(WantedReset wanted) {
    return IntStream.range(0, 2 + chance.nextInt(99))
        .mapToObj(i -> new Server(CloudName.TencentCloud, wanted.region(), "ins-%08d".formatted(i)))
        .toList();
  }

  private Request theirLooks(CvmClient vendor, List<Server> servers) {
    vendor.setRegion(servers.get(0).region());
    DescribeInstancesRequest request = new DescribeInstancesRequest();
    request.setInstanceIds(servers.stream().map(Server::instanceId).toArray(String[]::new));
    request.setLimit(100L);
    return one(() -> vendor.DescribeInstances(request));
  }

  private Request ourLooks(Signature signature, Who who, List<Server> servers, long timestamp) {
    TencentCloud cloud = cloud(signature, Instant.ofEpochSecond(timestamp));
    return one(() -> cloud.lookAtAll(who.account(), servers));
  }

  private Request ours(Signature signature, Who who, WantedReset wanted, long timestamp) {
    Instant at = Instant.ofEpochSecond(timestamp);
    return one(() -> cloud(signature, Instant.EPOCH).order(who.account(), wanted.order(at)));
  }

  private Request ourLook(Signature signature, Who who, WantedReset wanted, long timestamp) {
    Server server = new Server(CloudName.TencentCloud, wanted.region(), wanted.instanceId());
    TencentCloud cloud = cloud(signature, Instant.ofEpochSecond(timestamp));
    return one(() -> cloud.look(who.account(), server));
  }

  private TencentCloud cloud(Signature signature, Instant now) {
    return new TencentCloud(
        http, new Endpoint(simulator.endpoint()), Duration.ZERO, () -> now, signature);
  }

  /** What arrived; that the simulator knows no such server, or such a password, does not matter. */
  private Request one(Sending sending) {
    int before = simulator.callsLog().size();
    try {
      sending.send();
    } catch (CloudException | TencentCloudSDKException refused) {
      assertThat(refused).hasMessageNotContaining("AuthFailure");
    }
    assertThat(simulator.callsLog()).hasSize(before + 1);
    return simulator.callsLog().get(before).request();
  }

  private static SortedMap<String, String> form(Request request) {
    var form = new TreeMap<String, String>();
    for (String pair : request.body().split("&", -1)) {
      String[] parts = pair.split("=", 2);
      String value = URLDecoder.decode(parts[1], StandardCharsets.UTF_8);
      assertThat(form.put(URLDecoder.decode(parts[0], StandardCharsets.UTF_8), value)).isNull();
    }
    return form;
  }

  private enum Who {
    PERMANENT,
    TEMPORARY;

    Credential credential() {
      return this == PERMANENT
          ? new Credential("AKIDpermanent", KEY)
          : new Credential("AKIDtemporary", KEY, TOKEN);
    }

    Account account() {
      return new Account(
          this == PERMANENT
              ? Map.of("secretId", "AKIDpermanent", "secretKey", KEY)
              : Map.of("secretId", "AKIDtemporary", "secretKey", KEY, "token", TOKEN));
    }
  }

  @FunctionalInterface
  private interface Sending {
    Object send() throws CloudException, TencentCloudSDKException;
  }
}
