package dev.reinstall.simulator.jdcloud;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reinstall.simulator.SimClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JdSimulatorRulesTest {
  private static final String ID = "cps-abc123";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final JdCloudSimulator cloud =
      JdCloudSimulator.start(0, SimClock.manual()).account("ak", "sk").keypair("kp-1");
  private final JdCaller caller = JdCaller.of(cloud);

  JdSimulatorRulesTest() {
    cloud.newServer(ID);
    cloud.newServer("cps-other").running();
    cloud.newServer("cps-far").region("cn-north-1");
  }

  @AfterEach
  void close() {
    cloud.close();
  }

  @ParameterizedTest(name = "{0} = {1}")
  @CsvSource({
    "az, cn-east-tz1b",
    "imageType, custom",
    "osTypeId, os-9",
    "sysRaidTypeId, raid-2",
    "dataRaidTypeId, raid-1",
    "dataRaidTypeId, raid-4",
    "keepData, true",
    "password, weak",
    "password, alllowercase",
    "password, ''",
    "hostname, a",
    "hostname, a--b",
    "hostname, .ab",
    "userData, '#!/bin/bash'",
    "userData, IyEvYmluL3NoCg==",
    "keypairId, kp-9",
    "imageId, img-1",
  })
  void a_wrong_request_is_refused(String field, String value) throws Exception {
    ObjectNode order = request();
    ((ObjectNode) order.get("instanceSpec")).put(field, value);

    assertThat(caller.outcome(ID, "reinstallInstance", order.toString()))
        .isEqualTo("400 INVALID_ARGUMENT");
    assertThat(cloud.wipes(ID)).isZero();
  }

  @ParameterizedTest(name = "{0} = {1}")
  @CsvSource({
    "hostname, node-1.example",
    "userData, IyEvYmluL2Jhc2gK",
    "keypairId, kp-1",
    "sysRaidTypeId, raid-3",
    "keepData, no"
  })
  void a_right_request_is_taken(String field, String value) throws Exception {
    ObjectNode order = request();
    ((ObjectNode) order.get("instanceSpec")).put(field, value);

    assertThat(caller.outcome(ID, "reinstallInstance", order.toString())).isEqualTo("200");
    assertThat(cloud.wipes(ID)).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "az",
    "imageType",
    "osTypeId",
    "sysRaidTypeId",
    "keepData",
    "dataRaidTypeId",
    "password"
  })
  void every_required_field_is_required(String field) throws Exception {
    ObjectNode order = request();
    ((ObjectNode) order.get("instanceSpec")).remove(field);

    assertThat(caller.outcome(ID, "reinstallInstance", order.toString()))
        .isEqualTo("400 INVALID_ARGUMENT");
  }

  @Test
  void the_vendors_extra_fields_are_taken_unless_they_contradict() throws Exception {
    ObjectNode order = request().put("regionId", "cn-east-tz1").put("instanceId", ID);
    order.putArray("cookies");
    ObjectNode contrary = request().put("instanceId", "cps-other");

    assertThat(caller.outcome(ID, "reinstallInstance", contrary.toString()))
        .isEqualTo("400 INVALID_ARGUMENT");
    assertThat(caller.outcome(ID, "reinstallInstance", request().put("dryRun", "yes").toString()))
        .isEqualTo("400 INVALID_ARGUMENT");
    assertThat(caller.outcome(ID, "reinstallInstance", order.toString())).isEqualTo("200");
  }

  @Test
  void an_unknown_server_one_of_another_region_and_an_unknown_address_are_not_found() {
    assertThat(caller.outcome("cps-nobody", "reinstallInstance", "{}")).isEqualTo("404 NOT_FOUND");
    assertThat(caller.outcome("cps-far", "reinstallInstance", "{}")).isEqualTo("404 NOT_FOUND");
    assertThat(caller.outcome(ID, "explodeInstance", "{}")).isEqualTo("404 NOT_FOUND");
    assertThat(caller.get(JdCaller.instance(ID) + ":stopInstance").at("/error/code").asInt())
        .isEqualTo(501);
  }

  @Test
  void a_body_that_is_not_json_is_refused() {
    assertThat(caller.outcome(ID, "startInstance", "")).isEqualTo("400 INVALID_ARGUMENT");
    assertThat(caller.outcome(ID, "startInstance", "[]")).isEqualTo("400 INVALID_ARGUMENT");
  }

  @Test
  void a_list_is_filtered_by_id_and_status_and_has_pages() {
    String list = "/v1/regions/cn-east-tz1/instances";
    String byId =
        "?filters.1.name=instanceId&filters.1.operator=eq&filters.1.values.1=cps-abc123"
            + "&filters.1.values.2=cps-far";

    assertThat(caller.get(list).at("/result/totalCount").asInt()).isEqualTo(2);
    assertThat(caller.get(list + byId).at("/result/instances"))
        .singleElement()
        .matches(one -> one.get("instanceId").asText().equals(ID));
    assertThat(
            caller
                .get(list + "?filters.1.name=status&filters.1.values.1=running")
                .at("/result/instances"))
        .singleElement()
        .matches(one -> one.get("instanceId").asText().equals("cps-other"));
    assertThat(caller.get(list + "?pageNumber=2").at("/result/instances")).isEmpty();
    assertThat(word(caller.get(list + "?pageSize=101"))).isEqualTo("OUT_OF_RANGE");
    assertThat(word(caller.get(list + "?filters.1.name=az&filters.1.values.1=x")))
        .isEqualTo("INVALID_ARGUMENT");
    assertThat(cloud.calls("describeInstances", ID)).isEqualTo(1);
  }

  @Test
  void the_catalogue_is_asked_by_type_of_device() {
    String region = "/v1/regions/cn-east-tz1";

    assertThat(caller.get(region + "/deviceTypes").at("/result/deviceTypes")).hasSize(1);
    assertThat(caller.get(region + "/os?deviceType=cps.c.normal").at("/result/oss")).hasSize(2);
    assertThat(
            caller
                .get(region + "/raids?deviceType=cps.c.normal&volumeType=data")
                .at("/result/raids"))
        .hasSize(2);
    assertThat(word(caller.get(region + "/os"))).isEqualTo("INVALID_ARGUMENT");
    assertThat(
            caller
                .get(JdCaller.instance(ID) + ":describeInstanceRaid")
                .at("/result/dataRaidTypeId")
                .asText())
        .isEqualTo("raid-2");
  }

  private static ObjectNode request() throws Exception {
    return (ObjectNode) JSON.readTree(JdCaller.request("t1"));
  }

  private static String word(JsonNode response) {
    return response.at("/error/status").asText();
  }
}
