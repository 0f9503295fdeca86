package dev.reinstall.exploration;

import dev.reinstall.api.Reinstall;
import dev.reinstall.api.ReinstallSpec;
import dev.reinstall.api.ReinstallStatus;
import io.fabric8.kubernetes.api.model.ObjectMeta;

/**
 * One version of a Reinstall.
 *
 * @param place {@code namespace/name}
 * @param contents which of the specs it has, for short
 * @param status without the observed state of the server: no decision reads that
 */
record Item(
    String place,
    int uid,
    long generation,
    boolean deleted,
    ReinstallSpec spec,
    ReinstallStatus status) {

  String name() {
    return place.substring(place.indexOf('/') + 1);
  }

  String uidText() {
    return "uid-" + place + "-" + uid;
  }

  Item with(ReinstallStatus next) {
    return new Item(place, uid, generation, deleted, spec, next);
  }

  Item with(ReinstallSpec next) {
    return new Item(place, uid, generation + 1, deleted, next, status);
  }

  /** The object that a reconciliation gets; its resource version is the number of this version. */
  Reinstall object(int version) {
    Reinstall object = new Reinstall();
    ObjectMeta meta = new ObjectMeta();
    meta.setNamespace(place.substring(0, place.indexOf('/')));
    meta.setName(name());
    meta.setUid(uidText());
    meta.setGeneration(generation);
    meta.setResourceVersion(String.valueOf(version));
    meta.setDeletionTimestamp(deleted ? Ticks.NOT_AFTER.toString() : null);
    object.setMetadata(meta);
    object.setSpec(spec);
    object.setStatus(status);
    return object;
  }
}
