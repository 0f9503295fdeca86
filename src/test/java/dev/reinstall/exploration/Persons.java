package dev.reinstall.exploration;

import dev.reinstall.api.Phase;
import dev.reinstall.api.ReinstallStatus;
import dev.reinstall.cloud.Observation.Power;
import dev.reinstall.lifecycle.CoreReinstalls;
import dev.reinstall.lifecycle.Ledger;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** What a person may do, at any time. */
final class Persons {
  private final Effects effects;
  private final Bound bound;
  private final List<String> places;

  Persons(Effects effects) {
    this.effects = effects;
    bound = effects.bound;
    places = effects.places;
  }

  void act(Scene scene, Moves.Sink sink) {
    for (int p = 0; p < places.size(); p++) {
      int place = p;
      Optional<Thing> now = scene.thing(p).value;
      if (now.isEmpty()) {
        act(scene, "creates " + places.get(p), sink, s -> create(s, place, "img-new"));
        act(
            scene,
            "creates " + places.get(p) + " with other contents",
            sink,
            s -> create(s, place, "img-other"));
        continue;
      }
      Thing thing = now.get();
      boolean suspend = !thing.spec().suspended();
      act(scene, "deletes " + places.get(p), sink, s -> delete(s, place));
      act(
          scene,
          (suspend ? "suspends " : "releases ") + places.get(p),
          sink,
          s ->
              effects.put(
                  s,
                  place,
                  Optional.of(thing.with(CoreReinstalls.suspended(thing.spec(), suspend)))));
      if (thing.status() != null) {
        act(
            scene,
            "restores " + places.get(p) + " without its status",
            sink,
            s -> edit(s, place, null));
      }
      for (Phase phase : List.of(Phase.Pending, Phase.Installing, Phase.Succeeded)) {
        act(
            scene,
            "edits the status of " + places.get(p) + " to " + phase,
            sink,
            s -> edit(s, place, phase));
      }
    }
    Set<Kept<Ledger>> older = new LinkedHashSet<>(scene.books.value);
    older.add(effects.passages.kept(Ledger.empty(scene.book().server())));
    older.remove(scene.books.value.get(0));
    for (Kept<Ledger> book : older) {
      act(
          scene,
          "puts the ledger back to: " + Words.said(Ledger.empty(scene.book().server()), book.value),
          sink,
          s -> {
            s.ghost = effects.kept(s.ghost.value.tampering());
            effects.shelve(s, book);
          });
    }
    ServerState server = scene.server.value;
    if (server.work() == null) {
      for (String image : List.of("img-new", "img-third")) {
        act(
            scene,
            "resets the server by hand to " + image,
            sink,
            s -> {
              s.ghost = effects.kept(s.ghost.value.resettingByHand());
              s.server = effects.kept(server.resetByHand(image));
            });
      }
      if (server.power() != Power.BROKEN) {
        Power to = server.power() == Power.STOPPED ? Power.RUNNING : Power.STOPPED;
        act(
            scene,
            "makes the server " + to,
            sink,
            s -> s.server = effects.kept(server.switchedByHand(to)));
      }
    }
    if (scene.secrets < 2 && bound.jd()) {
      act(scene, "changes the Secret", sink, s -> s.secrets++);
    }
  }

  private void act(Scene scene, String what, Moves.Sink sink, Consumer<Scene> how) {
    Scene next = scene.copy();
    next.acts--;
    how.accept(next);
    sink.accept(next, () -> "a person " + what);
  }

  private void create(Scene scene, int p, String image) {
    int last =
        scene.things[p].value.stream()
            .flatMap(k -> k.value.stream())
            .mapToInt(Thing::uid)
            .max()
            .orElse(0);
    if (last > 0) {
      scene.ghost = effects.kept(scene.ghost.value.withoutWitness(effects.name(p)));
    }
    scene.ghost = effects.kept(scene.ghost.value.editing(places.get(p), false));
    effects.put(scene, p, Optional.of(effects.thing(p, last + 1, image)));
  }

  private void delete(Scene scene, int p) {
    scene.ghost = effects.kept(scene.ghost.value.withoutWitness(effects.name(p)));
    effects.put(scene, p, Optional.empty());
  }

  private void edit(Scene scene, int p, Phase phase) {
    Thing now = scene.thing(p).value.orElseThrow();
    scene.ghost =
        effects.kept(
            scene.ghost.value.withoutWitness(effects.name(p)).editing(places.get(p), true));
    ReinstallStatus status =
        phase == null
            ? null
            : new ReinstallStatus(1L, phase.name(), "Edited", "", null, null, null, null, null);
    effects.put(scene, p, Optional.of(now.with(status)));
  }
}
