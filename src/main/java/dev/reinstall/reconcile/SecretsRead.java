package dev.reinstall.reconcile;

import dev.reinstall.cloud.Finding;
import java.util.List;
import java.util.Optional;

/**
 * What was read of the Secrets.
 *
 * @param problem why one could not be read
 * @param findings what is wrong with their contents
 * @param unchanged whether they are the ones that the entry's claim was made from
 */
record SecretsRead(Optional<String> problem, List<Finding> findings, boolean unchanged) {

  boolean areUsable() {
    return problem.isEmpty() && !Finding.haveError(findings);
  }
}
