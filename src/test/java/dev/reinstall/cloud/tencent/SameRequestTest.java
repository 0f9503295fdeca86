package dev.reinstall.cloud.tencent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.tencentcloudapi.common.Credential;
import com.tencentcloudapi.common.Sign;
import com.tencentcloudapi.common.exception.TencentCloudSDKException;
import com.tencentcloudapi.cvm.v20170312.CvmClient;
import com.tencentcloudapi.cvm.v20170312.models.DescribeInstancesRequest;
import com.tencentcloudapi.cvm.v20170312.models.StartInstancesRequest;
import com.tencentcloudapi.cvm.v20170312.models.StopInstancesRequest;
import dev.reinstall.api.CloudName;
import dev.reinstall.api.Server;
import dev.reinstall.cloud.CloudClient;
import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.CloudHttp;
import dev.reinstall.cloud.Credentials;
import dev.reinstall.cloud.Endpoint;
import dev.reinstall.cloud.OddText;
import dev.reinstall.cloud.PowerRequest;
import dev.reinstall.simulator.RecordedCall;
import dev.reinstall.simulator.SimClock;
import dev.reinstall.simulator.tencent.TencentSimulator;
import dev.reinstall.simulator.wire.HttpRequest;
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
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Compares what we send with what the vendor's own client sends for the same input, at the same
 * time and with the same nonce, over many odd inputs. The intended differences are listed below.
 */
class SameRequestTest {
  private static final int CASES = 150;
  private static final int CASES_OF_ONE_ACCOUNT = 10;
  private static final long SEED = 20170312;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final TencentSimulator simulator =
      TencentSimulator.start(0, SimClock.manual()).alsoSignedFor(VendorClient.SERVICE);
  private final Random chance = new Random(SEED);
  private final CloudHttp http = new CloudHttp(Duration.ofSeconds(10), Duration.ofSeconds(10));

  @AfterEach
  void close() {
    simulator.close();
  }

  @ParameterizedTest
  @EnumSource
  void with_tc3_headers_and_json_are_the_same_and_each_signature_is_ours(What what)
      throws Exception {
    for (int i = 0; i < CASES / CASES_OF_ONE_ACCOUNT; i++) {
      Who who = someone(i);
      CvmClient vendor = VendorClient.at(simulator.endpoint(), "TC3", who.credential());
      for (int j = 0; j < CASES_OF_ONE_ACCOUNT; j++) {
        Wanted wanted = Wanted.random(chance);
        HttpRequest theirs = theirs(vendor, what, wanted);
        long timestamp = Long.parseLong(theirs.header("x-tc-timestamp"));
        sameByTc3(who, theirs, ours(new Tc3Signing(), who, what, wanted, timestamp), timestamp);
      }
    }
    assertThat(simulator.callsLog()).hasSize(2 * CASES).allMatch(RecordedCall::verified);
  }

  static List<Arguments> olderForms() {
    return Stream.of("V1-SHA256", "V1-SHA1")
        .flatMap(name -> Stream.of(What.values()).map(what -> Arguments.of(name, what)))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("olderForms")
  void with_the_older_form_parameters_are_the_same_and_each_signature_is_ours(
      String name, What what) throws Exception {
    for (int i = 0; i < CASES / CASES_OF_ONE_ACCOUNT; i++) {
      Who who = someone(i);
      CvmClient vendor = VendorClient.at(simulator.endpoint(), name, who.credential());
      for (int j = 0; j < CASES_OF_ONE_ACCOUNT; j++) {
        Wanted wanted = Wanted.random(chance);
        HttpRequest theirs = theirs(vendor, what, wanted);
        Map<String, String> said = form(theirs);
        Signature signature =
            TencentCloud.signature(name, () -> Integer.parseInt(said.get("Nonce")));
        long timestamp = Long.parseLong(said.get("Timestamp"));
        sameByV1(who, theirs, ours(signature, who, what, wanted, timestamp));
      }
    }
    assertThat(simulator.callsLog()).hasSize(2 * CASES).allMatch(RecordedCall::verified);
  }

  private static void sameByTc3(Who who, HttpRequest theirs, HttpRequest ours, long timestamp)
      throws Exception {
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
    // They sign for another service (see VendorClient) and leave out the action: for the comparison
    // our signer does the same, over their bytes.
    var signed = new TreeMap<String, String>();
    signed.put("content-type", theirs.header("content-type"));
    signed.put("host", theirs.header("host"));
    assertThat(
            new Tc3Signer(who.id(), who.key(), VendorClient.SERVICE)
                .authorization(
                    new Tc3Signer.Request("POST", "/", "", signed, theirs.body()),
                    Instant.ofEpochSecond(timestamp)))
        .isEqualTo(theirs.header("authorization"));
  }

  private static void sameByV1(Who who, HttpRequest theirs, HttpRequest ours) throws Exception {
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
                who.key(),
                Sign.makeSignPlainText(new TreeMap<>(weSay), "POST", host, "/"),
                algorithm));
    assertThat(theirSignature) // our signer, their parameters
        .isEqualTo(
            new V1Signing(algorithm, () -> 1)
                .signature(who.key(), V1Signing.toSign("POST", host, "/", theySay)));
    theySay.remove("RequestClient"); // the name of their client
    theySay.replaceAll(
        (name, value) -> name.endsWith(".Enabled") ? value.toUpperCase(Locale.ROOT) : value);
    assertThat(weSay).isEqualTo(theySay);
  }

  /** Every call that this operator makes. */
  private enum What {
    LOOK,
    LOOK_AT_ALL,
    STOP,
    RESET,
    START
  }

  /**
   * @param others ids of more servers, from none to 99
   */
  private record Wanted(WantedReset reset, List<String> others) {
    static Wanted random(Random chance) {
      int more = List.of(0, 1, 19, 99).get(chance.nextInt(4));
      return new Wanted(
          WantedReset.random(chance),
          Stream.generate(() -> "ins-" + OddText.id(chance, 8)).distinct().limit(more).toList());
    }

    String[] ids() {
      return Stream.concat(Stream.of(reset.instanceId()), others.stream()).toArray(String[]::new);
    }

    Server server() {
      return server(reset.instanceId());
    }

    List<Server> servers() {
      return Stream.of(ids()).map(this::server).toList();
    }

    private Server server(String id) {
      return new Server(CloudName.TencentCloud, reset.region(), id);
    }
  }

  private HttpRequest theirs(CvmClient vendor, What what, Wanted wanted) {
    vendor.setRegion(wanted.reset().region());
    String[] one = {wanted.reset().instanceId()};
    return switch (what) {
      case LOOK -> {
        DescribeInstancesRequest request = new DescribeInstancesRequest();
        request.setInstanceIds(one);
        yield one(() -> vendor.DescribeInstances(request));
      }
      case LOOK_AT_ALL -> {
        DescribeInstancesRequest request = new DescribeInstancesRequest();
        request.setInstanceIds(wanted.ids());
        if (wanted.ids().length > 1) {
          request.setLimit(100L);
        }
        yield one(() -> vendor.DescribeInstances(request));
      }
      case STOP -> {
        StopInstancesRequest request = new StopInstancesRequest();
        request.setInstanceIds(one);
        request.setStopType("SOFT_FIRST");
        request.setStoppedMode("KEEP_CHARGING");
        yield one(() -> vendor.StopInstances(request));
      }
      case RESET -> one(() -> vendor.ResetInstance(wanted.reset().vendorRequest()));
      case START -> {
        StartInstancesRequest request = new StartInstancesRequest();
        request.setInstanceIds(one);
        yield one(() -> vendor.StartInstances(request));
      }
    };
  }

  private HttpRequest ours(Signature signature, Who who, What what, Wanted wanted, long timestamp) {
    Instant at = Instant.ofEpochSecond(timestamp);
    CloudClient looking = cloud(signature, at);
    CloudClient changing =
        cloud(signature, Instant.EPOCH); // signed with the claim's time, or this fails
    PowerRequest power = new PowerRequest(wanted.server(), null, at);
    return switch (what) {
      case LOOK -> one(() -> looking.describe(who.account(), wanted.server()));
      case LOOK_AT_ALL -> one(() -> looking.describeAll(who.account(), wanted.servers()));
      case STOP -> one(() -> changing.stop(who.account(), power));
      case RESET -> one(() -> changing.reinstall(who.account(), wanted.reset().request(at)));
      case START -> one(() -> changing.start(who.account(), power));
    };
  }

  private CloudClient cloud(Signature signature, Instant now) {
    return new TencentCloud(
            http, new Endpoint(simulator.endpoint()), Duration.ZERO, () -> now, signature)
        .client();
  }

  /**
   * What was received; that the simulator has no such server, or such a password, does not matter.
   */
  private HttpRequest one(Sending sending) {
    int before = simulator.callsLog().size();
    try {
      sending.send();
    } catch (CloudException | TencentCloudSDKException refused) {
      assertThat(refused).hasMessageNotContaining("AuthFailure");
    }
    assertThat(simulator.callsLog()).hasSize(before + 1);
    return simulator.callsLog().get(before).request();
  }

  private static SortedMap<String, String> form(HttpRequest request) {
    var form = new TreeMap<String, String>();
    for (String pair : request.body().split("&", -1)) {
      String[] parts = pair.split("=", 2);
      String value = URLDecoder.decode(parts[1], StandardCharsets.UTF_8);
      assertThat(form.put(URLDecoder.decode(parts[0], StandardCharsets.UTF_8), value)).isNull();
    }
    return form;
  }

  /** Every other one has a token. */
  private Who someone(int number) {
    Who who =
        new Who(
            "AKID" + OddText.id(chance, 1 + chance.nextInt(40)),
            OddText.visible(chance, 1 + chance.nextInt(60)),
            number % 2 == 0 ? null : OddText.visible(chance, 1 + chance.nextInt(300)));
    if (who.token() == null) {
      simulator.account(who.id(), who.key());
    } else {
      simulator.account(who.id(), who.key(), who.token());
    }
    return who;
  }

  /**
   * @param token null: the credentials are permanent
   */
  private record Who(String id, String key, String token) {
    Credential credential() {
      return token == null ? new Credential(id, key) : new Credential(id, key, token);
    }

    Credentials account() {
      return new Credentials(
          token == null
              ? Map.of("secretId", id, "secretKey", key)
              : Map.of("secretId", id, "secretKey", key, "token", token));
    }
  }

  @FunctionalInterface
  private interface Sending {
    Object send() throws CloudException, TencentCloudSDKException;
  }
}
