package dev.reinstall.cloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.Server;
import dev.reinstall.cloud.CloudException.Kind;
import dev.reinstall.cloud.jdcloud.JdCloud;
import dev.reinstall.cloud.jdcloud.JdSignature;
import dev.reinstall.cloud.tencent.TencentCloud;
import dev.reinstall.simulator.RecordedCall;
import dev.reinstall.simulator.SimulatedCloud;
import dev.reinstall.simulator.SimulatedFault;
import dev.reinstall.simulator.jdcloud.JdCloudSimulator;
import dev.reinstall.simulator.tencent.TencentSimulator;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Describes many servers by one call, over real HTTP. */
class DescribeAllTest {
  private static final Credentials ACCOUNT =
      new Credentials(Map.of("secretId", "id", "accessKey", "id", "secretKey", "the-secret-key"));

  private final TencentSimulator tencent =
      TencentSimulator.start(0).account("id", "the-secret-key");
  private final JdCloudSimulator jd = JdCloudSimulator.start(0).account("id", "the-secret-key");
  private final List<ScriptedHttpServer> rude = new ArrayList<>();

  /** Both clouds, with the same requests. */
  enum Vendor {
    TENCENT(CloudName.TencentCloud, "ap-guangzhou", "ins-%08d", "DescribeInstances"),
    JD(CloudName.JDCloud, "cn-east-tz1", "cps-%08d", "describeInstances");

    private final CloudName name;
    private final String region;
    private final String id;
    private final String action;

    Vendor(CloudName name, String region, String id, String action) {
      this.name = name;
      this.region = region;
      this.id = id;
      this.action = action;
    }

    Server server(int number) {
      return new Server(name, region, id.formatted(number));
    }

    List<Server> servers(int count) {
      return IntStream.range(0, count).mapToObj(this::server).toList();
    }
  }

  @AfterEach
  void close() {
    tencent.close();
    jd.close();
    rude.forEach(ScriptedHttpServer::close);
  }

  private SimulatedCloud simulator(Vendor vendor) {
    return vendor == Vendor.TENCENT ? tencent : jd;
  }

  private CloudClient cloud(Vendor vendor) {
    return provider(vendor, simulator(vendor).endpoint(), "TC3").client();
  }

  private static CloudClient cloud(Vendor vendor, String endpoint, String signature) {
    return provider(vendor, endpoint, signature).client();
  }

  private static CloudProvider provider(Vendor vendor, String endpoint, String signature) {
    CloudHttp http = new CloudHttp(Duration.ofSeconds(10), Duration.ofSeconds(10));
    return vendor == Vendor.TENCENT
        ? new TencentCloud(
            http,
            new Endpoint(endpoint),
            Duration.ofMinutes(2),
            Instant::now,
            TencentCloud.signature(signature, () -> 7))
        : new JdCloud(
            http,
            new Endpoint(endpoint),
            Duration.ofMinutes(10),
            Instant::now,
            UUID::randomUUID,
            JdSignature.JDCLOUD2);
  }

  private void newServers(Vendor vendor, int count) {
    for (Server server : vendor.servers(count)) {
      if (vendor == Vendor.TENCENT) {
        tencent.newServer(server.instanceId());
      } else {
        jd.newServer(server.instanceId());
      }
    }
  }

  private RecordedCall last(Vendor vendor) {
    List<RecordedCall> calls = simulator(vendor).callsLog();
    return calls.get(calls.size() - 1);
  }

  @ParameterizedTest
  @EnumSource
  void a_hundred_servers_are_seen_by_one_signed_call_as_each_is_seen_alone(Vendor vendor)
      throws Exception {
    newServers(vendor, 130); // there are others, too
    Instant now = Instant.parse("2026-09-01T10:00:00Z");
    simulator(vendor).dateHeader(() -> now);
    List<Server> requested = vendor.servers(100);
    Map<Server, Observation> observations = cloud(vendor).describeAll(ACCOUNT, requested);
    assertThat(observations).containsOnlyKeys(requested);
    assertThat(simulator(vendor).callsLog()).hasSize(1);
    assertThat(last(vendor).action()).isEqualTo(vendor.action);
    assertThat(last(vendor).verified()).isTrue();
    for (Server server : vendor.servers(3)) {
      assertThat(observations).containsEntry(server, cloud(vendor).describe(ACCOUNT, server));
    }
  }

  @Test
  void the_filter_is_written_as_jd_cloud_reads_it() throws Exception {
    newServers(Vendor.JD, 2);
    cloud(Vendor.JD).describeAll(ACCOUNT, Vendor.JD.servers(2));
    assertThat(last(Vendor.JD).request().target())
        .isEqualTo(
            "/v1/regions/cn-east-tz1/instances?filters.1.name=instanceId&filters.1.operator=eq"
                + "&filters.1.values.1=cps-00000000&filters.1.values.2=cps-00000001"
                + "&pageNumber=1&pageSize=100");
  }

  @ParameterizedTest
  @ValueSource(strings = {"V1-SHA256", "V1-SHA1"})
  void the_older_form_of_tencent_cloud_carries_a_hundred_as_well(String signature)
      throws Exception {
    newServers(Vendor.TENCENT, 100);
    CloudClient cloud = cloud(Vendor.TENCENT, tencent.endpoint() + "/v2/index.php", signature);
    assertThat(cloud.describeAll(ACCOUNT, Vendor.TENCENT.servers(100))).hasSize(100);
  }

  @ParameterizedTest
  @EnumSource
  void one_that_the_cloud_does_not_know_is_left_out_and_harms_no_other(Vendor vendor)
      throws Exception {
    newServers(vendor, 2);
    assertThat(cloud(vendor).describeAll(ACCOUNT, vendor.servers(3)))
        .containsOnlyKeys(vendor.servers(2));
  }

  @ParameterizedTest
  @EnumSource
  void a_rejection_of_the_whole_is_thrown(Vendor vendor) {
    boolean isTencent = vendor == Vendor.TENCENT;
    simulator(vendor)
        .onNext(
            vendor.action,
            SimulatedFault.errorCode(isTencent ? "UnauthorizedOperation" : "PERMISSION_DENIED"));
    CloudException e =
        catchThrowableOfType(
            CloudException.class, () -> cloud(vendor).describeAll(ACCOUNT, vendor.servers(3)));
    assertThat(e.kind()).isEqualTo(Kind.DENIED);
  }

  // Malformed responses.

  private Map<Server, Observation> seenIn(Vendor vendor, String records) throws CloudException {
    String body =
        vendor == Vendor.TENCENT
            ? "{\"Response\":{\"RequestId\":\"r\",\"TotalCount\":9,\"InstanceSet\":"
                + records
                + "}}"
            : "{\"requestId\":\"r\",\"result\":{\"totalCount\":9,\"instances\":" + records + "}}";
    ScriptedHttpServer server = ScriptedHttpServer.answering(200, body);
    rude.add(server);
    return cloud(vendor, server.url(), "TC3").describeAll(ACCOUNT, vendor.servers(3));
  }

  private static String record(Vendor vendor, int number, String more) {
    String id = vendor.server(number).instanceId();
    return vendor == Vendor.TENCENT
        ? "{\"InstanceId\":\"" + id + "\",\"InstanceState\":\"RUNNING\"" + more + "}"
        : "{\"instanceId\":\"" + id + "\",\"status\":\"running\"" + more + "}";
  }

  private static String list(String... records) {
    return "[" + String.join(",", records) + "]";
  }

  @ParameterizedTest
  @EnumSource
  void one_that_stands_there_twice_is_left_out(Vendor vendor) throws Exception {
    String records =
        list(
            record(vendor, 0, ""),
            record(vendor, 1, ""),
            record(vendor, 0, ""),
            record(vendor, 0, ""));
    assertThat(seenIn(vendor, records)).containsOnlyKeys(vendor.server(1));
  }

  @ParameterizedTest
  @EnumSource
  void one_that_nobody_asked_for_is_taken_for_no_other(Vendor vendor) throws Exception {
    String records = list(record(vendor, 7, ""), record(vendor, 1, ""));
    Map<Server, Observation> observations = seenIn(vendor, records);
    assertThat(observations).containsOnlyKeys(vendor.server(1));
  }

  @ParameterizedTest
  @EnumSource
  void each_record_goes_to_the_server_that_it_names(Vendor vendor) throws Exception {
    String image = vendor == Vendor.TENCENT ? "ImageId" : "osTypeId";
    String key = vendor == Vendor.TENCENT ? "imageId" : "osTypeId";
    String records =
        list(
            record(vendor, 2, ",\"" + image + "\":\"two\""),
            record(vendor, 0, ",\"" + image + "\":\"none\""),
            record(vendor, 1, ",\"" + image + "\":\"one\""));
    Map<Server, Observation> observations = seenIn(vendor, records);
    assertThat(observations.get(vendor.server(0)).installed()).containsEntry(key, "none");
    assertThat(observations.get(vendor.server(1)).installed()).containsEntry(key, "one");
    assertThat(observations.get(vendor.server(2)).installed()).containsEntry(key, "two");
  }

  @Test
  void one_of_another_region_is_left_out() throws Exception {
    String records =
        list(record(Vendor.JD, 0, ",\"region\":\"cn-east-tz2\""), record(Vendor.JD, 1, ""));
    assertThat(seenIn(Vendor.JD, records)).containsOnlyKeys(Vendor.JD.server(1));
  }

  static List<String> brokenRecords() {
    return List.of(
        "{}",
        "{\"InstanceId\":5}",
        "{\"InstanceId\":\"ins-00000000\",\"InstanceState\":5}",
        "{\"InstanceId\":\"ins-00000000\",\"InstanceState\":{}}",
        "{\"InstanceId\":\"ins-00000000\",\"LatestOperationRequestId\":[]}",
        "{\"InstanceId\":\"ins-00000000\",\"LatestOperationRequestId\":\"r\",\"LatestOperation\":1}",
        "{\"InstanceId\":\"INS-00000000\",\"InstanceState\":\"STOPPED\"}");
  }

  @ParameterizedTest
  @MethodSource("brokenRecords")
  void a_broken_record_is_left_out_and_harms_no_other(String broken) throws Exception {
    assertThat(seenIn(Vendor.TENCENT, list(broken, record(Vendor.TENCENT, 1, ""))))
        .containsOnlyKeys(Vendor.TENCENT.server(1));
  }

  @ParameterizedTest
  @EnumSource
  void a_list_that_is_none_is_ambiguous(Vendor vendor) {
    for (String records : List.of("null", "{}", "\"\"", "[1]", "[null]", "[[]]")) {
      CloudException e = catchThrowableOfType(CloudException.class, () -> seenIn(vendor, records));
      assertThat(e.kind()).as(records).isEqualTo(Kind.AMBIGUOUS);
    }
  }

  @ParameterizedTest
  @EnumSource
  void nothing_is_sent_with_an_id_that_could_lead_elsewhere(Vendor vendor) {
    Server odd = new Server(vendor.name, vendor.region, "a&pageSize=1");
    CloudException e =
        catchThrowableOfType(
            CloudException.class,
            () -> cloud(vendor).describeAll(ACCOUNT, List.of(vendor.server(0), odd)));
    assertThat(e.kind()).isEqualTo(Kind.INVALID);
    assertThat(simulator(vendor).callsLog()).isEmpty();
  }

  // Together with the layer that shares the descriptions.

  private CloudCalls calls(Vendor vendor) {
    CloudProvider provider = provider(vendor, simulator(vendor).endpoint(), "TC3");
    return new CloudCalls(provider, new RecordedMetrics());
  }

  @ParameterizedTest
  @EnumSource
  void a_server_that_is_missing_is_so_for_its_own_request_only(Vendor vendor) throws Exception {
    newServers(vendor, 2);
    CloudCalls cloud = calls(vendor);
    CloudException e =
        catchThrowableOfType(
            CloudException.class, () -> cloud.describe(ACCOUNT, List.of(vendor.server(2))));
    assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND);
    for (Server server : vendor.servers(2)) {
      assertThat(cloud.describe(ACCOUNT, List.of(server)).get(server).power())
          .isEqualTo(Observation.Power.STOPPED);
    }
  }
}
