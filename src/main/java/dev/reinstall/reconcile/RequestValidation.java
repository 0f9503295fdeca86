package dev.reinstall.reconcile;

import dev.reinstall.api.Reinstall;
import dev.reinstall.cloud.Cloud;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Validates what the schema cannot express, or an older schema did not; without a call. */
final class RequestValidation {
  /** A ledger keeps the entry of a request for as long, and a day. */
  static final Duration LONGEST = Duration.ofDays(366);

  private RequestValidation() {}

  /**
   * What is wrong and what it must be.
   *
   * @return empty: valid
   */
  static Optional<String> validate(Reinstall reinstall, Cloud cloud, Instant now) {
    String generateName = reinstall.getMetadata().getGenerateName();
    if (generateName != null && !generateName.isEmpty()) {
      return Optional.of(
          "metadata.generateName must not be set, because each new name is a new reinstall: set"
              + " metadata.name");
    }
    String created = reinstall.getMetadata().getCreationTimestamp();
    Instant since = created == null ? now : Instant.parse(created);
    if (reinstall.getSpec().notAfter().isAfter(since.plus(LONGEST))) {
      return Optional.of(
          "notAfter must be at most " + LONGEST.toDays() + " days after the Reinstall is created");
    }
    return cloud.validateSpec(reinstall.getSpec());
  }
}
