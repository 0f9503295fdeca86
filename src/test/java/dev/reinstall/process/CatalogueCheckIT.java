package dev.reinstall.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.controlplane.NeedsControlPlane;
import dev.reinstall.simulator.jdcloud.OperatingSystem;
import dev.reinstall.simulator.tencent.TencentImage;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the catalogues of a cloud show to be wrong is found while the server still runs. */
@Tag("deep")
@NeedsControlPlane
class CatalogueCheckIT {

  /**
   * One mistake.
   *
   * @param field of the finding, without {@code spec.}
   */
  private record Wrong(
      String what,
      CloudUnderTest cloud,
      String field,
      String ends,
      UnaryOperator<String> manifest,
      Consumer<String> server) {
    @Override
    public String toString() {
      return cloud + ": " + what;
    }

    String id() {
      return cloud.id("cat%05d".formatted(WRONG.indexOf(this)));
    }
  }

  private static final String INVALID = "Failed/InvalidSpec";
  private static final String CORRECTABLE = "Pending/CheckFailed";
  private static final String PASSWORD = "{passwordRef: {name: login, key: password}}";
  private static final List<Wrong> WRONG =
      List.of(
          tencent(
              "no such image",
              "tencentCloud.imageId",
              CORRECTABLE,
              spec -> image(spec, "img-nothing1")),
          tencent(
              "an image that is being built",
              "tencentCloud.imageId",
              CORRECTABLE,
              spec -> image(spec, "img-making01")),
          tencent(
              "an image that could not be built",
              "tencentCloud.imageId",
              INVALID,
              spec -> image(spec, "img-failed01")),
          tencent(
              "an image that does not fit on the disk",
              "tencentCloud.systemDisk",
              CORRECTABLE,
              spec -> image(spec, "img-huge0001")),
          tencent(
              "an image that does not fit on the disk as it is ordered",
              "tencentCloud.systemDisk",
              INVALID,
              spec -> image(spec, "img-huge0001\n    systemDisk: {diskSize: 79}")),
          tencent(
              "an image for another architecture than the installed one",
              "tencentCloud.imageId",
              INVALID,
              spec -> image(spec, "img-onarm001")),
          tencent(
              "the login of a public image",
              "tencentCloud.loginSettings.keepImageLogin",
              INVALID,
              spec -> spec.replace(PASSWORD, "{keepImageLogin: true}")),
          tencent(
              "user data without cloud-init",
              "tencentCloud.userData",
              INVALID,
              spec -> image(spec, "img-nocloud1\n    userData: 'x'")),
          tencent(
              "Windows with keys",
              "tencentCloud.loginSettings.keyIds",
              INVALID,
              spec -> image(spec, "img-windows1").replace(PASSWORD, "{keyIds: [skey-abcd1234]}")),
          tencent(
              "a password that is too weak for Windows",
              "tencentCloud.loginSettings.passwordRef",
              CORRECTABLE,
              spec -> image(spec, "img-windows1").replace("name: login", "name: short")),
          tencent(
              "a host name that Windows cannot have",
              "tencentCloud.hostName",
              INVALID,
              spec -> image(spec, "img-windows1\n    hostName: web.example")),
          new Wrong(
              "another platform on a disk that cannot change",
              CloudUnderTest.TENCENT,
              "tencentCloud.imageId",
              INVALID,
              spec -> image(spec, "img-windows1"),
              id -> CatalogueCheckIT.site.tencent.server(id).disk("CLOUD_HSSD", 50)),
          tencent(
              "no such key pair",
              "tencentCloud.loginSettings.keyIds",
              CORRECTABLE,
              spec -> spec.replace(PASSWORD, "{keyIds: [skey-nobody01]}")),
          jd("no such system", "jdCloud.osTypeId", spec -> spec.replace("os-2", "os-9")),
          jd(
              "a system of another device type",
              "jdCloud.osTypeId",
              spec -> spec.replace("os-2", "os-other")),
          jd(
              "a RAID of the data volume for the system",
              "jdCloud.sysRaidTypeId",
              spec -> spec.replace("raid-1", "raid-4")),
          jd(
              "no such RAID for the data",
              "jdCloud.dataRaidTypeId",
              spec -> spec.replace("raid-2", "raid-9")));

  private static Wrong tencent(
      String what, String field, String ends, UnaryOperator<String> manifest) {
    return new Wrong(what, CloudUnderTest.TENCENT, field, ends, manifest, id -> {});
  }

  private static Wrong jd(String what, String field, UnaryOperator<String> manifest) {
    return new Wrong(what, CloudUnderTest.JD, field, INVALID, manifest, id -> {});
  }

  private static String image(String spec, String image) {
    return spec.replace("img-ubuntu22", image);
  }

  private static TestCluster site;

  @BeforeAll
  static void start() {
    site = new TestCluster();
    site.tencent.key("skey-abcd1234");
    TencentImage linux = TencentImage.linux("img-making01", "Debian 12", "Debian");
    site.tencent
        .images()
        .add(linux.inState("CREATING"))
        .add(TencentImage.linux("img-failed01", "x", "Debian").inState("CREATEFAILED"))
        .add(TencentImage.linux("img-huge0001", "x", "Debian").ofSize(80))
        .add(TencentImage.linux("img-onarm001", "x", "Debian").onArchitecture("arm"))
        .add(TencentImage.linux("img-nocloud1", "x", "Debian").withoutCloudInit());
    site.jd
        .catalogue()
        .add(new OperatingSystem("os-other", "Debian 12", "Debian", "12", "cps.other"));
    site.startOperator();
    site.secret(site.namespace, "short", Map.of("password", "aB1!aB1!"));
    StringBuilder manifests = new StringBuilder();
    for (Wrong wrong : WRONG) {
      wrong.cloud().newServer(site, wrong.id());
      wrong.cloud().plugIn(site, wrong.id());
      wrong.server().accept(wrong.id());
      String request = wrong.cloud().request(wrong.id(), wrong.id(), "whenRunning: Stop");
      manifests.append("---\n").append(wrong.manifest().apply(request));
    }
    site.apply(manifests.toString());
  }

  @AfterAll
  static void close() {
    site.close();
  }

  static List<Wrong> wrong() {
    return WRONG;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("wrong")
  void what_is_wrong_is_found_while_the_server_runs(Wrong wrong) {
    String id = wrong.id();
    site.await(id + " to be checked", () -> reported(id).equals(wrong.ends()));

    assertThat(site.findings(id))
        .filteredOn(finding -> finding.get("severity").equals("Error"))
        .as(id)
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.get("field")).isEqualTo("spec." + wrong.field());
              assertThat(site.message(id)).contains(finding.get("message"));
            });
    assertThat(wrong.cloud().runs(site, id)).isTrue();
    assertThat(wrong.cloud().cloud(site).calls(wrong.cloud().stop(), id)).isZero();
    assertThat(wrong.cloud().cloud(site).calls(wrong.cloud().send(), id)).isZero();
    assertThat(site.ledgerState(id, id)).isEmpty();
  }

  private static String reported(String name) {
    return site.field(name, ".status.phase") + "/" + site.field(name, ".status.reason");
  }
}
