package dev.reinstall.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.api.Phase;
import dev.reinstall.api.Reinstall;
import dev.reinstall.api.ServerLedger.Owner;
import dev.reinstall.controlplane.CrudMock;
import dev.reinstall.reconcile.ConflictException;
import dev.reinstall.reconcile.ReportedStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.IndexedResourceCache;
import io.javaoperatorsdk.operator.api.reconciler.ResourceOperations;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the framework receives; an IT shows that a real API server rejects a stale copy. */
class KubernetesGatewayTest {
  private static final ReportedStatus ORDERING =
      new ReportedStatus(
          Phase.Submitting,
          "Submitting",
          "the server is claimed",
          false,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.of(1L));

  private final List<Reinstall> written = new ArrayList<>();

  private final class Operations extends ResourceOperations<Reinstall> {
    Operations() {
      super(null);
    }

    @Override
    public Reinstall updatePrimaryStatus(Reinstall next) {
      written.add(next);
      return next;
    }
  }

  private KubernetesGateway world(Reinstall reinstall, KubernetesClient client) {
    return new KubernetesGateway(reinstall, context(client), null, null, null, null, Map.of());
  }

  @SuppressWarnings("unchecked")
  private Context<Reinstall> context(KubernetesClient client) {
    return (Context<Reinstall>)
        answering(
            Context.class,
            Map.of(
                "resourceOperations",
                Optional.of(new Operations()),
                "getClient",
                Optional.ofNullable(client),
                "getPrimaryCache",
                Optional.of(
                    answering(
                        IndexedResourceCache.class,
                        Map.of("get", Optional.of(Optional.empty()))))));
  }

  private static Object answering(Class<?> type, Map<String, Optional<?>> answers) {
    return Proxy.newProxyInstance(
        KubernetesGatewayTest.class.getClassLoader(),
        new Class<?>[] {type},
        (proxy, method, arguments) -> answers.get(method.getName()).orElseThrow());
  }

  @Test
  void a_status_is_written_with_the_resource_version_of_the_copy_it_was_decided_on()
      throws ConflictException {
    Reinstall copy =
        StatusReinstalls.with(StatusReinstalls.status("Pending", "ServerRunning", "it runs"));
    copy.getMetadata().setGeneration(2L);

    world(copy, null).commitStart(copy, ORDERING);
    world(copy, null).updateObservedGeneration(copy);

    assertThat(written)
        .hasSize(2)
        .allSatisfy(next -> assertThat(next.getMetadata().getResourceVersion()).isEqualTo("7"));
  }

  @Test
  void who_is_not_in_the_watch_is_asked_for_before_it_is_called_gone() {
    try (CrudMock cluster = CrudMock.start()) {
      cluster.create(MockedEnvironment.tencentOrder("web-1", "ins-r8hr2upy", "img-ubuntu22"));
      Reinstall there =
          cluster.client().resources(Reinstall.class).inNamespace("team-a").withName("web-1").get();
      KubernetesGateway world = world(there, cluster.client());

      String uid = there.getMetadata().getUid();
      assertThat(world.isDeleted(new Owner("team-a", "web-1", uid))).isFalse();
      assertThat(world.isDeleted(new Owner("team-a", "web-1", "another"))).isTrue();
      assertThat(world.isDeleted(new Owner("team-a", "web-2", uid))).isTrue();
    }
  }
}
