package dev.reinstall.cloud.tencent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.tencentcloudapi.common.Credential;
import com.tencentcloudapi.common.exception.TencentCloudSDKException;
import com.tencentcloudapi.cvm.v20170312.CvmClient;
import com.tencentcloudapi.cvm.v20170312.models.DescribeImagesRequest;
import com.tencentcloudapi.cvm.v20170312.models.DescribeImagesResponse;
import com.tencentcloudapi.cvm.v20170312.models.DescribeInstancesRequest;
import com.tencentcloudapi.cvm.v20170312.models.EnhancedService;
import com.tencentcloudapi.cvm.v20170312.models.Filter;
import com.tencentcloudapi.cvm.v20170312.models.InquiryPriceResetInstanceRequest;
import com.tencentcloudapi.cvm.v20170312.models.Instance;
import com.tencentcloudapi.cvm.v20170312.models.LoginSettings;
import com.tencentcloudapi.cvm.v20170312.models.ResetInstanceRequest;
import com.tencentcloudapi.cvm.v20170312.models.RunMonitorServiceEnabled;
import com.tencentcloudapi.cvm.v20170312.models.RunSecurityServiceEnabled;
import com.tencentcloudapi.cvm.v20170312.models.StartInstancesRequest;
import com.tencentcloudapi.cvm.v20170312.models.StopInstancesRequest;
import com.tencentcloudapi.cvm.v20170312.models.SystemDisk;
import dev.reinstall.simulator.RecordedCall;
import dev.reinstall.simulator.SimClock;
import dev.reinstall.simulator.tencent.TencentSimulator;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The vendor's own client must work with the simulator. */
class VendorClientTest {
  private static final String ID = "ins-r8hr2upy";
  private static final Credential CREDENTIAL = new Credential("id", "key");

  private final TencentSimulator simulator =
      TencentSimulator.start(0, SimClock.manual())
          .account("id", "key")
          .account("temporary", "key", "the-token+/=")
          .alsoSignedFor(VendorClient.SERVICE);

  VendorClientTest() {
    simulator.newServer(ID);
  }

  static List<String> names() {
    return TencentCloud.SIGNATURES;
  }

  @AfterEach
  void close() {
    simulator.close();
  }

  @ParameterizedTest
  @MethodSource("names")
  void it_finds_the_server_by_id_and_by_filter(String signature) throws Exception {
    CvmClient client = client(signature);
    DescribeInstancesRequest byId = new DescribeInstancesRequest();
    byId.setInstanceIds(new String[] {ID, "ins-aaaaaaaa"});
    byId.setLimit(100L);
    DescribeInstancesRequest byFilter = new DescribeInstancesRequest();
    Filter filter = new Filter();
    filter.setName("instance-state");
    filter.setValues(new String[] {"RUNNING", "STOPPED"});
    byFilter.setFilters(new Filter[] {filter});

    for (var request : List.of(byId, byFilter)) {
      var response = client.DescribeInstances(request);
      assertThat(response.getTotalCount()).isEqualTo(1);
      Instance instance = response.getInstanceSet()[0];
      assertThat(instance.getInstanceId()).isEqualTo(ID);
      assertThat(instance.getInstanceState()).isEqualTo("STOPPED");
      assertThat(instance.getImageId()).isEqualTo("img-pmqg1cw7");
      assertThat(instance.getSystemDisk().getDiskSize()).isEqualTo(50);
    }
    assertThat(simulator.callsLog()).allMatch(RecordedCall::verified);
  }

  @ParameterizedTest
  @MethodSource("names")
  void it_reads_a_hundred_servers_at_once(String signature) throws Exception {
    String[] ids = new String[100];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = "ins-many%04d".formatted(i);
      simulator.newServer(ids[i]);
    }
    DescribeInstancesRequest request = new DescribeInstancesRequest();
    request.setInstanceIds(ids);
    request.setLimit(100L);

    var response = client(signature).DescribeInstances(request);

    assertThat(response.getInstanceSet()).extracting(Instance::getInstanceId).containsExactly(ids);
    assertThat(simulator.callsLog()).hasSize(1).allMatch(RecordedCall::verified);
  }

  @ParameterizedTest
  @MethodSource("names")
  void it_resets_the_server_and_recognises_its_operation(String signature) throws Exception {
    CvmClient client = client(signature);

    String requestId = client.ResetInstance(seedsRequest()).getRequestId();
    simulator.clock().advance(Duration.ofHours(1));

    assertThat(simulator.wipes(ID)).isEqualTo(1);
    Instance after = describe(client);
    assertThat(after.getLatestOperation()).isEqualTo("ResetInstance");
    assertThat(after.getLatestOperationState()).isEqualTo("SUCCESS");
    assertThat(after.getLatestOperationRequestId()).isEqualTo(requestId);
    assertThat(after.getInstanceState()).isEqualTo("RUNNING");
    assertThat(after.getSystemDisk().getDiskSize()).isEqualTo(60);
  }

  @ParameterizedTest
  @MethodSource("names")
  void it_asks_for_the_price_and_nothing_is_wiped(String signature) throws Exception {
    InquiryPriceResetInstanceRequest request = new InquiryPriceResetInstanceRequest();
    request.setInstanceId(ID);
    request.setImageId("img-ubuntu22");

    var price = client(signature).InquiryPriceResetInstance(request).getPrice();

    assertThat(price.getInstancePrice().getUnitPrice()).isZero();
    assertThat(simulator.wipes(ID)).isZero();
  }

  @ParameterizedTest
  @MethodSource("names")
  void it_starts_and_stops_the_server(String signature) throws Exception {
    CvmClient client = client(signature);
    StartInstancesRequest start = new StartInstancesRequest();
    start.setInstanceIds(new String[] {ID});
    StopInstancesRequest stop = new StopInstancesRequest();
    stop.setInstanceIds(new String[] {ID});
    stop.setStopType("SOFT_FIRST");
    stop.setStoppedMode("KEEP_CHARGING");

    client.StartInstances(start);
    simulator.clock().advance(Duration.ofHours(1));
    assertThat(describe(client).getInstanceState()).isEqualTo("RUNNING");
    client.StopInstances(stop);
    simulator.clock().advance(Duration.ofHours(1));
    assertThat(describe(client).getInstanceState()).isEqualTo("STOPPED");
  }

  @ParameterizedTest
  @MethodSource("names")
  void it_reads_the_images(String signature) throws Exception {
    DescribeImagesRequest request = new DescribeImagesRequest();
    request.setImageIds(new String[] {"img-windows1"});

    DescribeImagesResponse response = client(signature).DescribeImages(request);

    assertThat(response.getImageSet()).hasSize(1);
    assertThat(response.getImageSet()[0].getPlatform()).isEqualTo("Windows");
    assertThat(response.getImageSet()[0].getImageSize()).isEqualTo(50);
    assertThat(response.getImageSet()[0].getIsSupportCloudinit()).isFalse();
  }

  @ParameterizedTest
  @MethodSource("names")
  void it_understands_a_rejection(String signature) {
    ResetInstanceRequest shrinking = seedsRequest();
    shrinking.getSystemDisk().setDiskSize(40L);

    var refused =
        catchThrowableOfType(
            TencentCloudSDKException.class, () -> client(signature).ResetInstance(shrinking));
    assertThat(refused.getErrorCode()).isEqualTo("InvalidParameterValue");
    assertThat(refused.getRequestId()).isNotEmpty();
    var stranger =
        catchThrowableOfType(
            TencentCloudSDKException.class,
            () ->
                describe(
                    VendorClient.at(
                        simulator.endpoint(), signature, new Credential("id", "another"))));
    assertThat(stranger.getErrorCode()).isEqualTo("AuthFailure.SignatureFailure");
  }

  @ParameterizedTest
  @MethodSource("names")
  void it_works_with_temporary_credentials(String signature) throws Exception {
    Credential temporary = new Credential("temporary", "key", "the-token+/=");
    CvmClient client = VendorClient.at(simulator.endpoint(), signature, temporary);

    assertThat(describe(client).getInstanceId()).isEqualTo(ID);
  }

  private CvmClient client(String signature) {
    return VendorClient.at(simulator.endpoint(), signature, CREDENTIAL);
  }

  private static Instance describe(CvmClient client) throws TencentCloudSDKException {
    DescribeInstancesRequest request = new DescribeInstancesRequest();
    request.setInstanceIds(new String[] {ID});
    return client.DescribeInstances(request).getInstanceSet()[0];
  }

  private static ResetInstanceRequest seedsRequest() {
    ResetInstanceRequest request = new ResetInstanceRequest();
    request.setInstanceId(ID);
    request.setImageId("img-pmqg1cw7");
    request.setSystemDisk(new SystemDisk());
    request.getSystemDisk().setDiskSize(60L);
    request.setLoginSettings(new LoginSettings());
    request.getLoginSettings().setPassword("Qcloud@TestApi123++");
    request.setEnhancedService(new EnhancedService());
    request.getEnhancedService().setSecurityService(new RunSecurityServiceEnabled());
    request.getEnhancedService().getSecurityService().setEnabled(true);
    request.getEnhancedService().setMonitorService(new RunMonitorServiceEnabled());
    request.getEnhancedService().getMonitorService().setEnabled(true);
    return request;
  }
}
