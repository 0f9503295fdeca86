package dev.reinstall.api;

/**
 * The phases of a Reinstall. Strings in the schema, so that no value can make a status write fail.
 */
public enum Phase {
  Pending,
  Stopping,
  Submitting,
  Installing,
  Starting,
  Succeeded,
  Failed,
  Unknown;

  public boolean isFinished() {
    return this == Succeeded || this == Failed || this == Unknown;
  }
}
