package dev.reinstall.exploration;

import java.util.Optional;

/**
 * The fingerprints of all visited states, each with that of the state from which it was first
 * reached. Two states with the same fingerprint would be taken for one: with ten million states and
 * 64 bits, that happens in one run in about 370,000.
 */
final class Visited {
  private static final int SHARDS = 64;

  private final Shard[] shards = new Shard[SHARDS];

  Visited() {
    for (int i = 0; i < SHARDS; i++) {
      shards[i] = new Shard();
    }
  }

  /** Whether it was not visited before. */
  boolean add(long fingerprint, long from) {
    return shard(fingerprint).add(fingerprint, from);
  }

  boolean isNew(long fingerprint) {
    return before(fingerprint).isEmpty();
  }

  /** The state from which it was first reached. */
  Optional<Long> before(long fingerprint) {
    return shard(fingerprint).before(fingerprint);
  }

  long size() {
    long size = 0;
    for (Shard shard : shards) {
      size += shard.size;
    }
    return size;
  }

  private Shard shard(long fingerprint) {
    return shards[(int) (fingerprint >>> 58)];
  }

  /** Open addressing; 0 is no fingerprint. */
  private static final class Shard {
    private long[] keys = new long[1024];
    private long[] froms = new long[1024];
    private int size;

    synchronized boolean add(long key, long from) {
      int at = slot(keys, key);
      if (keys[at] == key) {
        return false;
      }
      keys[at] = key;
      froms[at] = from;
      size++;
      if (size * 2 > keys.length) {
        grow();
      }
      return true;
    }

    synchronized Optional<Long> before(long key) {
      int at = slot(keys, key);
      return keys[at] == key ? Optional.of(froms[at]) : Optional.empty();
    }

    private void grow() {
      long[] biggerKeys = new long[keys.length * 2];
      long[] biggerFroms = new long[keys.length * 2];
      for (int i = 0; i < keys.length; i++) {
        if (keys[i] != 0) {
          int at = slot(biggerKeys, keys[i]);
          biggerKeys[at] = keys[i];
          biggerFroms[at] = froms[i];
        }
      }
      keys = biggerKeys;
      froms = biggerFroms;
    }

    private static int slot(long[] keys, long key) {
      int at = (int) (key & (keys.length - 1));
      while (keys[at] != 0 && keys[at] != key) {
        at = (at + 1) & (keys.length - 1);
      }
      return at;
    }
  }
}
