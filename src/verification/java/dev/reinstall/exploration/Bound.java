package dev.reinstall.exploration;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.ReinstallSpec.OnUnsubmitted;
import dev.reinstall.api.ReinstallSpec.WhenRunning;
import java.util.List;
import java.util.stream.Stream;

/**
 * The bounds of an exploration: everything that can happen within these numbers is explored, in
 * every order.
 *
 * @param name for a story and the result table
 * @param jd the traits of the cloud: JD-like or Tencent-like
 * @param created the Reinstalls that exist at the start, {@code namespace/name}
 * @param later those that a user may create
 * @param atOnce reconciliations in progress at one time, of all processes
 * @param lostWrites responses of the Kubernetes API, or requests to it, that are lost
 * @param lostCalls responses of the cloud, or requests to it, that are lost, late or duplicated
 * @param refusals calls and descriptions that the cloud rejects without a cause, and installs that
 *     fail
 * @param acts of users
 * @param claims of the server: no further one is made
 * @param behind how many versions a cache may lag
 * @param powerless the namespace whose calls that change a server are all denied, and where alone
 *     users act; null: there is none
 * @param lastWall how far the wall clocks advance
 */
record Bound(
    String name,
    boolean jd,
    List<String> created,
    List<String> later,
    int replicas,
    int atOnce,
    int crashes,
    int lostWrites,
    int lostCalls,
    int refusals,
    int acts,
    int claims,
    int behind,
    String powerless,
    Ticks.Wall lastWall,
    WhenRunning whenRunning,
    OnUnsubmitted onUnsubmitted,
    Ticks ticks) {

  CloudName cloud() {
    return jd ? CloudName.JDCloud : CloudName.TencentCloud;
  }

  boolean isPowerless(String place) {
    return namespace(place).equals(powerless);
  }

  /**
   * @param place namespace and name
   */
  static String namespace(String place) {
    return place.substring(0, place.indexOf('/'));
  }

  List<String> places() {
    return Stream.concat(created.stream(), later.stream()).toList();
  }
}
