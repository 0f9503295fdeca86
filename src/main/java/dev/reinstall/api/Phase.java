package dev.reinstall.api;

/** How far an order is. Strings in the schema, so that no word can make a status write fail. */
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
