package dev.reinstall.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.reinstall.api.Reinstall;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A newer operator's field or value, wherever it is, prevents a Reinstall from starting. */
class UnknownFieldsTest {
  private static final String TENCENT =
      """
      {cloud: TencentCloud, region: ap-guangzhou, instanceId: ins-r8hr2upy,
       credentialsRef: {name: tencent}, notAfter: "2026-12-01T00:00:00Z", whenRunning: Wait,
       powerAfter: Leave,
       preconditions: {imageId: img-0123abcd},
       tencentCloud: {imageId: img-pmqg1cw7, image: {name: Debian 12}, systemDisk: {diskSize: 60},
         loginSettings: {passwordRef: {name: login, key: password},
           generatePassword: {secretName: login, key: password}},
         enhancedService: {securityService: {enabled: true}, monitorService: {enabled: true},
           automationService: {enabled: true}},
         userDataRef: {name: data, key: script}}}
      """;
  private static final String JD =
      """
      {cloud: JDCloud, region: cn-east-tz1, instanceId: cps-abc123,
       credentialsRef: {name: jd}, notAfter: "2026-12-01T00:00:00Z", whenRunning: Wait,
       powerAfter: Leave,
       preconditions: {osTypeId: os-0},
       jdCloud: {az: cn-east-tz1a, imageType: standard, osTypeId: os-1, sysRaidTypeId: raid-1,
         os: {name: Debian 12}, sysRaid: {name: RAID1}, dataRaid: {name: RAID0},
         keepData: true, dataRaidTypeId: raid-2, passwordRef: {name: login, key: password},
         generatePassword: {secretName: login, key: password},
         userDataRef: {name: data, key: script}}}
      """;

  @ParameterizedTest
  @ValueSource(strings = {TENCENT, JD})
  void a_request_of_known_words_is_supported(String spec) {
    assertThat(UnknownFields.of(read(tree(spec)))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {TENCENT, JD})
  void a_field_that_is_not_known_is_seen_in_every_object_of_the_request(String spec) {
    int objects = objects(tree(spec)).size();
    assertThat(objects).isGreaterThan(4);
    for (int i = 0; i < objects; i++) {
      ObjectNode order = tree(spec);
      ObjectNode object = objects(order).get(i);
      object.put("ofANewerOperator", 1);
      assertThat(UnknownFields.of(read(order)))
          .as(object::toString)
          .hasSize(1)
          .first()
          .asString()
          .matches("spec\\.([a-zA-Z.]+\\.)?ofANewerOperator");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/cloud", "/whenRunning", "/powerAfter", "/jdCloud/imageType"})
  void a_value_that_is_not_known_is_seen(String pointer) {
    ObjectNode order = tree(JD);
    int last = pointer.lastIndexOf('/');
    ((ObjectNode) order.at(pointer.substring(0, last)))
        .put(pointer.substring(last + 1), "OfANewerOperator");
    assertThat(UnknownFields.of(read(order))).containsExactly("spec" + pointer.replace('/', '.'));
  }

  @Test
  void a_precondition_that_the_cloud_does_not_report_is_seen() {
    ObjectNode odd = tree(JD);
    ((ObjectNode) odd.get("preconditions")).put("imageId", "img-0123abcd").putNull("systemId");
    assertThat(UnknownFields.of(read(odd)))
        .containsExactly("spec.preconditions.imageId", "spec.preconditions.systemId");
  }

  @Test
  void a_field_beside_the_spec_is_seen() {
    Reinstall reinstall =
        new KubernetesSerialization()
            .unmarshal("{\"suspend\": true, \"spec\": " + tree(JD) + "}", Reinstall.class);
    assertThat(UnknownFields.of(reinstall)).containsExactly("suspend");
  }

  /** Anybody who can create a Reinstall names its fields. */
  @Test
  void the_name_of_a_field_is_one_line_that_can_be_printed_and_shows_where_it_is_cut() {
    ObjectNode odd = tree(JD);
    odd.put("a\nb\u001b[31m", 1);
    assertThat(UnknownFields.of(read(odd))).containsExactly("spec.a b [31m");
    ObjectNode longer = tree(JD);
    longer.put("x".repeat(98) + "\ud83d\ude00".repeat(3), 1);
    assertThat(UnknownFields.of(read(longer)))
        .containsExactly("spec." + "x".repeat(98) + "\ud83d\ude00…");
  }

  private static List<ObjectNode> objects(JsonNode node) {
    List<ObjectNode> found = new ArrayList<>();
    if (node instanceof ObjectNode object) {
      found.add(object);
    }
    node.forEach(child -> found.addAll(objects(child)));
    return found;
  }

  private static ObjectNode tree(String spec) {
    try {
      return (ObjectNode) new YAMLMapper().readTree(spec);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static Reinstall read(ObjectNode spec) {
    return new KubernetesSerialization().unmarshal("{\"spec\": " + spec + "}", Reinstall.class);
  }
}
