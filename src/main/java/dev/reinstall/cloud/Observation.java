package dev.reinstall.cloud;

import dev.reinstall.api.StoredText;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A server as its cloud reports it; cut to what can be stored.
 *
 * @param rawState the cloud's own word for its state, such as {@code RUNNING}; never null
 * @param installed what is installed now, by the cloud's own field names, the first letter in lower
 *     case ({@code imageId}; {@code osTypeId}, {@code sysRaidTypeId}, {@code dataRaidTypeId}); only
 *     what the cloud reports
 * @param operation the server's latest operation, if the cloud reports it
 * @param updateTime when the cloud last changed its record of the server, if the cloud reports it
 * @param cloudTime the cloud's own clock, by the Date header of the response
 * @param details what only limits a request, and is never stored
 */
public record Observation(
    Power power,
    String rawState,
    Map<String, String> installed,
    Optional<Operation> operation,
    Optional<String> updateTime,
    Optional<Instant> cloudTime,
    Details details) {

  public Observation {
    rawState = StoredText.cut(rawState, StoredText.STATE);
    installed = StoredText.cutValues(installed, StoredText.INSTALLED);
    updateTime = updateTime.map(time -> StoredText.cut(time, StoredText.TIME));
    cloudTime = cloudTime.filter(StoredText::isStorable);
  }

  /** Without details. */
  public Observation(
      Power power,
      String rawState,
      Map<String, String> installed,
      Optional<Operation> operation,
      Optional<String> updateTime,
      Optional<Instant> cloudTime) {
    this(power, rawState, installed, operation, updateTime, cloudTime, Details.NONE);
  }

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
  public record Operation(boolean reinstall, String id, Progress progress) {

    public Operation {
      id = StoredText.cut(id, StoredText.ID);
    }
  }

  /**
   * What the cloud reports besides; what is empty limits nothing.
   *
   * @param zone availability zone of the server
   * @param diskType type of the system disk, such as {@code LOCAL_BASIC}
   * @param diskSize of the system disk, in GiB
   * @param stoppedWithoutCharge whether it was stopped in a way in which the cloud rejects a
   *     reinstall
   */
  public record Details(
      Optional<String> zone,
      Optional<String> diskType,
      Optional<Integer> diskSize,
      boolean stoppedWithoutCharge) {

    public static final Details NONE =
        new Details(Optional.empty(), Optional.empty(), Optional.empty(), false);
  }

  /** How far an operation is. */
  public enum Progress {
    IN_PROGRESS,
    DONE,
    FAILED
  }
}
