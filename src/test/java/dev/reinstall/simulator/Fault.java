package dev.reinstall.simulator;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.reinstall.simulator.wire.Answer;
import dev.reinstall.simulator.wire.Connection;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/**
 * A way in which a call goes wrong. Its script reads in the order in which it happens; {@code
 * effect()} is where the cloud does what was asked. Durations are real time, as time-outs are.
 */
public record Fault(String name, Script script) {

  /** What happens instead of "effect, then answer". */
  public interface Script {
    void play(Exchange call) throws IOException, InterruptedException;
  }

  /** Any HTTP answer, nothing done. */
  public static Fault status(int status) {
    return status(status, Map.of(), "");
  }

  /** Any HTTP answer, nothing done. */
  public static Fault status(int status, Map<String, String> headers, String body) {
    Answer result = new Answer(status, headers, body, "");
    return new Fault("status " + status, call -> call.answer(result));
  }

  /** Any HTTP answer, although it was done. */
  public static Fault statusAfterEffect(int status, Map<String, String> headers, String body) {
    Answer result = new Answer(status, headers, body, "");
    return new Fault(
        "status " + status + " after effect",
        call -> {
          call.effect();
          call.answer(result);
        });
  }

  /** An error in the cloud's own envelope, nothing done. JD: the status word. */
  public static Fault errorCode(String code) {
    return new Fault(code, call -> call.answer(call.error(code)));
  }

  /** An error in the cloud's own envelope, although it was done. */
  public static Fault errorCodeAfterEffect(String code) {
    return new Fault(
        code + " after effect",
        call -> {
          call.effect();
          call.answer(call.error(code));
        });
  }

  public static Fault cutBeforeEffect() {
    return new Fault("cutBeforeEffect", call -> call.caller().cut());
  }

  public static Fault cutAfterEffect() {
    return new Fault(
        "cutAfterEffect",
        call -> {
          call.effect();
          call.caller().cut();
        });
  }

  public static Fault resetBeforeEffect() {
    return new Fault("resetBeforeEffect", call -> call.caller().reset());
  }

  public static Fault resetAfterEffect() {
    return new Fault(
        "resetAfterEffect",
        call -> {
          call.effect();
          call.caller().reset();
        });
  }

  /** The worst of all: the caller sees its line cut, and its call arrives later all the same. */
  public static Fault cutThenEffect(Duration later) {
    return new Fault(
        "cutThenEffect",
        call -> {
          call.caller().cut();
          call.copy(later);
        });
  }

  /** Something on the way delivers the call twice; the signature is checked again. */
  public static Fault deliveredTwice(Duration later) {
    return new Fault(
        "deliveredTwice",
        call -> {
          Answer result = call.effect();
          call.copy(later);
          call.answer(result);
        });
  }

  public static Fault lateAnswer(Duration late) {
    return new Fault(
        "lateAnswer",
        call -> {
          Answer result = call.effect();
          Connection.pause(late);
          call.answer(result);
        });
  }

  /** Held up on the way in: checked and done late, then answered. */
  public static Fault delayBeforeEffect(Duration late) {
    return new Fault(
        "delayBeforeEffect",
        call -> {
          Connection.pause(late);
          call.answer(call.effect());
        });
  }

  /** Done, but the answer is not HTTP. */
  public static Fault garbage() {
    byte[] noise = "\u0000\u0001\u00fe this is not HTTP \u00ff\r\n\r\n".getBytes(ISO_8859_1);
    return new Fault(
        "garbage",
        call -> {
          call.effect();
          call.caller().raw(noise);
          call.caller().cut();
        });
  }

  /** Done, and answered 200 with a page that is not JSON. */
  public static Fault notJson() {
    Answer page = new Answer(200, Map.of("Content-Type", "text/html"), "<html>a gateway", "");
    return new Fault(
        "notJson",
        call -> {
          call.effect();
          call.answer(page);
        });
  }

  /** Done, but half of the answer's body is missing. */
  public static Fault truncated() {
    return new Fault("truncated", call -> call.caller().half(call.effect()));
  }

  /** Done, but the answer never seems to end. */
  public static Fault hugeBody(long bytes) {
    return new Fault("hugeBody", call -> call.caller().huge(call.effect(), bytes));
  }

  /** Done, but the answer says 200 and nothing else. */
  public static Fault emptyBody() {
    return new Fault("emptyBody", call -> call.answer(call.effect().withBody("")));
  }

  /** Nothing done: "send it there again", which a caller with a wipe in its hand must not do. */
  public static Fault redirect() {
    return new Fault(
        "redirect",
        call -> call.answer(new Answer(307, Map.of("Location", call.endpoint()), "", "")));
  }

  /** Done, but the answer is about another server. */
  public static Fault wrongInstance() {
    return new Fault("wrongInstance", call -> call.answer(call.aboutAnother(call.effect())));
  }

  /** Done, but the answer comes byte by byte. */
  public static Fault slowDrip(Duration gap) {
    return new Fault("slowDrip", call -> call.caller().drip(call.effect(), gap));
  }

  /** All is well, but the kept-alive connection is closed silently behind the answer. */
  public static Fault closeBehindAnswer() {
    return new Fault(
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
