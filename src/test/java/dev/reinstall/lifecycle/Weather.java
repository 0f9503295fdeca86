package dev.reinstall.lifecycle;

import java.time.Duration;

/** What goes wrong around a pass: scripted in one test, thrown by a seed in another. */
interface Weather {

  /** Nothing goes wrong. */
  Weather CALM = new Weather() {};

  /** Runs before each call: time may pass, others may act, the process may die. */
  default void before(Replica replica, Call call) {}

  /** What becomes of a write that would be won. */
  default Loss loss(Call call) {
    return Loss.NONE;
  }

  /** What becomes of an order on its way to the cloud. */
  default Fate fate() {
    return Fate.ANSWERED;
  }

  /** Whether the cloud can be looked at now. */
  default Sky sky() {
    return Sky.CLEAR;
  }

  /** Whether the cloud asks to be left alone when a turn to send is asked for. */
  default boolean isTurnRefused() {
    return false;
  }

  /**
   * How old what a glance shows is.
   *
   * @return less than a poll interval; zero: the look is a fresh one
   */
  default Duration glanceAge() {
    return Duration.ZERO;
  }

  /**
   * How far behind a cached copy is.
   *
   * @param newer how many newer versions than the one last seen there are
   * @return how many of them this read sees, at most newer
   */
  default int versionsSeen(Replica replica, Call call, int newer) {
    return newer;
  }

  /** A number below the bound, for what the world itself must choose. */
  default int pick(int bound) {
    return 0;
  }

  /** What becomes of a write. */
  enum Loss {
    NONE,
    /** It was done, and the answer was lost. */
    ANSWER,
    /** It was not done. */
    WRITE
  }

  /** What becomes of a look at the server. */
  enum Sky {
    CLEAR,
    UNREACHABLE,
    DENIED,
    THROTTLED,
    MISSING
  }

  /** What becomes of an order that was sent. */
  enum Fate {
    ANSWERED,
    REFUSED_BUSY,
    REFUSED_THROTTLED,
    REFUSED_DENIED,
    REFUSED_INVALID,
    REFUSED_MISSING,
    NEVER_SENT,
    /** It arrives, and the answer is lost. */
    ANSWER_LOST,
    /** It never arrives, and nobody can know. */
    REQUEST_LOST,
    /** The answer is lost, and the order arrives later. */
    LATE,
    /** A gateway sends it twice, and the answer is that of the second copy. */
    DOUBLED
  }
}
