package dev.reinstall.reconcile;

/** The faults around a reconciliation: scripted in one test, random by seed in another. */
interface FaultSchedule {

  /** No faults. */
  FaultSchedule CALM = new FaultSchedule() {};

  /** Runs before each call: time may pass, others may act, the process may crash. */
  default void before(Replica replica, PortCall call) {}

  /** The outcome of a write that would succeed. */
  default LostReply lostReply(PortCall call) {
    return LostReply.NONE;
  }

  /** The outcome of a reinstall call on its way to the cloud. */
  default CallOutcome callOutcome() {
    return CallOutcome.ANSWERED;
  }

  /** The outcome of a call that starts a server. */
  default CallOutcome startOutcome() {
    return callOutcome();
  }

  /** Whether the server can be described now. */
  default DescribeOutcome describeOutcome() {
    return DescribeOutcome.CLEAR;
  }

  /** Whether the cloud throttles when a permit is requested. */
  default boolean isTurnRefused() {
    return false;
  }

  /** Whether the reconciliation ends while the server is described, and starts again later. */
  default boolean describesLater() {
    return false;
  }

  /**
   * How far a cached copy lags.
   *
   * @param newer how many newer versions than the one last read there are
   * @return how many of them this read includes, at most newer
   */
  default int versionsSeen(Replica replica, PortCall call, int newer) {
    return newer;
  }

  /** A number below the bound, for what is not decided by the operator. */
  default int pick(int bound) {
    return 0;
  }

  /** The outcome of a write. */
  enum LostReply {
    NONE,
    /** It was done, and the response was lost. */
    RESPONSE,
    /** It was not done. */
    WRITE
  }

  /** The outcome of a description of the server. */
  enum DescribeOutcome {
    CLEAR,
    UNREACHABLE,
    DENIED,
    THROTTLED,
    NOT_FOUND
  }

  /** The outcome of a submitted reinstall call. */
  enum CallOutcome {
    ANSWERED,
    REJECTED_BUSY,
    REJECTED_THROTTLED,
    REJECTED_DENIED,
    REJECTED_INVALID,
    REJECTED_NOT_FOUND,
    NOT_SENT,
    /** It arrives, and the response is lost. */
    RESPONSE_LOST,
    /** It never arrives, and no process can know. */
    REQUEST_LOST,
    /** The response is lost, and the call arrives later. */
    LATE,
    /** A gateway sends it twice, and the response is that of the second copy. */
    DOUBLED
  }
}
