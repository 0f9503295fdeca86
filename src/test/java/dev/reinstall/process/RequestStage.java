package dev.reinstall.process;

import dev.reinstall.simulator.SimulatedFault;
import dev.reinstall.simulator.wire.HttpResponse;
import java.time.Duration;

/** How far an order is when something happens to it. */
enum RequestStage {
  /** Its server runs. */
  PENDING("Pending/ServerRunning"),
  /** It has the server, which takes its time to stop. */
  STOPPING("Stopping/Stopping"),
  /** It is carried out, and the answer does not come. */
  CALLING("Submitting/Submitting"),
  /** It was carried out, and the answer was lost. */
  SUBMITTING("Submitting/AwaitingConfirmation"),
  /** It never arrived at the cloud, which nobody knows. */
  LOST("Submitting/AwaitingConfirmation"),
  /** The cloud is at it, and does not come to an end. */
  INSTALLING("Installing/Installing"),
  /** It is over. */
  FINISHED("Succeeded/Installed");

  private static final Duration A_WHILE = Duration.ofHours(2); // six seconds here

  final String words;

  RequestStage(String words) {
    this.words = words;
  }

  /** One in which orders stay at a stage for six seconds: a slow machine takes two. */
  static TestCluster site() {
    return new TestCluster()
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
  void prepare(TestCluster site, CloudUnderTest cloud, String id, BlockedCall answer) {
    switch (this) {
      case PENDING -> cloud.plugIn(site, id);
      case STOPPING -> {
        cloud.plugIn(site, id);
        cloud.switchTakes(site, id, A_WHILE);
      }
      case CALLING -> cloud.cloud(site).on(cloud.send(), id, 1, late(answer));
      case SUBMITTING -> cloud.cloud(site).on(cloud.send(), id, 1, SimulatedFault.cutAfterEffect());
      case LOST -> cloud.cloud(site).on(cloud.send(), id, 1, SimulatedFault.cutBeforeEffect());
      case INSTALLING -> cloud.stick(site, id);
      case FINISHED -> {}
    }
  }

  private static SimulatedFault late(BlockedCall answer) {
    return new SimulatedFault(
        "answered late",
        call -> {
          HttpResponse said = call.effect();
          answer.keep();
          call.answer(said);
        });
  }

  /** It does not stay so for long. */
  boolean isFleeting() {
    return this != PENDING && this != INSTALLING && this != FINISHED;
  }

  /** What the order's spec must say to come this far. */
  String lines() {
    return this == STOPPING ? "whenRunning: Stop" : "";
  }

  /** Nothing holds it back any more. */
  void letGo(TestCluster site, CloudUnderTest cloud, String id) {
    switch (this) {
      case PENDING -> cloud.pullPlug(site, id);
      case INSTALLING -> cloud.goOn(site, id);
      default -> {}
    }
  }
}
