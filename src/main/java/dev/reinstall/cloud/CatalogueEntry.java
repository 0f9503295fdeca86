package dev.reinstall.cloud;

import dev.reinstall.api.StoredText;
import java.util.Map;
import java.util.Optional;

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

  /**
   * A name in a catalogue, which is compared with that of a request; empty: not all of it can be
   * shown, so that it would be another name.
   */
  public static Optional<String> name(String text, Redaction redaction) {
    return Optional.of(text)
        .filter(whole -> redaction.clean(whole).equals(whole))
        .filter(whole -> StoredText.cut(whole, StoredText.INSTALLED).equals(whole));
  }

  /** The property; an empty text if the cloud reports none. */
  public String property(String name) {
    return properties.getOrDefault(name, "");
  }
}
