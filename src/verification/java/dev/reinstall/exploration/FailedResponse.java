package dev.reinstall.exploration;

import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.CloudException.Kind;
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

  static FailedResponse of(Kind kind) {
    return valueOf(kind.name());
  }

  CloudException inTheCloud() {
    return switch (this) {
      case NOT_SENT -> CloudException.notSent("no route");
      case AMBIGUOUS -> new CloudException(Kind.AMBIGUOUS, "no response");
      default ->
          new CloudException(Kind.valueOf(name()), "rejected: " + this, "rejected", Duration.ZERO);
    };
  }
}
