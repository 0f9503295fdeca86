package dev.reinstall.exploration;

import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.api.ServerLedger.State;
import dev.reinstall.lifecycle.Ledger;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** What makes two scenes one: what can make no difference any more is forgotten. */
final class Seal {
  private final Effects effects;
  private final Bound bound;
  private final int places;
  private final Map<Integer, Set<String>> subjects = new ConcurrentHashMap<>();
  private final Map<Integer, Set<String>> ages = new ConcurrentHashMap<>();

  Seal(Effects effects) {
    this.effects = effects;
    bound = effects.bound;
    places = effects.places.size();
  }

  /** Forgets what can make no difference any more, and takes the fingerprint. */
  void put(Scene scene) {
    for (int r = 0; r < scene.memories.length; r++) {
      for (int p = 0; p < places; p++) {
        losesWhatIsLost(scene, r, p);
      }
    }
    int keep = scene.acts > 0 ? Integer.MAX_VALUE : bound.behind() + 1;
    if (scene.books.value.size() > keep) {
      scene.books = effects.kept(List.copyOf(scene.books.value.subList(0, keep)));
    }
    Set<String> shown = subjects(scene.books);
    Set<String> counted = counted(scene.books.value.get(0));
    if (!scene.claimAges.value.keySet().equals(claimed(counted))) {
      Map<String, Integer> claims = new TreeMap<>();
      claimed(counted).forEach(c -> claims.put(c, scene.claimAges.value.getOrDefault(c, 0)));
      scene.claimAges = effects.passages.keptAges(claims);
    }
    for (int r = 0; r < scene.memories.length; r++) {
      Kept<Memory> memory = scene.memories[r];
      if (memory != effects.blank) {
        long heard = 0;
        for (Passage passage : scene.passages[r]) {
          heard |= passage == null ? 0 : ServerState.bit(passage.known.claim());
        }
        long own = heard;
        Memory trimmed =
            memory.value.trimmed(
                counted::contains, s -> shown.contains(s) || (own & Memory.claimsIn(s)) != 0);
        scene.memories[r] = trimmed == memory.value ? memory : effects.passages.kept(trimmed);
      }
    }
    long live = scene.server.claims;
    for (Passage[] ofReplica : scene.passages) {
      for (Passage passage : ofReplica) {
        live |= passage == null ? 0 : ServerState.bit(passage.known.claim());
      }
    }
    Ghost ghost = scene.ghost.value.only(live);
    scene.ghost = ghost == scene.ghost.value ? scene.ghost : effects.kept(ghost);
    scene.sortReplicas();
    scene.takeFingerprint();
  }

  /** A write with an old copy is lost, whenever it comes: so it may as well be lost at once. */
  private void losesWhatIsLost(Scene scene, int r, int p) {
    Passage passage = scene.passages[r][p];
    if (passage == null) {
      return;
    }
    boolean lost =
        passage.asks instanceof Request.WriteBook book
                && Passages.version(book.book()) != Effects.version(scene)
            || passage.asks instanceof Request.WriteStatus status
                && status.version() != scene.thing(p).id;
    if (!lost) {
      return;
    }
    answeredAtOnce(scene, r, p, Fault.CONFLICT);
    Passage after = scene.passages[r][p];
    if (after != null && after.asks instanceof Request.ReadBook) {
      // Its claim is not there, and never will be; or its receipt is tried again until it is there.
      answeredAtOnce(scene, r, p, scene.books.value.get(0));
    }
  }

  private void answeredAtOnce(Scene scene, int r, int p, Object answer) {
    Passage.Next next =
        effects.passages.go(
            scene.passages[r][p],
            effects.passages.answer(answer),
            scene.memories[r],
            effects.env(scene, r, p, 0));
    boolean over = next.passage() == null || next.passage() == effects.passages.anew(p);
    scene.memories[r] = next.memory();
    scene.passages[r][p] = over ? null : next.passage();
    scene.ages[r][p] = over ? 0 : next.age();
  }

  /**
   * The claims whose age decides something. Of the others' no pass asks any more, or only one that
   * will lose its write anyway.
   */
  private Set<String> counted(Kept<Ledger> book) {
    return ages.computeIfAbsent(
        book.id,
        id -> {
          Set<String> counted = new HashSet<>();
          for (Entry entry : book.value.orders().values()) {
            boolean answered = Boolean.TRUE.equals(entry.responseReceived());
            boolean open = entry.state().isOpen();
            if (!answered || entry.state() == State.Stopping) {
              if (entry.claimId() != null) {
                counted.add(entry.claimId());
              }
            }
            boolean isRefused = entry.reason() != null && entry.completionTime() == null;
            if (isRefused || entry.evidence() != null && open) {
              counted.add(entry.claimTime().toString());
            }
          }
          return counted;
        });
  }

  private static Set<String> claimed(Set<String> counted) {
    Set<String> claims = new HashSet<>(counted);
    claims.removeIf(c -> !c.startsWith("c"));
    return claims;
  }

  private Set<String> subjects(Kept<List<Kept<Ledger>>> shelf) {
    return subjects.computeIfAbsent(
        shelf.id,
        id -> {
          Set<String> all = new HashSet<>();
          for (Kept<Ledger> book : shelf.value) {
            for (Entry entry : book.value.orders().values()) {
              all.add(String.valueOf(entry.claimId()));
              all.add(entry.claimTime().toString());
            }
          }
          return all;
        });
  }
}
