package dev.reinstall.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.controlplane.CrudMock;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReinstallCrdCheckTest {
  private static final String LIST = "/apis/reinstall.dev/v1alpha1/reinstalls?limit=1";

  @Test
  void a_missing_crd_is_named_with_what_to_apply() {
    try (CrudMock cluster = CrudMock.start()) {
      cluster.refuseNext("GET", LIST, 404);

      assertThat(ReinstallCrdCheck.problem(cluster.client(), List.of()))
          .contains(
              CrdCompatibilityCheckTest.CRD_OUTDATED
                  + " The API server does not have the kind Reinstall.");
    }
  }

  @Test
  void one_missing_in_a_watched_namespace_is_missing_everywhere() {
    try (CrudMock cluster = CrudMock.start()) {
      cluster.refuseNext("GET", LIST.replace("/reinstalls", "/namespaces/a/reinstalls"), 403);
      cluster.refuseNext("GET", LIST.replace("/reinstalls", "/namespaces/b/reinstalls"), 404);

      assertThat(ReinstallCrdCheck.problem(cluster.client(), List.of("a", "b"))).isPresent();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {403, 503})
  void where_the_list_fails_otherwise_the_watch_reports_it(int code) {
    try (CrudMock cluster = CrudMock.start()) {
      cluster.refuseNext("GET", LIST, code);

      assertThat(ReinstallCrdCheck.problem(cluster.client(), List.of())).isEmpty();
    }
  }
}
