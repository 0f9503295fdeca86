package dev.reinstall.reconcile;

import java.util.Optional;

/**
 * What was read of the Secrets.
 *
 * @param problem what is missing or unusable, by name of Secret and key
 * @param unchanged whether they are the ones that the entry's claim was made from
 */
record SecretsRead(Optional<String> problem, boolean unchanged) {}
