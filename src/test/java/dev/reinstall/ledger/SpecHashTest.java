package dev.reinstall.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.reinstall.api.ReinstallSpec;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Golden: a change here makes every Reinstall in a ledger differ from its own entry. */
class SpecHashTest {
  private static final String TENCENT =
      "\"cloud\":\"TencentCloud\",\"region\":\"ap-guangzhou\",\"instanceId\":\"ins-r8hr2upy\"";
  private static final String JD =
      "\"cloud\":\"JDCloud\",\"region\":\"cn-east-tz1\",\"instanceId\":\"cps-abc123\"";
  private static final String JD_BLOCK =
      "\"az\":\"cn-east-tz1a\",\"osTypeId\":\"os-1\",\"sysRaidTypeId\":\"raid-1\",\"keepData\":true,"
          + "\"dataRaidTypeId\":\"raid-5\",\"passwordRef\":{\"name\":\"login\",\"key\":\"password\"}";

  private static ReinstallSpec spec(String fields) throws IOException {
    return new ObjectMapper()
        .registerModule(new JavaTimeModule())
        .readValue("{" + fields + "}", ReinstallSpec.class);
  }

  private static void assertDigest(String fields, String canonical, String hex) throws IOException {
    assertThat(SpecHash.canonical(spec(fields))).isEqualTo(canonical);
    assertThat(SpecHash.of(spec(fields))).isEqualTo(hex);
  }

  @Test
  void of_an_empty_tencent_block() throws IOException {
    assertDigest(
        TENCENT + ",\"tencentCloud\":{}",
        "{\"cloud\":\"TencentCloud\",\"instanceId\":\"ins-r8hr2upy\",\"region\":\"ap-g"
            + "uangzhou\"}",
        "808cb6b60dfcab4efd629e8a8f93ef8e61e00ad7a318aa64319cfbda0388bf33");
  }

  @Test
  void of_the_tencent_block_of_the_manual() throws IOException {
    assertDigest(
        TENCENT
            + ",\"tencentCloud\":{\"imageId\":\"img-pmqg1cw7\",\"systemDisk\":{\"diskSize\":60},"
            + "\"loginSettings\":{\"passwordRef\":{\"name\":\"web-1-login\",\"key\":\"password\"}},"
            + "\"enhancedService\":{\"securityService\":{\"enabled\":true},"
            + "\"monitorService\":{\"enabled\":false}},"
            + "\"hostName\":\"web-1\",\"userData\":\"#!/bin/sh\\necho ü\\n\"}",
        "{\"cloud\":\"TencentCloud\",\"instanceId\":\"ins-r8hr2upy\",\"region\":\"ap-g"
            + "uangzhou\",\"tencentCloud\":{\"enhancedService\":{\"monitorService\":{\"en"
            + "abled\":false},\"securityService\":{\"enabled\":true}},\"hostName\":\"web-"
            + "1\",\"imageId\":\"img-pmqg1cw7\",\"loginSettings\":{\"passwordRef\":{\"key\":"
            + "\"password\",\"name\":\"web-1-login\"}},\"systemDisk\":{\"diskSize\":60},\"us"
            + "erData\":\"#!/bin/sh\\necho ü\\n\"}}",
        "43a1af925fbc3815ddbf903b0f443f8e5a0ba927720b90f5544d7e594fdf8d79");
  }

  @Test
  void of_tencent_key_ids_in_their_order() throws IOException {
    assertDigest(
        TENCENT + ",\"tencentCloud\":{\"loginSettings\":{\"keyIds\":[\"skey-b\",\"skey-a\"]}}",
        "{\"cloud\":\"TencentCloud\",\"instanceId\":\"ins-r8hr2upy\",\"region\":\"ap-g"
            + "uangzhou\",\"tencentCloud\":{\"loginSettings\":{\"keyIds\":[\"skey-b\",\"ske"
            + "y-a\"]}}}",
        "983e7eeac153087655fbbdf043314d525600bb76261f2f43051e7e984fa8f298");
  }

  @Test
  void of_a_name_as_it_is_written() throws IOException {
    assertDigest(
        TENCENT + ",\"tencentCloud\":{\"image\":{\"name\":\"Debian 12\"}}",
        "{\"cloud\":\"TencentCloud\",\"instanceId\":\"ins-r8hr2upy\",\"region\":\"ap-g"
            + "uangzhou\",\"tencentCloud\":{\"image\":{\"name\":\"Debian 12\"}}}",
        "a5e0577974f9d0c13afe64a6e4b21200754ae2a346ebef9cd1b46da3189be7a3");
  }

  @Test
  void of_a_generated_password() throws IOException {
    assertDigest(
        TENCENT
            + ",\"tencentCloud\":{\"loginSettings\":{\"generatePassword\":"
            + "{\"secretName\":\"login\",\"key\":\"password\"}}}",
        "{\"cloud\":\"TencentCloud\",\"instanceId\":\"ins-r8hr2upy\",\"region\":\"ap-g"
            + "uangzhou\",\"tencentCloud\":{\"loginSettings\":{\"generatePassword\":{\"key\""
            + ":\"password\",\"secretName\":\"login\"}}}}",
        "071487a473e4319b1fc4afc559da238d7ca2765a4f001b78863af60eb3bfd49c");
  }

  @Test
  void of_a_jd_block() throws IOException {
    assertDigest(
        JD + ",\"jdCloud\":{" + JD_BLOCK + "}",
        "{\"cloud\":\"JDCloud\",\"instanceId\":\"cps-abc123\",\"jdCloud\":{\"az\":\"cn-e"
            + "ast-tz1a\",\"dataRaidTypeId\":\"raid-5\",\"keepData\":true,\"osTypeId\":\"os"
            + "-1\",\"passwordRef\":{\"key\":\"password\",\"name\":\"login\"},\"sysRaidTypeId"
            + "\":\"raid-1\"},\"region\":\"cn-east-tz1\"}",
        "f873fc31351ee883d717600d7048182fc0af94419afab593c552397ec84a150a");
  }

  @Test
  void a_default_that_is_written_out_is_the_same_request() throws IOException {
    assertThat(SpecHash.of(spec(JD + ",\"jdCloud\":{" + JD_BLOCK + ",\"imageType\":\"standard\"}")))
        .isEqualTo(SpecHash.of(spec(JD + ",\"jdCloud\":{" + JD_BLOCK + "}")));
  }

  @Test
  void an_empty_object_is_the_same_as_none() throws IOException {
    String none = SpecHash.of(spec(TENCENT + ",\"tencentCloud\":{}"));
    assertThat(SpecHash.of(spec(TENCENT + ",\"tencentCloud\":{\"loginSettings\":{}}")))
        .isEqualTo(none);
    assertThat(
            SpecHash.of(
                spec(
                    TENCENT
                        + ",\"tencentCloud\":{\"enhancedService\":{},"
                        + "\"loginSettings\":{\"keyIds\":[]}}")))
        .isEqualTo(none);
  }

  @Test
  void a_boolean_that_is_false_is_not_the_same_as_none() throws IOException {
    assertThat(
            SpecHash.of(
                spec(TENCENT + ",\"tencentCloud\":{\"loginSettings\":{\"keepImageLogin\":false}}")))
        .isNotEqualTo(SpecHash.of(spec(TENCENT + ",\"tencentCloud\":{}")));
  }

  @Test
  void the_gates_and_the_credentials_are_not_part_of_it() throws IOException {
    assertThat(
            SpecHash.of(
                spec(
                    TENCENT
                        + ",\"credentialsRef\":{\"name\":\"other\"},\"whenRunning\":\"Fail\","
                        + "\"suspend\":true,\"notAfter\":\"2026-12-01T00:00:00Z\","
                        + "\"tencentCloud\":{}")))
        .isEqualTo(
            SpecHash.of(
                spec(TENCENT + ",\"credentialsRef\":{\"name\":\"one\"},\"tencentCloud\":{}")));
  }

  @Test
  void what_must_be_installed_for_it_to_start_is_not_part_of_it() throws IOException {
    assertDigest(
        TENCENT + ",\"preconditions\":{\"imageId\":\"img-pmqg1cw7\"},\"tencentCloud\":{}",
        "{\"cloud\":\"TencentCloud\",\"instanceId\":\"ins-r8hr2upy\",\"region\":\"ap-g"
            + "uangzhou\"}",
        "808cb6b60dfcab4efd629e8a8f93ef8e61e00ad7a318aa64319cfbda0388bf33");
    assertThat(
            SpecHash.of(
                spec(
                    JD
                        + ",\"preconditions\":{\"osTypeId\":\"os-2\"},\"jdCloud\":{"
                        + JD_BLOCK
                        + "}")))
        .isEqualTo("f873fc31351ee883d717600d7048182fc0af94419afab593c552397ec84a150a");
  }

  @Test
  void a_token_is_of_the_server_the_name_and_the_attempt() throws IOException {
    ReinstallSpec spec = spec(JD + ",\"jdCloud\":{" + JD_BLOCK + "}");
    assertThat(SpecHash.token(spec, "web-1", "1"))
        .isEqualTo("3e8973b5-5995-3cb9-ba50-7bd38a161f28")
        .hasSize(36);
    assertThat(SpecHash.token(spec, "web-1", "2")).isNotEqualTo(SpecHash.token(spec, "web-1", "1"));
    assertThat(SpecHash.token(spec, "web-2", "1")).isNotEqualTo(SpecHash.token(spec, "web-1", "1"));
  }
}
