package dev.reinstall.lifecycle;

import dev.reinstall.api.Reason;
import dev.reinstall.cloud.CloudException;
import dev.reinstall.cloud.CloudResponse;
import java.time.Duration;

/**
 * What came back from sending an order.
 *
 * @param requestId the cloud's id of the call; null where it gave none
 * @param message what the cloud said and what to do next; empty for a yes
 * @param pause how long the cloud asks to be left alone; zero where it does not
 */
record Answer(Kind kind, String requestId, String message, Duration pause) {

  /** What an answer means for the order. */
  enum Kind {
    /** Yes. */
    ACCEPTED(null),
    /** No, and there is no need: a server whose install failed cannot be stopped. */
    NEEDLESS(null),
    /** No, the server is busy: with what may be a double of our own request. */
    BUSY(Reason.ServerBusy),
    /** No, for now. */
    THROTTLED(Reason.Throttled),
    /** No, until a person acts. */
    DENIED(Reason.AccessDenied),
    /** No, for good: the order is wrong. */
    INVALID(Reason.Rejected),
    /** No, for good: there is no such server. */
    MISSING(Reason.ServerNotFound),
    /** It surely never reached the cloud. */
    NEVER_SENT(Reason.CloudUnreachable),
    /** It may have been carried out. */
    UNCLEAR(null);

    private final Reason reason;

    Kind(Reason reason) {
      this.reason = reason;
    }

    Reason reason() {
      return reason;
    }

    boolean isFinal() {
      return this == INVALID || this == MISSING;
    }
  }

  static final Answer NEEDLESS = new Answer(Kind.NEEDLESS, null, "", Duration.ZERO);

  static Answer of(CloudResponse response) {
    return new Answer(Kind.ACCEPTED, response.requestId(), "", Duration.ZERO);
  }

  /**
   * @param what was sent: order, stop or start
   */
  static Answer of(String what, CloudException e) {
    Kind kind = kind(e);
    return new Answer(
        kind,
        e.requestId().orElse(null),
        told(what, kind, e.getMessage()),
        e.retryAfter().orElse(Duration.ZERO));
  }

  private static String told(String what, Kind kind, String cause) {
    return switch (kind) {
      case BUSY -> "the cloud refused the " + what + " for now, the server is busy: " + cause;
      case THROTTLED ->
          "the cloud refused the " + what + " for now, it asks for fewer calls: " + cause;
      case DENIED -> "the cloud refused the " + what + " until a person acts: " + cause;
      case INVALID, MISSING ->
          "the cloud refused the "
              + what
              + " for good: "
              + cause
              + ". The server was not touched: delete this Reinstall and apply a mended one";
      case NEVER_SENT -> "the cloud cannot be reached, nothing was sent: " + cause;
      case ACCEPTED, NEEDLESS, UNCLEAR -> cause;
    };
  }

  private static Kind kind(CloudException e) {
    if (e.isNotSent()) {
      return Kind.NEVER_SENT;
    }
    return switch (e.kind()) {
      case BUSY -> Kind.BUSY;
      case THROTTLED -> Kind.THROTTLED;
      case DENIED -> Kind.DENIED;
      case INVALID -> Kind.INVALID;
      case NOT_FOUND -> Kind.MISSING;
      case AMBIGUOUS -> Kind.UNCLEAR;
    };
  }
}
