package dev.reinstall.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.controlplane.NeedsControlPlane;
import dev.reinstall.simulator.jdcloud.OperatingSystem;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** User errors: the status reports the error, and the request continues when it is fixed. */
@Tag("deep")
@NeedsControlPlane
class BadInputIT {
  private static final String WRONG = "a-secret-key-that-is-wrong";
  private static final String WEAK = "onlysmall1";
  private static final String STOP = "whenRunning: Stop";

  private static final OperatingSystem WITHDRAWN =
      new OperatingSystem("os-unknown", "Withdrawn", "Debian", "12", "cps.c.normal");

  private static TestCluster site;
  private static OperatorProcess operator;
  private static String bare;

  @BeforeAll
  static void start() {
    site = new TestCluster();
    bare = site.newNamespace();
    site.cluster.kubectl("delete", "-n", bare, "-k", "deploy/tenant").orFail();
    operator = site.startOperator();
  }

  @AfterAll
  static void no_secret_was_shown_anywhere_while_all_this_went_wrong() {
    try {
      String all = operator.log() + site.allObjects();
      assertThat(all)
          .contains("Rejected") // the searched text is the right one
          .doesNotContain(
              TestCluster.SECRET_KEY, TestCluster.JD_SECRET_KEY, TestCluster.PASSWORD, WRONG, WEAK);
    } finally {
      site.close();
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_missing_Secret_is_named_and_the_order_goes_on_when_it_is_there(CloudUnderTest cloud) {
    String id = cloud.id("badin001");
    cloud.newServer(site, id);
    cloud.plugIn(site, id);
    String secret = "later-" + id;
    site.apply(withCredentials(secret, cloud.request(id, id, STOP)));
    site.awaitReason(id, "SecretNotReady");
    assertThat(site.phase(id)).isEqualTo("Pending");
    assertThat(site.message(id))
        .startsWith(
            "Secret "
                + secret
                + " does not exist in namespace "
                + site.namespace
                + ". No reinstall request is sent. Retrying every 200ms.");
    assertThat(cloud.calls(site, id)).isZero();

    site.secret(site.namespace, secret, Map.of(keys(cloud)[0], "AKID"));
    site.await(
        "the key to be named",
        () ->
            site.message(id)
                .startsWith(
                    "Secret "
                        + secret
                        + " (spec.credentialsRef) has no key "
                        + keys(cloud)[1]
                        + ", or the key is empty. Required keys: "
                        + String.join(", ", keys(cloud))
                        + ". No reinstall request is sent. Retrying every 200ms."));
    assertThat(cloud.calls(site, id)).isZero();
    assertRuns(cloud, id);

    site.secret(site.namespace, secret, credentials(cloud));
    site.awaitFinished(id);

    assertThat(site.phase(id)).isEqualTo("Succeeded");
    site.awaitEvents(id, "Warning/SecretNotReady", "Normal/Installing", "Normal/Installed");
    assertStoppedAndWipedOnce(cloud, id);
  }

  @ParameterizedTest
  @EnumSource
  void a_missing_password_is_named_before_anything_is_sent(CloudUnderTest cloud) {
    String id = cloud.id("badin002");
    cloud.newServer(site, id);
    cloud.plugIn(site, id);
    site.apply(cloud.request(id, id, STOP).replace("name: login", "name: login-" + id));
    site.awaitReason(id, "SecretNotReady");
    assertThat(site.message(id))
        .startsWith(
            "Secret login-"
                + id
                + " does not exist in namespace "
                + site.namespace
                + ". No reinstall request is sent. Retrying every 200ms.");
    assertThat(site.ledgerState(id, id)).isEmpty();

    site.secret(site.namespace, "login-" + id, Map.of("passwort", TestCluster.PASSWORD));
    site.await(
        "the key to be named",
        () ->
            site.message(id)
                .startsWith(
                    "Secret login-"
                        + id
                        + " has no key password. No reinstall request is sent. Retrying every"
                        + " 200ms."));
    assertRuns(cloud, id);

    site.secret(site.namespace, "login-" + id, Map.of("password", TestCluster.PASSWORD));
    site.awaitFinished(id);

    assertThat(site.phase(id)).isEqualTo("Succeeded");
    assertStoppedAndWipedOnce(cloud, id);
  }

  @ParameterizedTest
  @EnumSource
  void wrong_credentials_are_tried_slowly_until_they_are_fixed(CloudUnderTest cloud) {
    String id = cloud.id("badin003");
    cloud.newServer(site, id);
    cloud.plugIn(site, id);
    String secret = "wrong-" + id;
    Map<String, String> good = credentials(cloud);
    site.secret(
        site.namespace,
        secret,
        Map.of(keys(cloud)[0], good.get(keys(cloud)[0]), "secretKey", WRONG));
    site.apply(withCredentials(secret, cloud.request(id, id, STOP)));
    site.awaitReason(id, "AccessDenied");
    int looks = cloud.calls(site, id);
    site.await("another try", () -> cloud.calls(site, id) > looks);
    assertThat(cloud.calls(site, id)).isEqualTo(looks + 1);
    assertThat(cloud.cloud(site).calls(cloud.send(), id)).isZero();
    assertRuns(cloud, id);

    site.secret(site.namespace, secret, good);
    site.awaitFinished(id);

    assertThat(site.phase(id)).isEqualTo("Succeeded");
    site.awaitEvents(id, "Warning/AccessDenied", "Normal/Installing", "Normal/Installed");
    assertStoppedAndWipedOnce(cloud, id);
  }

  @Test
  void a_namespace_without_the_tenant_role_is_shown_how_to_grant_it_and_goes_on_when_it_has() {
    String id = "ins-badin004";
    site.tencent.newServer(id);
    site.applyIn(bare, TestCluster.tencentRequest("bare", id, ""));
    site.awaitReasonIn(bare, "bare", "SecretNotReady");
    assertThat(site.fieldIn(bare, "bare", ".status.message"))
        .startsWith(
            "The operator is not allowed to read Secret tencent. The owner of namespace "
                + bare
                + " allows it with: kubectl apply -n "
                + bare
                + " -k deploy/tenant. If the operator was installed by Helm, the value tenants of"
                + " the chart allows it, too. No reinstall request is sent. Retrying every 200ms.");
    assertThat(CloudUnderTest.TENCENT.calls(site, id)).isZero();

    site.cluster.kubectl("apply", "-n", bare, "-k", "deploy/tenant").orFail();
    site.awaitFinishedIn(bare, "bare");

    assertThat(site.fieldIn(bare, "bare", ".status.phase")).isEqualTo("Succeeded");
  }

  @ParameterizedTest
  @EnumSource
  void an_unknown_server_fails_the_request_and_blocks_nobody(CloudUnderTest cloud) {
    String id = cloud.id("badin005");
    site.apply(cloud.request(id, id));

    site.awaitFinished(id);

    assertThat(site.phase(id)).isEqualTo("Failed");
    assertThat(site.reason(id)).isEqualTo("ServerNotFound");
    assertThat(site.ledgerState(id, id)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void a_server_of_another_region_is_no_server(CloudUnderTest cloud) {
    String id = cloud.id("badin006");
    cloud.newServer(site, id);
    site.apply(
        cloud
            .request(id, id)
            .replace("ap-guangzhou", "ap-shanghai")
            .replace("east-tz1\n", "north-1\n"));

    site.awaitFinished(id);

    assertThat(site.phase(id)).isEqualTo("Failed");
    assertThat(site.reason(id)).isEqualTo("ServerNotFound");
    assertThat(cloud.cloud(site).wipes(id)).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void what_the_cloud_refuses_permanently_is_over_and_says_why_and_by_which_request(
      CloudUnderTest cloud) {
    String id = cloud.id("badin007");
    cloud.newServer(site, id);
    site.jd.catalogue().withdraw(WITHDRAWN);
    site.apply(
        cloud
            .request(id, id)
            .replace("img-ubuntu22", "img-unknown1")
            .replace("os-2", "os-unknown"));

    site.awaitFinished(id);

    assertThat(site.phase(id)).isEqualTo("Failed");
    assertThat(site.reason(id)).as(site::everything).isEqualTo("Rejected");
    assertThat(site.message(id))
        .startsWith("The cloud API rejected the reinstall request: ")
        .contains(cloud == CloudUnderTest.TENCENT ? "InvalidImageId.NotFound" : "INVALID_ARGUMENT")
        .endsWith(
            " Nothing was wiped. The request will not be retried. Fix the spec (in Git first) or"
                + " the Secrets that it refers to, then delete this Reinstall and create it"
                + " again.");
    assertThat(site.requestId(id)).isNotEmpty();
    assertThat(cloud.cloud(site).calls(cloud.send(), id)).isEqualTo(1);
    assertThat(cloud.cloud(site).wipes(id)).isZero();
  }

  /** Where the image cannot be looked up, its stricter rules are known only to the cloud. */
  @Test
  void a_password_that_the_cloud_refuses_is_reported_by_its_code_and_request_and_never_itself() {
    String id = "ins-badin008";
    site.tencent.newServer(id);
    site.secret(site.namespace, "weak-" + id, Map.of("password", WEAK));
    site.tencent.deny(id, "DescribeImages");
    site.apply(
        CloudUnderTest.TENCENT
            .requestOfItsOwnAccount(site, id, id, "")
            .replace("img-ubuntu22", "img-windows1")
            .replace("name: login", "name: weak-" + id));

    site.awaitFinished(id);

    assertThat(site.reason(id)).as(site::everything).isEqualTo("Rejected");
    assertThat(site.message(id))
        .startsWith("The cloud API rejected the reinstall request: ")
        .contains("InvalidPassword")
        .endsWith(
            " Nothing was wiped. The request will not be retried. Fix the spec (in Git first) or"
                + " the Secrets that it refers to, then delete this Reinstall and create it again.")
        .doesNotContain(WEAK);
    assertThat(site.requestId(id)).isNotEmpty();
    assertThat(site.tencent.wipes(id)).isZero();
  }

  /** It was not stopped for a request that cannot be sent. */
  private static void assertRuns(CloudUnderTest cloud, String id) {
    assertThat(cloud.runs(site, id)).isTrue();
    assertThat(cloud.cloud(site).calls(cloud.stop(), id)).isZero();
  }

  private static void assertStoppedAndWipedOnce(CloudUnderTest cloud, String id) {
    assertThat(cloud.cloud(site).calls(cloud.stop(), id)).isEqualTo(1);
    assertThat(cloud.cloud(site).wipes(id)).isEqualTo(1);
  }

  private static String withCredentials(String secret, String order) {
    return order.replaceAll("credentialsRef: .*", "credentialsRef: {name: " + secret + "}");
  }

  private static String[] keys(CloudUnderTest cloud) {
    return cloud == CloudUnderTest.TENCENT
        ? new String[] {"secretId", "secretKey"}
        : new String[] {"accessKey", "secretKey"};
  }

  private static Map<String, String> credentials(CloudUnderTest cloud) {
    return cloud == CloudUnderTest.TENCENT
        ? Map.of("secretId", TestCluster.SECRET_ID, "secretKey", TestCluster.SECRET_KEY)
        : Map.of("accessKey", TestCluster.ACCESS_KEY, "secretKey", TestCluster.JD_SECRET_KEY);
  }
}
