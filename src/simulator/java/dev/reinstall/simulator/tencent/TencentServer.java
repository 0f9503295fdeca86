package dev.reinstall.simulator.tencent;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reinstall.simulator.ScheduledChanges;
import dev.reinstall.simulator.SimClock;
import dev.reinstall.simulator.SimulatedServer;
import dev.reinstall.simulator.Wipe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * A CVM instance. Its state changes at once or when its time has come; {@code LatestOperation}
 * follows with a lag, as in the real cloud.
 */
public final class TencentServer implements SimulatedServer {

  /** What {@code LatestOperation} and its three companions show. */
  private record OperationTrace(
      int turn, String operation, String state, String requestId, String error) {}

  private final String id;
  private final SimClock clock;
  private final ScheduledChanges changes;
  private final String uuid = UUID.randomUUID().toString();
  private final List<Wipe> wipes = new ArrayList<>();

  private TencentLabels labels = TencentLabels.usual();
  private String region = "ap-guangzhou";
  private String state = "STOPPED";
  private String restrictState = "NORMAL";
  private boolean stoppedCharging;
  private boolean installFailed;
  private TencentImage image;
  private String diskType = "CLOUD_PREMIUM";
  private String diskId = newDiskId();
  private long diskSize = 50;
  private List<String> keyIds = List.of();

  private Optional<String> underWay = Optional.empty();
  private Optional<OperationTrace> trace = Optional.empty();
  private int turns;

  private Duration resetTakes = Duration.ofMinutes(15);
  private Duration powerTakes = Duration.ofSeconds(30);
  private String endsAs = "RUNNING";
  private Duration traceLag = Duration.ofMillis(500);
  private boolean traceLost;
  private Optional<String> traceId = Optional.empty();
  private Optional<String> resetFailure = Optional.empty();

  TencentServer(String id, SimClock clock, TencentImage image) {
    this.id = id;
    this.clock = clock;
    this.changes = new ScheduledChanges(clock);
    this.image = image;
  }

  // Setup.

  public synchronized TencentServer region(String name) {
    region = name;
    return this;
  }

  public synchronized TencentServer image(TencentImage installed) {
    image = installed;
    return this;
  }

  public synchronized TencentServer disk(String type, long size) {
    diskType = type;
    diskSize = size;
    return this;
  }

  public synchronized TencentServer named(String name) {
    labels = labels.named(name);
    return this;
  }

  public synchronized TencentServer zone(String name) {
    labels = labels.in(name);
    return this;
  }

  /** Its addresses in the private network, and those in the internet. */
  public synchronized TencentServer addresses(List<String> inside, List<String> outside) {
    labels = labels.at(inside, outside);
    return this;
  }

  /** One more data disk, of that size in GiB. */
  public synchronized TencentServer dataDisk(String disk, String type, long size) {
    labels = labels.with(new TencentLabels.DataDisk(disk, type, size));
    return this;
  }

  public synchronized TencentServer tag(String key, String value) {
    labels = labels.tagged(key, value);
    return this;
  }

  /** The key pairs that log in to it. */
  public synchronized TencentServer keys(String... ids) {
    keyIds = List.of(ids);
    return this;
  }

  public TencentServer running() {
    return state("RUNNING");
  }

  public TencentServer stopped() {
    return state("STOPPED");
  }

  public synchronized TencentServer stoppedWithoutCharge() {
    stopped();
    stoppedCharging = true;
    return this;
  }

  /** Any {@code InstanceState}; the operation in progress is dropped. */
  public synchronized TencentServer state(String word) {
    changes.clear();
    underWay = Optional.empty();
    state = word;
    stoppedCharging = false;
    return this;
  }

  /** EXPIRED or PROTECTIVELY_ISOLATED, for example. */
  public synchronized TencentServer restrictState(String word) {
    restrictState = word;
    return this;
  }

  public synchronized TencentServer resetTakes(Duration duration) {
    resetTakes = duration;
    return this;
  }

  /** For starts and stops. */
  public synchronized TencentServer powerTakes(Duration duration) {
    powerTakes = duration;
    return this;
  }

  // Faults.

  /** How long {@code LatestOperation} lags. */
  public synchronized TencentServer traceLag(Duration lag) {
    traceLag = lag;
    return this;
  }

  /** {@code LatestOperation} never reports operations of these callers. */
  public synchronized TencentServer traceLost() {
    traceLost = true;
    return this;
  }

  /** {@code LatestOperationRequestId} differs from the one in the response. */
  public synchronized TencentServer traceUnder(String requestId) {
    traceId = Optional.of(requestId);
    return this;
  }

  /** Operations start and never end. */
  public synchronized TencentServer stayInTransition() {
    changes.endless(true);
    return this;
  }

  /** Stuck operations continue. */
  public synchronized TencentServer goOn() {
    changes.endless(false);
    return this;
  }

  /** Every reset from now on ends FAILED, and the server is unusable until one succeeds. */
  public synchronized TencentServer failResets(String message) {
    resetFailure = Optional.of(message);
    return this;
  }

  public synchronized TencentServer resetsSucceed() {
    resetFailure = Optional.empty();
    return this;
  }

  /** It is stopped after a reset: the power state after a reset is inferred, not attested. */
  public synchronized TencentServer endsStopped() {
    endsAs = "STOPPED";
    return this;
  }

  /** Another caller resets it, right now and whatever its state. */
  public synchronized String foreignReset(TencentImage other) {
    settle();
    String requestId = UUID.randomUUID().toString();
    changes.clear();
    wipes.add(new Wipe(clock.now(), requestId, "", other.id(), true));
    TencentInstallation theirs = new TencentInstallation(other, diskSize, List.of());
    begin(new Operation("ResetInstance", requestId, resetTakes, true), () -> installed(theirs));
    return requestId;
  }

  /** Another caller does something quick, and {@code LatestOperation} reports only that. */
  public synchronized String foreignOperation(String name) {
    settle();
    String requestId = UUID.randomUUID().toString();
    trace = Optional.of(new OperationTrace(++turns, name, "SUCCESS", requestId, null));
    return requestId;
  }

  @Override
  public void pullPlug() {
    stopped();
  }

  @Override
  public void plugIn() {
    running();
  }

  // What the cloud does with it.

  synchronized void reset(TencentInstallation wanted, String requestId) {
    mayReset();
    wipes.add(new Wipe(clock.now(), requestId, "", wanted.image().id(), false));
    if (resetFailure.isEmpty()) {
      // Attested: state RUNNING while the operation is still OPERATING is normal.
      changes.endIn(resetTakes.dividedBy(2), () -> state = endsAs);
    }
    begin(
        new Operation("ResetInstance", requestId, resetTakes, false),
        () -> {
          installFailed = resetFailure.isPresent();
          if (!installFailed) {
            installed(wanted);
          }
        });
  }

  private void mayReset() {
    settle();
    refuseIfBusy();
    refuseUnlessIn("RUNNING", "STOPPED");
    if (stoppedCharging) {
      throw new TencentRefusal(
          "UnsupportedOperation.StoppedModeStopCharging", "It was stopped without charge.");
    }
  }

  synchronized void mayStop() {
    settle();
    refuseIfBusy();
    refuseIfInstallFailed();
    refuseUnlessIn("RUNNING");
  }

  synchronized void stop(String requestId, boolean withoutCharge) {
    mayStop();
    state = "STOPPING";
    begin(
        new Operation("StopInstances", requestId, powerTakes, false),
        () -> {
          state = "STOPPED";
          stoppedCharging = withoutCharge;
        });
  }

  synchronized void mayStart() {
    settle();
    refuseIfBusy();
    refuseIfInstallFailed();
    refuseUnlessIn("STOPPED");
  }

  synchronized void start(String requestId) {
    mayStart();
    state = "STARTING";
    begin(
        new Operation("StartInstances", requestId, powerTakes, false),
        () -> {
          state = "RUNNING";
          stoppedCharging = false;
        });
  }

  // What is displayed of it.

  @Override
  public String id() {
    return id;
  }

  public synchronized String region() {
    return region;
  }

  public synchronized String state() {
    settle();
    return state;
  }

  public synchronized TencentImage image() {
    settle();
    return image;
  }

  synchronized String diskType() {
    return diskType;
  }

  synchronized long diskSize() {
    settle();
    return diskSize;
  }

  synchronized List<String> keyIds() {
    settle();
    return keyIds;
  }

  @Override
  public synchronized List<Wipe> wipeHistory() {
    return List.copyOf(wipes);
  }

  @Override
  public synchronized ObjectNode shown() {
    settle();
    ObjectNode shown = JsonNodeFactory.instance.objectNode();
    labels.showIn(shown, region);
    shown
        .put("InstanceId", id)
        .put("InstanceType", "S5.MEDIUM4")
        .put("CPU", 2)
        .put("Memory", 4)
        .put("RestrictState", restrictState)
        .put("InstanceChargeType", "POSTPAID_BY_HOUR")
        .put("ImageId", image.id())
        .put("OsName", image.osName())
        .put("CreatedTime", "2024-01-01T00:00:00Z")
        .put("InstanceState", state)
        .put("StopChargingMode", stopChargingMode())
        .put("Uuid", uuid)
        .put("DisableApiTermination", false)
        .put("LatestOperation", trace.map(OperationTrace::operation).orElse(null))
        .put("LatestOperationState", trace.map(OperationTrace::state).orElse(null))
        .put("LatestOperationRequestId", trace.map(OperationTrace::requestId).orElse(null))
        .put("LatestOperationErrorMsg", trace.map(OperationTrace::error).orElse(null));
    shown
        .putObject("SystemDisk")
        .put("DiskType", diskType)
        .put("DiskId", diskId)
        .put("DiskSize", diskSize);
    keyIds.forEach(shown.putObject("LoginSettings").putArray("KeyIds")::add);
    return shown;
  }

  @Override
  public synchronized String line() {
    settle();
    return String.join(" ", id, region, state, image.id(), diskType + ":" + diskSize);
  }

  private String stopChargingMode() {
    if (!state.equals("STOPPED")) {
      return "NOT_APPLICABLE";
    }
    return stoppedCharging ? "STOP_CHARGING" : "KEEP_CHARGING";
  }

  // How operations run.

  private record Operation(String name, String requestId, Duration takes, boolean foreign) {}

  private void begin(Operation operation, Runnable end) {
    int turn = ++turns;
    underWay = Optional.of(operation.name());
    changes.endIn(
        operation.takes(),
        () -> {
          underWay = Optional.empty();
          end.run();
        });
    if (traceLost && !operation.foreign()) {
      return;
    }
    String shownId =
        operation.foreign() ? operation.requestId() : traceId.orElse(operation.requestId());
    boolean fails = operation.name().equals("ResetInstance") && resetFailure.isPresent();
    changes.in(
        traceLag,
        () -> show(new OperationTrace(turn, operation.name(), "OPERATING", shownId, null)));
    changes.endIn(
        operation.takes().plus(traceLag),
        () ->
            show(
                new OperationTrace(
                    turn,
                    operation.name(),
                    fails ? "FAILED" : "SUCCESS",
                    shownId,
                    resetFailure.filter(any -> fails).orElse(null))));
  }

  /** The field reports the latest operation, so the end of an older one is no longer visible. */
  private void show(OperationTrace next) {
    if (trace.map(OperationTrace::turn).orElse(0) <= next.turn()) {
      trace = Optional.of(next);
    }
  }

  private void installed(TencentInstallation wanted) {
    if (wanted.image().isWindows() != image.isWindows()) {
      diskId = newDiskId();
    }
    image = wanted.image();
    diskSize = wanted.diskSize();
    keyIds = wanted.keyIds();
    installFailed = false;
    state = endsAs;
  }

  private void settle() {
    changes.settle();
  }

  private void refuseIfBusy() {
    if (underWay.isPresent()) {
      throw new TencentRefusal(
          "OperationDenied.InstanceOperationInProgress", underWay.get() + " is under way.");
    }
  }

  private void refuseIfInstallFailed() {
    if (installFailed) {
      throw new TencentRefusal(
          "UnsupportedOperation.InstanceReinstallFailed", "The last reset of it failed.");
    }
  }

  private void refuseUnlessIn(String... states) {
    if (restrictState.equals("EXPIRED")) {
      throw new TencentRefusal("UnsupportedOperation.InstanceStateFreezing", "It has expired.");
    }
    if (!restrictState.equals("NORMAL")) {
      throw new TencentRefusal("UnsupportedOperation.InstanceStateIsolating", "It is isolated.");
    }
    if (!List.of(states).contains(state)) {
      throw new TencentRefusal(
          "UnsupportedOperation.InstanceState" + inCamels(state), "It is " + state + ".");
    }
  }

  /** SERVICE_LIVE_MIGRATE becomes ServiceLiveMigrate, as the codes are written. */
  private static String inCamels(String words) {
    StringBuilder camels = new StringBuilder();
    for (String word : words.split("_", -1)) {
      camels.append(word, 0, 1).append(word.substring(1).toLowerCase(Locale.ROOT));
    }
    return camels.toString();
  }

  private static String newDiskId() {
    return "disk-" + UUID.randomUUID().toString().substring(0, 8);
  }
}
