package dev.reinstall.simulator.jdcloud;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reinstall.simulator.ScheduledChanges;
import dev.reinstall.simulator.SimClock;
import dev.reinstall.simulator.SimulatedServer;
import dev.reinstall.simulator.Wipe;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** A physical server: it reports its status and when its record last changed, and nothing more. */
public final class JdServer implements SimulatedServer {

  /** When a displayed field changes during a reinstall. */
  public enum When {
    AT_ACCEPTANCE,
    AT_END,
    AT_BOTH,
    NEVER
  }

  private final String id;
  private final SimClock clock;
  private final ScheduledChanges changes;
  private final List<Wipe> wipes = new ArrayList<>();

  private String region = "cn-east-tz1";
  private String az = "cn-east-tz1a";
  private String name = "simulated";
  private String description = "";
  private String privateIp = "10.0.0.7";
  private String publicIp = "";
  private Optional<String> status = Optional.of("stopped");
  private String chargeStatus = "normal";
  private JdInstallation installed;
  private Instant updateTime;
  private Optional<String> underWay = Optional.empty();

  private Duration reinstallTakes = Duration.ofMinutes(20);
  private Duration powerTakes = Duration.ofMinutes(1);
  private Duration transitionLag = Duration.ofSeconds(2);
  private Optional<String> transitionWord = Optional.of("reinstalling");
  private String endsAs = "stopped";
  private When updateTimeChanges = When.AT_BOTH;
  private When installedChanges = When.AT_END;

  JdServer(String id, SimClock clock, JdInstallation installed) {
    this.id = id;
    this.clock = clock;
    this.changes = new ScheduledChanges(clock);
    this.installed = installed;
    this.updateTime = clock.now();
  }

  // Setup.

  /** The zone follows: the region with the suffix {@code a}. */
  public synchronized JdServer region(String other) {
    region = other;
    az = other + "a";
    return this;
  }

  public synchronized JdServer az(String other) {
    az = other;
    return this;
  }

  public JdServer running() {
    return status("running");
  }

  public JdServer stopped() {
    return status("stopped");
  }

  /** Any status word; the operation in progress is dropped. */
  public synchronized JdServer status(String word) {
    return restAs(Optional.of(word));
  }

  /** The field is absent. */
  public synchronized JdServer withoutStatus() {
    return restAs(Optional.empty());
  }

  private JdServer restAs(Optional<String> word) {
    changes.clear();
    underWay = Optional.empty();
    status = word;
    touch();
    return this;
  }

  public synchronized JdServer named(String other) {
    name = other;
    return this;
  }

  /** Its address in the private network, and the one in the internet, empty if it has none. */
  public synchronized JdServer addresses(String inside, String outside) {
    privateIp = inside;
    publicIp = outside;
    return this;
  }

  /** normal, overdue or arrear. */
  public synchronized JdServer chargeStatus(String word) {
    chargeStatus = word;
    return this;
  }

  public synchronized JdServer reinstallTakes(Duration duration) {
    reinstallTakes = duration;
    return this;
  }

  /** For starts, stops and restarts. */
  public synchronized JdServer powerTakes(Duration duration) {
    powerTakes = duration;
    return this;
  }

  /** The status during a reinstall. */
  public synchronized JdServer transitionWord(String word) {
    transitionWord = Optional.of(word);
    return this;
  }

  /** The status does not change during a reinstall: nothing of it is visible. */
  public synchronized JdServer withoutTransition() {
    transitionWord = Optional.empty();
    return this;
  }

  /** How long the status still does not change after a reinstall was accepted. */
  public synchronized JdServer transitionLag(Duration lag) {
    transitionLag = lag;
    return this;
  }

  /** The status after a reinstall: stopped, running, or error for one that fails. */
  public synchronized JdServer endsAs(String word) {
    endsAs = word;
    return this;
  }

  public synchronized JdServer updateTimeChanges(When when) {
    updateTimeChanges = when;
    return this;
  }

  public synchronized JdServer installedChanges(When when) {
    installedChanges = when;
    return this;
  }

  // Faults.

  /** Operations start and never end. */
  public synchronized JdServer stayInTransition() {
    changes.endless(true);
    return this;
  }

  /** Stuck operations continue. */
  public synchronized JdServer goOn() {
    changes.endless(false);
    return this;
  }

  /** Another caller reinstalls it, right now and whatever its state. */
  public synchronized void foreignReinstall(OperatingSystem system) {
    settle();
    changes.clear();
    wipes.add(new Wipe(clock.now(), UUID.randomUUID().toString(), "", system.osTypeId(), true));
    install(new JdInstallation(system, installed.systemRaid(), installed.dataRaid(), ""));
  }

  /** A user renames it, which changes its updateTime and nothing else. */
  public synchronized JdServer renamed(String other) {
    name = other;
    touch();
    return this;
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

  synchronized void reinstall(JdInstallation wanted, String requestId, String clientToken) {
    settle();
    refuseUnless("stopped");
    wipes.add(new Wipe(clock.now(), requestId, clientToken, wanted.system().osTypeId(), false));
    install(wanted);
  }

  synchronized void stop() {
    settle();
    refuseUnless("running");
    power("stopInstance", "stopping", "stopped");
  }

  synchronized void start() {
    settle();
    refuseUnless("stopped");
    power("startInstance", "starting", "running");
  }

  synchronized void restart() {
    settle();
    refuseUnless("running");
    power("restartInstance", "restarting", "running");
  }

  synchronized void modify(Optional<String> newName, Optional<String> newDescription) {
    name = newName.orElse(name);
    description = newDescription.orElse(description);
    touch();
  }

  // What is displayed of it.

  @Override
  public String id() {
    return id;
  }

  public synchronized String region() {
    return region;
  }

  synchronized String az() {
    return az;
  }

  /** Empty if the field is not displayed. */
  public synchronized String status() {
    settle();
    return status.orElse("");
  }

  synchronized JdInstallation installed() {
    settle();
    return installed;
  }

  @Override
  public synchronized List<Wipe> wipeHistory() {
    return List.copyOf(wipes);
  }

  @Override
  public synchronized ObjectNode shown() {
    settle();
    ObjectNode shown =
        JsonNodeFactory.instance
            .objectNode()
            .put("instanceId", id)
            .put("region", region)
            .put("az", az)
            .put("deviceType", installed.system().deviceType())
            .put("name", name)
            .put("description", description)
            .put("imageType", "standard")
            .put("osTypeId", installed.system().osTypeId())
            .put("osName", installed.system().osName())
            .put("osType", installed.system().osType())
            .put("osVersion", installed.system().osVersion())
            .put("privateIp", privateIp)
            .put("publicIp", publicIp)
            .put("keypairId", installed.keypairId())
            .put("agentStatus", "normal")
            .put("createTime", "2024-01-01T00:00:00Z")
            .put("updateTime", updateTime.toString());
    status.ifPresent(word -> shown.put("status", word));
    shown.setAll(shownRaids());
    shown
        .putObject("charge")
        .put("chargeMode", "prepaid_by_duration")
        .put("chargeStatus", chargeStatus);
    return shown;
  }

  @Override
  public synchronized String line() {
    settle();
    return String.join(
        " ",
        id,
        az,
        status.orElse("?"),
        installed.system().osTypeId(),
        installed.systemRaid().raidTypeId(),
        installed.dataRaid().raidTypeId());
  }

  synchronized ObjectNode shownRaids() {
    settle();
    return JsonNodeFactory.instance
        .objectNode()
        .put("sysRaidTypeId", installed.systemRaid().raidTypeId())
        .put("sysRaidType", installed.systemRaid().raidType())
        .put("dataRaidTypeId", installed.dataRaid().raidTypeId())
        .put("dataRaidType", installed.dataRaid().raidType());
  }

  // How operations run.

  private void install(JdInstallation wanted) {
    underWay = Optional.of("reinstallInstance");
    at(When.AT_ACCEPTANCE, wanted);
    changes.in(transitionLag, () -> status = transitionWord.or(() -> status));
    changes.endIn(
        reinstallTakes,
        () -> {
          underWay = Optional.empty();
          status = Optional.of(endsAs);
          at(When.AT_END, wanted);
        });
  }

  private void at(When moment, JdInstallation wanted) {
    boolean failed = moment == When.AT_END && endsAs.equals("error");
    if (!failed && (installedChanges == moment || installedChanges == When.AT_BOTH)) {
      installed = wanted;
    }
    if (updateTimeChanges == moment || updateTimeChanges == When.AT_BOTH) {
      touch();
    }
  }

  private void power(String action, String word, String end) {
    underWay = Optional.of(action);
    status = Optional.of(word);
    touch();
    changes.endIn(
        powerTakes,
        () -> {
          underWay = Optional.empty();
          status = Optional.of(end);
          touch();
        });
  }

  private void touch() {
    updateTime = clock.now().truncatedTo(ChronoUnit.MILLIS);
  }

  private void settle() {
    changes.settle();
  }

  private void refuseUnless(String word) {
    if (underWay.isPresent()) {
      throw JdRefusal.wrongState(underWay.get() + " is under way.");
    }
    if (!status.equals(Optional.of(word))) {
      throw JdRefusal.wrongState("It is " + status.orElse("?") + ", not " + word + ".");
    }
  }
}
