package dev.reinstall.cloud;

/**
 * One question to a catalogue of a cloud: what can be installed, or with which keys to log in.
 *
 * @param action the call of the cloud that answers it, in the cloud's own words, such as {@code
 *     DescribeImages}
 * @param key what is asked about: an ID or a model of servers, or a name; empty: all
 */
public record CatalogueQuery(String action, String region, By by, String key) {

  /** What the key is. */
  public enum By {
    /** One call may take several. */
    ID,
    /** What is similar may be listed too. */
    NAME,
    /** As many entries as one call lists. */
    ALL
  }

  public CatalogueQuery(String action, String region, String key) {
    this(action, region, By.ID, key);
  }
}
