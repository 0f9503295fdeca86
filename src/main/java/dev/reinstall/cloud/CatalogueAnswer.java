package dev.reinstall.cloud;

import dev.reinstall.api.StoredText;
import java.util.List;
import java.util.Optional;

/**
 * What came of a {@link CatalogueQuery}.
 *
 * @param entries what the catalogue contains about the key; empty: nothing, or it could not be read
 * @param failure why the catalogue could not be read
 */
public record CatalogueAnswer(List<CatalogueEntry> entries, Optional<CloudException> failure) {

  /** A finding is stored in a status, with other sentences. */
  private static final int MOST_OF_REASON = 200;

  public CatalogueAnswer {
    entries = List.copyOf(entries);
  }

  public static CatalogueAnswer of(List<CatalogueEntry> entries) {
    return new CatalogueAnswer(entries, Optional.empty());
  }

  public static CatalogueAnswer failed(CloudException failure) {
    return new CatalogueAnswer(List.of(), Optional.of(failure));
  }

  /**
   * The warning that the catalogue could not be read; empty: it could.
   *
   * @param query whose call failed
   * @param field that is not checked
   * @param permission to call it, in the words of the cloud
   */
  public Optional<Finding> warning(CatalogueQuery query, String field, String permission) {
    return failure.map(
        e ->
            Finding.warning(
                "spec." + field,
                field
                    + " is not checked: "
                    + query.action()
                    + " failed ("
                    + StoredText.shorten(e.getMessage(), MOST_OF_REASON)
                    + ")."
                    + (e.kind() == CloudException.Kind.DENIED
                        ? " Give these credentials the permission " + permission + "."
                        : "")));
  }
}
