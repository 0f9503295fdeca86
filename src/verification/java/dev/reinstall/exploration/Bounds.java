package dev.reinstall.exploration;

import dev.reinstall.api.ReinstallSpec.OnUnsubmitted;
import dev.reinstall.api.ReinstallSpec.WhenRunning;
import java.util.List;
import java.util.stream.Stream;

/** The bounds that each Maven profile explores. */
final class Bounds {
  private static final Ticks TENCENT = new Ticks(1, 2, 3, 1, 3, 9);

  /** A token is trusted beyond the fence: otherwise nothing would be sent again. */
  private static final Ticks JD = new Ticks(1, 2, 3, 1, 4, 7);

  private static final Bound SMALLEST_TENCENT_LIKE =
      oneRequest("a: two claims, a rejection", false).claims(2).refusals(1).lost(0, 1).bound();
  private static final Bound SMALLEST_JD_LIKE =
      oneName("d: one name, two namespaces", true).bound();

  private Bounds() {}

  /** The smallest deep bound of each cloud: those of the default build. */
  static List<Bound> small() {
    return List.of(SMALLEST_TENCENT_LIKE, SMALLEST_JD_LIKE);
  }

  /** Those of {@code -Pdeep}; all of them together take less than two minutes. */
  static List<Bound> deep() {
    return Stream.of(tencentLike(), jdLike()).flatMap(List::stream).toList();
  }

  /**
   * Those of {@code -Pwide}, for both clouds: larger in every dimension, up to what one would like
   * to explore; see the README of this tree.
   */
  static List<Bound> wide() {
    return Stream.of(false, true).flatMap(jd -> wide(jd).stream()).toList();
  }

  private static List<Bound> tencentLike() {
    return List.of(
        oneRequest("a: two at once", false).reconciliations(2, 2).crashes(1).lost(1, 0).bound(),
        oneRequest("a: two at once, stale caches", false)
            .reconciliations(2, 2)
            .cachesBehind(1)
            .bound(),
        oneRequest("a: two claims", false).claims(2).crashes(2).lost(1, 1).bound(),
        SMALLEST_TENCENT_LIKE,
        twoRequests("b: two requests, Stop", false).claims(2).crashes(1).bound(),
        oneRequest("c: any two acts of users", false).later("ns/b").acts(2).bound(),
        oneName("d: one name, two namespaces", false).claims(2).cachesBehind(1).bound(),
        oneStop("e: stopped, then started again", false).claims(3).lost(0, 1).refusals(1).bound(),
        oneStop("e: two claims, a crash", false).claims(2).crashes(1).lost(0, 1).bound(),
        oneName("f: two namespaces, any act of a user", false).acts(1).bound(),
        stranger("f: a stranger of its name", false, "other/a", WhenRunning.Stop)
            .claims(3)
            .acts(1)
            .bound(),
        stranger("f: a stranger of another name", false, "other/b", WhenRunning.Wait)
            .claims(3)
            .acts(1)
            .bound());
  }

  /** A JD-like cloud has tokens and a clock of its own, so it has many more states. */
  private static List<Bound> jdLike() {
    return List.of(
        oneRequest("a: two at once", true).reconciliations(2, 2).bound(),
        oneRequest("a: two claims", true).claims(2).crashes(1).lost(0, 1).bound(),
        oneRequest("a: two claims, a rejection", true).claims(2).refusals(1).bound(),
        twoRequests("b: two requests, Stop", true).claims(2).bound(),
        oneRequest("c: any act of a user", true).later("ns/b").acts(1).bound(),
        SMALLEST_JD_LIKE,
        oneStop("e: stopped, then started again", true).claims(2).lost(0, 1).refusals(1).bound(),
        stranger("f: a stranger of its name", true, "other/a", WhenRunning.Wait).claims(3).bound());
  }

  private static List<Bound> wide(boolean jd) {
    return List.of(
        oneRequest("a: 3 at once, 2 crashes, 1 lost each", jd)
            .reconciliations(3, 3)
            .crashes(2)
            .lost(1, 1)
            .bound(),
        oneRequest("a: the same, 2 at once, 2 claims", jd)
            .reconciliations(2, 2)
            .claims(2)
            .crashes(2)
            .lost(1, 1)
            .bound(),
        oneRequest("a: 2 at once, a rejection", jd)
            .reconciliations(2, 2)
            .claims(2)
            .refusals(1)
            .lost(0, 1)
            .bound(),
        twoRequests("b: 1 crash, 3 claims", jd).claims(3).crashes(1).bound(),
        twoRequests("b: 2 at once", jd).reconciliations(2, 2).claims(2).bound(),
        oneRequest("c: 1 act, 2 at once, 1 crash", jd)
            .reconciliations(2, 2)
            .later("ns/b")
            .acts(1)
            .crashes(1)
            .bound(),
        oneRequest("c: 2 acts, 2 claims", jd).later("ns/b").acts(2).claims(2).bound(),
        oneRequest("c: 2 acts, 2 at once", jd).reconciliations(2, 2).later("ns/b").acts(2).bound(),
        oneName("d: 2 at once, 2 claims", jd).reconciliations(2, 2).claims(2).bound(),
        oneName("f: two namespaces, any act, 2 claims", jd).claims(2).acts(1).bound(),
        stranger("f: a stranger, 2 acts", jd, "other/a", WhenRunning.Wait)
            .claims(3)
            .acts(2)
            .bound(),
        stranger("f: a stranger, Stop, 4 claims", jd, "other/a", WhenRunning.Stop)
            .claims(4)
            .acts(1)
            .bound(),
        stranger("f: a stranger of another name, 4 claims", jd, "other/b", WhenRunning.Stop)
            .claims(4)
            .acts(1)
            .bound(),
        oneRequest("a: whole", jd)
            .reconciliations(3, 3)
            .claims(3)
            .crashes(2)
            .lost(1, 1)
            .until(2)
            .bound(),
        twoRequests("b: whole", jd).reconciliations(2, 2).claims(3).crashes(1).until(2).bound(),
        oneRequest("c: whole", jd)
            .reconciliations(2, 2)
            .later("ns/b")
            .acts(2)
            .claims(2)
            .crashes(1)
            .until(2)
            .bound(),
        oneName("d: whole", jd).reconciliations(2, 2).claims(2).crashes(1).until(2).bound());
  }

  static Maker oneRequest(String name, boolean jd) {
    return new Maker(name, jd, List.of("ns/a"), WhenRunning.Wait);
  }

  static Maker twoRequests(String name, boolean jd) {
    return new Maker(name, jd, List.of("ns/a", "ns/b"), WhenRunning.Stop);
  }

  static Maker oneStop(String name, boolean jd) {
    return new Maker(name, jd, List.of("ns/a"), WhenRunning.Stop).restarting();
  }

  static Maker oneName(String name, boolean jd) {
    return new Maker(name, jd, List.of("ns/a", "other/a"), WhenRunning.Wait);
  }

  /** A request, and a stranger's that may only describe: of the same name, or of another one. */
  static Maker stranger(String name, boolean jd, String strangers, WhenRunning whenRunning) {
    return new Maker(name, jd, List.of("ns/a", strangers), whenRunning).powerless("other");
  }

  /** One process, one reconciliation at a time, one claim, no faults; each call adds to that. */
  static final class Maker {
    private final String name;
    private final boolean jd;
    private final List<String> created;
    private final WhenRunning whenRunning;
    private List<String> later = List.of();
    private int replicas = 1;
    private int atOnce = 1;
    private int claims = 1;
    private int crashes;
    private int lostWrites;
    private int lostCalls;
    private int refusals;
    private int acts;
    private int behind;
    private String powerless;
    private int until = 1;
    private OnUnsubmitted onUnsubmitted = OnUnsubmitted.LeaveStopped;

    private Maker(String name, boolean jd, List<String> created, WhenRunning whenRunning) {
      this.name = name;
      this.jd = jd;
      this.created = created;
      this.whenRunning = whenRunning;
    }

    Maker later(String place) {
      later = List.of(place);
      return this;
    }

    Maker reconciliations(int processes, int passesAtOnce) {
      replicas = processes;
      atOnce = passesAtOnce;
      return this;
    }

    Maker claims(int number) {
      claims = number;
      return this;
    }

    Maker crashes(int number) {
      crashes = number;
      return this;
    }

    Maker lost(int writes, int calls) {
      lostWrites = writes;
      lostCalls = calls;
      return this;
    }

    Maker refusals(int number) {
      refusals = number;
      return this;
    }

    Maker acts(int number) {
      acts = number;
      return this;
    }

    Maker cachesBehind(int versions) {
      behind = versions;
      return this;
    }

    Maker powerless(String namespace) {
      powerless = namespace;
      return this;
    }

    Maker restarting() {
      onUnsubmitted = OnUnsubmitted.Restart;
      return this;
    }

    Maker until(int wall) {
      until = wall;
      return this;
    }

    Bound bound() {
      return new Bound(
          name + (jd ? ", JD-like" : ", Tencent-like"),
          jd,
          created,
          later,
          replicas,
          atOnce,
          crashes,
          lostWrites,
          lostCalls,
          refusals,
          acts,
          claims,
          behind,
          powerless,
          Ticks.Wall.values()[until],
          whenRunning,
          onUnsubmitted,
          jd ? JD : TENCENT);
    }
  }
}
