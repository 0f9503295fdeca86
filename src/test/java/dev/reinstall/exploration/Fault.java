package dev.reinstall.exploration;

import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.Trouble;
import java.time.Duration;

/** An answer that is none. */
enum Fault {
  /** A write was lost to another's, or is not known to be done. */
  CONFLICT,
  /** The Kubernetes API is away: the pass ends. */
  AWAY,
  BUSY,
  THROTTLED,
  DENIED,
  INVALID,
  MISSING,
  NEVER_SENT,
  UNCLEAR;

  static Fault of(Trouble trouble) {
    return valueOf(trouble.name());
  }

  CloudException inTheCloud() {
    return switch (this) {
      case NEVER_SENT -> CloudException.neverSent("no route");
      case UNCLEAR -> CloudException.unclear("no answer", null, null);
      default ->
          CloudException.refused(
              Trouble.valueOf(name()), "refused: " + this, "refused", Duration.ZERO);
    };
  }
}
