package dev.reinstall.exploration;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToLongFunction;

/** Keeps one of all equal values, and numbers it. */
final class InternPool<T> {
  private final ConcurrentHashMap<T, Interned<T>> values = new ConcurrentHashMap<>();
  private final AtomicInteger ids = new AtomicInteger();
  private final ToLongFunction<T> claims;

  /**
   * @param claims the claims that a value refers to, one bit each
   */
  InternPool(ToLongFunction<T> claims) {
    this.claims = claims;
  }

  Interned<T> of(T value) {
    Interned<T> kept = values.get(value);
    return kept != null
        ? kept
        : values.computeIfAbsent(
            value, v -> new Interned<>(v, ids.incrementAndGet(), claims.applyAsLong(v)));
  }
}
