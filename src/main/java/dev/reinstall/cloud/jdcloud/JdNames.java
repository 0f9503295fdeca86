package dev.reinstall.cloud.jdcloud;

import dev.reinstall.api.CatalogueName;
import dev.reinstall.api.JdCloudSpec;
import dev.reinstall.api.ReinstallSpec;
import dev.reinstall.cloud.CatalogueAnswer;
import dev.reinstall.cloud.CatalogueEntry;
import dev.reinstall.cloud.CatalogueQuery;
import dev.reinstall.cloud.Finding;
import dev.reinstall.cloud.NameLookup;
import dev.reinstall.cloud.Observation;
import dev.reinstall.cloud.Resolution;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The system and the RAIDs that a request gives by name. That names are unique for a device type is
 * not attested.
 */
final class JdNames {
  static final String SYSTEM = "osTypeId";
  static final String SYSTEM_RAID = "sysRaidTypeId";
  static final String DATA_RAID = "dataRaidTypeId";

  private final ReinstallSpec spec;
  private final Optional<String> deviceType;
  private final Map<CatalogueQuery, CatalogueAnswer> answers;
  private final Map<String, String> ids = new TreeMap<>();
  private final List<Finding> findings = new ArrayList<>();

  private JdNames(
      ReinstallSpec spec, Observation observation, Map<CatalogueQuery, CatalogueAnswer> answers) {
    this.spec = spec;
    this.deviceType = observation.details().deviceType();
    this.answers = answers;
  }

  static Map<String, String> of(JdCloudSpec block) {
    Map<String, String> names = new TreeMap<>();
    put(names, SYSTEM, CatalogueName.of(block.os()));
    put(names, SYSTEM_RAID, CatalogueName.of(block.sysRaid()));
    put(names, DATA_RAID, CatalogueName.of(block.dataRaid()));
    return names;
  }

  private static void put(Map<String, String> into, String field, String name) {
    if (name != null) {
      into.put(field, name);
    }
  }

  static JdCloudSpec withIds(JdCloudSpec block, Map<String, String> ids) {
    return block.withIds(
        ids.getOrDefault(SYSTEM, block.osTypeId()),
        ids.getOrDefault(SYSTEM_RAID, block.sysRaidTypeId()),
        ids.getOrDefault(DATA_RAID, block.dataRaidTypeId()));
  }

  static Resolution resolve(
      ReinstallSpec spec, Observation observation, Map<CatalogueQuery, CatalogueAnswer> answers) {
    JdNames names = new JdNames(spec, observation, answers);
    JdCloudSpec block = spec.jdCloud();
    names.resolve(block.os(), "os", "a system", SYSTEM, JdCatalogue.SYSTEMS, "osName");
    names.resolveRaid(block.sysRaid(), "sysRaid", "system", SYSTEM_RAID);
    names.resolveRaid(block.dataRaid(), "dataRaid", "data", DATA_RAID);
    return new Resolution(names.ids, names.findings);
  }

  private void resolveRaid(CatalogueName given, String field, String volume, String idField) {
    String what = "a RAID of the " + volume + " volume";
    resolve(given, field, what, idField, JdCatalogue.RAIDS, "raidType");
  }

  private void resolve(
      CatalogueName given,
      String field,
      String what,
      String idField,
      JdCatalogue catalogue,
      String property) {
    if (given == null) {
      return;
    }
    String path = "jdCloud." + field;
    if (deviceType.isEmpty()) {
      findings.add(
          Finding.correctable(
              "spec." + path,
              path
                  + ".name cannot be looked up: the cloud does not report the device type of the"
                  + " server."));
      return;
    }
    CatalogueQuery query = catalogue.query(spec.region(), deviceType.get());
    CatalogueAnswer answer = answers.get(query);
    Optional<Finding> unread = answer.unresolved(query, path, query.action() + " of edcps");
    if (unread.isPresent()) {
      findings.add(unread.get());
      return;
    }
    NameLookup lookup =
        new NameLookup(
            path,
            given.name(),
            what + " that the cloud offers for the device type " + deviceType.get(),
            "jdCloud." + idField,
            property);
    List<CatalogueEntry> offers =
        idField.equals(SYSTEM)
            ? answer.entries()
            : JdCatalogue.ofVolume(answer.entries(), idField.equals(DATA_RAID) ? "data" : "system");
    List<CatalogueEntry> matches = lookup.matches(offers);
    if (matches.size() == 1) {
      ids.put(idField, matches.get(0).id());
    } else {
      findings.add(lookup.finding(matches, offers));
    }
  }
}
