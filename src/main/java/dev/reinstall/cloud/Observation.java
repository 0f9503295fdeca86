package dev.reinstall.cloud;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A server as its cloud reports it.
 *
 * @param rawState the cloud's own word for its state, such as {@code RUNNING}; never null
 * @param installed what is installed now, by the cloud's own field names, the first letter in lower
 *     case ({@code imageId}; {@code osTypeId}, {@code sysRaidTypeId}, {@code dataRaidTypeId}); only
 *     what the cloud reports
 * @param operation the server's latest operation, if the cloud reports it
 * @param updateTime when the cloud last changed its record of the server, if the cloud reports it
 * @param cloudTime the cloud's own clock, by the Date header of the response
 */
public record Observation(
    Power power,
    String rawState,
    Map<String, String> installed,
    Optional<Operation> operation,
    Optional<String> updateTime,
    Optional<Instant> cloudTime) {

  /** What the state of a server means for a request. */
  public enum Power {
    STOPPED,
    RUNNING,
    /** Neither stopped, running nor known to be failed: wait. */
    CHANGING,
    /** In a failed state: a person must check it. */
    BROKEN
  }

  /**
   * The latest operation on a server.
   *
   * @param reinstall whether it is a reinstall, by anyone
   * @param id the cloud's ID of the request that started it; never null
   */
  public record Operation(boolean reinstall, String id, Progress progress) {}

  /** How far an operation is. */
  public enum Progress {
    IN_PROGRESS,
    DONE,
    FAILED
  }
}
