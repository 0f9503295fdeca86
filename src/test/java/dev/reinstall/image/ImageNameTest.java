package dev.reinstall.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The version has one place, the pom; what repeats it must be equal. */
class ImageNameTest {
  @Test
  void deploy_names_the_image_of_this_version() throws IOException {
    Map<?, ?> kustomization =
        Serialization.unmarshal(
            Files.readString(Path.of("deploy", "kustomization.yaml")), Map.class);

    assertThat(kustomization.get("images"))
        .isEqualTo(
            List.of(Map.of("name", "reinstall-operator", "newTag", OperatorImage.version())));
  }

  @Test
  void the_dates_in_the_image_are_those_in_the_jar() throws IOException {
    String date = Instant.ofEpochSecond(Long.parseLong(OperatorImage.DATE)).toString();

    assertThat(Files.readString(Path.of("pom.xml")))
        .contains("<project.build.outputTimestamp>" + date + "<");
    assertThat(Files.readString(Path.of("Containerfile")))
        .contains("ARG SOURCE_DATE_EPOCH=" + OperatorImage.DATE + "\n");
  }
}
