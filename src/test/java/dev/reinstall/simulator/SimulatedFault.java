package dev.reinstall.simulator;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.reinstall.simulator.wire.Connection;
import dev.reinstall.simulator.wire.HttpResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/**
 * A way in which a call goes wrong. Its script reads in the order in which it happens; {@code
 * effect()} is where the cloud does what was asked. Durations are real time, as time-outs are.
 */
public record SimulatedFault(String name, FaultScript script) {

  /** What happens instead of "effect, then answer". */
  public interface FaultScript {
    void play(Exchange call) throws IOException, InterruptedException;
  }

  /** Any HTTP answer, nothing done. */
  public static SimulatedFault status(int status) {
    return status(status, Map.of(), "");
  }

  /** Any HTTP answer, nothing done. */
  public static SimulatedFault status(int status, Map<String, String> headers, String body) {
    HttpResponse result = new HttpResponse(status, headers, body, "");
    return new SimulatedFault("status " + status, call -> call.answer(result));
  }

  /** Any HTTP answer, although it was done. */
  public static SimulatedFault statusAfterEffect(
      int status, Map<String, String> headers, String body) {
    HttpResponse result = new HttpResponse(status, headers, body, "");
    return new SimulatedFault(
        "status " + status + " after effect",
        call -> {
          call.effect();
          call.answer(result);
        });
  }

  /** An error in the cloud's own envelope, nothing done. JD: the status word. */
  public static SimulatedFault errorCode(String code) {
    return new SimulatedFault(code, call -> call.answer(call.error(code)));
  }

  /** An error in the cloud's own envelope, although it was done. */
  public static SimulatedFault errorCodeAfterEffect(String code) {
    return new SimulatedFault(
        code + " after effect",
        call -> {
          call.effect();
          call.answer(call.error(code));
        });
  }

  public static SimulatedFault cutBeforeEffect() {
    return new SimulatedFault("cutBeforeEffect", call -> call.caller().cut());
  }

  public static SimulatedFault cutAfterEffect() {
    return new SimulatedFault(
        "cutAfterEffect",
        call -> {
          call.effect();
          call.caller().cut();
        });
  }

  public static SimulatedFault resetBeforeEffect() {
    return new SimulatedFault("resetBeforeEffect", call -> call.caller().reset());
  }

  public static SimulatedFault resetAfterEffect() {
    return new SimulatedFault(
        "resetAfterEffect",
        call -> {
          call.effect();
          call.caller().reset();
        });
  }

  /** The worst of all: the caller sees its line cut, and its call arrives later all the same. */
  public static SimulatedFault cutThenEffect(Duration later) {
    return new SimulatedFault(
        "cutThenEffect",
        call -> {
          call.caller().cut();
          call.copy(later);
        });
  }

  /** Something on the way delivers the call twice; the signature is checked again. */
  public static SimulatedFault deliveredTwice(Duration later) {
    return new SimulatedFault(
        "deliveredTwice",
        call -> {
          HttpResponse result = call.effect();
          call.copy(later);
          call.answer(result);
        });
  }

  public static SimulatedFault lateAnswer(Duration late) {
    return new SimulatedFault(
        "lateAnswer",
        call -> {
          HttpResponse result = call.effect();
          Connection.pause(late);
          call.answer(result);
        });
  }

  /** Held up on the way in: checked and done late, then answered. */
  public static SimulatedFault delayBeforeEffect(Duration late) {
    return new SimulatedFault(
        "delayBeforeEffect",
        call -> {
          Connection.pause(late);
          call.answer(call.effect());
        });
  }

  /** Done, but the answer is not HTTP. */
  public static SimulatedFault garbage() {
    byte[] noise = "\u0000\u0001\u00fe this is not HTTP \u00ff\r\n\r\n".getBytes(ISO_8859_1);
    return new SimulatedFault(
        "garbage",
        call -> {
          call.effect();
          call.caller().raw(noise);
          call.caller().cut();
        });
  }

  /** Done, and answered 200 with a page that is not JSON. */
  public static SimulatedFault notJson() {
    HttpResponse page =
        new HttpResponse(200, Map.of("Content-Type", "text/html"), "<html>a gateway", "");
    return new SimulatedFault(
        "notJson",
        call -> {
          call.effect();
          call.answer(page);
        });
  }

  /** Done, but half of the answer's body is missing. */
  public static SimulatedFault truncated() {
    return new SimulatedFault("truncated", call -> call.caller().half(call.effect()));
  }

  /** Done, but the answer never seems to end. */
  public static SimulatedFault hugeBody(long bytes) {
    return new SimulatedFault("hugeBody", call -> call.caller().huge(call.effect(), bytes));
  }

  /** Done, but the answer says 200 and nothing else. */
  public static SimulatedFault emptyBody() {
    return new SimulatedFault("emptyBody", call -> call.answer(call.effect().withBody("")));
  }

  /** Nothing done: "send it there again", which a caller with a wipe in its hand must not do. */
  public static SimulatedFault redirect() {
    return new SimulatedFault(
        "redirect",
        call -> call.answer(new HttpResponse(307, Map.of("Location", call.endpoint()), "", "")));
  }

  /** Done, but the answer is about another server. */
  public static SimulatedFault wrongInstance() {
    return new SimulatedFault(
        "wrongInstance", call -> call.answer(call.aboutAnother(call.effect())));
  }

  /** Done, but the answer comes byte by byte. */
  public static SimulatedFault slowDrip(Duration gap) {
    return new SimulatedFault("slowDrip", call -> call.caller().drip(call.effect(), gap));
  }

  /** All is well, but the kept-alive connection is closed silently behind the answer. */
  public static SimulatedFault closeBehindAnswer() {
    return new SimulatedFault(
        "closeBehindAnswer",
        call -> {
          call.answer(call.effect());
          call.caller().cut();
        });
  }

  @Override
  public String toString() {
    return name;
  }
}
