package dev.reinstall.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.api.Reinstall;
import dev.reinstall.controlplane.CrudMock;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** (WatchedNamespacesIT shows it with a real API server.) */
class WatchedNamespacesTest {
  private static final List<String> BOTH = List.of("team-a", "team-b");

  private final CrudMock cluster = CrudMock.start();
  private final List<Set<String>> watched = new ArrayList<>();

  @AfterEach
  void close() {
    cluster.close();
  }

  @Test
  void those_that_may_be_watched_are_watched() {
    WatchedNamespaces namespaces = both();

    assertThat(namespaces.watched()).containsExactlyInAnyOrder("team-a", "team-b");
    assertThat(namespaces.problem()).isEmpty();
    namespaces.retry(watched::add);
    assertThat(watched).isEmpty();
  }

  @Test
  void one_that_is_denied_is_left_out_and_named_with_the_words_of_the_api_server() {
    deny("team-b");

    WatchedNamespaces namespaces = both();

    assertThat(namespaces.watched()).containsExactly("team-a");
    assertThat(namespaces.problem())
        .contains("not permitted to watch namespace team-b: no list in team-b");
  }

  @Test
  void it_is_watched_with_the_others_as_soon_as_it_is_permitted() {
    deny("team-b");
    WatchedNamespaces namespaces = both();
    deny("team-b");

    namespaces.retry(watched::add);
    assertThat(watched).as("still denied").isEmpty();

    namespaces.retry(watched::add);
    namespaces.retry(watched::add);

    assertThat(watched).containsExactly(Set.of("team-a", "team-b"));
    assertThat(namespaces.watched()).containsExactlyInAnyOrder("team-a", "team-b");
    assertThat(namespaces.problem()).isEmpty();
  }

  @Test
  void one_that_cannot_be_watched_yet_leaves_the_others_watched_and_is_tried_again() {
    deny("team-b");
    WatchedNamespaces namespaces = both();

    namespaces.retry(
        with -> {
          watched.add(with);
          if (with.size() == 2) {
            throw new IllegalStateException("simulated");
          }
        });

    assertThat(watched).containsExactly(Set.of("team-a", "team-b"), Set.of("team-a"));
    assertThat(namespaces.watched()).containsExactly("team-a");
    assertThat(namespaces.problem()).isPresent();

    namespaces.retry(watched::add);
    assertThat(namespaces.problem()).isEmpty();
  }

  @Test
  void one_that_may_be_listed_and_not_watched_is_left_out_too() {
    String version =
        cluster
            .client()
            .resources(Reinstall.class)
            .inNamespace("team-b")
            .list()
            .getMetadata()
            .getResourceVersion();
    refuse(
        "team-b",
        403,
        "allowWatchBookmarks=true&resourceVersion=" + version + "&timeoutSeconds=1&watch=true");

    assertThat(both().watched()).containsExactly("team-a");
  }

  /** An empty set would be all namespaces. */
  @Test
  void where_none_may_be_watched_the_start_is_to_fail_with_those_that_are_configured() {
    deny("team-a");
    deny("team-b");

    WatchedNamespaces namespaces = both();

    assertThat(namespaces.watched()).containsExactlyInAnyOrder("team-a", "team-b");
    assertThat(namespaces.problem()).isEmpty();
  }

  @Test
  void a_failure_that_is_no_denial_leaves_none_out() {
    refuse("team-b", 500);

    assertThat(both().watched()).containsExactlyInAnyOrder("team-a", "team-b");
  }

  private WatchedNamespaces both() {
    return new WatchedNamespaces(cluster.client(), BOTH);
  }

  private void deny(String namespace) {
    refuse(namespace, 403);
  }

  private void refuse(String namespace, int code) {
    refuse(namespace, code, "limit=1");
  }

  private void refuse(String namespace, int code, String query) {
    cluster.refuseNext(
        "GET",
        "/apis/reinstall.dev/v1alpha1/namespaces/" + namespace + "/reinstalls?" + query,
        new StatusBuilder().withCode(code).withMessage("no list in " + namespace).build());
  }
}
