package dev.reinstall.simulator;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.reinstall.simulator.wire.Connection;
import dev.reinstall.simulator.wire.HttpResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/**
 * A way in which a call goes wrong. Each script lists its steps in order; {@code effect()} is where
 * the cloud executes the call. Durations are real time, as time-outs are.
 */
public record SimulatedFault(String name, FaultScript script) {

  /** What happens instead of "effect, then response". */
  public interface FaultScript {
    void play(Exchange call) throws IOException, InterruptedException;
  }

  /** Any HTTP response, nothing executed. */
  public static SimulatedFault status(int status) {
    return status(status, Map.of(), "");
  }

  /** Any HTTP response, nothing executed. */
  public static SimulatedFault status(int status, Map<String, String> headers, String body) {
    HttpResponse result = new HttpResponse(status, headers, body, "");
    return new SimulatedFault("status " + status, call -> call.response(result));
  }

  /** Any HTTP response, although the call was executed. */
  public static SimulatedFault statusAfterEffect(
      int status, Map<String, String> headers, String body) {
    HttpResponse result = new HttpResponse(status, headers, body, "");
    return new SimulatedFault(
        "status " + status + " after effect",
        call -> {
          call.effect();
          call.response(result);
        });
  }

  /** An error in the cloud's own envelope, nothing executed. JD: the status word. */
  public static SimulatedFault errorCode(String code) {
    return new SimulatedFault(code, call -> call.response(call.error(code)));
  }

  /** An error in the cloud's own envelope, although the call was executed. */
  public static SimulatedFault errorCodeAfterEffect(String code) {
    return new SimulatedFault(
        code + " after effect",
        call -> {
          call.effect();
          call.response(call.error(code));
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

  /** The worst case: the caller's connection is cut, and its call still arrives later. */
  public static SimulatedFault cutThenEffect(Duration later) {
    return new SimulatedFault(
        "cutThenEffect",
        call -> {
          call.caller().cut();
          call.copy(later);
        });
  }

  /** A proxy delivers the call twice; the signature is checked again. */
  public static SimulatedFault deliveredTwice(Duration later) {
    return new SimulatedFault(
        "deliveredTwice",
        call -> {
          HttpResponse result = call.effect();
          call.copy(later);
          call.response(result);
        });
  }

  public static SimulatedFault lateResponse(Duration late) {
    return new SimulatedFault(
        "lateAnswer",
        call -> {
          HttpResponse result = call.effect();
          Connection.pause(late);
          call.response(result);
        });
  }

  /** Delayed on the way in: checked and executed late, then the response. */
  public static SimulatedFault delayBeforeEffect(Duration late) {
    return new SimulatedFault(
        "delayBeforeEffect",
        call -> {
          Connection.pause(late);
          call.response(call.effect());
        });
  }

  /** Executed, but the response is not HTTP. */
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

  /** Executed, with a 200 response whose body is not JSON. */
  public static SimulatedFault notJson() {
    HttpResponse page =
        new HttpResponse(200, Map.of("Content-Type", "text/html"), "<html>a gateway", "");
    return new SimulatedFault(
        "notJson",
        call -> {
          call.effect();
          call.response(page);
        });
  }

  /** Executed, but half of the response body is missing. */
  public static SimulatedFault truncated() {
    return new SimulatedFault("truncated", call -> call.caller().half(call.effect()));
  }

  /** Executed, but the response is far too long. */
  public static SimulatedFault hugeBody(long bytes) {
    return new SimulatedFault("hugeBody", call -> call.caller().huge(call.effect(), bytes));
  }

  /** Executed, but the response is 200 without a body. */
  public static SimulatedFault emptyBody() {
    return new SimulatedFault("emptyBody", call -> call.response(call.effect().withBody("")));
  }

  /** Nothing executed: a redirect, which a caller that submits a reinstall must not follow. */
  public static SimulatedFault redirect() {
    return new SimulatedFault(
        "redirect",
        call -> call.response(new HttpResponse(307, Map.of("Location", call.endpoint()), "", "")));
  }

  /** Executed, but the response is about another server. */
  public static SimulatedFault wrongInstance() {
    return new SimulatedFault(
        "wrongInstance", call -> call.response(call.aboutAnother(call.effect())));
  }

  /** Executed, but the response arrives byte by byte. */
  public static SimulatedFault slowDrip(Duration gap) {
    return new SimulatedFault("slowDrip", call -> call.caller().drip(call.effect(), gap));
  }

  /** No fault, but the kept-alive connection is closed silently after the response. */
  public static SimulatedFault closeBehindResponse() {
    return new SimulatedFault(
        "closeBehindAnswer",
        call -> {
          call.response(call.effect());
          call.caller().cut();
        });
  }

  @Override
  public String toString() {
    return name;
  }
}
