package dev.reinstall.exploration;

/**
 * The one instance kept of many equal values: compared by identity, hashed by its number.
 *
 * @param <T> immutable, with equals and hashCode
 */
final class Interned<T> {
  final T value;
  final int id;

  /** The claims that it refers to, one bit each. */
  final long claims;

  Interned(T value, int id, long claims) {
    this.value = value;
    this.id = id;
    this.claims = claims;
  }

  @Override
  public String toString() {
    return String.valueOf(value);
  }
}
