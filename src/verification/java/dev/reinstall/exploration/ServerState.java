package dev.reinstall.exploration;

import dev.reinstall.cloud.CloudException.Kind;
import dev.reinstall.cloud.Observation;
import dev.reinstall.cloud.Observation.Operation;
import dev.reinstall.cloud.Observation.Power;
import dev.reinstall.cloud.Observation.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One server at its cloud: its actual state, what the cloud may show, and the calls in flight.
 * Tencent-like: operations have ids, no token. JD-like: a token, an update time, a transition.
 *
 * @param power when it is idle
 * @param work the operation in progress; null: none
 * @param shown newest first; an older one may be shown for as long as descriptions may lag
 * @param onTheirWay calls without a response that may still arrive
 * @param tokens that the cloud remembers, each with its operation
 * @param operations how many were started
 */
record ServerState(
    boolean jd,
    Power power,
    String image,
    Work work,
    List<Shown> shown,
    List<Sent> onTheirWay,
    Map<String, Remembered> tokens,
    int operations) {

  static final String OLD = "img-old";

  /**
   * @param order the Reinstall that it belongs to; "": none
   * @param image to be installed; null: it is only a power change
   * @param then the power afterwards
   * @param ripe whether a tick has passed since it started
   */
  record Work(String id, String order, String image, Power then, boolean ripe) {
    boolean reinstall() {
      return image != null;
    }
  }

  /**
   * @param past for how many ticks something newer should be shown; NEWEST: there is nothing newer
   */
  record Shown(Power power, String image, Operation operation, String updateTime, int past) {
    static final int NEWEST = -1;

    Shown past(int ticks) {
      return new Shown(power, image, operation, updateTime, ticks);
    }
  }

  /**
   * A call in flight.
   *
   * @param image null: a stop or a start
   * @param claim under which it was submitted
   * @param number of that claim
   * @param age ticks since it was signed
   */
  record Sent(
      String order, String image, boolean start, int claim, long number, String token, int age) {
    boolean isReinstall() {
      return image != null;
    }

    boolean isStop() {
      return image == null && !start;
    }

    @Override
    public String toString() {
      String call = start ? "a start for " : isStop() ? "a stop for " : "the reinstall of ";
      return call + order + " under claim c" + claim;
    }
  }

  record Remembered(String operation, int age) {}

  /**
   * The result of a call on arrival: acceptance or rejection, and whether the server executed it
   * just now.
   */
  record Met(ServerState server, String requestId, Kind refusal, boolean obeyed) {}

  static ServerState resting(boolean jd, Power power) {
    Shown first =
        new Shown(
            power,
            OLD,
            jd ? null : new Operation(false, "op0", Progress.DONE),
            jd ? "u0" : null,
            Shown.NEWEST);
    return new ServerState(jd, power, OLD, null, List.of(first), List.of(), Map.of(), 0);
  }

  Met arrive(Sent sent, Ticks ticks) {
    if (sent.age() >= ticks.validity()) {
      return refused(Kind.DENIED);
    }
    Remembered before = sent.token() == null ? null : tokens.get(sent.token());
    if (before != null) {
      return new Met(this, before.operation(), null, false);
    }
    boolean wrongPower =
        sent.isStop() ? power == Power.STOPPED : (jd || sent.start()) && power == Power.RUNNING;
    if (work != null || wrongPower || (!sent.isReinstall() && power == Power.BROKEN)) {
      return refused(Kind.BUSY);
    }
    String id = "op" + (operations + 1);
    Map<String, Remembered> remembered = new TreeMap<>(tokens);
    if (sent.token() != null) {
      remembered.put(sent.token(), new Remembered(id, 0));
    }
    Power then = sent.isStop() ? Power.STOPPED : Power.RUNNING;
    Work next = new Work(id, sent.order(), sent.image(), then, false);
    ServerState begun =
        new ServerState(
            jd, power, image, next, shown, onTheirWay, Map.copyOf(remembered), operations + 1);
    return new Met(begun.shownAtWork(), id, null, true);
  }

  private Met refused(Kind kind) {
    return new Met(this, null, kind, false);
  }

  /**
   * The update time of a JD-like server may change before the server shows an operation in
   * progress.
   */
  private ServerState shownAtWork() {
    if (!jd) {
      return showing(power, image, operation(Progress.IN_PROGRESS));
    }
    return showing(power, image, null).showing(Power.CHANGING, image, null);
  }

  private Operation operation(Progress progress) {
    return new Operation(work.reinstall(), work.id(), progress);
  }

  boolean mayEnd() {
    return work != null && work.ripe();
  }

  ServerState ended(boolean failed) {
    Operation last = jd ? null : operation(failed ? Progress.FAILED : Progress.DONE);
    Power then = failed && jd ? Power.BROKEN : work.then();
    String now = work.reinstall() && !failed ? work.image() : image;
    return new ServerState(jd, then, now, null, shown, onTheirWay, tokens, operations)
        .showing(then, now, last);
  }

  /** A user resets it by hand; that operation has an id that no Reinstall owns. */
  ServerState resetByHand(String to) {
    Work next = new Work("op" + (operations + 1), "", to, Power.RUNNING, false);
    return new ServerState(jd, power, image, next, shown, onTheirWay, tokens, operations + 1)
        .shownAtWork();
  }

  ServerState switchedByHand(Power to) {
    String id = "op" + (operations + 1);
    return new ServerState(jd, to, image, null, shown, onTheirWay, tokens, operations + 1)
        .showing(to, image, jd ? null : new Operation(false, id, Progress.DONE));
  }

  private ServerState showing(Power nowShown, String what, Operation operation) {
    List<Shown> next = new ArrayList<>();
    String moment = nowShown == Power.CHANGING ? "b" : work == null ? "c" : "a";
    String update = jd ? "u" + operations + moment : null;
    next.add(new Shown(nowShown, what, operation, update, Shown.NEWEST));
    for (Shown each : shown) {
      next.add(each.past() == Shown.NEWEST ? each.past(0) : each);
    }
    return new ServerState(
        jd, power, image, work, List.copyOf(next), onTheirWay, tokens, operations);
  }

  ServerState with(List<Sent> underWay) {
    return new ServerState(jd, power, image, work, shown, underWay, tokens, operations);
  }

  /** One tick later; what is too old to matter is dropped: descriptions, signatures, tokens. */
  ServerState aged(Ticks ticks) {
    Map<String, Remembered> remembered = new TreeMap<>();
    tokens.forEach(
        (token, r) -> {
          if (r.age() + 1 < ticks.retention()) {
            remembered.put(token, new Remembered(r.operation(), r.age() + 1));
          }
        });
    return new ServerState(
        jd,
        power,
        image,
        work == null ? null : new Work(work.id(), work.order(), work.image(), work.then(), true),
        shown.stream()
            .map(s -> s.past() == Shown.NEWEST ? s : s.past(s.past() + 1))
            .filter(s -> s.past() < ticks.settle())
            .toList(),
        onTheirWay.stream()
            .map(
                s ->
                    new Sent(
                        s.order(),
                        s.image(),
                        s.start(),
                        s.claim(),
                        s.number(),
                        s.token(),
                        s.age() + 1))
            .filter(s -> s.age() < ticks.validity())
            .toList(),
        Map.copyOf(remembered),
        operations);
  }

  /** What a description may return now, newest first. */
  List<Observation> looks(int cloudClock) {
    return shown.stream().map(s -> observation(s, cloudClock)).distinct().toList();
  }

  private Observation observation(Shown now, int cloudClock) {
    return new Observation(
        now.power(),
        now.power().name(),
        Map.of(jd ? "osTypeId" : "imageId", now.image()),
        Optional.ofNullable(now.operation()),
        Optional.ofNullable(now.updateTime()),
        jd ? Optional.of(Ticks.cloudTime(cloudClock)) : Optional.empty());
  }

  long claims() {
    long claims = 0;
    for (Sent each : onTheirWay) {
      claims |= bit(each.claim());
    }
    return claims;
  }

  static long bit(int claim) {
    return claim == 0 ? 0 : 1L << claim;
  }
}
