package dev.reinstall.simulator;

import java.time.Duration;
import java.util.Map;

/**
 * The faults as a person types them: {@code cutAfterEffect}, or with what they need behind a colon:
 * {@code status:503}, {@code errorCode:InternalError}, {@code lateAnswer:PT30S}.
 */
final class FaultByName {
  private FaultByName() {}

  static Fault find(String text) {
    int colon = text.indexOf(':');
    String name = colon < 0 ? text : text.substring(0, colon);
    String more = colon < 0 ? "" : text.substring(colon + 1);
    return switch (name) {
      case "status" -> Fault.status(Integer.parseInt(more));
      case "statusAfterEffect" -> Fault.statusAfterEffect(Integer.parseInt(more), Map.of(), "");
      case "errorCode" -> Fault.errorCode(more);
      case "errorCodeAfterEffect" -> Fault.errorCodeAfterEffect(more);
      case "cutBeforeEffect" -> Fault.cutBeforeEffect();
      case "cutAfterEffect" -> Fault.cutAfterEffect();
      case "resetBeforeEffect" -> Fault.resetBeforeEffect();
      case "resetAfterEffect" -> Fault.resetAfterEffect();
      case "cutThenEffect" -> Fault.cutThenEffect(Duration.parse(more));
      case "deliveredTwice" -> Fault.deliveredTwice(Duration.parse(more));
      case "lateAnswer" -> Fault.lateAnswer(Duration.parse(more));
      case "delayBeforeEffect" -> Fault.delayBeforeEffect(Duration.parse(more));
      case "garbage" -> Fault.garbage();
      case "notJson" -> Fault.notJson();
      case "truncated" -> Fault.truncated();
      case "hugeBody" -> Fault.hugeBody(Long.parseLong(more));
      case "emptyBody" -> Fault.emptyBody();
      case "redirect" -> Fault.redirect();
      case "wrongInstance" -> Fault.wrongInstance();
      case "slowDrip" -> Fault.slowDrip(Duration.parse(more));
      case "closeBehindAnswer" -> Fault.closeBehindAnswer();
      default -> throw new IllegalArgumentException("no fault " + text);
    };
  }
}
