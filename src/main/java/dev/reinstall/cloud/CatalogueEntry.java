package dev.reinstall.cloud;

import dev.reinstall.api.StoredText;
import java.util.Map;

/**
 * What a catalogue says about one thing in it.
 *
 * @param id the cloud's ID of it
 * @param properties by the cloud's own field names, the first letter in lower case, such as {@code
 *     imageState}; only what the cloud reports, and short enough for a message
 */
public record CatalogueEntry(String id, Map<String, String> properties) {

  public CatalogueEntry {
    properties = StoredText.cutValues(properties, StoredText.INSTALLED);
  }

  /** The property; an empty text if the cloud reports none. */
  public String property(String name) {
    return properties.getOrDefault(name, "");
  }
}
