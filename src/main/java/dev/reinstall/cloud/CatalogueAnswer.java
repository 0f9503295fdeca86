package dev.reinstall.cloud;

import java.util.List;
import java.util.Optional;

/**
 * What came of a {@link CatalogueQuery}.
 *
 * @param entries what the catalogue contains about the key; empty: nothing, or it could not be read
 * @param failure why the catalogue could not be read
 */
public record CatalogueAnswer(List<CatalogueEntry> entries, Optional<CloudException> failure) {

  public CatalogueAnswer {
    entries = List.copyOf(entries);
  }

  public static CatalogueAnswer of(List<CatalogueEntry> entries) {
    return new CatalogueAnswer(entries, Optional.empty());
  }

  public static CatalogueAnswer failed(CloudException failure) {
    return new CatalogueAnswer(List.of(), Optional.of(failure));
  }
}
