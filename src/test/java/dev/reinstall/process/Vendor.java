package dev.reinstall.process;

import dev.reinstall.simulator.SimulatedCloud;
import dev.reinstall.simulator.SimulatedServer;
import java.util.Map;

/** The two clouds as the tests ask them the same things. */
enum Vendor {
  TENCENT("DescribeInstances", "ResetInstance", "ins-%s"),
  JD("describeInstance", "reinstallInstance", "cps-%s");

  private final String look;
  private final String send;
  private final String id;

  Vendor(String look, String send, String id) {
    this.look = look;
    this.send = send;
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

  /** As {@link #order}, by an account that no other order has: it shares no call with any. */
  String orderOfItsOwnAccount(Site site, String name, String id) {
    String key = "secret-key-of-" + id;
    if (this == TENCENT) {
      site.tencent.account(id, key);
      site.secret(site.namespace, name + "-account", Map.of("secretId", id, "secretKey", key));
    } else {
      site.jd.account(id, key);
      site.secret(site.namespace, name + "-account", Map.of("accessKey", id, "secretKey", key));
    }
    return order(name, id)
        .replaceFirst("credentialsRef: .*", "credentialsRef: {name: " + name + "-account}");
  }
}
