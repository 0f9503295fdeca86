package dev.reinstall.cloud.tencent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.reinstall.api.CloudName;
import dev.reinstall.api.ReinstallSpec;
import dev.reinstall.api.Server;
import dev.reinstall.cloud.CatalogueAnswer;
import dev.reinstall.cloud.CatalogueEntry;
import dev.reinstall.cloud.CatalogueQuery;
import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.CloudException.Kind;
import dev.reinstall.cloud.CloudHttp;
import dev.reinstall.cloud.Credentials;
import dev.reinstall.cloud.Endpoint;
import dev.reinstall.cloud.Finding;
import dev.reinstall.cloud.Observation;
import dev.reinstall.cloud.ReinstallRequest;
import dev.reinstall.cloud.Resolution;
import dev.reinstall.simulator.SimClock;
import dev.reinstall.simulator.SimulatedFault;
import dev.reinstall.simulator.tencent.TencentImage;
import dev.reinstall.simulator.tencent.TencentSimulator;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How the name of an image becomes its ID, by the images of the simulated cloud. */
class TencentImageNameTest {
  private static final ObjectMapper YAML =
      new ObjectMapper(new YAMLFactory()).registerModule(new JavaTimeModule());
  private static final String ID = "ins-r8hr2upy";
  private static final String REGION = "ap-guangzhou";
  private static final String FIELD = "spec.tencentCloud.image";
  private static final Credentials ACCOUNT =
      new Credentials(Map.of("secretId", "id", "secretKey", "key"));

  private final TencentSimulator simulator =
      TencentSimulator.start(0, SimClock.manual()).account("id", "key");
  private TencentCloud cloud = cloud("TC3");
  private final Map<CatalogueQuery, CatalogueAnswer> answers = new HashMap<>();
  private Observation observation;

  TencentImageNameTest() {
    simulator.newServer(ID).running();
  }

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

  private static ReinstallSpec spec(String block) throws Exception {
    return YAML.readValue(
        """
        cloud: TencentCloud
        region: ap-guangzhou
        instanceId: ins-r8hr2upy
        credentialsRef: {name: tencent}
        notAfter: "2027-06-01T00:00:00Z"
        tencentCloud: {%s}
        """
            .formatted(block),
        ReinstallSpec.class);
  }

  private static ReinstallSpec named(String name) throws Exception {
    return spec("image: {name: '%s'}".formatted(name));
  }

  private Resolution resolve(ReinstallSpec spec) throws Exception {
    observation = cloud.client().describe(ACCOUNT, new Server(CloudName.TencentCloud, REGION, ID));
    for (CatalogueQuery query : cloud.catalogueQueries(spec, observation)) {
      answers.put(query, ask(query));
    }
    return cloud.resolve(spec, observation, answers);
  }

  private CatalogueAnswer ask(CatalogueQuery query) {
    try {
      return CatalogueAnswer.of(
          cloud.client().catalogue(ACCOUNT, List.of(query)).getOrDefault(query, List.of()));
    } catch (CloudException e) {
      return CatalogueAnswer.failed(e);
    }
  }

  private List<Finding> check(ReinstallSpec spec, Resolution resolution) {
    ReinstallSpec resolved = cloud.withIds(spec, resolution.ids());
    return cloud.checkCatalogues(resolved, observation, Map.of(), answers);
  }

  static List<String> signatures() {
    return TencentCloud.SIGNATURES;
  }

  @ParameterizedTest
  @MethodSource("signatures")
  void the_one_image_of_the_name_is_taken_in_either_form_of_the_api(String signature)
      throws Exception {
    cloud = cloud(signature);
    simulator.images().add(TencentImage.linux("img-chinese1", "Ubuntu 22.04 LTS 64位", "Ubuntu"));
    ReinstallSpec spec = named("Ubuntu 22.04 LTS 64位");

    Resolution resolution = resolve(spec);

    assertThat(resolution).isEqualTo(new Resolution(Map.of("imageId", "img-chinese1"), List.of()));
    assertThat(check(spec, resolution)).isEmpty();
    assertThat(cloud.names(spec)).isEqualTo(Map.of("imageId", "Ubuntu 22.04 LTS 64位"));
    ReinstallSpec resolved = cloud.withIds(spec, resolution.ids());
    assertThat(cloud.expectedInstallation(resolved)).isEqualTo(resolution.ids());
    assertThat(cloud.plan(resolved, observation, Map.of()).to())
        .isEqualTo(Map.of("imageId", "Ubuntu 22.04 LTS 64位 (img-chinese1)"));
  }

  @Test
  void the_image_of_a_name_is_checked_as_one_of_an_id() throws Exception {
    simulator
        .images()
        .add(TencentImage.linux("img-making01", "Debian 12", "Debian").inState("CREATING"));
    ReinstallSpec spec = named("Debian 12");

    assertThat(check(spec, resolve(spec)))
        .singleElement()
        .satisfies(found -> assertThat(found.kind()).isEqualTo(Finding.Kind.CORRECTABLE))
        .satisfies(found -> assertThat(found.message()).contains("img-making01", "CREATING"));
  }

  @Test
  void no_image_of_the_name_shows_the_nearest_ones() throws Exception {
    ReinstallSpec spec = named("our debian 12");

    Resolution resolution = resolve(spec);

    assertThat(resolution.ids()).isEmpty();
    assertThat(resolution.findings())
        .singleElement()
        .satisfies(
            found -> {
              assertThat(found.field()).isEqualTo(FIELD);
              assertThat(found.kind()).isEqualTo(Finding.Kind.CORRECTABLE);
              assertThat(found.message())
                  .startsWith(
                      "tencentCloud.image.name must be the name of an image of the account in"
                          + " ap-guangzhou, or one that is shared with it, exactly as it is listed;"
                          + " there is no \"our debian 12\". The nearest names: Our Debian 12"
                          + " (img-private1), ");
              assertThat(found.message().length()).isLessThanOrEqualTo(512);
            });
    assertThat(check(spec, resolution)).as("nothing more is known").isEmpty();
    assertThat(cloud.plan(spec, observation, Map.of()).to())
        .isEqualTo(Map.of("imageId", "our debian 12"));
  }

  @Test
  void several_images_of_the_name_are_shown_by_their_ids_ten_at_most() throws Exception {
    IntStream.range(0, 12)
        .mapToObj("img-%08d"::formatted)
        .forEach(id -> simulator.images().add(TencentImage.linux(id, "Debian 12", "Debian")));

    Resolution resolution = resolve(named("Debian 12"));

    assertThat(resolution.ids()).isEmpty();
    assertThat(resolution.findings())
        .singleElement()
        .satisfies(
            found -> {
              assertThat(found.kind()).isEqualTo(Finding.Kind.CORRECTABLE);
              assertThat(found.message())
                  .contains("12 are named", "img-00000009", "tencentCloud.imageId")
                  .doesNotContain("img-00000010");
              assertThat(found.message().length()).isLessThanOrEqualTo(512);
            });
  }

  @Test
  void what_the_cloud_lists_besides_is_not_taken() throws Exception {
    ReinstallSpec spec = named("Debian 12");
    CatalogueQuery byName = TencentCatalogue.imagesNamed(REGION, "Debian 12");
    answers.put(TencentCatalogue.someImages(REGION), CatalogueAnswer.of(List.of()));
    List<CatalogueEntry> similar =
        List.of(entry("img-similar1", "Debian 12 old"), entry("img-similar2", "debian 12"));
    answers.put(byName, CatalogueAnswer.of(similar));
    assertThat(TencentImageName.resolve(spec, answers).ids()).isEmpty();

    List<CatalogueEntry> exact =
        List.of(entry("img-similar1", "Debian 12 old"), entry("img-exact001", "Debian 12"));
    answers.put(byName, CatalogueAnswer.of(exact));
    assertThat(TencentImageName.resolve(spec, answers).ids())
        .isEqualTo(Map.of("imageId", "img-exact001"));
  }

  @Test
  void a_full_list_does_not_show_that_a_name_is_unique() throws Exception {
    ReinstallSpec spec = named("Debian 12");
    List<CatalogueEntry> full =
        IntStream.range(0, 100)
            .mapToObj(i -> entry("img-%08d".formatted(i), i == 0 ? "Debian 12" : "Debian 12 " + i))
            .toList();
    answers.put(TencentCatalogue.imagesNamed(REGION, "Debian 12"), CatalogueAnswer.of(full));

    Resolution resolution = TencentImageName.resolve(spec, answers);

    assertThat(resolution.ids()).isEmpty();
    assertThat(resolution.findings())
        .singleElement()
        .satisfies(found -> assertThat(found.message()).contains("fewer than 100 images"));
  }

  private static CatalogueEntry entry(String id, String name) {
    return new CatalogueEntry(id, Map.of("imageName", name, "imageState", "NORMAL"));
  }

  @Test
  void a_name_that_cannot_be_shown_in_full_is_no_match() throws Exception {
    simulator.images().add(TencentImage.linux("img-odd00001", "Debian\t12", "Debian"));
    assertThat(resolve(named("Debian 12")).ids()).isEmpty();
  }

  @Test
  void without_the_permission_nothing_can_be_started() throws Exception {
    simulator.always("DescribeImages", SimulatedFault.errorCode("UnauthorizedOperation"));
    ReinstallSpec spec = named("Debian 12");

    Resolution resolution = resolve(spec);

    assertThat(resolution.findings())
        .containsExactly(
            Finding.correctable(
                FIELD,
                "tencentCloud.image.name cannot be looked up: DescribeImages failed"
                    + " (UnauthorizedOperation). If a permission is missing, it is"
                    + " name/cvm:DescribeImages."));
    assertThat(check(spec, resolution)).isEmpty();
  }

  @Test
  void the_current_image_is_not_sent_in_place_of_a_name() throws Exception {
    ReinstallRequest request =
        new ReinstallRequest(named("Debian 12"), Map.of(), null, Instant.now());
    assertThatThrownBy(() -> ResetInstanceParameters.parameters(request))
        .isInstanceOfSatisfying(
            CloudException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NOT_SENT));
  }

  @Test
  void an_object_that_was_stored_without_the_schema_has_one_of_both() throws Exception {
    assertThat(cloud.validateSpec(spec("imageId: img-ubuntu22, image: {name: x}")))
        .contains("imageId and image are mutually exclusive");
    assertThat(cloud.validateSpec(named("x"))).isEmpty();
    assertThat(cloud.validateSpec(spec(""))).isEmpty();
  }
}
