package dev.reinstall.crds;

import static dev.reinstall.api.ServerLedger.State.Accepted;
import static dev.reinstall.api.ServerLedger.State.Failed;
import static dev.reinstall.api.ServerLedger.State.Installing;
import static dev.reinstall.api.ServerLedger.State.RejectedBusy;
import static dev.reinstall.api.ServerLedger.State.Released;
import static dev.reinstall.api.ServerLedger.State.Starting;
import static dev.reinstall.api.ServerLedger.State.Stopping;
import static dev.reinstall.api.ServerLedger.State.Submitting;
import static dev.reinstall.api.ServerLedger.State.Succeeded;
import static dev.reinstall.api.ServerLedger.State.Unknown;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.reinstall.api.ServerLedger;
import dev.reinstall.api.ServerLedger.State;
import dev.reinstall.controlplane.ControlPlane;
import dev.reinstall.controlplane.NeedsControlPlane;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.FieldValidateable.Validation;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The ledger's CEL rules, which hold even if an operator or a user is wrong: each change is a
 * strict PUT to a real API server, as the operator does it.
 */
@Tag("deep")
@NeedsControlPlane
class LedgerValidationRulesIT {

  private static final Map<State, Set<State>> STEPS =
      Map.of(
          Stopping, Set.of(Stopping, Submitting, Unknown, Released),
          Submitting,
              Set.of(Submitting, RejectedBusy, Accepted, Succeeded, Failed, Unknown, Released),
          RejectedBusy, Set.of(RejectedBusy, Submitting, Accepted, Unknown, Released),
          Accepted, Set.of(Accepted, Installing, Starting, Succeeded, Failed, Unknown),
          Installing, Set.of(Installing, Starting, Succeeded, Failed, Unknown),
          Starting, Set.of(Starting, Succeeded),
          Succeeded, Set.of(Succeeded),
          Failed, Set.of(Failed),
          Unknown, Set.of(Unknown, Succeeded, Failed, Released),
          Released, Set.of(Released, Stopping, Submitting));

  private static KubernetesClient client;

  @BeforeAll
  static void install() {
    ControlPlane plane = ControlPlane.shared();
    InstalledCrds.in(plane);
    client = plane.client();
  }

  static Stream<Arguments> steps() {
    return STEPS.keySet().stream()
        .flatMap(before -> STEPS.keySet().stream().map(after -> arguments(before, after)));
  }

  @ParameterizedTest(name = "{0} to {1}")
  @MethodSource("steps")
  void a_request_takes_the_steps_that_are_allowed_and_no_other(State before, State after) {
    String rejection = change(ledgerYaml(request(before)), ledgerYaml(request(after)));

    if (STEPS.get(before).contains(after)) {
      assertThat(rejection).isEmpty();
    } else {
      assertThat(rejection)
          .contains(
              "spec.orders",
              "the state must stay or advance; only a Released entry may be claimed again");
    }
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "UNRECOGNIZED")
  void only_a_claim_takes_out_an_entry_and_only_a_settled_one(State state) {
    String alone = change(ledgerYaml(request(state)), "claims: 3");
    String withOthers =
        change(
            ledgerYaml(request(state), request("web-2", Released, "")),
            ledgerYaml(request("web-2", Released, "")));
    String byAClaim = change(ledgerYaml(request(state)), "claims: 4");

    String message = "an entry must not be removed, because its request could then be submitted";
    assertThat(alone).contains("spec.orders", message);
    assertThat(withOthers).contains("spec.orders", message);
    if (state.isOpen()) {
      assertThat(byAClaim).contains("spec.orders", "an open entry must not be removed");
    } else {
      assertThat(byAClaim).isEmpty();
    }
  }

  /** A change of the ledger, and a part of the rejection; null if it is accepted. */
  record Change(String story, String before, String after, String refusal) {
    @Override
    public String toString() {
      return story;
    }
  }

  static List<Change> changes() {
    String settled = "a Succeeded or Failed entry is immutable";
    String unknown =
        "an Unknown entry may only be resolved, or get evidence or the requestId of a late response";
    String specHash = "specHash may only change in a Released entry";
    String oneOpen = "a server must have at most one open entry";
    String resending =
        "a resending entry must not be Released, because its first request may have been accepted";
    String server = " is immutable: a ServerLedger belongs to one server";
    return List.of(
        new Change(
            "a Succeeded order gets another requestId",
            ledgerYaml(request(Succeeded, "requestId: r-1")),
            ledgerYaml(request(Succeeded, "requestId: r-2")),
            settled),
        new Change(
            "a Failed order gets another message",
            ledgerYaml(request(Failed, "message: disk")),
            ledgerYaml(request(Failed)),
            settled),
        new Change(
            "another order is written beside a Succeeded one",
            ledgerYaml(request(Succeeded)),
            ledgerYaml(request(Succeeded), request("web-2", Submitting, "")),
            null),
        new Change(
            "an Unknown order gets the requestId it lacks",
            ledgerYaml(request(Unknown)),
            ledgerYaml(request(Unknown, "requestId: r-1, responseReceived: true")),
            null),
        new Change(
            "an Unknown order gets another requestId",
            ledgerYaml(request(Unknown, "requestId: r-1")),
            ledgerYaml(request(Unknown, "requestId: r-2")),
            unknown),
        new Change(
            "an Unknown order gets evidence of its installation",
            ledgerYaml(request(Unknown, "requestId: r-1")),
            ledgerYaml(request(Unknown, "requestId: r-1, evidence: {kind: Changed}")),
            null),
        new Change(
            "an Unknown order gets better evidence of its installation",
            ledgerYaml(request(Unknown, "evidence: {kind: Changed}")),
            ledgerYaml(request(Unknown, "evidence: {kind: Transition}")),
            null),
        new Change(
            "an Unknown order gets evidence and loses its requestId",
            ledgerYaml(request(Unknown, "requestId: r-1")),
            ledgerYaml(request(Unknown, "evidence: {kind: Changed}")),
            unknown),
        new Change(
            "an Unknown order loses its evidence",
            ledgerYaml(request(Unknown, "evidence: {kind: Changed}")),
            ledgerYaml(request(Unknown)),
            unknown),
        new Change(
            "an Unknown order's adopted requestId gives way to that of the receipt",
            ledgerYaml(request(Unknown, "requestId: r-1, adopted: true")),
            ledgerYaml(request(Unknown, "requestId: r-2")),
            null),
        new Change(
            "an Unknown order was answered after all",
            ledgerYaml(request(Unknown, "requestId: r-1")),
            ledgerYaml(request(Unknown, "requestId: r-1, responseReceived: true")),
            null),
        new Change(
            "an Unknown order was answered and loses its requestId",
            ledgerYaml(request(Unknown, "requestId: r-1")),
            ledgerYaml(request(Unknown, "responseReceived: true")),
            unknown),
        new Change(
            "an Unknown order was answered and gets another requestId",
            ledgerYaml(request(Unknown, "requestId: r-1")),
            ledgerYaml(request(Unknown, "requestId: r-2, responseReceived: true")),
            unknown),
        new Change(
            "an Unknown order loses its requestId",
            ledgerYaml(request(Unknown, "requestId: r-1")),
            ledgerYaml(request(Unknown)),
            unknown),
        new Change(
            "an Unknown order loses its baseline",
            ledgerYaml(request(Unknown, "baseline: {operationId: op-1}")),
            ledgerYaml(request(Unknown)),
            unknown),
        new Change(
            "an Unknown order is resolved with all that is known by now",
            ledgerYaml(request(Unknown)),
            ledgerYaml(
                request(Succeeded, "requestId: r-1, completionTime: '2026-12-01T00:00:00Z'")),
            null),
        new Change(
            "an Unknown order is resolved as another order",
            ledgerYaml(request(Unknown)),
            ledgerYaml(request(Succeeded).replace("d1", "d2")),
            specHash),
        new Change(
            "the specHash of an order that may be under way is changed",
            ledgerYaml(request(Submitting)),
            ledgerYaml(request(Submitting).replace("d1", "d2")),
            specHash),
        new Change(
            "the specHash of an accepted order is computed in another way",
            ledgerYaml(request(Accepted)),
            ledgerYaml(request(Accepted).replace("specHashVersion: 1", "specHashVersion: 2")),
            specHash),
        new Change(
            "a Released order is claimed anew for something else",
            ledgerYaml(request(Released)),
            ledgerYaml(request(Submitting).replace("d1", "d2").replace("attempt: 1", "attempt: 2")),
            null),
        new Change(
            "a second order is opened",
            ledgerYaml(request(Installing)),
            ledgerYaml(request(Installing), request("web-2", Submitting, "")),
            oneOpen),
        new Change(
            "a second order holds the server",
            ledgerYaml(request(Installing)),
            ledgerYaml(request(Installing), request("web-2", Stopping, "")),
            oneOpen),
        new Change(
            "an order is opened beside one that holds the server",
            ledgerYaml(request(Stopping)),
            ledgerYaml(request(Stopping), request("web-2", Submitting, "")),
            oneOpen),
        new Change(
            "the specHash of an order that holds the server is changed",
            ledgerYaml(request(Stopping)),
            ledgerYaml(request(Submitting).replace("d1", "d2")),
            specHash),
        new Change(
            "the next order is opened as the first is settled",
            ledgerYaml(request(Installing)),
            ledgerYaml(request(Succeeded), request("web-2", Submitting, "")),
            null),
        new Change(
            "a resending order is given back",
            ledgerYaml(request(Submitting, "resending: true")),
            ledgerYaml(request(Released)),
            resending),
        new Change(
            "a resending order that became Unknown is given back",
            ledgerYaml(request(Unknown, "resending: true")),
            ledgerYaml(request(Released, "resending: true")),
            resending),
        new Change(
            "a resending order becomes Unknown",
            ledgerYaml(request(Submitting, "resending: true")),
            ledgerYaml(request(Unknown)),
            null),
        new Change("the claims go down", "claims: 3", "claims: 2", "claims must not decrease"),
        new Change("the claims go up", "claims: 3", "claims: 4", null),
        new Change(
            "the cloud is changed",
            "claims: 3",
            "claims: 3, cloud: JDCloud",
            "spec.cloud: Invalid value: cloud" + server),
        new Change(
            "the region is changed",
            "claims: 3",
            "claims: 3, region: ap-shanghai",
            "spec.region: Invalid value: region" + server),
        new Change(
            "the server is changed",
            "claims: 3",
            "claims: 3, instanceId: ins-00000000",
            "spec.instanceId: Invalid value: instanceId" + server),
        new Change(
            "an order has a name of 253 characters",
            ledgerYaml(request("w".repeat(253), Submitting, "")),
            ledgerYaml(request("w".repeat(253), Accepted, "")),
            null),
        new Change(
            "a newer operator writes a field that this schema does not know",
            ledgerYaml(request(Submitting)),
            ledgerYaml(request(Submitting, "fromTheFuture: 1")),
            "unknown field \"spec.orders.web-1.fromTheFuture\""),
        new Change(
            "a word of a newer operator is written",
            ledgerYaml(request(Submitting)),
            ledgerYaml(request(Submitting).replace("Submitting", "UNRECOGNIZED")),
            "spec.orders.web-1.state: Unsupported value"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("changes")
  void a_change_is_accepted_only_if_it_forgets_nothing(Change change) {
    String rejection = change(change.before(), change.after());

    if (change.refusal() == null) {
      assertThat(rejection).isEmpty();
    } else {
      assertThat(rejection).contains(change.refusal());
    }
  }

  @Test
  void a_full_ledger_of_long_entries_is_still_within_the_budget_of_the_rules() {
    String cut =
        "requestId: %s, completionTime: '2026-12-01T00:00:00Z', notAfter: '2026-12-01T00:00:00Z'"
            .formatted(UUID.randomUUID());
    String[] settled =
        IntStream.range(0, 999)
            .mapToObj(i -> request("order-" + i, i % 2 == 0 ? Succeeded : Unknown, cut))
            .toArray(String[]::new);
    String past = String.join(", ", settled);

    assertThat(change(ledgerYaml(past, request(Submitting)), ledgerYaml(past, request(Accepted))))
        .isEmpty();
  }

  private static String request(State state) {
    return request(state, "");
  }

  private static String request(State state, String more) {
    return request("web-1", state, more);
  }

  private static String request(String name, State state, String more) {
    return """
        %s: {state: %s, specHash: d1, specHashVersion: 1, claimNumber: 1, attempt: 1,
          owner: {namespace: shop, name: web-1, uid: 7d0f5f3e}%s}"""
        .formatted(name, state, more.isEmpty() ? "" : ", " + more);
  }

  private static String ledgerYaml(String... orders) {
    return Stream.of(orders).collect(joining(", ", "claims: 3, orders: {", "}"));
  }

  /** The API server's response to the change: empty if it is accepted. */
  private static String change(String before, String after) {
    String name = UUID.randomUUID().toString();
    client.resource(ledger(name, before)).fieldValidation(Validation.STRICT).create();
    try {
      client.resource(ledger(name, after)).fieldValidation(Validation.STRICT).update();
      return "";
    } catch (KubernetesClientException refusal) {
      return refusal.getMessage();
    }
  }

  private static ServerLedger ledger(String name, String ledger) {
    String server =
        Stream.of("cloud: TencentCloud", "region: ap-guangzhou", "instanceId: ins-r8hr2upy")
            .filter(part -> !ledger.contains(part.substring(0, part.indexOf(' '))))
            .collect(joining(", "));
    return client
        .getKubernetesSerialization()
        .unmarshal(
            """
            apiVersion: reinstall.dev/v1alpha1
            kind: ServerLedger
            metadata: {name: %s}
            spec: {%s, %s}
            """
                .formatted(name, server, ledger),
            ServerLedger.class);
  }
}
