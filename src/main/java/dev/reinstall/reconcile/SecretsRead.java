package dev.reinstall.reconcile;

import dev.reinstall.api.SecretKeyRef;
import dev.reinstall.cloud.Finding;
import java.util.List;
import java.util.Optional;

/**
 * What was read of the Secrets.
 *
 * @param problems why some could not be read
 * @param findings what is wrong with the contents of the others
 * @param unchanged whether they are the ones that the entry's claim was made from
 * @param toGenerate the Secret key of a password that is to be made, because there is none yet
 */
record SecretsRead(
    List<String> problems,
    List<Finding> findings,
    boolean unchanged,
    Optional<SecretKeyRef> toGenerate) {

  static SecretsRead failed(SecretNotReadyException e) {
    return new SecretsRead(List.of(e.getMessage()), List.of(), false, Optional.empty());
  }

  boolean areUsable() {
    return /* guard: missing-secret-is-not-sent */ problems.isEmpty()
        && /* guard: password-exists-before-it-is-sent */ toGenerate.isEmpty()
        && !Finding.haveError(findings);
  }
}
