package dev.reinstall.simulator.tencent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reinstall.simulator.SimClock;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TencentCatalogueTest {
  private static final String ID = "ins-r8hr2upy";

  private final TencentSimulator cloud =
      TencentSimulator.start(0, SimClock.manual())
          .account("id", "key")
          .key("skey-abcd1234", "login")
          .key("skey-other001");
  private final TencentServer server = cloud.newServer(ID);
  private final TencentCaller caller = TencentCaller.of(cloud);

  @AfterEach
  void close() {
    cloud.close();
  }

  @Test
  void an_image_has_all_that_a_check_needs() {
    cloud
        .images()
        .add(
            TencentImage.linux("img-ours0001", "Debian 12", "Debian")
                .named("ours")
                .ofType("PRIVATE_IMAGE")
                .inState("IMPORTING")
                .onArchitecture("arm")
                .ofSize(30)
                .withoutCloudInit());

    JsonNode image =
        caller.call("DescribeImages", "{\"ImageIds\":[\"img-ours0001\"]}").path("ImageSet").path(0);

    assertThat(image.path("ImageId").asText()).isEqualTo("img-ours0001");
    assertThat(image.path("ImageName").asText()).isEqualTo("ours");
    assertThat(image.path("OsName").asText()).isEqualTo("Debian 12");
    assertThat(image.path("ImageType").asText()).isEqualTo("PRIVATE_IMAGE");
    assertThat(image.path("ImageState").asText()).isEqualTo("IMPORTING");
    assertThat(image.path("Platform").asText()).isEqualTo("Debian");
    assertThat(image.path("Architecture").asText()).isEqualTo("arm");
    assertThat(image.path("ImageSize").asInt()).isEqualTo(30);
    assertThat(image.path("IsSupportCloudinit").isBoolean()).isTrue();
    assertThat(image.path("IsSupportCloudinit").asBoolean()).isFalse();
  }

  @Test
  void images_have_filters_and_pages() {
    assertThat(ids("DescribeImages", filter("image-name", "Our Debian 12"), "ImageId"))
        .containsExactly("img-private1");
    assertThat(ids("DescribeImages", filter("image-type", "PUBLIC_IMAGE"), "ImageId"))
        .contains("img-pmqg1cw7", "img-windows1")
        .doesNotContain("img-private1");
    JsonNode page = caller.call("DescribeImages", "{\"Offset\":1,\"Limit\":2}");
    assertThat(page.path("TotalCount").asInt()).isEqualTo(7);
    assertThat(page.path("ImageSet")).hasSize(2);
  }

  @Test
  void an_image_that_is_withdrawn_is_listed_and_not_installed() {
    assertThat(ids("DescribeImages", "{\"ImageIds\":[\"img-unknown0\"]}", "ImageId")).hasSize(1);
    assertThat(
            caller.code(
                "ResetInstance", "{\"InstanceId\":\"" + ID + "\",\"ImageId\":\"img-unknown0\"}"))
        .isEqualTo("InvalidImageId.NotFound");
  }

  @Test
  void key_pairs_are_described_by_id_or_by_filter() {
    server.keys("skey-abcd1234");

    JsonNode found =
        caller.call("DescribeKeyPairs", "{\"KeyIds\":[\"skey-abcd1234\",\"skey-nobody01\"]}");

    assertThat(found.path("TotalCount").asInt()).isEqualTo(1);
    JsonNode key = found.path("KeyPairSet").path(0);
    assertThat(key.path("KeyId").asText()).isEqualTo("skey-abcd1234");
    assertThat(key.path("KeyName").asText()).isEqualTo("login");
    assertThat(key.path("AssociatedInstanceIds")).hasSize(1);
    assertThat(ids("DescribeKeyPairs", filter("key-name", "key_other001"), "KeyId"))
        .containsExactly("skey-other001");
    assertThat(caller.call("DescribeKeyPairs", "{}").path("KeyPairSet")).hasSize(2);
    cloud.removeKey("skey-other001");
    assertThat(caller.call("DescribeKeyPairs", "{\"Limit\":100}").path("KeyPairSet")).hasSize(1);
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          DescribeImages   | {"ImageIds":["img-pmqg1cw7"],"Filters":[{"Name":"platform","Values":["x"]}]}   | InvalidParameter
          DescribeImages   | {"ImageIds":["centos"]}                                                        | InvalidImageId.Malformed
          DescribeImages   | {"ImageIds":"img-pmqg1cw7"}                                                    | InvalidParameter
          DescribeImages   | {"Filters":[{"Name":"color","Values":["x"]}]}                                  | InvalidParameterValue
          DescribeImages   | {"Limit":101}                                                                  | InvalidParameterValue.LimitExceeded
          DescribeImages   | {"Images":["img-pmqg1cw7"]}                                                    | UnknownParameter
          DescribeKeyPairs | {"KeyIds":["skey-abcd1234"],"Filters":[{"Name":"key-name","Values":["x"]}]}    | InvalidParameter
          DescribeKeyPairs | {"KeyIds":["key"]}                                                             | InvalidKeyPairId.Malformed
          DescribeKeyPairs | {"Limit":0}                                                                    | InvalidParameterValue.LimitExceeded
          DescribeKeyPairs | {"KeyNames":["x"]}                                                             | UnknownParameter
          """)
  void a_wrong_question_is_refused(String action, String body, String code) {
    assertThat(caller.code(action, body)).isEqualTo(code);
  }

  @Test
  void at_most_a_hundred_ids_are_asked_for() {
    assertThat(caller.code("DescribeImages", "{\"ImageIds\":" + many("img", 101) + "}"))
        .isEqualTo("InvalidParameterValue.LimitExceeded");
    assertThat(caller.code("DescribeKeyPairs", "{\"KeyIds\":" + many("skey", 101) + "}"))
        .isEqualTo("InvalidParameterValue.LimitExceeded");
    assertThat(caller.code("DescribeImages", "{\"ImageIds\":" + many("img", 100) + "}")).isEmpty();
  }

  @Test
  void an_account_may_lack_the_right_to_one_action() {
    cloud.account("poor", "key").deny("poor", "DescribeImages", "DescribeKeyPairs");
    TencentCaller poor = caller.as("poor", "key");

    assertThat(poor.code("DescribeImages", "{}")).isEqualTo("UnauthorizedOperation");
    assertThat(poor.code("DescribeKeyPairs", "{}")).isEqualTo("UnauthorizedOperation");
    assertThat(poor.code("DescribeInstances", "{}")).isEmpty();
    assertThat(caller.code("DescribeImages", "{}")).isEmpty();
    assertThat(cloud.calls("DescribeImages")).isEqualTo(2);
  }

  @Test
  void a_server_shows_what_it_is_known_by_and_its_disks() {
    server
        .named("web-1")
        .zone("ap-guangzhou-6")
        .addresses(List.of("10.1.2.3"), List.of("203.0.113.7"))
        .dataDisk("disk-data0001", "CLOUD_SSD", 200)
        .tag("owner", "team-a")
        .keys("skey-abcd1234");

    JsonNode shown = caller.describe(ID);

    assertThat(shown.path("InstanceName").asText()).isEqualTo("web-1");
    assertThat(shown.at("/Placement/Zone").asText()).isEqualTo("ap-guangzhou-6");
    assertThat(shown.at("/PrivateIpAddresses/0").asText()).isEqualTo("10.1.2.3");
    assertThat(shown.at("/PublicIpAddresses/0").asText()).isEqualTo("203.0.113.7");
    assertThat(shown.at("/DataDisks/0/DiskId").asText()).isEqualTo("disk-data0001");
    assertThat(shown.at("/DataDisks/0/DiskType").asText()).isEqualTo("CLOUD_SSD");
    assertThat(shown.at("/DataDisks/0/DiskSize").asInt()).isEqualTo(200);
    assertThat(shown.at("/Tags/0/Key").asText()).isEqualTo("owner");
    assertThat(shown.at("/Tags/0/Value").asText()).isEqualTo("team-a");
    assertThat(shown.at("/LoginSettings/KeyIds/0").asText()).isEqualTo("skey-abcd1234");
    assertThat(shown.path("OsName").asText()).isEqualTo("CentOS 7.9 64bit");
    assertThat(shown.path("StopChargingMode").asText()).isEqualTo("KEEP_CHARGING");
  }

  private List<String> ids(String action, String body, String field) {
    String set = action.equals("DescribeImages") ? "ImageSet" : "KeyPairSet";
    return caller.call(action, body).path(set).findValuesAsText(field);
  }

  private static String filter(String name, String value) {
    return "{\"Filters\":[{\"Name\":\"" + name + "\",\"Values\":[\"" + value + "\"]}]}";
  }

  private static String many(String prefix, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "\"%s-%08d\"".formatted(prefix, i))
        .collect(Collectors.joining(",", "[", "]"));
  }
}
