package dev.reinstall.cloud.tencent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.reinstall.api.CloudName;
import dev.reinstall.api.ReinstallSpec;
import dev.reinstall.api.SecretKeyRef;
import dev.reinstall.api.Server;
import dev.reinstall.cloud.CatalogueAnswer;
import dev.reinstall.cloud.CatalogueQuery;
import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.CloudHttp;
import dev.reinstall.cloud.Credentials;
import dev.reinstall.cloud.Endpoint;
import dev.reinstall.cloud.Finding;
import dev.reinstall.cloud.Observation;
import dev.reinstall.cloud.SecretBytes;
import dev.reinstall.simulator.SimClock;
import dev.reinstall.simulator.SimulatedFault;
import dev.reinstall.simulator.tencent.TencentImage;
import dev.reinstall.simulator.tencent.TencentServer;
import dev.reinstall.simulator.tencent.TencentSimulator;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the check says of a request, by the catalogues of the simulated cloud. */
class TencentCatalogueCheckTest {
  private static final ObjectMapper YAML =
      new ObjectMapper(new YAMLFactory()).registerModule(new JavaTimeModule());
  private static final String ID = "ins-r8hr2upy";
  private static final Credentials ACCOUNT =
      new Credentials(Map.of("secretId", "id", "secretKey", "key"));
  private static final SecretKeyRef LOGIN = new SecretKeyRef("login", "password");
  private static final String IMAGE = "spec.tencentCloud.imageId";
  private static final String KEYS = "spec.tencentCloud.loginSettings.keyIds";

  private final TencentSimulator simulator =
      TencentSimulator.start(0, SimClock.manual()).account("id", "key").key("skey-abcd1234");
  private final TencentServer server = simulator.newServer(ID).running();
  private final TencentCloud cloud =
      new TencentCloud(
          new CloudHttp(Duration.ofSeconds(10), Duration.ofSeconds(10)),
          new Endpoint(simulator.endpoint()),
          Duration.ZERO,
          Instant::now,
          TencentCloud.signature("TC3", () -> 7));
  private final Map<SecretKeyRef, SecretBytes> secrets = new HashMap<>();

  @AfterEach
  void close() {
    simulator.close();
  }

  private static ReinstallSpec spec(String block) throws IOException {
    return YAML.readValue(
        """
        cloud: TencentCloud
        region: ap-guangzhou
        instanceId: ins-r8hr2upy
        credentialsRef: {name: tencent}
        notAfter: "2027-06-01T00:00:00Z"
        tencentCloud:
        """
            + block.strip().indent(2),
        ReinstallSpec.class);
  }

  private List<Finding> check(String block) throws Exception {
    ReinstallSpec spec = spec(block);
    Observation observation =
        cloud.client().describe(ACCOUNT, new Server(CloudName.TencentCloud, "ap-guangzhou", ID));
    Map<CatalogueQuery, CatalogueAnswer> answers = new HashMap<>();
    for (CatalogueQuery query : cloud.catalogueQueries(spec, observation)) {
      answers.put(query, ask(query));
    }
    return cloud.checkCatalogues(spec, observation, secrets, answers);
  }

  private CatalogueAnswer ask(CatalogueQuery query) {
    try {
      return CatalogueAnswer.of(
          cloud.client().catalogue(ACCOUNT, List.of(query)).getOrDefault(query, List.of()));
    } catch (CloudException e) {
      return CatalogueAnswer.failed(e);
    }
  }

  private void add(TencentImage image) {
    simulator.images().add(image);
  }

  private static TencentImage linux(String id) {
    return TencentImage.linux(id, "Debian 12", "Debian");
  }

  @Test
  void what_the_cloud_would_accept_has_no_findings() throws Exception {
    secrets.put(LOGIN, SecretBytes.ofText("Qcloud@TestApi123++"));
    assertThat(
            check(
                """
                imageId: img-ubuntu22
                loginSettings: {passwordRef: {name: login, key: password}}
                hostName: web-1.example
                userData: "#!/bin/sh"
                """))
        .isEmpty();
    assertThat(check("imageId: img-windows1\nhostName: web-1")).isEmpty();
    assertThat(check("loginSettings: {keyIds: [skey-abcd1234]}")).isEmpty();
    assertThat(check("imageId: img-private1\nloginSettings: {keepImageLogin: true}")).isEmpty();
  }

  @Test
  void an_image_that_is_not_listed_may_be_shared_with_the_account_later() throws Exception {
    assertThat(check("imageId: img-nothing1"))
        .containsExactly(
            Finding.correctable(
                IMAGE,
                "imageId must be an image of the account in ap-guangzhou, or one that is shared"
                    + " with it; there is no img-nothing1."));
  }

  @Test
  void an_installed_image_that_no_longer_exists_is_not_checked() throws Exception {
    server.image(linux("img-removed1"));
    assertThat(check("hostName: web-1"))
        .containsExactly(
            Finding.unchecked(
                IMAGE,
                "The image that is installed, img-removed1, is not among the images of the"
                    + " account, so it is not checked, and the cloud may reject it."));
  }

  @ParameterizedTest
  @ValueSource(strings = {"CREATING", "SYNCING", "IMPORTING", "ANOTHER"})
  void an_image_that_is_being_made_is_waited_for(String state) throws Exception {
    add(linux("img-making01").inState(state));
    assertThat(check("imageId: img-making01"))
        .containsExactly(
            Finding.correctable(
                IMAGE,
                "The image img-making01 is not ready (ImageState "
                    + state
                    + "). Wait until it is NORMAL."));
  }

  @ParameterizedTest
  @ValueSource(strings = {"CREATEFAILED", "IMPORTFAILED"})
  void an_image_that_could_not_be_made_is_never_installed(String state) throws Exception {
    add(linux("img-failed01").inState(state));
    assertThat(check("imageId: img-failed01"))
        .containsExactly(
            Finding.invalid(
                IMAGE, "imageId must be a usable image; img-failed01 is " + state + "."));
  }

  @Test
  void an_image_must_fit_on_the_disk_as_it_will_be() throws Exception {
    add(linux("img-huge0001").ofSize(80));
    assertThat(check("imageId: img-huge0001"))
        .as("a person can enlarge the disk")
        .containsExactly(
            Finding.correctable(
                "spec.tencentCloud.systemDisk",
                "The system disk must have at least 80 GiB, the size of img-huge0001; it has 50."
                    + " Enlarge the disk."));
    assertThat(check("imageId: img-huge0001\nsystemDisk: {diskSize: 79}"))
        .containsExactly(
            Finding.invalid(
                "spec.tencentCloud.systemDisk",
                "systemDisk.diskSize must be at least 80, the size of img-huge0001 in GiB; the disk"
                    + " would have 79."));
    assertThat(check("imageId: img-huge0001\nsystemDisk: {diskSize: 80}")).isEmpty();

    server.disk("LOCAL_BASIC", 50);
    assertThat(check("imageId: img-huge0001\nsystemDisk: {diskSize: 80}"))
        .containsExactly(
            Finding.invalid(
                IMAGE,
                "imageId must be an image of at most 50 GiB, the size of the local system disk;"
                    + " img-huge0001 has 80."));
  }

  @Test
  void only_an_image_of_somebody_has_a_login_to_keep() throws Exception {
    assertThat(check("imageId: img-ubuntu22\nloginSettings: {keepImageLogin: true}"))
        .containsExactly(
            Finding.invalid(
                "spec.tencentCloud.loginSettings.keepImageLogin",
                "keepImageLogin must be left out: img-ubuntu22 is a public image, and only custom,"
                    + " shared and imported ones have a login."));
    assertThat(check("imageId: img-ubuntu22\nloginSettings: {keepImageLogin: false}")).isEmpty();
  }

  @Test
  void user_data_needs_cloud_init() throws Exception {
    add(linux("img-nocloud1").withoutCloudInit());
    String wrong =
        "User data must be left out: the image img-nocloud1 does not support cloud-init, which"
            + " runs it.";
    assertThat(check("imageId: img-nocloud1\nuserData: x"))
        .containsExactly(Finding.invalid("spec.tencentCloud.userData", wrong));
    assertThat(check("imageId: img-nocloud1\nuserDataRef: {name: boot, key: script}"))
        .containsExactly(Finding.invalid("spec.tencentCloud.userDataRef", wrong));
    assertThat(check("imageId: img-nocloud1")).isEmpty();
  }

  @Test
  void windows_has_rules_of_its_own() throws Exception {
    secrets.put(LOGIN, SecretBytes.ofText("aaaa1111"));
    assertThat(
            check(
                """
                imageId: img-windows1
                loginSettings: {passwordRef: {name: login, key: password}}
                hostName: web.example
                """))
        .containsExactly(
            Finding.invalid(
                "spec.tencentCloud.hostName",
                "hostName must be 2 to 15 letters, digits and single hyphens, not only digits:"
                    + " img-windows1 is Windows."),
            Finding.correctable(
                "spec.tencentCloud.loginSettings.passwordRef",
                "Secret login, key password, must contain a password of 12 to 30 characters:"
                    + " img-windows1 is Windows."),
            Finding.correctable(
                "spec.tencentCloud.loginSettings.passwordRef",
                "Secret login, key password, must contain a password with at least 3 of these:"
                    + " lower-case letters, upper-case letters, digits, special characters:"
                    + " img-windows1 is Windows."));
    assertThat(check("imageId: img-windows1\nloginSettings: {keyIds: [skey-abcd1234]}"))
        .containsExactly(
            Finding.invalid(KEYS, "keyIds must be left out: img-windows1 is Windows."));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.b", "1234", "abcdefghijklmnop", "a--b"})
  void a_host_name_of_windows_is_short_and_plain(String name) throws Exception {
    assertThat(check("imageId: img-windows1\nhostName: \"" + name + "\""))
        .extracting(Finding::field)
        .containsExactly("spec.tencentCloud.hostName");
  }

  @Test
  void a_password_is_checked_by_the_rules_of_the_platform_that_stays() throws Exception {
    server.image(TencentImage.windows("img-windows1", "Windows Server 2022 64bit"));
    secrets.put(LOGIN, SecretBytes.ofText("aB1!aB1!"));
    assertThat(check("loginSettings: {passwordRef: {name: login, key: password}}"))
        .as("no image is named: the installed one is Windows")
        .hasSize(1);
  }

  @Test
  void a_platform_changes_only_on_some_types_of_disk() throws Exception {
    server.disk("CLOUD_HSSD", 50);
    String rule = "A system disk of type CLOUD_HSSD cannot change between Linux and Windows";
    assertThat(check("imageId: img-windows1"))
        .containsExactly(
            Finding.invalid(
                IMAGE, "imageId must be an image of Linux, as img-pmqg1cw7 is. " + rule + "."));
    assertThat(check("imageId: img-ubuntu22")).isEmpty();

    server.image(linux("img-removed1"));
    assertThat(check("imageId: img-ubuntu22"))
        .contains(
            Finding.unchecked(
                IMAGE, rule + ", and whether img-removed1 is Linux or Windows is not known."));
    server.image(TencentImage.linux("img-pmqg1cw7", "x", "Debian"));
    add(linux("img-another1").onPlatform("Another"));
    assertThat(check("imageId: img-another1"))
        .containsExactly(
            Finding.unchecked(
                IMAGE, rule + ", and whether img-another1 is Linux or Windows is not known."));
    for (String type : List.of("CLOUD_BASIC", "CLOUD_PREMIUM", "CLOUD_SSD", "CLOUD_BSSD")) {
      server.disk(type, 50);
      assertThat(check("imageId: img-windows1")).as(type).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "x86_64, arm, INVALID, 'imageId must be an image for x86_64, as the installed one is;"
        + " img-wanted01 is for arm.'",
    "arm, i386, INVALID, 'imageId must be an image for arm, as the installed one is; img-wanted01"
        + " is for i386.'",
    "x86_64, i386, WARNING, 'img-wanted01 is an image for i386 and the installed one for x86_64:"
        + " the cloud may reject it.'",
    "'', arm, UNCHECKED, 'The architecture of img-wanted01 is not checked: that of the installed"
        + " image is not known.'",
    "arm, '', UNCHECKED, 'The architecture of img-wanted01 is not checked: that of the image is not"
        + " known.'"
  })
  void an_image_is_for_the_architecture_of_the_one_that_is_installed(
      String now, String wanted, Finding.Kind kind, String message) throws Exception {
    server.image(linux("img-before01").onArchitecture(now));
    add(linux("img-before01").onArchitecture(now));
    add(linux("img-wanted01").onArchitecture(wanted));
    assertThat(check("imageId: img-wanted01")).containsExactly(new Finding(IMAGE, kind, message));
    assertThat(check("imageId: img-before01")).isEmpty();
  }

  @Test
  void what_an_image_does_not_report_is_not_checked() throws Exception {
    simulator.always(
        "DescribeImages",
        SimulatedFault.status(
            200,
            Map.of(),
            "{\"Response\":{\"RequestId\":\"r\",\"ImageSet\":[{\"ImageId\":\"img-pmqg1cw7\","
                + "\"ImageState\":\"NORMAL\"}]}}"));
    assertThat(check("loginSettings: {keepImageLogin: true}\nuserData: x"))
        .containsExactly(
            Finding.unchecked(
                IMAGE,
                "Whether img-pmqg1cw7 fits on the system disk is not checked: the cloud does not"
                    + " report the size of the image."),
            Finding.unchecked(
                "spec.tencentCloud.loginSettings.keepImageLogin",
                "keepImageLogin is not checked: the cloud does not report the type of"
                    + " img-pmqg1cw7."),
            Finding.unchecked(
                "spec.tencentCloud.userData",
                "User data is not checked: the cloud does not report whether the image"
                    + " img-pmqg1cw7 supports cloud-init, which runs it."));
  }

  @Test
  void a_server_whose_image_is_not_reported_is_not_checked() throws Exception {
    Observation unknown =
        new Observation(
            Observation.Power.RUNNING,
            "RUNNING",
            Map.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    assertThat(cloud.checkCatalogues(spec("hostName: web-1"), unknown, secrets, Map.of()))
        .containsExactly(
            Finding.unchecked(
                IMAGE,
                "The image is not checked: the cloud does not report which one is installed."));
  }

  @Test
  void a_key_pair_that_does_not_exist() throws Exception {
    assertThat(check("loginSettings: {keyIds: [skey-abcd1234, skey-nobody01, skey-nobody02]}"))
        .containsExactly(
            Finding.correctable(
                KEYS,
                "keyIds must be key pairs of the account in ap-guangzhou; there is no"
                    + " skey-nobody01."),
            Finding.correctable(
                KEYS,
                "keyIds must be key pairs of the account in ap-guangzhou; there is no"
                    + " skey-nobody02."));
  }

  @Test
  void all_that_is_wrong_is_found_at_once() throws Exception {
    add(linux("img-bad00001").inState("CREATING").ofSize(80).withoutCloudInit());
    assertThat(
            check(
                """
                imageId: img-bad00001
                userData: x
                loginSettings: {keyIds: [skey-nobody01]}
                """))
        .extracting(Finding::field)
        .containsExactly(IMAGE, "spec.tencentCloud.systemDisk", "spec.tencentCloud.userData", KEYS);
  }

  @Test
  void a_catalogue_that_may_not_be_read_is_one_finding_with_the_permission() throws Exception {
    simulator.deny("id", "DescribeImages", "DescribeKeyPairs");
    assertThat(
            check(
                """
                imageId: img-nothing1
                loginSettings: {keyIds: [skey-nobody01, skey-nobody02]}
                """))
        .containsExactly(
            Finding.unchecked(
                IMAGE,
                "tencentCloud.imageId is not checked: DescribeImages failed"
                    + " (UnauthorizedOperation). If a permission is missing, it is"
                    + " name/cvm:DescribeImages."),
            Finding.unchecked(
                KEYS,
                "tencentCloud.loginSettings.keyIds is not checked: DescribeKeyPairs failed"
                    + " (UnauthorizedOperation). If a permission is missing, it is"
                    + " name/cvm:DescribeKeyPairs."));
  }

  @ParameterizedTest
  @ValueSource(strings = {"RequestLimitExceeded", "InternalError"})
  void a_catalogue_that_cannot_be_read_is_one_without(String code) throws Exception {
    simulator.always("DescribeImages", SimulatedFault.errorCode(code));
    assertThat(check("imageId: img-nothing1"))
        .containsExactly(
            Finding.unchecked(
                IMAGE,
                "tencentCloud.imageId is not checked: DescribeImages failed (" + code + ")."));
  }
}
