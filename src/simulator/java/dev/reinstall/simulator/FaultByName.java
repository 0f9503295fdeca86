package dev.reinstall.simulator;

import java.time.Duration;
import java.util.Map;

/**
 * The faults by name: {@code cutAfterEffect}, or with their argument after a colon: {@code
 * status:503}, {@code errorCode:InternalError}, {@code lateAnswer:PT30S}.
 */
final class FaultByName {
  private FaultByName() {}

  static SimulatedFault find(String text) {
    int colon = text.indexOf(':');
    String name = colon < 0 ? text : text.substring(0, colon);
    String more = colon < 0 ? "" : text.substring(colon + 1);
    return switch (name) {
      case "status" -> SimulatedFault.status(Integer.parseInt(more));
      case "statusAfterEffect" ->
          SimulatedFault.statusAfterEffect(Integer.parseInt(more), Map.of(), "");
      case "errorCode" -> SimulatedFault.errorCode(more);
      case "errorCodeAfterEffect" -> SimulatedFault.errorCodeAfterEffect(more);
      case "cutBeforeEffect" -> SimulatedFault.cutBeforeEffect();
      case "cutAfterEffect" -> SimulatedFault.cutAfterEffect();
      case "resetBeforeEffect" -> SimulatedFault.resetBeforeEffect();
      case "resetAfterEffect" -> SimulatedFault.resetAfterEffect();
      case "cutThenEffect" -> SimulatedFault.cutThenEffect(Duration.parse(more));
      case "deliveredTwice" -> SimulatedFault.deliveredTwice(Duration.parse(more));
      case "lateAnswer" -> SimulatedFault.lateResponse(Duration.parse(more));
      case "delayBeforeEffect" -> SimulatedFault.delayBeforeEffect(Duration.parse(more));
      case "garbage" -> SimulatedFault.garbage();
      case "notJson" -> SimulatedFault.notJson();
      case "truncated" -> SimulatedFault.truncated();
      case "hugeBody" -> SimulatedFault.hugeBody(Long.parseLong(more));
      case "emptyBody" -> SimulatedFault.emptyBody();
      case "redirect" -> SimulatedFault.redirect();
      case "wrongInstance" -> SimulatedFault.wrongInstance();
      case "slowDrip" -> SimulatedFault.slowDrip(Duration.parse(more));
      case "closeBehindAnswer" -> SimulatedFault.closeBehindResponse();
      default -> throw new IllegalArgumentException("no fault " + text);
    };
  }
}
