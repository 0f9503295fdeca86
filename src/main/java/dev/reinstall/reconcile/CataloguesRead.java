package dev.reinstall.reconcile;

import dev.reinstall.cloud.Finding;
import java.util.List;

/**
 * What was read of the catalogues of the cloud.
 *
 * @param findings what contradicts the spec or the Secrets, and what could not be checked
 * @param complete whether each catalogue could be read
 */
record CataloguesRead(List<Finding> findings, boolean complete) {

  /** Nothing is asked, or nothing can be: the server was not described. */
  static final CataloguesRead NONE = new CataloguesRead(List.of(), true);
}
