package dev.reinstall.exploration;

import dev.reinstall.api.ReinstallSpec;
import dev.reinstall.cloud.Observation.Power;
import dev.reinstall.ledger.Ledger;
import dev.reinstall.reconcile.CoreReinstalls;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Applies one event to a state and shows it to the invariant checker. */
final class EventEffects {
  final Bound bound;
  final List<String> places;
  final Replays replays;
  final Interned<ProcessMemory> blank;
  private final InvariantChecker checker;
  private final InternPool<ServerState> servers = new InternPool<>(ServerState::claims);
  private final InternPool<ReferenceModel> referenceModels = new InternPool<>(g -> 0);
  private final InternPool<List<Interned<Ledger>>> shelves = new InternPool<>(b -> 0);
  private final InternPool<List<Interned<Optional<Item>>>> histories = new InternPool<>(t -> 0);

  final Transitions transitions = new Transitions();

  EventEffects(Bound bound) {
    this.bound = bound;
    places = bound.places();
    replays = new Replays(bound.ticks(), bound.jd(), places);
    checker = new InvariantChecker(bound);
    blank = replays.kept(ProcessMemory.NONE);
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  ModelState beginning() {
    ModelState state = new ModelState();
    Power power =
        bound.whenRunning() == ReinstallSpec.WhenRunning.Stop ? Power.RUNNING : Power.STOPPED;
    state.server = servers.of(ServerState.resting(bound.jd(), power));
    state.ledgers =
        shelves.of(List.of(replays.kept(Ledger.empty(CoreReinstalls.server(bound.cloud())))));
    state.items = new Interned[places.size()];
    for (int i = 0; i < places.size(); i++) {
      boolean there = i < bound.created().size();
      state.items[i] =
          histories.of(
              List.of(replays.kept(there ? Optional.of(item(i, 1, "img-new")) : Optional.empty())));
    }
    state.memories = new Interned[bound.replicas()];
    state.replays = new Replay[bound.replicas()][places.size()];
    state.ages = new int[bound.replicas()][places.size()];
    for (int i = 0; i < bound.replicas(); i++) {
      state.memories[i] = blank;
    }
    state.reference = referenceModels.of(ReferenceModel.NONE);
    state.claimAges = replays.keptAges(Map.of());
    state.secrets = 1;
    state.crashes = bound.crashes();
    state.lostWrites = bound.lostWrites();
    state.lostCalls = bound.lostCalls();
    state.refusals = bound.refusals();
    state.acts = bound.acts();
    return state;
  }

  Item item(int place, int uid, String image) {
    return new Item(
        places.get(place),
        uid,
        1,
        false,
        CoreReinstalls.of(
            bound.cloud(),
            image,
            Ticks.NOT_AFTER,
            bound.whenRunning(),
            bound.onUnsubmitted(),
            false),
        null);
  }

  Interned<ServerState> kept(ServerState server) {
    return servers.of(server);
  }

  Interned<ReferenceModel> kept(ReferenceModel reference) {
    return referenceModels.of(reference);
  }

  Interned<List<Interned<Ledger>>> kept(List<Interned<Ledger>> shelf) {
    return shelves.of(shelf);
  }

  Replays.Env env(ModelState state, int r, int p, int listening) {
    return new Replays.Env(
        since(state, r, p),
        state.wall,
        state.nextClaim(),
        state.secrets,
        state.reference.value.putBack(),
        state.uids(),
        state.claimAges,
        listening);
  }

  int oldest(Replay replay) {
    return replay.known.claim() == 0
        ? bound.ticks().tooLateToClaim()
        : bound.ticks().tooLateToSend();
  }

  /** Ticks since the reconciliation started, as its replay records them. */
  static int since(ModelState state, int r, int p) {
    Replay replay = state.replays[r][p];
    return state.ages[r][p] + (replay == null ? 0 : replay.base);
  }

  // The ledger and the status.

  static int version(ModelState state) {
    Ledger now = state.ledger();
    return isNone(now) ? 0 : state.ledgers.value.get(0).id;
  }

  /** There is no such object yet. */
  static boolean isNone(Ledger ledger) {
    return ledger.claims() == 0 && ledger.orders().isEmpty() && ledger.namespace() == null;
  }

  Interned<Ledger> putLedger(ModelState state, int p, Ledger ledger) {
    Ledger before = state.ledger();
    Interned<Ledger> next = replays.kept(ledger);
    state.reference =
        referenceModels.of(checker.ledgerWritten(state, places.get(p), before, next.value));
    transitions.add(before, next.value);
    shelve(state, next);
    return next;
  }

  void shelve(ModelState state, Interned<Ledger> next) {
    List<Interned<Ledger>> shelf = new ArrayList<>(state.ledgers.value);
    shelf.add(0, next);
    state.ledgers = shelves.of(List.copyOf(shelf));
  }

  /** Every cache is up to date. */
  void forgetHistory(ModelState state) {
    state.ledgers = shelves.of(List.of(state.ledgers.value.get(0)));
    for (int p = 0; p < places.size(); p++) {
      state.items[p] = histories.of(List.of(state.item(p)));
    }
  }

  Interned<Optional<Item>> putStatus(
      ModelState state, int r, int p, PortRequest.WriteStatus write) {
    Item before = state.item(p).value.orElseThrow();
    checker.statusWritten(state, before, write.status());
    if (write.gates()) {
      state.reference = referenceModels.of(checker.declared(state, before, state.replays[r][p]));
    }
    return put(state, p, Optional.of(before.with(write.status())));
  }

  Interned<Optional<Item>> put(ModelState state, int p, Optional<Item> item) {
    Interned<Optional<Item>> next = replays.kept(item);
    List<Interned<Optional<Item>>> history = new ArrayList<>(state.items[p].value);
    history.add(0, next);
    int kept = Math.min(history.size(), Math.max(1, bound.behind()) + 1); // uids must not return
    state.items[p] = histories.of(List.copyOf(history.subList(0, kept)));
    return next;
  }

  // The cloud.

  /** Of the Reinstall at that place. */
  String name(int p) {
    return places.get(p).substring(places.get(p).indexOf('/') + 1);
  }

  private ServerState.Sent call(ModelState state, int r, int p, PortRequest.Send send) {
    int claim = state.replays[r][p].known.claim();
    ReferenceModel.Claimed claimed = state.reference.value.claims().get(claim);
    return new ServerState.Sent(
        name(p),
        send.image(),
        send.start(),
        claim,
        claimed == null ? 0 : claimed.number(),
        send.token(),
        since(state, r, p) - send.signed());
  }

  /** A reconciliation submits: its signature is as old as its claim, or younger. */
  ServerState.Sent send(ModelState state, int r, int p, PortRequest.Send send) {
    ServerState.Sent call = call(state, r, p, send);
    int signedAfterTheClaim = send.signed() - state.replays[r][p].base;
    state.reference = referenceModels.of(checker.sent(state, call, signedAfterTheClaim));
    return call;
  }

  /** Whether the cloud denies every call of the Reinstall at that place but descriptions. */
  boolean isPowerless(int p) {
    return bound.isPowerless(places.get(p));
  }

  /** Returns the operation's id, or the fault. */
  Object arrive(ModelState state, ServerState.Sent call) {
    ServerState.Met met = state.server.value.arrive(call, bound.ticks());
    if (met.obeyed()) {
      state.reference = referenceModels.of(checker.obeyed(state, call));
    }
    state.server = servers.of(met.server());
    return met.refusal() == null ? met.requestId() : FailedResponse.of(met.refusal());
  }

  void end(ModelState state, boolean failed) {
    ServerState.Work work = state.server.value.work();
    state.server = servers.of(state.server.value.ended(failed));
    if (work.reinstall() && !work.order().isEmpty()) {
      state.reference = referenceModels.of(state.reference.value.ended(work.order(), failed));
    }
  }

  // Processes and time.

  void forget(ModelState state, int r) {
    state.memories[r] = blank;
    state.replays[r] = new Replay[places.size()];
    state.ages[r] = new int[places.size()];
  }

  void tick(ModelState state) {
    state.server = servers.of(state.server.value.aged(bound.ticks()));
    for (int r = 0; r < state.memories.length; r++) {
      ProcessMemory memory = state.memories[r].value;
      ProcessMemory aged = memory.aged(bound.ticks().settled());
      state.memories[r] = aged == memory ? state.memories[r] : replays.kept(aged);
      for (int p = 0; p < places.size(); p++) {
        if (state.replays[r][p] != null && !state.replays[r][p].timeless) {
          state.ages[r][p] = Math.min(state.ages[r][p] + 1, oldest(state.replays[r][p]));
        }
      }
    }
    Map<String, Integer> older = new TreeMap<>();
    state.claimAges.value.forEach(
        (claim, age) -> older.put(claim, Math.min(age + 1, bound.ticks().oldest())));
    state.claimAges = replays.keptAges(older);
    if (bound.jd()) {
      state.cloudClock = cloudClock(state);
    }
  }

  /**
   * Only the time since a comparable baseline matters: without one the cloud's clock does not
   * advance. So what was observed before a claim counts as observed with it, and a token is trusted
   * longer than in production, by the time that a claim may rest on one observation.
   */
  private int cloudClock(ModelState state) {
    int newest = state.ledgers.value.stream().mapToInt(b -> baseline(b.value)).max().orElse(-1);
    for (Replay[] ofReplica : state.replays) {
      for (Replay replay : ofReplica) {
        newest = Math.max(newest, replay == null ? -1 : baseline(replay.asks));
      }
    }
    if (newest < 0) {
      return state.replaysInProgress() == 0 ? 0 : state.cloudClock;
    }
    return Math.min(state.cloudClock + 1, newest + bound.ticks().trust());
  }

  private static int baseline(PortRequest asks) {
    return asks instanceof PortRequest.WriteLedger write ? baseline(write.book()) : -1;
  }

  private static int baseline(Ledger ledger) {
    return ledger.orders().values().stream()
        .filter(e -> e.baseline() != null && e.baseline().cloudTime() != null)
        .mapToInt(e -> Ticks.cloudTicks(e.baseline().cloudTime()))
        .max()
        .orElse(-1);
  }
}
