package dev.reinstall.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.controlplane.NeedsControlPlane;
import dev.reinstall.simulator.SimulatedFault;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The calls to the catalogues of a cloud: the requests of an account share them, and one that fails
 * stops no request.
 */
@Tag("deep")
@NeedsControlPlane
class CatalogueCallsIT {
  private static final String PASSWORD = "{passwordRef: {name: login, key: password}}";

  private static TestCluster site;

  @BeforeAll
  static void start() {
    site = new TestCluster();
    site.tencent.key("skey-abcd1234");
    site.startOperator();
  }

  @AfterAll
  static void close() {
    site.close();
  }

  @AfterEach
  void clear_faults() {
    site.tencent.clearFaults();
    site.jd.clearFaults();
  }

  /** How a call fails, and what a finding says of it. */
  private enum Failure {
    DENIED("failed (UnauthorizedOperation).", "failed (HTTP 403 PERMISSION_DENIED)."),
    THROTTLED("failed (RequestLimitExceeded).", "failed (HTTP 429 RATE_LIMIT)."),
    THROTTLED_BY_A_GATEWAY("failed (too many calls).", "failed (no usable response)."),
    CUT("failed (no usable response).", "failed (no usable response).");

    private final String tencent;
    private final String jd;

    Failure(String tencent, String jd) {
      this.tencent = tencent;
      this.jd = jd;
    }

    SimulatedFault of(CloudUnderTest cloud) {
      return switch (this) {
        case DENIED -> SimulatedFault.errorCode(cloud.denied());
        case THROTTLED ->
            SimulatedFault.errorCode(
                cloud == CloudUnderTest.TENCENT ? "RequestLimitExceeded" : "RATE_LIMIT");
        case THROTTLED_BY_A_GATEWAY -> SimulatedFault.status(429);
        case CUT -> SimulatedFault.cutBeforeEffect();
      };
    }

    /** What the findings say, each call by its name. */
    List<String> messages(CloudUnderTest cloud) {
      return cloud == CloudUnderTest.TENCENT
          ? List.of(
              "DescribeImages " + tencent + permission("name/cvm:DescribeImages"),
              "DescribeKeyPairs " + tencent + permission("name/cvm:DescribeKeyPairs"))
          : List.of(
              "describeOS " + jd + permission("describeOS of edcps"),
              "describeDeviceRaids " + jd + permission("describeDeviceRaids of edcps"));
    }

    private String permission(String name) {
      return this == DENIED ? " If a permission is missing, it is " + name + "." : "";
    }

    String id(CloudUnderTest cloud) {
      return cloud.id("catun" + "%03d".formatted(ordinal()));
    }
  }

  /** Both clouds at the same time. */
  @ParameterizedTest
  @EnumSource
  void a_catalogue_that_cannot_be_read_is_a_warning_and_the_request_goes_on(Failure failure) {
    for (CloudUnderTest cloud : CloudUnderTest.values()) {
      String id = failure.id(cloud);
      cloud.newServer(site, id);
      cloud.plugIn(site, id);
      cloud
          .catalogues()
          .forEach(catalogue -> cloud.cloud(site).always(catalogue, failure.of(cloud)));
      String request = cloud.requestOfItsOwnAccount(site, id, id, "whenRunning: Stop");
      site.apply(request.replace(PASSWORD, "{keyIds: [skey-abcd1234]}"));
    }

    for (CloudUnderTest cloud : CloudUnderTest.values()) {
      String id = failure.id(cloud);
      site.awaitFinished(id);

      assertThat(site.phase(id)).as(site::everything).isEqualTo("Succeeded");
      assertThat(site.findings(id))
          .allSatisfy(finding -> assertThat(finding).containsEntry("severity", "Warning"))
          .extracting(finding -> finding.get("message").replaceFirst(".* is not checked: ", ""))
          .containsExactlyElementsOf(failure.messages(cloud));
      assertThat(cloud.cloud(site).calls(cloud.stop(), id)).isEqualTo(1);
      assertThat(cloud.cloud(site).wipes(id)).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_hundred_requests_of_one_account_share_the_calls_of_one(CloudUnderTest cloud) {
    assertThat(callsOf(cloud, "one", 1).values()).containsExactly(1, 1);
    assertThat(callsOf(cloud, "all", 100).values()).allMatch(calls -> calls <= 2);
  }

  /** The calls to catalogues that so many suspended requests of a new account make. */
  private static Map<String, Integer> callsOf(CloudUnderTest cloud, String account, int requests) {
    Map<String, Integer> before = cloud.catalogueCalls(site);
    int descriptions = descriptions(cloud);
    List<String> ids =
        IntStream.range(0, requests)
            .mapToObj(i -> cloud.id("c%s%04d".formatted(account, i)))
            .toList();
    ids.forEach(id -> cloud.newServer(site, id));
    // The first one makes the account.
    String owner = ids.get(0);
    cloud.requestOfItsOwnAccount(site, owner, owner, "");
    site.apply(
        ids.stream()
            .map(id -> cloud.request(id, id, "suspend: true"))
            .map(
                one ->
                    one.replaceFirst(
                        "credentialsRef: .*", "credentialsRef: {name: " + owner + "-account}"))
            .map(one -> one.replace(PASSWORD, "{keyIds: [skey-abcd1234]}"))
            .collect(Collectors.joining("---\n")));
    ids.forEach(
        id ->
            site.await(
                id + " to be planned",
                () -> site.field(id, ".status.plan.summary").equals("Ready")));
    Map<String, Integer> calls = cloud.catalogueCallsSince(site, before);
    List<String> delete = new ArrayList<>(List.of("delete", "reinstalls", "--wait=false"));
    delete.addAll(ids); // a suspended request is planned again and again
    site.kubectl(delete.toArray(new String[0])).orFail();
    System.out.printf(
        "%s: %d requests, %d descriptions, %d catalogue calls%n",
        cloud,
        requests,
        descriptions(cloud) - descriptions,
        calls.values().stream().mapToInt(Integer::intValue).sum());
    return calls;
  }

  private static int descriptions(CloudUnderTest cloud) {
    int alone = cloud.cloud(site).calls(cloud.describeAction());
    return cloud == CloudUnderTest.JD ? alone + site.jd.calls("describeInstances") : alone;
  }
}
