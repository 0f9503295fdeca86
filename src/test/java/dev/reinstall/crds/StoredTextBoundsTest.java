package dev.reinstall.crds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.api.StoredText;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a cloud says is cut to what the schema stores, and no shorter. */
class StoredTextBoundsTest {
  private static final Map<String, JSONSchemaProps> SCHEMAS = Schemas.byPath();
  private static final Map<String, Integer> BOUNDS =
      Map.of(
          "ID", StoredText.ID,
          "TIME", StoredText.TIME,
          "INSTALLED", StoredText.INSTALLED,
          "STATE", StoredText.STATE,
          "MESSAGE", StoredText.MESSAGE);

  @ParameterizedTest
  @CsvSource({
    "ServerLedger.spec.orders{}.requestId, ID",
    "ServerLedger.spec.orders{}.stop.requestId, ID",
    "ServerLedger.spec.orders{}.start.requestId, ID",
    "ServerLedger.spec.orders{}.baseline.operationId, ID",
    "ServerLedger.spec.orders{}.baseline.updateTime, TIME",
    "ServerLedger.spec.orders{}.baseline.installed{}, INSTALLED",
    "ServerLedger.spec.orders{}.message, MESSAGE",
    "Reinstall.status.requestId, ID",
    "Reinstall.status.message, MESSAGE",
    "Reinstall.status.server.power, STATE",
    "Reinstall.status.server.installed{}, INSTALLED"
  })
  void a_field_takes_what_is_kept_of_a_text(String path, String bound) {
    assertThat(SCHEMAS).containsKey(path);
    assertThat(SCHEMAS.get(path).getMaxLength()).isEqualTo((long) BOUNDS.get(bound));
  }
}
