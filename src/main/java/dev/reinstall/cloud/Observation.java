package dev.reinstall.cloud;

import dev.reinstall.api.StoredText;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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
 * @param details what limits a request, and what a plan shows; no ledger stores it
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
   * @param name of the server, as people gave it
   * @param addresses IP addresses
   * @param system name of the operating system that is installed
   * @param zone availability zone of the server
   * @param deviceType model of the server, where the cloud's catalogues ask for it
   * @param restriction the cloud's own word for why it restricts the server, such as {@code
   *     EXPIRED}
   * @param stoppedWithoutCharge whether it was stopped in a way in which the cloud rejects a
   *     reinstall
   * @param labels what it is called, by the field names of {@code spec.preconditions}: its name,
   *     and its tags as {@code tags.} and the key
   */
  public record Details(
      Optional<String> name,
      List<String> addresses,
      Optional<String> system,
      Optional<String> zone,
      Optional<String> deviceType,
      Optional<Disk> systemDisk,
      List<Disk> dataDisks,
      Optional<String> restriction,
      boolean stoppedWithoutCharge,
      Map<String, String> labels) {

    public static final Details NONE =
        new Details(
            Optional.empty(),
            List.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            Optional.empty(),
            false);

    /** Without labels. */
    public Details(
        Optional<String> name,
        List<String> addresses,
        Optional<String> system,
        Optional<String> zone,
        Optional<String> deviceType,
        Optional<Disk> systemDisk,
        List<Disk> dataDisks,
        Optional<String> restriction,
        boolean stoppedWithoutCharge) {
      this(
          name,
          addresses,
          system,
          zone,
          deviceType,
          systemDisk,
          dataDisks,
          restriction,
          stoppedWithoutCharge,
          Map.of());
    }

    public Details {
      name = name.map(text -> StoredText.cut(text, StoredText.INSTALLED));
      system = system.map(text -> StoredText.cut(text, StoredText.INSTALLED));
    }
  }

  /**
   * A disk of the server.
   *
   * @param type in the cloud's own word, such as {@code CLOUD_PREMIUM}
   * @param size in GiB
   */
  public record Disk(Optional<String> id, Optional<String> type, Optional<Integer> size) {

    /** For people, such as {@code disk-abc (CLOUD_PREMIUM, 50 GiB)}. */
    @Override
    public String toString() {
      String about =
          Stream.of(type, size.map(gib -> gib + " GiB"))
              .flatMap(Optional::stream)
              .collect(Collectors.joining(", "));
      return id.orElse("without an ID") + (about.isEmpty() ? "" : " (" + about + ")");
    }
  }

  /** How far an operation is. */
  public enum Progress {
    IN_PROGRESS,
    DONE,
    FAILED
  }
}
