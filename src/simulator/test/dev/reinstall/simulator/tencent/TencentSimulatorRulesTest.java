package dev.reinstall.simulator.tencent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reinstall.simulator.SimClock;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TencentSimulatorRulesTest {
  private static final String ID = "ins-r8hr2upy";

  private final TencentSimulator cloud =
      TencentSimulator.start(0, SimClock.manual()).account("id", "key").key("skey-abcd1234");
  private final TencentServer server = cloud.newServer(ID);
  private final TencentCaller caller = TencentCaller.of(cloud);

  @AfterEach
  void close() {
    cloud.close();
  }

  @ParameterizedTest(name = "{2}: {0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {}                                                       | MissingParameter                            | no instance
          {"InstanceId":7}                                         | InvalidParameter                            | a number for a name
          {"InstanceId":"ins-1122"}                                | InvalidInstanceId.Malformed                 | the seed's own example
          {"InstanceId":"ins-nowhere1"}                            | InvalidInstanceId.NotFound                  | nobody's
          {"InstanceId":"$","DryRun":true}                         | UnknownParameter                            | there is no dry run
          {"InstanceId":"$","ClientToken":"x"}                     | UnknownParameter                            | there is no token
          {"InstanceId":"$","SystemDisk":{"DiskType":"CLOUD_SSD"}} | UnknownParameter                            | the type cannot change
          {"InstanceId":"$","ImageId":"centos"}                    | InvalidImageId.Malformed                    | a name for an id
          {"InstanceId":"$","ImageId":"img-nothing1"}              | InvalidImageId.NotFound                     | no such image
          {"InstanceId":"$","ImageId":"img-making01"}              | InvalidParameterValue.InvalidImageState     | not ready
          {"InstanceId":"$","ImageId":"img-huge0001"}              | InvalidParameterValue                       | larger than the disk
          {"InstanceId":"$","SystemDisk":{"DiskSize":49}}          | InvalidParameterValue                       | shrinks
          {"InstanceId":"$","SystemDisk":{"DiskSize":"60"}}        | InvalidParameter                            | text for a number
          {"InstanceId":"$","LoginSettings":{}}                    | InvalidParameter.ParameterConflict          | none of three
          {"InstanceId":"$","LoginSettings":{"Password":"Qcloud@1x","KeepImageLogin":"FALSE"}} | InvalidParameter.ParameterConflict | two of three
          {"InstanceId":"$","LoginSettings":{"Password":"aaaaaaaa"}} | InvalidParameterValue.InvalidPassword     | one class
          {"InstanceId":"$","LoginSettings":{"Password":"/aaaaaaA1"}} | InvalidParameterValue.InvalidPassword    | a slash in front
          {"InstanceId":"$","LoginSettings":{"Password":"aA1!aA1"}} | InvalidParameterValue.InvalidPassword      | seven characters
          {"InstanceId":"$","ImageId":"img-windows1","LoginSettings":{"Password":"aA1!aA1!"}} | InvalidParameterValue.InvalidPassword | Windows wants twelve
          {"InstanceId":"$","LoginSettings":{"KeyIds":["key"]}}    | InvalidKeyPairId.Malformed                  | no key id
          {"InstanceId":"$","LoginSettings":{"KeyIds":["skey-nobody01"]}} | InvalidParameterValue.KeyPairNotFound | nobody's key
          {"InstanceId":"$","ImageId":"img-windows1","LoginSettings":{"KeyIds":["skey-abcd1234"]}} | UnsupportedOperation.KeyPairUnsupportedWindows | no keys on Windows
          {"InstanceId":"$","LoginSettings":{"KeepImageLogin":"TRUE"}} | InvalidParameter.ParameterConflict      | a public image
          {"InstanceId":"$","LoginSettings":{"KeepImageLogin":true}} | InvalidParameter                          | it is a string
          {"InstanceId":"$","LoginSettings":{"KeepImageLogin":"yes"}} | InvalidParameterValue                    | TRUE or FALSE
          {"InstanceId":"$","EnhancedService":{"SecurityService":{"Enabled":"TRUE"}}} | InvalidParameter         | it is a boolean
          {"InstanceId":"$","HostName":"a"}                        | InvalidParameterValue.IllegalHostName       | too short
          {"InstanceId":"$","HostName":"a..b"}                     | InvalidParameterValue.IllegalHostName       | two dots
          {"InstanceId":"$","HostName":"-ab"}                      | InvalidParameterValue.IllegalHostName       | a hyphen in front
          {"InstanceId":"$","ImageId":"img-windows1","HostName":"1234"} | InvalidParameterValue.IllegalHostName  | digits on Windows
          {"InstanceId":"$","ImageId":"img-windows1","HostName":"a.b"} | InvalidParameterValue.IllegalHostName   | a dot on Windows
          {"InstanceId":"$","UserData":"#!/bin/sh"}                | InvalidParameterValue.InvalidUserDataFormat | not Base64
          {"InstanceId":"$","ImageId":"img-nocloud1","UserData":"eA=="} | InvalidParameter.InstanceImageNotSupport | no cloud-init
          """)
  void a_wrong_request_is_refused(String body, String code, String why) {
    cloud
        .images()
        .add(TencentImage.linux("img-making01", "x", "Debian").inState("CREATING"))
        .add(TencentImage.linux("img-huge0001", "x", "Debian").ofSize(51))
        .add(TencentImage.linux("img-nocloud1", "x", "Debian").withoutCloudInit());

    assertThat(caller.code("ResetInstance", body.replace("$", ID))).as(why).isEqualTo(code);

    assertThat(cloud.wipes(ID)).isZero();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"InstanceId":"$"}
          {"InstanceId":"$","ImageId":"img-pmqg1cw7","SystemDisk":{"DiskSize":60},"LoginSettings":{"Password":"Qcloud@TestApi123++"},"EnhancedService":{"SecurityService":{"Enabled":true},"MonitorService":{"Enabled":true}}}
          {"InstanceId":"$","LoginSettings":{"KeyIds":["skey-abcd1234"]},"HostName":"web-1.example","UserData":"IyEvYmluL3NoCg=="}
          {"InstanceId":"$","ImageId":"img-private1","LoginSettings":{"KeepImageLogin":"TRUE"}}
          {"InstanceId":"$","ImageId":"img-windows1","LoginSettings":{"Password":"Qcloud@TestApi123++"},"HostName":"web-1"}
          """)
  void a_right_request_is_taken(String body) {
    String asked = body.replace("$", ID);

    assertThat(caller.code("ResetInstance", asked)).isEmpty();

    assertThat(cloud.wipes(ID)).isEqualTo(1);
  }

  @Test
  void user_data_is_at_most_16_kilobytes() {
    assertThat(caller.code("ResetInstance", withUserData(16 * 1024 + 1)))
        .isEqualTo("InvalidParameterValue.LimitExceeded");
    assertThat(caller.code("ResetInstance", withUserData(16 * 1024))).isEmpty();
  }

  @Test
  void a_local_disk_neither_grows_nor_changes_its_platform() {
    server.disk("LOCAL_BASIC", 50);

    assertThat(
            caller.code(
                "ResetInstance",
                "{\"InstanceId\":\"" + ID + "\",\"SystemDisk\":{\"DiskSize\":60}}"))
        .isEqualTo("InvalidParameterValue");
    assertThat(
            caller.code(
                "ResetInstance", "{\"InstanceId\":\"" + ID + "\",\"ImageId\":\"img-windows1\"}"))
        .isEqualTo("InvalidParameterValue.InvalidImageForGivenInstanceType");
  }

  @Test
  void an_inquiry_checks_as_much_and_changes_nothing() {
    JsonNode price = caller.call("InquiryPriceResetInstance", "{\"InstanceId\":\"" + ID + "\"}");
    assertThat(price.has("Price")).isTrue();
    assertThat(
            caller.code(
                "InquiryPriceResetInstance",
                "{\"InstanceId\":\"" + ID + "\",\"ImageId\":\"img-nothing1\"}"))
        .isEqualTo("InvalidImageId.NotFound");
    assertThat(
            caller.code(
                "InquiryPriceResetInstance",
                "{\"InstanceId\":\"" + ID + "\",\"HostName\":\"web-1\"}"))
        .isEqualTo("UnknownParameter");
    assertThat(cloud.wipes(ID)).isZero();
  }

  @Test
  void another_region_knows_nothing_of_the_server() {
    TencentCaller elsewhere = caller.in("ap-shanghai");

    assertThat(elsewhere.describe(ID).isMissingNode()).isTrue();
    assertThat(elsewhere.code("ResetInstance", "{\"InstanceId\":\"" + ID + "\"}"))
        .isEqualTo("InvalidInstanceId.NotFound");
  }

  @Test
  void what_is_common_to_all_calls_is_checked_too() {
    assertThat(caller.code("RebootInstances", "{}")).isEqualTo("InvalidAction");
    assertThat(caller.in("moon").code("DescribeImages", "{}")).isEqualTo("UnsupportedRegion");
    assertThat(caller.header("X-TC-Version", "2016-01-01").code("DescribeImages", "{}"))
        .isEqualTo("NoSuchVersion");
    assertThat(caller.code("DescribeImages", "[]")).isEqualTo("InvalidParameter");
    assertThat(caller.code("DescribeImages", "{")).isEqualTo("InvalidParameter");
  }

  @Test
  void headers_of_more_than_16_kibibytes_are_refused_by_the_gateway() throws Exception {
    TencentCaller long15 = caller.header("X-TC-Token", "t".repeat(15 * 1024));
    TencentCaller long16 = caller.header("X-TC-Token", "t".repeat(16 * 1024));

    assertThat(long15.send("DescribeInstances", "{}").statusCode()).isEqualTo(200);
    assertThat(long16.send("DescribeInstances", "{}").statusCode()).isEqualTo(431);
  }

  @Test
  void a_list_has_pages_and_filters() {
    for (int i = 10; i < 35; i++) {
      cloud.newServer("ins-000000" + i).running();
    }

    assertThat(caller.call("DescribeInstances", "{}").path("InstanceSet")).hasSize(20);
    assertThat(caller.call("DescribeInstances", "{\"Limit\":100}").path("InstanceSet")).hasSize(26);
    assertThat(caller.call("DescribeInstances", "{\"Offset\":20}").path("InstanceSet")).hasSize(6);
    assertThat(
            caller
                .call(
                    "DescribeInstances",
                    "{\"Filters\":[{\"Name\":\"instance-state\",\"Values\":[\"STOPPED\"]}]}")
                .path("InstanceSet"))
        .hasSize(1);
    assertThat(caller.code("DescribeInstances", "{\"Limit\":101}"))
        .isEqualTo("InvalidParameterValue.LimitExceeded");
    assertThat(caller.code("DescribeInstances", "{\"InstanceIds\":[\"web\"]}"))
        .isEqualTo("InvalidInstanceId.Malformed");
  }

  @Test
  void images_are_described_by_id() {
    assertThat(
            caller
                .call("DescribeImages", "{\"ImageIds\":[\"img-windows1\",\"img-nothing1\"]}")
                .path("ImageSet"))
        .hasSize(1)
        .allMatch(image -> image.get("Platform").asText().equals("Windows"));
  }

  private static String withUserData(int bytes) {
    String encoded = Base64.getEncoder().encodeToString(new byte[bytes]);
    return "{\"InstanceId\":\"" + ID + "\",\"UserData\":\"" + encoded + "\"}";
  }
}
