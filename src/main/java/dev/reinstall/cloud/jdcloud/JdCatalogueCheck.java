package dev.reinstall.cloud.jdcloud;

import dev.reinstall.api.JdCloudSpec;
import dev.reinstall.api.ReinstallSpec;
import dev.reinstall.cloud.CatalogueAnswer;
import dev.reinstall.cloud.CatalogueEntry;
import dev.reinstall.cloud.CatalogueQuery;
import dev.reinstall.cloud.Finding;
import dev.reinstall.cloud.Observation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The check of a request against the systems and RAIDs that the cloud offers for the server's
 * device type. Key pairs are not checked: this API has no call that lists them.
 */
final class JdCatalogueCheck {
  private static final String BLOCK = "jdCloud.";
  private static final String SYSTEM = JdNames.SYSTEM;
  private static final String SYSTEM_RAID = JdNames.SYSTEM_RAID;
  private static final String DATA_RAID = JdNames.DATA_RAID;

  /** A block has no more. */
  private static final int NAMES = 3;

  /** So many fit into a message. */
  private static final int MOST_OFFERS = 5;

  private final String region;
  private final JdCloudSpec block;
  private final String deviceType;
  private final Map<CatalogueQuery, CatalogueAnswer> answers;
  private final List<Finding> findings = new ArrayList<>();

  private JdCatalogueCheck(
      ReinstallSpec spec, String deviceType, Map<CatalogueQuery, CatalogueAnswer> answers) {
    this.region = spec.region();
    this.block = spec.jdCloud();
    this.deviceType = deviceType;
    this.answers = answers;
  }

  /** None where the cloud does not report the device type. */
  static List<CatalogueQuery> queries(ReinstallSpec spec, Observation observation) {
    return observation
        .details()
        .deviceType()
        .map(
            type ->
                List.of(
                    JdCatalogue.SYSTEMS.query(spec.region(), type),
                    JdCatalogue.RAIDS.query(spec.region(), type)))
        .orElse(List.of());
  }

  static List<Finding> findings(
      ReinstallSpec spec, Observation observation, Map<CatalogueQuery, CatalogueAnswer> answers) {
    Optional<String> deviceType = observation.details().deviceType();
    if (JdNames.of(spec.jdCloud()).size() == NAMES) { // all were looked up in the catalogues
      return new JdCatalogueCheck(spec, "", answers).keptData(observation);
    }
    if (deviceType.isEmpty()) {
      return List.of(
          Finding.unchecked(
              "spec." + BLOCK + SYSTEM,
              "osTypeId, sysRaidTypeId and dataRaidTypeId are not checked: the cloud does not"
                  + " report the device type of the server."));
    }
    JdCatalogueCheck check = new JdCatalogueCheck(spec, deviceType.get(), answers);
    check.system();
    check.raids();
    check.findings.addAll(check.keptData(observation));
    return check.findings;
  }

  /** Of a RAID that was given by its name: its ID was not known before. */
  private List<Finding> keptData(Observation observation) {
    return block.dataRaid() == null
        ? List.of()
        : JdSpecValidator.keptData(block, observation).stream().toList();
  }

  private void system() {
    if (block.os() != null) {
      return; // it was looked up in the catalogue
    }
    List<CatalogueEntry> offers = offers(JdCatalogue.SYSTEMS, SYSTEM, SYSTEM);
    if (!offers.isEmpty() && !isOffered(block.osTypeId(), offers)) {
      missing(SYSTEM, "a system", block.osTypeId(), names(offers, "osName"));
    }
  }

  private static boolean isOffered(String id, List<CatalogueEntry> offers) {
    return offers.stream().anyMatch(offered -> offered.id().equals(id));
  }

  private void raids() {
    if (block.sysRaid() != null && block.dataRaid() != null) {
      return;
    }
    List<CatalogueEntry> offers =
        offers(JdCatalogue.RAIDS, SYSTEM_RAID, "sysRaidTypeId and dataRaidTypeId");
    if (!offers.isEmpty() && block.sysRaid() == null) {
      raid(SYSTEM_RAID, "system", block.sysRaidTypeId(), offers);
    }
    if (!offers.isEmpty() && block.dataRaid() == null) {
      raid(DATA_RAID, "data", block.dataRaidTypeId(), offers);
    }
  }

  private void raid(String field, String volume, String id, List<CatalogueEntry> offers) {
    List<CatalogueEntry> ofVolume = JdCatalogue.ofVolume(offers, volume);
    if (!isOffered(id, ofVolume)) {
      missing(field, "a RAID of the " + volume + " volume", id, names(ofVolume, "raidType"));
    }
  }

  /** What the cloud offers; where that is not known, or nothing, a finding says so. */
  private List<CatalogueEntry> offers(JdCatalogue catalogue, String field, String fields) {
    CatalogueQuery query = catalogue.query(region, deviceType);
    CatalogueAnswer answer = answers.get(query);
    Optional<Finding> unread = answer.unchecked(query, BLOCK + field, query.action() + " of edcps");
    if (unread.isPresent()) {
      findings.add(unread.get());
    } else if (answer.entries().isEmpty()) {
      findings.add(
          Finding.unchecked(
              "spec." + BLOCK + field,
              fields
                  + " cannot be checked: "
                  + query.action()
                  + " lists nothing for the device type "
                  + deviceType
                  + "."));
    }
    return answer.entries();
  }

  private void missing(String field, String what, String id, String offers) {
    findings.add(
        Finding.invalid(
            "spec." + BLOCK + field,
            "%s must be %s that the cloud offers for the device type %s: %s, not %s."
                .formatted(field, what, deviceType, offers, id)));
  }

  private static String names(List<CatalogueEntry> offers, String property) {
    String first =
        offers.stream()
            .limit(MOST_OFFERS)
            .map(
                offered ->
                    offered.property(property).isEmpty()
                        ? offered.id()
                        : offered.id() + " (" + offered.property(property) + ")")
            .collect(Collectors.joining(", "));
    if (offers.isEmpty()) {
      return "there is none";
    }
    return offers.size() > MOST_OFFERS
        ? first + " or one of " + (offers.size() - MOST_OFFERS) + " others"
        : first;
  }
}
