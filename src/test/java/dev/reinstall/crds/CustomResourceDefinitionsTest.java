package dev.reinstall.crds;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CustomResourceDefinitionsTest {

  private static final String REGENERATE =
      "mvn test -Dtest=CustomResourceDefinitionsTest -Dregenerate";

  @Test
  void the_committed_crds_are_those_of_the_records() throws IOException {
    for (Map.Entry<Path, String> crd : CustomResourceDefinitions.generateWithPolicy().entrySet()) {
      if (Boolean.getBoolean("regenerate")) {
        Files.createDirectories(crd.getKey().getParent());
        Files.writeString(crd.getKey(), crd.getValue());
      }
      assertThat(crd.getKey())
          .withFailMessage(
              "%s is not what the records of dev.reinstall.api generate: run `%s` and commit it.",
              crd.getKey(), REGENERATE)
          .exists()
          .hasContent(crd.getValue());
    }
  }
}
