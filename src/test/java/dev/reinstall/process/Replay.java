package dev.reinstall.process;

import java.util.Optional;

/**
 * A row of {@code replays.md}, on one cloud.
 *
 * @param saved stage at the backup; empty: before the request, after another one
 * @param stage stage at the event
 * @param sent with the request, by all operators
 */
record Replay(
    CloudUnderTest cloud,
    ReplayEvent event,
    Optional<RequestStage> saved,
    RequestStage stage,
    ReplayEnd end,
    int sent,
    int wiped) {

  RequestStage first() {
    return saved.orElse(stage);
  }

  /** Whether the request is sent once and continues from where the ledger says it was. */
  boolean continuesAnInstall() {
    return stage == RequestStage.INSTALLING && sent == 1 && end.isOfTheFirstRequest();
  }

  /** Whether the cloud is not even asked about the server. */
  boolean callsNothing() {
    return event == ReplayEvent.DELETED_AND_APPLIED && stage == RequestStage.FINISHED && sent == 1;
  }

  @Override
  public String toString() {
    String before = saved.map(RequestStage::toString).orElse("not there");
    return "%s %s%s, %s: %s"
        .formatted(
            cloud, stage, before.equals(stage + "") ? "" : ", " + before + " before", event, end);
  }
}
