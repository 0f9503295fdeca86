package dev.reinstall.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.controlplane.CrudMock;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LeaderLeaseTest {
  private static final String NAMESPACE = "reinstall-system";

  private final CrudMock cluster = CrudMock.start();
  private final LeaderLease lease = new LeaderLease(cluster.client(), NAMESPACE, "replica-1");

  @AfterEach
  void close() {
    cluster.close();
  }

  @Test
  void its_own_lease_has_no_holder_any_more() {
    leaseOf("replica-1");

    lease.release();

    assertThat(holder()).isNull();
  }

  @Test
  void the_lease_of_another_replica_is_left_alone() {
    leaseOf("replica-2");

    lease.release();

    assertThat(holder()).isEqualTo("replica-2");
  }

  @Test
  void where_there_is_none_nothing_is_made() {
    lease.release();

    assertThat(cluster.client().leases().inNamespace(NAMESPACE).list().getItems()).isEmpty();
  }

  @Test
  void an_api_server_that_does_not_respond_is_not_a_failure() {
    cluster.close();

    lease.release();
  }

  private void leaseOf(String holder) {
    ZonedDateTime now = ZonedDateTime.now(ZoneOffset.UTC);
    cluster.create(
        new LeaseBuilder()
            .withNewMetadata()
            .withNamespace(NAMESPACE)
            .withName(LeaderLease.NAME)
            .endMetadata()
            .withNewSpec()
            .withHolderIdentity(holder)
            .withLeaseDurationSeconds(36)
            .withRenewTime(now)
            .endSpec()
            .build());
  }

  private String holder() {
    return cluster
        .client()
        .leases()
        .inNamespace(NAMESPACE)
        .withName(LeaderLease.NAME)
        .get()
        .getSpec()
        .getHolderIdentity();
  }
}
