package dev.reinstall.kubernetes;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.Reinstall;
import dev.reinstall.api.Server;
import dev.reinstall.api.ServerLedger;
import dev.reinstall.controlplane.CrudMock;
import dev.reinstall.ledger.Ledger;
import dev.reinstall.reconcile.ClaimRefusedException;
import dev.reinstall.reconcile.ConflictException;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Status;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class LedgerStoreTest {
  private static final Server SERVER =
      new Server(CloudName.TencentCloud, "ap-guangzhou", "ins-r8hr2upy");
  private static final String LEDGERS = "/apis/reinstall.dev/v1alpha1/serverledgers";
  private static final String CREATE = LEDGERS + "?fieldValidation=Strict";
  private static final String UPDATE =
      LEDGERS + "/" + SERVER.ledgerName() + "?fieldValidation=Strict";

  private final CrudMock cluster = CrudMock.start();
  private final Watch watch = new Watch(cluster);
  private final LedgerStore store = new LedgerStore(cluster.client(), watch);

  @AfterEach
  void close() {
    cluster.close();
  }

  @Test
  void a_server_without_a_ledger_has_an_empty_ledger() {
    assertThat(store.fetch(SERVER)).isEqualTo(Ledger.empty(SERVER));
    assertThat(store.cached(SERVER)).isEqualTo(Ledger.empty(SERVER));
  }

  @Test
  void a_ledger_that_was_written_is_read_as_it_was_written_again_and_from_the_watch()
      throws ConflictException {
    Ledger written = store.write(claims(Ledger.empty(SERVER), 1));

    assertThat(store.fetch(SERVER)).isEqualTo(written);
    assertThat(store.cached(SERVER)).isEqualTo(written);
    assertThat(written.claims()).isEqualTo(1);
  }

  @Test
  void labels_and_annotations_of_people_are_kept() throws ConflictException {
    store.write(claims(Ledger.empty(SERVER), 1));
    cluster
        .client()
        .resources(ServerLedger.class)
        .withName(SERVER.ledgerName())
        .edit(
            ledger -> {
              ledger.getMetadata().setAnnotations(Map.of(Ledger.HOLD, "repair"));
              ledger.getMetadata().setLabels(Map.of("rack", "r7"));
              return ledger;
            });

    Ledger written = store.write(claims(store.fetch(SERVER), 2));

    assertThat(store.fetch(SERVER)).isEqualTo(written);
    assertThat(written.metadata().annotations()).containsEntry(Ledger.HOLD, "repair");
    assertThat(written.metadata().labels()).containsEntry("rack", "r7");
  }

  @Test
  void a_ledger_that_labels_fill_is_not_claimed() {
    Map<String, String> labels =
        IntStream.range(0, 5000)
            .boxed()
            .collect(
                toMap(i -> "filled-by.example.com/" + "x".repeat(150) + i, i -> "x".repeat(60)));
    Ledger full =
        new Ledger(SERVER, new Ledger.Metadata("1", labels, Map.of()), null, 1, Map.of(), Map.of());

    assertThatThrownBy(() -> store.writeClaim(full))
        .isInstanceOf(ClaimRefusedException.class)
        .hasMessageContaining("1 MiB");
  }

  @Test
  void of_two_who_write_on_the_same_copy_one_loses() throws ConflictException {
    Ledger copy = store.write(claims(Ledger.empty(SERVER), 1));
    Ledger won = store.write(claims(copy, 2));

    assertThatThrownBy(() -> store.write(claims(copy, 3))).isInstanceOf(ConflictException.class);

    assertThat(store.fetch(SERVER)).isEqualTo(won);
  }

  @Test
  void of_two_who_start_the_ledger_one_loses() throws ConflictException {
    Ledger won = store.write(claims(Ledger.empty(SERVER), 1));

    assertThatThrownBy(() -> store.write(claims(Ledger.empty(SERVER), 2)))
        .isInstanceOf(ConflictException.class);

    assertThat(store.fetch(SERVER)).isEqualTo(won);
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 500, 503, 504})
  void an_answer_that_does_not_say_whether_it_was_written_is_a_conflict_and_never_a_yes(int code)
      throws ConflictException {
    Ledger copy = store.write(claims(Ledger.empty(SERVER), 1));
    cluster.refuseNext("PUT", UPDATE, code);

    assertThatThrownBy(() -> store.write(claims(copy, 2))).isInstanceOf(ConflictException.class);
    assertThat(store.cached(SERVER)).isEqualTo(copy);
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 404, 422})
  void what_the_api_refuses_permanently_ends_the_reconciliation_with_a_hint(int code) {
    cluster.refuseNext("POST", CREATE, code);

    assertThatThrownBy(() -> store.write(claims(Ledger.empty(SERVER), 1)))
        .isInstanceOf(ClusterRejectionException.class)
        .hasMessage(
            "The API server rejected ServerLedger tencentcloud.ap-guangzhou.ins-r8hr2upy-303c2a5a"
                + " (HTTP "
                + code
                + "): simulated");
  }

  @ParameterizedTest
  @MethodSource("dev.reinstall.kubernetes.CrdCompatibilityCheckTest#schemaRejections")
  void a_claim_that_an_older_crd_rejects_waits_until_the_crd_is_upgraded(Status rejection)
      throws Exception {
    cluster.refuseNext("POST", CREATE, rejection);

    assertThatThrownBy(() -> store.writeClaim(claims(Ledger.empty(SERVER), 1)))
        .isInstanceOf(ClaimRefusedException.class)
        .hasMessage(CrdCompatibilityCheckTest.CRD_OUTDATED);
    assertThat(store.fetch(SERVER)).isEqualTo(Ledger.empty(SERVER));

    assertThat(store.writeClaim(claims(Ledger.empty(SERVER), 1)).claims()).isEqualTo(1);
  }

  @ParameterizedTest
  @MethodSource("dev.reinstall.kubernetes.CrdCompatibilityCheckTest#denials")
  void a_claim_that_is_denied_for_another_reason_is_not_taken_for_an_older_crd(Status denial) {
    cluster.refuseNext("POST", CREATE, denial);

    assertThatThrownBy(() -> store.writeClaim(claims(Ledger.empty(SERVER), 1)))
        .isInstanceOf(ClusterRejectionException.class)
        .hasMessage(
            "The API server rejected ServerLedger tencentcloud.ap-guangzhou.ins-r8hr2upy-303c2a5a"
                + " (HTTP "
                + denial.getCode()
                + "): "
                + denial.getMessage());
    assertThat(store.fetch(SERVER)).isEqualTo(Ledger.empty(SERVER));
  }

  @Test
  void a_ledger_of_that_name_that_speaks_of_another_server_is_not_taken_for_this_ones() {
    ServerLedger foreign = new ServerLedger();
    foreign.setMetadata(new ObjectMetaBuilder().withName(SERVER.ledgerName()).build());
    foreign.setSpec(
        new ServerLedger.Spec(
            CloudName.TencentCloud, "ap-guangzhou", "ins-stranger", null, 0L, Map.of(), Map.of()));
    cluster.create(foreign);

    assertThatThrownBy(() -> store.fetch(SERVER))
        .isInstanceOf(ClusterRejectionException.class)
        .hasMessageStartingWith(
            "ServerLedger tencentcloud.ap-guangzhou.ins-r8hr2upy-303c2a5a has the name of the ledger"
                + " of this server, but its spec is that of TencentCloud/ap-guangzhou/ins-stranger."
                + " No request is sent.");
  }

  private static Ledger claims(Ledger copy, long claims) {
    return new Ledger(
        copy.server(),
        copy.metadata(),
        copy.namespace(),
        claims,
        copy.orders(),
        copy.additionalProperties());
  }

  /** The framework's watch, as far as the store uses it: it shows an update immediately. */
  static final class Watch extends InformerEventSource<ServerLedger, Reinstall> {
    private final Map<ResourceID, ServerLedger> known = new HashMap<>();

    Watch(CrudMock cluster) {
      super(
          InformerEventSourceConfiguration.from(ServerLedger.class, Reinstall.class)
              .withSecondaryToPrimaryMapper(resource -> Set.of())
              .build(),
          new EventSourceContext<>(null, null, cluster.client(), Reinstall.class));
    }

    @Override
    public boolean isRunning() {
      return true;
    }

    @Override
    public Optional<ServerLedger> get(ResourceID id) {
      return Optional.ofNullable(known.get(id));
    }

    @Override
    public void handleRecentResourceCreate(ResourceID id, ServerLedger created) {
      known.put(id, created);
    }

    @Override
    public void handleRecentResourceUpdate(
        ResourceID id, ServerLedger updated, ServerLedger previous) {
      known.put(id, updated);
    }
  }
}
