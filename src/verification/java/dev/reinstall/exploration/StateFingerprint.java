package dev.reinstall.exploration;

import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.ledger.Ledger;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** Identifies equivalent states: what cannot make a difference any more is dropped. */
final class StateFingerprint {
  private final EventEffects effects;
  private final Bound bound;
  private final int places;
  private final Map<Integer, Set<String>> subjects = new ConcurrentHashMap<>();
  private final Map<Integer, Set<String>> ages = new ConcurrentHashMap<>();

  StateFingerprint(EventEffects effects) {
    this.effects = effects;
    bound = effects.bound;
    places = effects.places.size();
  }

  /** Drops what cannot make a difference any more, and computes the fingerprint. */
  void put(ModelState state) {
    for (int r = 0; r < state.memories.length; r++) {
      for (int p = 0; p < places; p++) {
        losesWhatIsLost(state, r, p);
      }
    }
    int keep = state.acts > 0 ? Integer.MAX_VALUE : bound.behind() + 1;
    if (state.ledgers.value.size() > keep) {
      state.ledgers = effects.kept(List.copyOf(state.ledgers.value.subList(0, keep)));
    }
    Set<String> shown = subjects(state.ledgers);
    Set<String> counted = counted(state.ledgers.value.get(0));
    if (!state.claimAges.value.keySet().equals(claimed(counted))) {
      Map<String, Integer> claims = new TreeMap<>();
      claimed(counted).forEach(c -> claims.put(c, state.claimAges.value.getOrDefault(c, 0)));
      state.claimAges = effects.replays.keptAges(claims);
    }
    for (int r = 0; r < state.memories.length; r++) {
      Interned<ProcessMemory> memory = state.memories[r];
      if (memory != effects.blank) {
        long heard = 0;
        for (Replay replay : state.replays[r]) {
          heard |= replay == null ? 0 : ServerState.bit(replay.known.claim());
        }
        long own = heard;
        ProcessMemory trimmed =
            memory.value.trimmed(
                counted::contains,
                s -> shown.contains(s) || (own & ProcessMemory.claimsIn(s)) != 0);
        state.memories[r] = trimmed == memory.value ? memory : effects.replays.kept(trimmed);
      }
    }
    long live = state.server.claims;
    for (Replay[] ofReplica : state.replays) {
      for (Replay replay : ofReplica) {
        live |= replay == null ? 0 : ServerState.bit(replay.known.claim());
      }
    }
    ReferenceModel reference = state.reference.value.only(live);
    state.reference =
        reference == state.reference.value ? state.reference : effects.kept(reference);
    state.sortReplicas();
    state.takeFingerprint();
  }

  /**
   * A write based on an old copy conflicts whenever it arrives: it is equivalent to one that
   * conflicts at once.
   */
  private void losesWhatIsLost(ModelState state, int r, int p) {
    Replay replay = state.replays[r][p];
    if (replay == null) {
      return;
    }
    boolean lost =
        replay.asks instanceof PortRequest.WriteLedger book
                && Replays.version(book.book()) != EventEffects.version(state)
            || replay.asks instanceof PortRequest.WriteStatus status
                && status.version() != state.item(p).id;
    if (!lost) {
      return;
    }
    respondedAtOnce(state, r, p, FailedResponse.CONFLICT);
    Replay after = state.replays[r][p];
    if (after != null && after.asks instanceof PortRequest.ReadLedger) {
      // Its claim is not there, and never will be; or its response is recorded again until it is
      // there.
      respondedAtOnce(state, r, p, state.ledgers.value.get(0));
    }
  }

  private void respondedAtOnce(ModelState state, int r, int p, Object response) {
    Replay.Next next =
        effects.replays.go(
            state.replays[r][p],
            effects.replays.response(response),
            state.memories[r],
            effects.env(state, r, p, 0));
    boolean over = next.passage() == null || next.passage() == effects.replays.again(p);
    state.memories[r] = next.memory();
    state.replays[r][p] = over ? null : next.passage();
    state.ages[r][p] = over ? 0 : next.age();
  }

  /**
   * The claims whose age affects a decision. For the others no reconciliation asks any more, or
   * only one that will lose its write anyway.
   */
  private Set<String> counted(Interned<Ledger> ledger) {
    return ages.computeIfAbsent(
        ledger.id,
        id -> {
          Set<String> counted = new HashSet<>();
          for (Entry entry : ledger.value.orders().values()) {
            boolean answered = Boolean.TRUE.equals(entry.responseReceived());
            boolean open = entry.state().isOpen();
            if (!answered || entry.state().isPowerChange()) {
              if (entry.claimId() != null) {
                counted.add(entry.claimId());
              }
            }
            boolean isRefused =
                entry.reason() != null
                    && (entry.completionTime() == null || ledger.value.namespace() == null);
            boolean isOwed = entry.restartWith() != null && !open;
            if (isOwed || isRefused || entry.evidence() != null && open) {
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

  private Set<String> subjects(Interned<List<Interned<Ledger>>> shelf) {
    return subjects.computeIfAbsent(
        shelf.id,
        id -> {
          Set<String> all = new HashSet<>();
          for (Interned<Ledger> ledger : shelf.value) {
            for (Entry entry : ledger.value.orders().values()) {
              all.add(String.valueOf(entry.claimId()));
              all.add(entry.claimTime().toString());
            }
          }
          return all;
        });
  }
}
