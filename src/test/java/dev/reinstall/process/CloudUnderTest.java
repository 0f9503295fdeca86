package dev.reinstall.process;

import dev.reinstall.api.CloudName;
import dev.reinstall.api.Server;
import dev.reinstall.simulator.SimulatedCloud;
import dev.reinstall.simulator.SimulatedServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The two clouds behind one interface for the tests. */
enum CloudUnderTest {
  TENCENT("DescribeInstances", "StopInstances", "ResetInstance", "StartInstances", "ins-%s"),
  JD("describeInstance", "stopInstance", "reinstallInstance", "startInstance", "cps-%s");

  private final String observation;
  private final String stop;
  private final String send;
  private final String start;
  private final String id;

  CloudUnderTest(String observation, String stop, String send, String start, String id) {
    this.observation = observation;
    this.stop = stop;
    this.send = send;
    this.start = start;
    this.id = id;
  }

  /** The cloud's action that describes a server. */
  String describeAction() {
    return observation;
  }

  /** The cloud's action that stops a server. */
  String stop() {
    return stop;
  }

  /** The cloud's action that starts a server. */
  String start() {
    return start;
  }

  /** The cloud's action that reinstalls a server. */
  String send() {
    return send;
  }

  /**
   * @param eight letters or digits, eight of them
   */
  String id(String eight) {
    return id.formatted(eight);
  }

  /** The server of this ID in the region of the tests' requests. */
  Server server(String id) {
    return this == TENCENT
        ? new Server(CloudName.TencentCloud, "ap-guangzhou", id)
        : new Server(CloudName.JDCloud, "cn-east-tz1", id);
  }

  SimulatedCloud cloud(TestCluster site) {
    return this == TENCENT ? site.tencent : site.jd;
  }

  /** The number of calls that described the server, alone or together with others. */
  int looks(TestCluster site, String id) {
    return cloud(site).calls(observation, id)
        + (this == JD ? cloud(site).calls("describeInstances", id) : 0);
  }

  /** The number of calls of the operator for the server. */
  int calls(TestCluster site, String id) {
    return looks(site, id) + cloud(site).calls(send, id);
  }

  /** The actions that read the catalogues a request is checked against. */
  List<String> catalogues() {
    return this == TENCENT
        ? List.of("DescribeImages", "DescribeKeyPairs")
        : List.of("describeOS", "describeDeviceRaids");
  }

  /** The number of calls to each catalogue, by whomever. */
  Map<String, Integer> catalogueCalls(TestCluster site) {
    return catalogues().stream()
        .collect(
            Collectors.toMap(action -> action, cloud(site)::calls, Integer::sum, TreeMap::new));
  }

  /**
   * @param before what {@link #catalogueCalls} was
   */
  Map<String, Integer> catalogueCallsSince(TestCluster site, Map<String, Integer> before) {
    Map<String, Integer> since = new TreeMap<>(catalogueCalls(site));
    before.forEach((action, calls) -> since.merge(action, -calls, Integer::sum));
    return since;
  }

  SimulatedServer newServer(TestCluster site, String id) {
    return this == TENCENT ? site.tencent.newServer(id) : site.jd.newServer(id);
  }

  /** Its installs start and do not finish until {@link #goOn}. */
  void stick(TestCluster site, String id) {
    if (this == TENCENT) {
      site.tencent.server(id).stayInTransition();
    } else {
      site.jd.server(id).stayInTransition();
    }
  }

  /** Its installs end with a stopped server. */
  void endStopped(TestCluster site, String id) {
    if (this == TENCENT) {
      site.tencent.server(id).endsStopped();
    } else {
      site.jd.server(id).endsAs("stopped");
    }
  }

  boolean runs(TestCluster site, String id) {
    return this == TENCENT
        ? site.tencent.server(id).state().equals("RUNNING")
        : site.jd.server(id).status().equals("running");
  }

  /** An error code that persists until a user acts. */
  String denied() {
    return this == TENCENT ? "UnauthorizedOperation" : "PERMISSION_DENIED";
  }

  /** An error code by which a request is rejected and has ended. */
  String invalid() {
    return this == TENCENT ? "InvalidParameterValue" : "INVALID_ARGUMENT";
  }

  /** A reinstall of it takes this long, on the cloud's own clock. */
  void installTakes(TestCluster site, String id, Duration time) {
    if (this == TENCENT) {
      site.tencent.server(id).resetTakes(time);
    } else {
      site.jd.server(id).reinstallTakes(time);
    }
  }

  /** A stop or a start of it takes this long, on the cloud's own clock. */
  void switchTakes(TestCluster site, String id, Duration time) {
    if (this == TENCENT) {
      site.tencent.server(id).powerTakes(time);
    } else {
      site.jd.server(id).powerTakes(time);
    }
  }

  void plugIn(TestCluster site, String id) {
    if (this == TENCENT) {
      site.tencent.server(id).plugIn();
    } else {
      site.jd.server(id).plugIn();
    }
  }

  void pullPlug(TestCluster site, String id) {
    if (this == TENCENT) {
      site.tencent.server(id).pullPlug();
    } else {
      site.jd.server(id).pullPlug();
    }
  }

  void goOn(TestCluster site, String id) {
    if (this == TENCENT) {
      site.tencent.server(id).goOn();
    } else {
      site.jd.server(id).goOn();
    }
  }

  /**
   * @param more lines of the spec
   */
  String request(String name, String id, String more) {
    return this == TENCENT
        ? TestCluster.tencentRequest(name, id, more)
        : TestCluster.jdRequest(name, id, more);
  }

  String request(String name, String id) {
    return request(name, id, "");
  }

  /** As {@link #reinstall}, with an account of its own: it shares no call with another request. */
  String requestOfItsOwnAccount(TestCluster site, String name, String id, String more) {
    String key = "secret-key-of-" + id;
    if (this == TENCENT) {
      site.tencent.account(id, key);
      site.secret(site.namespace, name + "-account", Map.of("secretId", id, "secretKey", key));
    } else {
      site.jd.account(id, key);
      site.secret(site.namespace, name + "-account", Map.of("accessKey", id, "secretKey", key));
    }
    return request(name, id, more)
        .replaceFirst("credentialsRef: .*", "credentialsRef: {name: " + name + "-account}");
  }
}
