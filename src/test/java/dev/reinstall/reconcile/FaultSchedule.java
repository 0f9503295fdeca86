package dev.reinstall.reconcile;

import java.time.Duration;

/** What goes wrong around a pass: scripted in one test, thrown by a seed in another. */
interface FaultSchedule {

  /** Nothing goes wrong. */
  FaultSchedule CALM = new FaultSchedule() {};

  /** Runs before each call: time may pass, others may act, the process may die. */
  default void before(Replica replica, PortCall call) {}

  /** What becomes of a write that would be won. */
  default LostReply lostReply(PortCall call) {
    return LostReply.NONE;
  }

  /** What becomes of an order on its way to the cloud. */
  default CallOutcome callOutcome() {
    return CallOutcome.ANSWERED;
  }

  /** Whether the cloud can be looked at now. */
  default DescribeOutcome describeOutcome() {
    return DescribeOutcome.CLEAR;
  }

  /** Whether the cloud asks to be left alone when a turn to send is asked for. */
  default boolean isPermitRefused() {
    return false;
  }

  /**
   * How old what a glance shows is.
   *
   * @return less than a poll interval; zero: the look is a fresh one
   */
  default Duration cachedObservationAge() {
    return Duration.ZERO;
  }

  /**
   * How far behind a cached copy is.
   *
   * @param newer how many newer versions than the one last seen there are
   * @return how many of them this read sees, at most newer
   */
  default int versionsSeen(Replica replica, PortCall call, int newer) {
    return newer;
  }

  /** A number below the bound, for what the world itself must choose. */
  default int pick(int bound) {
    return 0;
  }

  /** What becomes of a write. */
  enum LostReply {
    NONE,
    /** It was done, and the answer was lost. */
    RESPONSE,
    /** It was not done. */
    WRITE
  }

  /** What becomes of a look at the server. */
  enum DescribeOutcome {
    CLEAR,
    UNREACHABLE,
    DENIED,
    THROTTLED,
    NOT_FOUND
  }

  /** What becomes of an order that was sent. */
  enum CallOutcome {
    ANSWERED,
    REJECTED_BUSY,
    REJECTED_THROTTLED,
    REJECTED_DENIED,
    REJECTED_INVALID,
    REJECTED_NOT_FOUND,
    NOT_SENT,
    /** It arrives, and the answer is lost. */
    RESPONSE_LOST,
    /** It never arrives, and nobody can know. */
    REQUEST_LOST,
    /** The answer is lost, and the order arrives later. */
    LATE,
    /** A gateway sends it twice, and the answer is that of the second copy. */
    DOUBLED
  }
}
