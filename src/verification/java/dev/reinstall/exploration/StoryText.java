package dev.reinstall.exploration;

import dev.reinstall.cloud.Observation;
import dev.reinstall.ledger.Ledger;

/** The texts of a story. */
final class StoryText {
  private StoryText() {}

  static String shown(Observation observation) {
    return observation.rawState()
        + " with "
        + observation.installed().values().iterator().next()
        + observation
            .operation()
            .map(o -> ", " + (o.reinstall() ? "reinstall " : "") + o.id() + " " + o.progress())
            .orElseGet(() -> ", updated " + observation.updateTime().orElse("never"));
  }

  /** Describes what is new in a ledger. */
  static String text(Ledger before, Ledger after) {
    return after.orders().entrySet().stream()
        .filter(e -> !e.getValue().equals(before.orders().get(e.getKey())))
        .map(
            e ->
                e.getKey()
                    + " is "
                    + e.getValue().state()
                    + " (claim "
                    + e.getValue().claimNumber()
                    + (e.getValue().claimId() == null ? "" : " by " + e.getValue().claimId())
                    + (Boolean.TRUE.equals(e.getValue().resending()) ? ", resending" : "")
                    + (Boolean.TRUE.equals(e.getValue().responseReceived())
                        ? ", response received"
                        : "")
                    + (Boolean.TRUE.equals(e.getValue().adopted()) ? ", adopted" : "")
                    + (e.getValue().reason() == null ? "" : ", " + e.getValue().reason())
                    + ")")
        .reduce((a, b) -> a + "; " + b)
        .orElse("nothing");
  }
}
