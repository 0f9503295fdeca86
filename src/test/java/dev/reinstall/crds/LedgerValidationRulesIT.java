package dev.reinstall.crds;

import static dev.reinstall.api.ServerLedger.State.Accepted;
import static dev.reinstall.api.ServerLedger.State.Failed;
import static dev.reinstall.api.ServerLedger.State.Installing;
import static dev.reinstall.api.ServerLedger.State.Released;
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
          Submitting, Set.of(Submitting, Accepted, Succeeded, Failed, Unknown, Released),
          Accepted, Set.of(Accepted, Installing, Succeeded, Failed, Unknown),
          Installing, Set.of(Installing, Succeeded, Failed, Unknown),
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
    String refusal = change(book(order(before)), book(order(after)));

    if (STEPS.get(before).contains(after)) {
      assertThat(refusal).isEmpty();
    } else {
      assertThat(refusal)
          .contains(
              "spec.orders",
              "the state must stay or advance; only a Released entry may be claimed again");
    }
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "UNRECOGNIZED")
  void only_a_settled_request_is_ever_taken_out(State state) {
    String alone = change(book(order(state)), "claims: 3");
    String withOthers =
        change(
            book(order(state), order("web-2", Released, "")), book(order("web-2", Released, "")));

    if (state.isOpen()) {
      assertThat(alone).contains("spec.orders", "an open entry must not be removed");
      assertThat(withOthers).contains("spec.orders", "an open entry must not be removed");
    } else {
      assertThat(alone + withOthers).isEmpty();
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
        "an Unknown entry may only be resolved, or get the requestId of a late response";
    String specHash = "specHash may only change in a Released entry";
    String oneOpen = "a server must have at most one open entry";
    String resending =
        "a resending entry must not be Released, because its first request may have been accepted";
    String server = " is immutable: a ServerLedger belongs to one server";
    return List.of(
        new Change(
            "a Succeeded order gets another requestId",
            book(order(Succeeded, "requestId: r-1")),
            book(order(Succeeded, "requestId: r-2")),
            settled),
        new Change(
            "a Failed order gets another message",
            book(order(Failed, "message: disk")),
            book(order(Failed)),
            settled),
        new Change(
            "another order is written beside a Succeeded one",
            book(order(Succeeded)),
            book(order(Succeeded), order("web-2", Submitting, "")),
            null),
        new Change(
            "an Unknown order gets the requestId it lacks",
            book(order(Unknown)),
            book(order(Unknown, "requestId: r-1, responseReceived: true")),
            null),
        new Change(
            "an Unknown order gets another requestId",
            book(order(Unknown, "requestId: r-1")),
            book(order(Unknown, "requestId: r-2")),
            unknown),
        new Change(
            "an Unknown order's adopted requestId gives way to that of the receipt",
            book(order(Unknown, "requestId: r-1, adopted: true")),
            book(order(Unknown, "requestId: r-2")),
            null),
        new Change(
            "an Unknown order was answered after all",
            book(order(Unknown, "requestId: r-1")),
            book(order(Unknown, "requestId: r-1, responseReceived: true")),
            null),
        new Change(
            "an Unknown order was answered and loses its requestId",
            book(order(Unknown, "requestId: r-1")),
            book(order(Unknown, "responseReceived: true")),
            unknown),
        new Change(
            "an Unknown order was answered and gets another requestId",
            book(order(Unknown, "requestId: r-1")),
            book(order(Unknown, "requestId: r-2, responseReceived: true")),
            unknown),
        new Change(
            "an Unknown order loses its requestId",
            book(order(Unknown, "requestId: r-1")),
            book(order(Unknown)),
            unknown),
        new Change(
            "an Unknown order loses its baseline",
            book(order(Unknown, "baseline: {operationId: op-1}")),
            book(order(Unknown)),
            unknown),
        new Change(
            "an Unknown order is resolved with all that is known by now",
            book(order(Unknown)),
            book(order(Succeeded, "requestId: r-1, completionTime: '2026-12-01T00:00:00Z'")),
            null),
        new Change(
            "an Unknown order is resolved as another order",
            book(order(Unknown)),
            book(order(Succeeded).replace("d1", "d2")),
            specHash),
        new Change(
            "the specHash of an order that may be under way is changed",
            book(order(Submitting)),
            book(order(Submitting).replace("d1", "d2")),
            specHash),
        new Change(
            "the specHash of an accepted order is computed in another way",
            book(order(Accepted)),
            book(order(Accepted).replace("specHashVersion: 1", "specHashVersion: 2")),
            specHash),
        new Change(
            "a Released order is claimed anew for something else",
            book(order(Released)),
            book(order(Submitting).replace("d1", "d2").replace("attempt: 1", "attempt: 2")),
            null),
        new Change(
            "a second order is opened",
            book(order(Installing)),
            book(order(Installing), order("web-2", Submitting, "")),
            oneOpen),
        new Change(
            "a second order holds the server",
            book(order(Installing)),
            book(order(Installing), order("web-2", Stopping, "")),
            oneOpen),
        new Change(
            "an order is opened beside one that holds the server",
            book(order(Stopping)),
            book(order(Stopping), order("web-2", Submitting, "")),
            oneOpen),
        new Change(
            "the specHash of an order that holds the server is changed",
            book(order(Stopping)),
            book(order(Submitting).replace("d1", "d2")),
            specHash),
        new Change(
            "the next order is opened as the first is settled",
            book(order(Installing)),
            book(order(Succeeded), order("web-2", Submitting, "")),
            null),
        new Change(
            "a resending order is given back",
            book(order(Submitting, "resending: true")),
            book(order(Released)),
            resending),
        new Change(
            "a resending order that became Unknown is given back",
            book(order(Unknown, "resending: true")),
            book(order(Released, "resending: true")),
            resending),
        new Change(
            "a resending order becomes Unknown",
            book(order(Submitting, "resending: true")),
            book(order(Unknown)),
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
            book(order("w".repeat(253), Submitting, "")),
            book(order("w".repeat(253), Accepted, "")),
            null),
        new Change(
            "a newer operator writes a field that this schema does not know",
            book(order(Submitting)),
            book(order(Submitting, "fromTheFuture: 1")),
            "unknown field \"spec.orders.web-1.fromTheFuture\""),
        new Change(
            "a word of a newer operator is written",
            book(order(Submitting)),
            book(order(Submitting).replace("Submitting", "UNRECOGNIZED")),
            "spec.orders.web-1.state: Unsupported value"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("changes")
  void a_change_is_accepted_only_if_it_forgets_nothing(Change change) {
    String refusal = change(change.before(), change.after());

    if (change.refusal() == null) {
      assertThat(refusal).isEmpty();
    } else {
      assertThat(refusal).contains(change.refusal());
    }
  }

  @Test
  void a_full_ledger_of_long_entries_is_still_within_the_budget_of_the_rules() {
    String cut =
        "requestId: %s, completionTime: '2026-12-01T00:00:00Z', notAfter: '2026-12-01T00:00:00Z'"
            .formatted(UUID.randomUUID());
    String[] settled =
        IntStream.range(0, 999)
            .mapToObj(i -> order("order-" + i, i % 2 == 0 ? Succeeded : Unknown, cut))
            .toArray(String[]::new);
    String past = String.join(", ", settled);

    assertThat(change(book(past, order(Submitting)), book(past, order(Accepted)))).isEmpty();
  }

  private static String order(State state) {
    return order(state, "");
  }

  private static String order(State state, String more) {
    return order("web-1", state, more);
  }

  private static String order(String name, State state, String more) {
    return """
        %s: {state: %s, specHash: d1, specHashVersion: 1, claimNumber: 1, attempt: 1,
          owner: {namespace: shop, name: web-1, uid: 7d0f5f3e}%s}"""
        .formatted(name, state, more.isEmpty() ? "" : ", " + more);
  }

  private static String book(String... orders) {
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

  private static ServerLedger ledger(String name, String book) {
    String server =
        Stream.of("cloud: TencentCloud", "region: ap-guangzhou", "instanceId: ins-r8hr2upy")
            .filter(part -> !book.contains(part.substring(0, part.indexOf(' '))))
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
                .formatted(name, server, book),
            ServerLedger.class);
  }
}
