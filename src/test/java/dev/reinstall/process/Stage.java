package dev.reinstall.process;

import dev.reinstall.simulator.Fault;
import java.time.Duration;

/** How far an order is when something happens to it. */
enum Stage {
  /** Its server runs. */
  WAITING("Waiting/ServerRunning"),
  /** It has the server, which takes its time to stop. */
  STOPPING("Stopping/Stopping"),
  /** It is carried out, and the answer is still on its way. */
  CALLING("Ordering/Ordering"),
  /** It was carried out, and the answer was lost. */
  ORDERING("Ordering/AwaitingTrace"),
  /** It never arrived at the cloud, which nobody knows. */
  LOST("Ordering/AwaitingTrace"),
  /** The cloud is at it, and does not come to an end. */
  INSTALLING("Installing/Installing"),
  /** It is over. */
  FINISHED("Succeeded/Installed");

  private static final Duration A_WHILE = Duration.ofMinutes(80); // four seconds here
  private static final Duration LATE = Duration.ofSeconds(2);

  final String words;

  Stage(String words) {
    this.words = words;
  }

  /** Makes the server bring an order this far. */
  void prepare(Site site, Vendor cloud, String id) {
    switch (this) {
      case WAITING -> cloud.plugIn(site, id);
      case STOPPING -> {
        cloud.plugIn(site, id);
        cloud.switchTakes(site, id, A_WHILE);
      }
      case CALLING -> cloud.cloud(site).on(cloud.send(), id, 1, Fault.lateAnswer(LATE));
      case ORDERING -> cloud.cloud(site).on(cloud.send(), id, 1, Fault.cutAfterEffect());
      case LOST -> cloud.cloud(site).on(cloud.send(), id, 1, Fault.cutBeforeEffect());
      case INSTALLING -> cloud.stick(site, id);
      case FINISHED -> {}
    }
  }

  /** It does not stay so for long. */
  boolean isFleeting() {
    return this != WAITING && this != INSTALLING && this != FINISHED;
  }

  /** What the order's spec must say to come this far. */
  String lines() {
    return this == STOPPING ? "whenRunning: Stop" : "";
  }

  /** Nothing holds it back any more. */
  void letGo(Site site, Vendor cloud, String id) {
    switch (this) {
      case WAITING -> cloud.pullPlug(site, id);
      case INSTALLING -> cloud.goOn(site, id);
      default -> {}
    }
  }
}
