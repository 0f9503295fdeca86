package dev.reinstall.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The version that the tests run on is the one that the documentation calls tested. */
class KubernetesVersionsTest {
  @Test
  void the_table_names_the_version_that_the_tests_run_on() throws IOException {
    Matcher built =
        Pattern.compile("k8s.io/kubernetes v([0-9]+\\.[0-9]+)(\\.[0-9]+)\n")
            .matcher(Files.readString(Path.of(".ci/kube-apiserver/go.mod")));
    assertThat(built.find()).isTrue();

    assertThat(Files.readString(Path.of("docs/installation.md")))
        .contains("\n| %s | yes | %1$s%s,".formatted(built.group(1), built.group(2)));
  }
}
