package dev.reinstall.process;

import dev.reinstall.simulator.Fault;
import dev.reinstall.simulator.wire.Answer;
import java.time.Duration;

/** How far an order is when something happens to it. */
enum Stage {
  /** Its server runs. */
  WAITING("Pending/ServerRunning"),
  /** It has the server, which takes its time to stop. */
  STOPPING("Stopping/Stopping"),
  /** It is carried out, and the answer does not come. */
  CALLING("Submitting/Submitting"),
  /** It was carried out, and the answer was lost. */
  ORDERING("Submitting/AwaitingConfirmation"),
  /** It never arrived at the cloud, which nobody knows. */
  LOST("Submitting/AwaitingConfirmation"),
  /** The cloud is at it, and does not come to an end. */
  INSTALLING("Installing/Installing"),
  /** It is over. */
  FINISHED("Succeeded/Installed");

  private static final Duration A_WHILE = Duration.ofHours(2); // six seconds here

  final String words;

  Stage(String words) {
    this.words = words;
  }

  /** One in which orders stay at a stage for six seconds: a slow machine takes two. */
  static Site site() {
    return new Site()
        .with("REINSTALL_FENCE", "6s")
        .with("REINSTALL_SEND_WITHIN", "3s")
        .with("REINSTALL_CALL_TIMEOUT", "30s")
        .with("REINSTALL_CONCURRENCY", "40"); // a call without an answer keeps a thread
  }

  /**
   * Makes the server bring an order this far.
   *
   * @param answer stops the answer to the order, where the stage is that
   */
  void prepare(Site site, Vendor cloud, String id, Stop answer) {
    switch (this) {
      case WAITING -> cloud.plugIn(site, id);
      case STOPPING -> {
        cloud.plugIn(site, id);
        cloud.switchTakes(site, id, A_WHILE);
      }
      case CALLING -> cloud.cloud(site).on(cloud.send(), id, 1, late(answer));
      case ORDERING -> cloud.cloud(site).on(cloud.send(), id, 1, Fault.cutAfterEffect());
      case LOST -> cloud.cloud(site).on(cloud.send(), id, 1, Fault.cutBeforeEffect());
      case INSTALLING -> cloud.stick(site, id);
      case FINISHED -> {}
    }
  }

  private static Fault late(Stop answer) {
    return new Fault(
        "answered late",
        call -> {
          Answer said = call.effect();
          answer.keep();
          call.answer(said);
        });
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
