package dev.reinstall.exploration;

import dev.reinstall.api.Phase;
import dev.reinstall.api.ReinstallStatus;
import dev.reinstall.cloud.Observation.Power;
import dev.reinstall.ledger.Ledger;
import dev.reinstall.reconcile.CoreReinstalls;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** What a user may do, at any time. */
final class UserActions {
  private final EventEffects effects;
  private final Bound bound;
  private final List<String> places;

  UserActions(EventEffects effects) {
    this.effects = effects;
    bound = effects.bound;
    places = effects.places;
  }

  void act(ModelState state, NextEvents.Sink sink) {
    for (int p = 0; p < places.size(); p++) {
      int place = p;
      if (bound.powerless() != null && !bound.isPowerless(places.get(p))) {
        continue;
      }
      Optional<Item> now = state.item(p).value;
      if (now.isEmpty()) {
        act(state, "creates " + places.get(p), sink, s -> create(s, place, "img-new"));
        act(
            state,
            "creates " + places.get(p) + " with other contents",
            sink,
            s -> create(s, place, "img-other"));
        continue;
      }
      Item item = now.get();
      boolean suspend = !item.spec().suspended();
      act(state, "deletes " + places.get(p), sink, s -> delete(s, place));
      act(
          state,
          (suspend ? "suspends " : "releases ") + places.get(p),
          sink,
          s ->
              effects.put(
                  s,
                  place,
                  Optional.of(item.with(CoreReinstalls.suspended(item.spec(), suspend)))));
      if (item.status() != null) {
        act(
            state,
            "restores " + places.get(p) + " without its status",
            sink,
            s -> edit(s, place, null));
      }
      for (Phase phase : List.of(Phase.Pending, Phase.Installing, Phase.Succeeded)) {
        act(
            state,
            "edits the status of " + places.get(p) + " to " + phase,
            sink,
            s -> edit(s, place, phase));
      }
    }
    if (bound.powerless() == null) {
      actElsewhere(state, sink);
    }
  }

  /** What nobody can do who may only create Reinstalls. */
  private void actElsewhere(ModelState state, NextEvents.Sink sink) {
    List<String> namespaces = places.stream().map(Bound::namespace).distinct().toList();
    for (String namespace : namespaces.size() > 1 ? namespaces : List.<String>of()) {
      act(
          state,
          "gives the server to " + namespace,
          sink,
          s -> effects.shelve(s, effects.replays.kept(granted(s.ledger(), namespace))));
    }
    Set<Interned<Ledger>> older = new LinkedHashSet<>(state.ledgers.value);
    older.add(effects.replays.kept(Ledger.empty(state.ledger().server())));
    older.remove(state.ledgers.value.get(0));
    for (Interned<Ledger> ledger : older) {
      act(
          state,
          "restores the ledger to: "
              + StoryText.text(Ledger.empty(state.ledger().server()), ledger.value),
          sink,
          s -> {
            s.reference = effects.kept(withoutLedger(s.reference.value));
            effects.shelve(s, ledger);
          });
    }
    ServerState server = state.server.value;
    if (server.work() == null) {
      for (String image : List.of("img-new", "img-third")) {
        act(
            state,
            "resets the server by hand to " + image,
            sink,
            s -> {
              s.reference = effects.kept(s.reference.value.resettingByHand());
              s.server = effects.kept(server.resetByHand(image));
            });
      }
      if (server.power() != Power.BROKEN) {
        Power to = server.power() == Power.STOPPED ? Power.RUNNING : Power.STOPPED;
        act(
            state,
            "makes the server " + to,
            sink,
            s -> s.server = effects.kept(server.switchedByHand(to)));
      }
    }
    if (state.secrets < 2 && bound.jd()) {
      act(state, "changes the Secret", sink, s -> s.secrets++);
    }
  }

  /** A namesake's status reports no submit: without the ledger nothing does. */
  private ReferenceModel withoutLedger(ReferenceModel reference) {
    ReferenceModel next = reference.tampering();
    for (int p = 0; p < places.size(); p++) {
      for (int other = 0; other < p; other++) {
        if (effects.name(p).equals(effects.name(other))) {
          next = next.withoutWitness(effects.name(p));
        }
      }
    }
    return next;
  }

  private static Ledger granted(Ledger now, String namespace) {
    return new Ledger(
        now.server(),
        Ledger.Metadata.NONE,
        namespace,
        now.claims(),
        now.orders(),
        now.additionalProperties());
  }

  private void act(ModelState state, String what, NextEvents.Sink sink, Consumer<ModelState> how) {
    ModelState next = state.copy();
    next.acts--;
    how.accept(next);
    sink.accept(next, () -> "a user " + what);
  }

  private void create(ModelState state, int p, String image) {
    int last =
        state.items[p].value.stream()
            .flatMap(k -> k.value.stream())
            .mapToInt(Item::uid)
            .max()
            .orElse(0);
    if (last > 0) {
      state.reference = effects.kept(state.reference.value.withoutWitness(effects.name(p)));
    }
    state.reference = effects.kept(state.reference.value.editing(places.get(p), false));
    effects.put(state, p, Optional.of(effects.item(p, last + 1, image)));
  }

  private void delete(ModelState state, int p) {
    state.reference = effects.kept(state.reference.value.withoutWitness(effects.name(p)));
    effects.put(state, p, Optional.empty());
  }

  private void edit(ModelState state, int p, Phase phase) {
    Item now = state.item(p).value.orElseThrow();
    state.reference =
        effects.kept(
            state.reference.value.withoutWitness(effects.name(p)).editing(places.get(p), true));
    ReinstallStatus status =
        phase == null
            ? null
            : new ReinstallStatus(
                1L, phase.name(), "Edited", "", null, null, null, null, null, null, null);
    effects.put(state, p, Optional.of(now.with(status)));
  }
}
