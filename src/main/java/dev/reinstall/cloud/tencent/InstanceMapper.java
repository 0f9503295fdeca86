package dev.reinstall.cloud.tencent;

import dev.reinstall.api.Server;
import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.CloudException.Kind;
import dev.reinstall.cloud.CloudResponse;
import dev.reinstall.cloud.DescribeResponseParser;
import dev.reinstall.cloud.Fields;
import dev.reinstall.cloud.Observation;
import dev.reinstall.cloud.Observation.Details;
import dev.reinstall.cloud.Observation.Disk;
import dev.reinstall.cloud.Observation.Operation;
import dev.reinstall.cloud.Observation.Power;
import dev.reinstall.cloud.Observation.Progress;
import dev.reinstall.cloud.Redaction;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Maps one instance of DescribeInstances to an {@link Observation}. */
final class InstanceMapper {
  private static final String NORMAL = "NORMAL";

  private static final String LAST = "\uffff";
  private static final Comparator<Disk> BY_ID =
      Comparator.<Disk, String>comparing(disk -> disk.id().orElse(LAST))
          .thenComparing(disk -> disk.type().orElse(""))
          .thenComparing(disk -> disk.size().orElse(0));

  private InstanceMapper() {}

  /**
   * The one requested instance.
   *
   * @throws CloudException not found, if the set is empty (this cloud reports no error then);
   *     ambiguous, if it has another instance, or more than one
   */
  static Observation observation(Server server, CloudResponse response, Redaction redaction)
      throws CloudException {
    List<Fields> set = set(response);
    if (set.isEmpty()) {
      String message =
          "There is no instance " + server.instanceId() + " in " + server.region() + ".";
      throw response.failure(Kind.NOT_FOUND, message);
    }
    Fields instance = set.get(0);
    if (set.size() > 1 || !instance.text("InstanceId").equals(Optional.of(server.instanceId()))) {
      throw response.ambiguous("The response is not about " + server.instanceId() + " alone.");
    }
    return observation(instance, response, redaction);
  }

  /** Those of the requested servers that the response is clear about. */
  static Map<Server, Observation> observations(
      List<Server> requested, CloudResponse response, Redaction redaction) throws CloudException {
    return DescribeResponseParser.read(
        requested,
        set(response),
        "InstanceId",
        (server, instance) -> observation(instance, response, redaction));
  }

  private static List<Fields> set(CloudResponse response) throws CloudException {
    return response
        .content()
        .objects("InstanceSet")
        .orElseThrow(() -> response.ambiguous("The response contains no InstanceSet."));
  }

  private static Observation observation(
      Fields instance, CloudResponse response, Redaction redaction) throws CloudException {
    String state = instance.text("InstanceState").orElse("none");
    String restriction = instance.text("RestrictState").orElse(NORMAL);
    boolean restricted = !restriction.equals(NORMAL);
    return new Observation(
        power(state, restricted),
        redaction.clean(restricted ? state + "/" + restriction : state),
        instance
            .text("ImageId")
            .flatMap(redaction::id)
            .map(image -> Map.of("imageId", image))
            .orElse(Map.of()),
        operation(instance, redaction),
        Optional.empty(),
        response.http().date(),
        details(state, instance, redaction));
  }

  /** The lists are sorted: that of the cloud may change, and the details are in a status. */
  private static Details details(String state, Fields instance, Redaction redaction)
      throws CloudException {
    Optional<Fields> systemDisk = instance.object("SystemDisk");
    return new Details(
        instance.shownText("InstanceName").map(redaction::clean),
        Stream.of("PrivateIpAddresses", "PublicIpAddresses")
            .flatMap(list -> instance.shownTexts(list).stream().sorted())
            .flatMap(address -> redaction.id(address).stream())
            .toList(),
        instance.shownText("OsName").map(redaction::clean),
        instance.shownObject("Placement").shownText("Zone").flatMap(redaction::id),
        Optional.empty(),
        systemDisk.isEmpty() ? Optional.empty() : Optional.of(disk(systemDisk.get(), redaction)),
        instance.shownObjects("DataDisks").stream()
            .map(disk -> shownDisk(disk, redaction))
            .sorted(BY_ID)
            .toList(),
        instance
            .shownText("RestrictState")
            .filter(word -> !word.equals(NORMAL))
            .map(redaction::clean),
        state.equals("STOPPED")
            && instance.text("StopChargingMode").equals(Optional.of("STOP_CHARGING")),
        labels(instance, redaction));
  }

  private static Map<String, String> labels(Fields instance, Redaction redaction) {
    Map<String, String> labels = new TreeMap<>();
    instance
        .shownText("InstanceName")
        .ifPresent(name -> labels.put("instanceName", redaction.clean(name)));
    for (Fields tag : instance.shownObjects("Tags")) {
      Optional<String> value = tag.shownText("Value");
      tag.shownText("Key")
          .filter(key -> value.isPresent())
          .ifPresent(key -> labels.put("tags." + key, redaction.clean(value.get())));
    }
    return labels;
  }

  private static Disk disk(Fields disk, Redaction redaction) throws CloudException {
    return new Disk(
        disk.shownText("DiskId").flatMap(redaction::id),
        disk.text("DiskType").flatMap(redaction::id),
        disk.number("DiskSize"));
  }

  private static Disk shownDisk(Fields disk, Redaction redaction) {
    return new Disk(
        disk.shownText("DiskId").flatMap(redaction::id),
        disk.shownText("DiskType").flatMap(redaction::id),
        disk.shownNumber("DiskSize"));
  }

  private static Power power(String state, boolean restricted) {
    return switch (state) {
      // An expired or isolated server is restricted by its cloud: it must not be reset, and so not
      // be stopped for a reset either.
      case "RUNNING" -> restricted ? Power.CHANGING : Power.RUNNING;
      case "STOPPED" -> restricted ? Power.CHANGING : Power.STOPPED;
      case "LAUNCH_FAILED" -> Power.BROKEN;
      default -> Power.CHANGING;
    };
  }

  private static Optional<Operation> operation(Fields instance, Redaction redaction)
      throws CloudException {
    Optional<String> id = instance.text("LatestOperationRequestId").flatMap(redaction::id);
    if (id.isEmpty()) {
      return Optional.empty();
    }
    boolean reset = instance.text("LatestOperation").equals(Optional.of("ResetInstance"));
    Progress progress =
        switch (instance.text("LatestOperationState").orElse("")) {
          case "SUCCESS" -> Progress.DONE;
          case "FAILED" -> Progress.FAILED;
          default -> Progress.IN_PROGRESS; // OPERATING, or a word that does not say it is over
        };
    // LatestOperationErrorMsg is not read: it may echo a password, which a description cannot
    // redact.
    return Optional.of(new Operation(reset, id.get(), progress));
  }
}
