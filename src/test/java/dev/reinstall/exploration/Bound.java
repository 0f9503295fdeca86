package dev.reinstall.exploration;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.ReinstallSpec.WhenRunning;
import java.util.List;
import java.util.stream.Stream;

/**
 * How far is explored: everything that may happen within these numbers, in every order.
 *
 * @param name for a story and the table of what was seen
 * @param jd the traits of the cloud: JD-like or Tencent-like
 * @param created the Reinstalls that are there in the beginning, {@code namespace/name}
 * @param later those that a person may create
 * @param atOnce passes that are under way at one time, of all processes
 * @param lostWrites answers of the Kubernetes API, or requests to it, that are lost
 * @param lostCalls answers of the cloud, or requests to it, that are lost, late or doubled
 * @param refusals calls and looks that the cloud refuses without a cause, and installs that fail
 * @param acts of persons
 * @param claims of the server: no further one is made
 * @param behind how many versions a cache may be behind
 * @param lastWall how far the wall clocks go
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
    Ticks.Wall lastWall,
    WhenRunning whenRunning,
    Ticks ticks) {

  CloudName cloud() {
    return jd ? CloudName.JDCloud : CloudName.TencentCloud;
  }

  List<String> places() {
    return Stream.concat(created.stream(), later.stream()).toList();
  }
}
