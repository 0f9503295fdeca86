package dev.reinstall.cloud.tencent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.reinstall.cloud.CatalogueEntry;
import dev.reinstall.cloud.CatalogueQuery;
import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.CloudException.Kind;
import dev.reinstall.cloud.CloudHttp;
import dev.reinstall.cloud.Credentials;
import dev.reinstall.cloud.Endpoint;
import dev.reinstall.simulator.SimClock;
import dev.reinstall.simulator.SimulatedFault;
import dev.reinstall.simulator.tencent.TencentImage;
import dev.reinstall.simulator.tencent.TencentSimulator;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TencentCatalogueTest {
  private static final String REGION = "ap-guangzhou";
  private static final Credentials ACCOUNT =
      new Credentials(Map.of("secretId", "id", "secretKey", "the-secret-key"));

  private final TencentSimulator simulator =
      TencentSimulator.start(0, SimClock.manual())
          .account("id", "the-secret-key")
          .key("skey-abcd1234");

  @AfterEach
  void close() {
    simulator.close();
  }

  private TencentCloud cloud(String signature) {
    return new TencentCloud(
        new CloudHttp(Duration.ofSeconds(10), Duration.ofSeconds(10)),
        new Endpoint(simulator.endpoint()),
        Duration.ZERO,
        Instant::now,
        TencentCloud.signature(signature, () -> 7));
  }

  private Map<CatalogueQuery, List<CatalogueEntry>> ask(CatalogueQuery... queries)
      throws CloudException {
    return cloud("TC3").client().catalogue(ACCOUNT, List.of(queries));
  }

  private static CatalogueQuery image(String id) {
    return TencentCatalogue.IMAGES.query(REGION, id);
  }

  private static CatalogueQuery key(String id) {
    return TencentCatalogue.KEY_PAIRS.query(REGION, id);
  }

  static List<String> signatures() {
    return TencentCloud.SIGNATURES;
  }

  @ParameterizedTest
  @MethodSource("signatures")
  void images_and_key_pairs_are_read_in_either_form_of_the_api(String signature)
      throws CloudException {
    simulator.images().add(TencentImage.windows("img-windows1", "Windows Server 2022 64bit"));

    Map<CatalogueQuery, List<CatalogueEntry>> images =
        cloud(signature).client().catalogue(ACCOUNT, List.of(image("img-windows1")));
    Map<CatalogueQuery, List<CatalogueEntry>> keys =
        cloud(signature).client().catalogue(ACCOUNT, List.of(key("skey-abcd1234")));

    assertThat(images)
        .containsExactly(
            Map.entry(
                image("img-windows1"),
                List.of(
                    new CatalogueEntry(
                        "img-windows1",
                        Map.of(
                            "imageName", "Windows Server 2022 64bit",
                            "imageType", "PUBLIC_IMAGE",
                            "imageState", "NORMAL",
                            "platform", "Windows",
                            "architecture", "x86_64",
                            "imageSize", "50",
                            "isSupportCloudinit", "false")))));
    assertThat(keys)
        .containsExactly(
            Map.entry(
                key("skey-abcd1234"), List.of(new CatalogueEntry("skey-abcd1234", Map.of()))));
  }

  @Test
  void one_call_asks_about_a_hundred_images_and_shows_them_all() throws CloudException {
    CatalogueQuery[] queries =
        IntStream.range(0, 100)
            .mapToObj("img-%08d"::formatted)
            .peek(id -> simulator.images().add(TencentImage.linux(id, "Debian 12", "Debian")))
            .map(TencentCatalogueTest::image)
            .toArray(CatalogueQuery[]::new);

    assertThat(ask(queries)).hasSize(100);
    assertThat(simulator.calls("DescribeImages")).isEqualTo(1);
    assertThat(cloud("TC3").cataloguePerCall()).isEqualTo(100);
  }

  @Test
  void what_does_not_exist_is_left_out() throws CloudException {
    assertThat(ask(image("img-nothing1"), image("img-ubuntu22")))
        .containsOnlyKeys(image("img-ubuntu22"));
    assertThat(ask(key("skey-nobody01"))).isEmpty();
    assertThat(ask(image("no image"))).as("rejected as malformed").isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"InvalidImageId.NotFound", "ResourceNotFound.KeyPairNotFound"})
  void an_error_about_one_id_says_that_it_does_not_exist(String code) throws CloudException {
    simulator.always("DescribeImages", SimulatedFault.errorCode(code));
    assertThat(ask(image("img-ubuntu22"))).isEmpty();
    assertThat(failure(image("img-ubuntu22"), image("img-pmqg1cw7")).kind())
        .as("it may be about either")
        .isEqualTo(Kind.INVALID);
  }

  @Test
  void who_may_not_read_it_is_denied() {
    simulator.deny("id", "DescribeImages");
    CloudException e = failure(image("img-ubuntu22"));
    assertThat(e.kind()).isEqualTo(Kind.DENIED);
    assertThat(e).hasMessageStartingWith("UnauthorizedOperation: ");
    assertThat(e.requestId()).isPresent();
  }

  @Test
  void an_answer_that_is_none_is_a_failure() {
    simulator.onNext("DescribeImages", SimulatedFault.notJson());
    assertThat(failure(image("img-ubuntu22")).kind()).isEqualTo(Kind.AMBIGUOUS);
    simulator.onNext(
        "DescribeImages",
        SimulatedFault.status(200, Map.of(), "{\"Response\":{\"RequestId\":\"r\"}}"));
    assertThat(failure(image("img-ubuntu22"))).hasMessage("The response contains no ImageSet.");
    simulator.onNext(
        "DescribeImages",
        SimulatedFault.status(
            200,
            Map.of(),
            "{\"Response\":{\"RequestId\":\"r\",\"ImageSet\":[{\"ImageId\":\"img-ubuntu22\","
                + "\"ImageSize\":\"50\"}]}}"));
    assertThat(failure(image("img-ubuntu22")).kind()).isEqualTo(Kind.AMBIGUOUS);
  }

  @Test
  void a_text_that_repeats_a_secret_is_not_kept() throws CloudException {
    simulator.images().add(TencentImage.linux("img-ubuntu22", "Ubuntu", "the-secret-key"));
    assertThat(ask(image("img-ubuntu22")).toString()).doesNotContain("secret-k");
  }

  private CloudException failure(CatalogueQuery... queries) {
    return catchThrowableOfType(CloudException.class, () -> ask(queries));
  }
}
