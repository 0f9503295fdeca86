package dev.reinstall.simulator;

import dev.reinstall.simulator.wire.HttpRequest;
import java.time.Instant;

/**
 * One call as it arrived, and its outcome.
 *
 * @param number counts the calls of this cloud from 1
 * @param at simulated time of arrival
 * @param verified whether its signature was valid on arrival
 * @param fault the name of the fault that hit it; empty for none
 * @param outcome status and error code that the cloud itself returned; empty until (or unless) it
 *     did
 */
public record RecordedCall(
    int number,
    Instant at,
    CallTarget asked,
    HttpRequest request,
    boolean verified,
    String fault,
    String outcome) {

  public String action() {
    return asked.action();
  }

  public String body() {
    return request.body();
  }

  RecordedCall struckBy(String name) {
    return new RecordedCall(number, at, asked, request, verified, name, outcome);
  }

  RecordedCall cameTo(String summary) {
    return new RecordedCall(number, at, asked, request, verified, fault, summary);
  }

  /** One readable line, without the body, because it contains passwords. */
  public String line() {
    return "%4d %s %-26s %-14s %-28s %-8s %s%s"
        .formatted(
            number,
            at,
            asked.action(),
            asked.region(),
            String.join(",", asked.servers()),
            verified ? "signed" : "UNSIGNED",
            outcome.isEmpty() ? "-" : outcome,
            fault.isEmpty() ? "" : "  fault: " + fault);
  }
}
