package dev.reinstall.process;

import dev.reinstall.simulator.SimulatedCloud;
import dev.reinstall.simulator.SimulatedServer;
import java.util.Map;

/** The two clouds as the tests ask them the same things. */
enum Vendor {
  TENCENT("DescribeInstances", "StopInstances", "ResetInstance", "StartInstances", "ins-%s"),
  JD("describeInstance", "stopInstance", "reinstallInstance", "startInstance", "cps-%s");

  private final String look;
  private final String stop;
  private final String send;
  private final String start;
  private final String id;

  Vendor(String look, String stop, String send, String start, String id) {
    this.look = look;
    this.stop = stop;
    this.send = send;
    this.start = start;
    this.id = id;
  }

  /** The cloud's action by which the operator looks. */
  String look() {
    return look;
  }

  /** The cloud's action that wipes. */
  String send() {
    return send;
  }

  String stop() {
    return stop;
  }

  String start() {
    return start;
  }

  /** What the credentials Secret of a site holds. */
  Map<String, String> credentials() {
    return this == TENCENT
        ? Map.of("secretId", Site.SECRET_ID, "secretKey", Site.SECRET_KEY)
        : Map.of("accessKey", Site.ACCESS_KEY, "secretKey", Site.JD_SECRET_KEY);
  }

  /**
   * @param eight letters or digits, eight of them
   */
  String id(String eight) {
    return id.formatted(eight);
  }

  SimulatedCloud cloud(Site site) {
    return this == TENCENT ? site.tencent : site.jd;
  }

  /** How often the operator asked anything about the server. */
  int calls(Site site, String id) {
    return cloud(site).calls(look, id) + cloud(site).calls(send, id);
  }

  SimulatedServer newServer(Site site, String id) {
    return this == TENCENT ? site.tencent.newServer(id) : site.jd.newServer(id);
  }

  void switchOn(Site site, String id) {
    if (this == TENCENT) {
      site.tencent.server(id).running();
    } else {
      site.jd.server(id).running();
    }
  }

  /** Its installs begin and do not end, until {@link #goOn}. */
  void stick(Site site, String id) {
    if (this == TENCENT) {
      site.tencent.server(id).stayInTransition();
    } else {
      site.jd.server(id).stayInTransition();
    }
  }

  void pullPlug(Site site, String id) {
    if (this == TENCENT) {
      site.tencent.server(id).pullPlug();
    } else {
      site.jd.server(id).pullPlug();
    }
  }

  void goOn(Site site, String id) {
    if (this == TENCENT) {
      site.tencent.server(id).goOn();
    } else {
      site.jd.server(id).goOn();
    }
  }

  /**
   * @param more lines of the spec
   */
  String order(String name, String id, String more) {
    return this == TENCENT ? Site.tencentOrder(name, id, more) : Site.jdOrder(name, id, more);
  }

  String order(String name, String id) {
    return order(name, id, "");
  }
}
