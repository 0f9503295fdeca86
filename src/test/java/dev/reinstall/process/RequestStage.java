package dev.reinstall.process;

import dev.reinstall.simulator.SimulatedFault;
import dev.reinstall.simulator.wire.HttpResponse;
import java.time.Duration;

/** The stage of a request at a test event. */
enum RequestStage {
  /** Its server is running. */
  PENDING("Pending/ServerRunning"),
  /** It has claimed the server, which stops slowly. */
  STOPPING("Stopping/Stopping"),
  /** It is executed, and the response does not arrive. */
  CALLING("Submitting/Submitting"),
  /** It was executed, and the response was lost. */
  SUBMITTING("Submitting/AwaitingConfirmation"),
  /** It never arrived at the cloud, and no process knows that. */
  LOST("Submitting/AwaitingConfirmation"),
  /** The operation is in progress at the cloud, and does not finish. */
  INSTALLING("Installing/Installing"),
  /** It is final. */
  FINISHED("Succeeded/Installed");

  private static final Duration A_WHILE = Duration.ofHours(2); // six seconds here

  final String words;

  RequestStage(String words) {
    this.words = words;
  }

  /** A site in which requests stay at a stage for six seconds: a slow machine needs two. */
  static TestCluster site() {
    return new TestCluster()
        .with("REINSTALL_FENCE", "6s")
        .with("REINSTALL_SEND_WITHIN", "3s")
        .with("REINSTALL_CALL_TIMEOUT", "30s")
        .with("REINSTALL_CONCURRENCY", "40"); // a call without a response keeps a thread
  }

  /**
   * Prepares the server so that a request reaches this stage.
   *
   * @param response blocks the response to the call, if the stage needs it
   */
  void prepare(TestCluster site, CloudUnderTest cloud, String id, BlockedCall response) {
    switch (this) {
      case PENDING -> cloud.plugIn(site, id);
      case STOPPING -> {
        cloud.plugIn(site, id);
        cloud.switchTakes(site, id, A_WHILE);
      }
      case CALLING -> cloud.cloud(site).on(cloud.send(), id, 1, late(response));
      case SUBMITTING -> cloud.cloud(site).on(cloud.send(), id, 1, SimulatedFault.cutAfterEffect());
      case LOST -> cloud.cloud(site).on(cloud.send(), id, 1, SimulatedFault.cutBeforeEffect());
      case INSTALLING -> cloud.stick(site, id);
      case FINISHED -> {}
    }
  }

  private static SimulatedFault late(BlockedCall response) {
    return new SimulatedFault(
        "answered late",
        call -> {
          HttpResponse said = call.effect();
          response.keep();
          call.response(said);
        });
  }

  /** Whether the stage lasts only for a short time. */
  boolean isFleeting() {
    return this != PENDING && this != INSTALLING && this != FINISHED;
  }

  /** The lines that the request's spec needs to reach this stage. */
  String lines() {
    return this == STOPPING ? "whenRunning: Stop" : "";
  }

  /** Lets the request continue. */
  void letGo(TestCluster site, CloudUnderTest cloud, String id) {
    switch (this) {
      case PENDING -> cloud.pullPlug(site, id);
      case INSTALLING -> cloud.goOn(site, id);
      default -> {}
    }
  }
}
