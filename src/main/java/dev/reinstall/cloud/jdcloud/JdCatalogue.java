package dev.reinstall.cloud.jdcloud;

import dev.reinstall.cloud.CatalogueEntry;
import dev.reinstall.cloud.CatalogueQuery;
import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.CloudException.Kind;
import dev.reinstall.cloud.CloudResponse;
import dev.reinstall.cloud.Fields;
import dev.reinstall.cloud.Redaction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The catalogues of this cloud, each asked by device type: operating systems and RAIDs. */
enum JdCatalogue {
  SYSTEMS("describeOS", "/os", "oss", "osTypeId", "osName"),
  RAIDS("describeDeviceRaids", "/raids", "raids", "raidTypeId", "raidType");

  // They go into a path and a query: nothing that would have to be encoded.
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

  /** Of a RAID. */
  private static final String VOLUME = "volumeType";

  private final String action;
  private final String path;
  private final String list;
  private final String id;
  private final String name;

  JdCatalogue(String action, String path, String list, String id, String name) {
    this.action = action;
    this.path = path;
    this.list = list;
    this.id = id;
    this.name = name;
  }

  CatalogueQuery query(String region, String deviceType) {
    return new CatalogueQuery(action, region, deviceType);
  }

  static JdCatalogue of(CatalogueQuery query) {
    return query.action().equals(SYSTEMS.action) ? SYSTEMS : RAIDS;
  }

  String path(CatalogueQuery query) throws CloudException {
    if (!PLAIN.matcher(query.region()).matches() || !PLAIN.matcher(query.key()).matches()) {
      throw new CloudException(
          Kind.INVALID, "Not sent: the region or the device type has unusual characters.");
    }
    return "/v1/regions/" + query.region() + path;
  }

  /** The RAIDs of this volume; one without a volume is taken for a RAID of either. */
  static List<CatalogueEntry> ofVolume(List<CatalogueEntry> raids, String volume) {
    return raids.stream()
        .filter(raid -> Set.of("", volume).contains(raid.property(VOLUME)))
        .toList();
  }

  /** All that the cloud lists for the device type; what has no ID is left out. */
  List<CatalogueEntry> entries(CloudResponse response, Redaction redaction) throws CloudException {
    List<Fields> listed =
        response
            .content()
            .objects(list)
            .orElseThrow(() -> response.ambiguous("The response contains no " + list + "."));
    List<CatalogueEntry> entries = new ArrayList<>();
    for (Fields one : listed) {
      Optional<String> known = one.text(id).flatMap(redaction::id);
      if (known.isPresent()) {
        Map<String, String> properties = new HashMap<>();
        one.text(name)
            .flatMap(text -> CatalogueEntry.name(text, redaction))
            .ifPresent(text -> properties.put(name, text));
        one.text(VOLUME).ifPresent(text -> properties.put(VOLUME, redaction.clean(text)));
        entries.add(new CatalogueEntry(known.get(), properties));
      }
    }
    return entries;
  }
}
