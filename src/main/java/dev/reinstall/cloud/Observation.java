package dev.reinstall.cloud;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A server as its cloud showed it.
 *
 * @param rawState the cloud's own word for its state, such as {@code RUNNING}; never null
 * @param installed what is installed now, in the cloud's own field names, the first letter in lower
 *     case ({@code imageId}; {@code osTypeId}, {@code sysRaidTypeId}, {@code dataRaidTypeId}); only
 *     what the cloud told
 * @param operation the server's latest operation, where the cloud tells it
 * @param updateTime when the cloud last changed its record of the server, where the cloud tells it
 * @param cloudTime the cloud's own clock, by the Date header of the answer
 */
public record Observation(
    Power power,
    String rawState,
    Map<String, String> installed,
    Optional<Operation> operation,
    Optional<String> updateTime,
    Optional<Instant> cloudTime) {

  /** What the state of a server means for an order. */
  public enum Power {
    STOPPED,
    RUNNING,
    /** Neither at rest nor known to be broken: wait. */
    CHANGING,
    /** At rest and broken: a person must look. */
    BROKEN
  }

  /**
   * What was last begun with a server.
   *
   * @param reinstall whether it is a reinstall, by whomever
   * @param id the cloud's id of the request that began it; never null
   */
  public record Operation(boolean reinstall, String id, Progress progress) {}

  /** How far an operation is. */
  public enum Progress {
    IN_PROGRESS,
    DONE,
    FAILED
  }
}
