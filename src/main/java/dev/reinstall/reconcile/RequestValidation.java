package dev.reinstall.reconcile;

import dev.reinstall.api.Reinstall;
import dev.reinstall.cloud.CloudProvider;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Validates what the schema cannot express, and what at-most-once rests on where an object was
 * stored without the schema's rules; without a call.
 */
final class RequestValidation {
  /** A ledger keeps the entry of a request for as long, and a day. */
  static final Duration LONGEST = Duration.ofDays(366);

  private RequestValidation() {}

  /**
   * What is wrong and what it must be.
   *
   * @return empty: valid
   */
  static Optional<String> validate(Reinstall reinstall, CloudProvider cloud, Instant now) {
    String generateName = reinstall.getMetadata().getGenerateName();
    // guard: generated-name-is-not-started
    if (generateName != null && !generateName.isEmpty()) {
      return Optional.of(
          "metadata.generateName must not be set, because each new name is a new reinstall: set"
              + " metadata.name");
    }
    String created = reinstall.getMetadata().getCreationTimestamp();
    Instant since = created == null ? now : Instant.parse(created);
    // guard: not-after-is-near
    if (reinstall.getSpec().notAfter().isAfter(since.plus(LONGEST))) {
      return Optional.of(
          "notAfter must be at most " + LONGEST.toDays() + " days after the Reinstall is created");
    }
    // guard: empty-preconditions-are-no-gate
    if (reinstall.getSpec().preconditions() != null
        && reinstall.getSpec().requiredInstallation().isEmpty()
        && reinstall.getSpec().requiredLabels().isEmpty()) {
      return Optional.of(
          "preconditions must contain what must be installed, or what the server must be called");
    }
    if (reinstall.getSpec().block().isEmpty()) {
      return Optional.of(reinstall.getSpec().cloud().block() + " must be set");
    }
    return cloud.validateSpec(reinstall.getSpec());
  }
}
