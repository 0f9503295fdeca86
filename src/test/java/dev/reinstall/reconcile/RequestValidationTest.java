package dev.reinstall.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.Reinstall;
import dev.reinstall.api.ReinstallSpec;
import dev.reinstall.api.ReinstallSpec.WhenRunning;
import dev.reinstall.cloud.CloudProvider;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Objects that were stored without the rules of the schema. */
class RequestValidationTest {
  private static final Instant CREATED = Instant.parse("2026-09-01T10:00:00Z");

  /** To which everything is valid. */
  private static final CloudProvider CLOUD =
      (CloudProvider)
          Proxy.newProxyInstance(
              CloudProvider.class.getClassLoader(),
              new Class<?>[] {CloudProvider.class},
              (proxy, method, arguments) -> Optional.empty());

  @Test
  void a_name_that_a_tool_makes_is_invalid() {
    Reinstall reinstall = reinstall(CREATED, null);
    reinstall.getMetadata().setGenerateName("web-");

    assertThat(validate(reinstall))
        .contains(
            "metadata.generateName must not be set, because each new name is a new reinstall: set"
                + " metadata.name");
  }

  /** A ledger keeps an entry until a day after it. */
  @Test
  void not_after_is_at_most_366_days_after_the_creation() {
    Instant last = CREATED.plus(Duration.ofDays(366));

    assertThat(validate(reinstall(last, null))).isEmpty();
    assertThat(validate(reinstall(last.plusSeconds(1), null)))
        .contains("notAfter must be at most 366 days after the Reinstall is created");
  }

  @ParameterizedTest
  @EnumSource(names = {"TencentCloud", "JDCloud"})
  void preconditions_that_require_nothing_are_no_gate_and_so_invalid(CloudName cloud) {
    Map<String, Object> empty = new HashMap<>();
    empty.put(cloud.preconditions().get(0).field(), null);
    Map<String, Object> filled = Map.of(cloud.preconditions().get(0).field(), "os-1");

    assertThat(validate(reinstall(cloud, CREATED, filled))).isEmpty();
    for (Map<String, Object> nothing : List.of(Map.<String, Object>of(), empty)) {
      assertThat(validate(reinstall(cloud, CREATED, nothing)))
          .contains(
              "preconditions must contain what must be installed, or what the server must be called");
    }
  }

  @Test
  void the_block_of_the_cloud_must_be_there() {
    Reinstall reinstall = reinstall(CREATED, null);
    ReinstallSpec spec = reinstall.getSpec();
    reinstall.setSpec(
        new ReinstallSpec(
            spec.cloud(),
            spec.region(),
            spec.instanceId(),
            spec.credentialsRef(),
            spec.notAfter(),
            null,
            CoreReinstalls.of(CloudName.JDCloud, "os-1", CREATED, WhenRunning.Wait, false)
                .jdCloud(),
            null,
            null,
            null,
            null,
            null,
            null,
            Map.of()));

    assertThat(validate(reinstall)).contains("tencentCloud must be set");
  }

  private static Optional<String> validate(Reinstall reinstall) {
    return RequestValidation.validate(reinstall, CLOUD, CREATED.plusSeconds(10));
  }

  private static Reinstall reinstall(Instant notAfter, Map<String, Object> preconditions) {
    return reinstall(CloudName.TencentCloud, notAfter, preconditions);
  }

  private static Reinstall reinstall(
      CloudName cloud, Instant notAfter, Map<String, Object> preconditions) {
    ReinstallSpec spec =
        CoreReinstalls.of(cloud, "img-pmqg1cw7", notAfter, WhenRunning.Wait, false);
    Reinstall reinstall = new Reinstall();
    reinstall.setMetadata(
        new ObjectMetaBuilder().withName("web").withCreationTimestamp(CREATED.toString()).build());
    reinstall.setSpec(
        InMemoryCluster.with(spec, spec.whenRunning(), spec.powerAfter(), preconditions, false));
    return reinstall;
  }
}
