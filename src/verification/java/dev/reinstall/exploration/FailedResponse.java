package dev.reinstall.exploration;

import dev.reinstall.cloud.CloudErrorKind;
import dev.reinstall.cloud.CloudException;
import java.time.Duration;

/** A failure in place of a response. */
enum FailedResponse {
  /** A write conflicted with another, or its outcome is not known. */
  CONFLICT,
  /** The Kubernetes API is unavailable: the reconciliation ends. */
  AWAY,
  BUSY,
  THROTTLED,
  DENIED,
  INVALID,
  NOT_FOUND,
  NOT_SENT,
  AMBIGUOUS;

  static FailedResponse of(CloudErrorKind kind) {
    return valueOf(kind.name());
  }

  CloudException inTheCloud() {
    return switch (this) {
      case NOT_SENT -> CloudException.notSent("no route");
      case AMBIGUOUS -> CloudException.ambiguous("no response", null, null);
      default ->
          CloudException.rejected(
              CloudErrorKind.valueOf(name()), "rejected: " + this, "rejected", Duration.ZERO);
    };
  }
}
