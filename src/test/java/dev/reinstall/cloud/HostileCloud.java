package dev.reinstall.cloud;

import dev.reinstall.api.CloudName;
import java.io.IOException;
import java.net.Socket;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A cloud that responds properly except to the action that a test makes hostile. It checks nothing
 * and executes nothing: a simulator does that.
 */
public final class HostileCloud implements AutoCloseable {

  /** The calls of an operator. */
  public enum Action {
    describe,
    describeAll,
    stop,
    reinstall,
    start
  }

  /** The progress of the one server. */
  public enum ServerScene {
    RUNNING("RUNNING", "running", "before"),
    STOPPED("STOPPED", "stopped", "before"),
    AT_WORK("PENDING", "reinstalling", "the-id"),
    INSTALLED("STOPPED", "stopped", "the-id");

    private final String tencent;
    private final String jd;
    private final String operation;

    ServerScene(String tencent, String jd, String operation) {
      this.tencent = tencent;
      this.jd = jd;
      this.operation = operation;
    }
  }

  public static final String IMAGE = "img-abcd1234";

  private final CloudName name;
  private final ScriptedHttpServer server = new ScriptedHttpServer(this::serve);
  private final Map<Action, AtomicInteger> calls = new EnumMap<>(Action.class);
  private final AtomicInteger strays = new AtomicInteger();
  private volatile ServerScene state = ServerScene.RUNNING;
  private volatile Action victim;
  private volatile HostileResponse response;

  public HostileCloud(CloudName name) {
    this.name = name;
    for (Action action : Action.values()) {
      calls.put(action, new AtomicInteger());
    }
  }

  /** Whether only the caller's time-out ends a response of the table. */
  public static boolean isSlow(String written) {
    return new HostileResponse(written).lastsUntilTheCallerGivesUp();
  }

  /** Whether a call that gets a response of the table need not arrive. */
  public static boolean isAboutTheLine(String written) {
    return new HostileResponse(written).isAboutTheLine();
  }

  public String url() {
    return server.url();
  }

  public void show(ServerScene now) {
    state = now;
  }

  /** From now on every call of the action gets this response, and is counted from here. */
  public void beRude(Action to, String written) throws IOException, InterruptedException {
    calls.values().forEach(count -> count.set(0));
    response = new HostileResponse(written);
    victim = to;
    if (to == Action.describe || to == Action.describeAll) {
      closeTheDoor();
    }
  }

  /** From now on every call gets a proper response. */
  public void beKind() {
    victim = null;
    server.openTheDoor();
  }

  /** How often the action was called since. */
  public int calls(Action action) {
    return calls.get(action).get();
  }

  /** Calls that no operator makes: by a redirect, for example. */
  public int strays() {
    return strays.get();
  }

  /** Connections that the client keeps open. */
  public long open() {
    return server.open();
  }

  private void closeTheDoor() throws IOException, InterruptedException {
    if (response.isAboutTheLine()) {
      server.closeTheDoor(response.text().equals("nobody"));
    }
  }

  private void serve(ScriptedHttpServer.Received request, Socket connection)
      throws IOException, InterruptedException {
    Action action = action(request);
    if (action == null) {
      strays.incrementAndGet();
      connection.close();
      return;
    }
    calls.get(action).incrementAndGet();
    if (action == victim) {
      response.serve(connection, yes(action, request));
      return;
    }
    if (victim != null) {
      closeTheDoor(); // the next connection is affected
    }
    ScriptedHttpServer.send(
        connection, ScriptedHttpServer.response(200, "Connection: close\n", yes(action, request)));
    connection.close();
  }

  private Action action(ScriptedHttpServer.Received request) {
    if (name == CloudName.TencentCloud) {
      if (!request.line().startsWith("POST / ")) {
        return null;
      }
      return switch (request.headers().getOrDefault("x-tc-action", "")) {
        case "DescribeInstances" ->
            request.body().contains(",\"ins-") ? Action.describeAll : Action.describe;
        case "StopInstances" -> Action.stop;
        case "ResetInstance" -> Action.reinstall;
        case "StartInstances" -> Action.start;
        default -> null;
      };
    }
    String target = request.line().split(" ")[1];
    String path =
        request.line().split(" ")[0]
            + target.replaceAll(".*/instances", "").replaceAll("[?].*", "?");
    return switch (path) {
      case "GET?" -> Action.describeAll;
      case "GET/cps-a1", "GET/cps-b2" -> Action.describe;
      case "PUT/cps-a1:stopInstance" -> Action.stop;
      case "PUT/cps-a1:reinstallInstance" -> Action.reinstall;
      case "PUT/cps-a1:startInstance" -> Action.start;
      default -> null;
    };
  }

  /** Proper responses. */
  private String yes(Action action, ScriptedHttpServer.Received request) {
    boolean tencent = name == CloudName.TencentCloud;
    boolean next = (request.line() + request.body()).contains(tencent ? "ins-neighbor" : "cps-b2");
    return switch (action) {
      case describe ->
          tencent
              ? tencent(instance(next ? "ins-neighbor" : "ins-r8hr2upy"))
              : jd("\"instance\":" + box(next ? "cps-b2" : "cps-a1"));
      case describeAll ->
          tencent
              ? tencent(instance("ins-r8hr2upy") + "," + instance("ins-neighbor"))
              : jd("\"instances\":[" + box("cps-a1") + "," + box("cps-b2") + "],\"totalCount\":2");
      case stop, reinstall, start ->
          tencent ? "{\"Response\":{\"RequestId\":\"the-id\"}}" : jd("\"success\":true");
    };
  }

  private static String tencent(String instances) {
    return "{\"Response\":{\"TotalCount\":1,\"InstanceSet\":["
        + instances
        + "],\"RequestId\":\"the-id\"}}";
  }

  private static String jd(String result) {
    return "{\"requestId\":\"the-id\",\"result\":{" + result + "}}";
  }

  private String instance(String id) {
    return "{\"InstanceId\":\"%s\",\"InstanceState\":\"%s\",\"ImageId\":\"%s\",\"LatestOperation\":\"ResetInstance\",\"LatestOperationState\":\"SUCCESS\",\"LatestOperationRequestId\":\"%s\"}"
        .formatted(id, state.tencent, IMAGE, state.operation);
  }

  private String box(String id) {
    return "{\"instanceId\":\"%s\",\"region\":\"cn-east-tz1\",\"status\":\"%s\",\"osTypeId\":\"%s\",\"sysRaidTypeId\":\"raid1\",\"dataRaidTypeId\":\"raid5\",\"updateTime\":\"%s\"}"
        .formatted(id, state.jd, IMAGE, state.operation);
  }

  @Override
  public void close() {
    server.close();
  }
}
