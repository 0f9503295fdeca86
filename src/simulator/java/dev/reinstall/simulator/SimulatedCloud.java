package dev.reinstall.simulator;

import dev.reinstall.simulator.Hold.Moment;
import dev.reinstall.simulator.wire.Connection;
import dev.reinstall.simulator.wire.HttpRequest;
import dev.reinstall.simulator.wire.HttpResponse;
import dev.reinstall.simulator.wire.SimulatorHttpServer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What both clouds have in common: an HTTP entry point, a log of calls, and faults on request. */
public abstract class SimulatedCloud implements AutoCloseable {
  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private static final int MOST_HEADERS = 16 * 1024; // characters, as in common gateways
  private static final int HEADERS_TOO_LONG = 431;

  private final SimClock clock;
  private final CallLog log = new CallLog();
  private final FaultPlan faults = new FaultPlan();
  private final List<Hold> holds = new CopyOnWriteArrayList<>();
  private final Object oneAtATime = new Object();
  private final ControlEndpoint control = new ControlEndpoint(this);
  private volatile SimulatorHttpServer front;
  private volatile Optional<Supplier<Instant>> dateHeader = Optional.of(Instant::now);
  private volatile Supplier<Instant> signatureClock = Instant::now;
  private volatile Consumer<String> audience = line -> {};

  protected SimulatedCloud(SimClock clock) {
    this.clock = clock;
  }

  /** The last call of a cloud's constructor: from here on it receives requests. */
  protected final void open(int port) {
    front = new SimulatorHttpServer(port, this::serve);
  }

  // What differs between the clouds.

  /** Identifies the target of a call; never throws, whatever it received. */
  protected abstract CallTarget identify(HttpRequest request);

  /** The rejection of a call whose signature is invalid; empty if it is valid. */
  protected abstract Optional<HttpResponse> refuse(HttpRequest request);

  /**
   * Checks the signature, at the time of the effect, so that a call delayed too long is rejected;
   * then executes it.
   */
  protected abstract HttpResponse perform(HttpRequest request);

  protected abstract HttpResponse error(String code);

  protected abstract HttpResponse aboutAnother(HttpResponse result, CallTarget asked);

  protected abstract List<? extends SimulatedServer> servers();

  // What a test reads.

  public final String endpoint() {
    return "http://127.0.0.1:" + front.port();
  }

  public final SimClock clock() {
    return clock;
  }

  /** How often an action was called, whatever the outcome of the calls. */
  public final int calls(String action) {
    return log.count(action);
  }

  public final int calls(String action, String server) {
    return log.count(action, server);
  }

  public final List<RecordedCall> callsLog() {
    return log.all();
  }

  /** How often the callers of this simulator wiped the server. */
  public final int wipes(String server) {
    return (int) wipeHistory(server).stream().filter(wipe -> !wipe.foreign()).count();
  }

  /** Also those by another caller. */
  public final List<Wipe> wipeHistory(String server) {
    return servers().stream()
        .filter(one -> one.id().equals(server))
        .flatMap(one -> one.wipeHistory().stream())
        .toList();
  }

  // What a test controls.

  /** Hits the next call of the action; several are queued. */
  public final void onNext(String action, SimulatedFault fault) {
    faults.onNext(action, fault);
  }

  public final void always(String action, SimulatedFault fault) {
    faults.always(action, fault);
  }

  /** Hits the n-th call of the action on the server, counted from 1 and the cloud's start. */
  public final void on(String action, String server, int nth, SimulatedFault fault) {
    faults.on(action, server, nth, fault);
  }

  public final void clearFaults() {
    faults.clear();
  }

  /** Blocks the next call of the action before its effect. */
  public final Hold hold(String action) {
    return hold(action, Moment.BEFORE_EFFECT);
  }

  public final Hold hold(String action, Moment moment) {
    Hold hold = new Hold(action, moment);
    holds.add(hold);
    return hold;
  }

  /** Connection refused, until {@link #comeBack}. */
  public final void goDark() {
    front.goDark();
  }

  public final void comeBack() {
    front.comeBack();
  }

  /** The time in the Date header; the real time by default. */
  public final void dateHeader(Supplier<Instant> time) {
    dateHeader = Optional.of(time);
  }

  public final void noDateHeader() {
    dateHeader = Optional.empty();
  }

  /** The time that signatures are checked against; the real time by default. */
  public final void signatureClock(Supplier<Instant> time) {
    signatureClock = time;
  }

  /** Receives a line for every processed call. */
  public final void report(Consumer<String> listener) {
    audience = listener;
  }

  @Override
  public final void close() {
    holds.forEach(Hold::release);
    front.close();
  }

  protected final Instant signatureTime() {
    return signatureClock.get();
  }

  // The way of a call, from top to bottom.

  private void serve(HttpRequest request, Connection connection)
      throws IOException, InterruptedException {
    if (request.path().startsWith(ControlEndpoint.PREFIX)) {
      connection.response(control.response(request));
      return;
    }
    CallTarget asked = identify(request);
    boolean verified = refuse(request).isEmpty();
    RecordedCall call =
        log.add(number -> new RecordedCall(number, clock.now(), asked, request, verified, "", ""));
    Exchange exchange = new CallHandling(call, connection);
    Optional<SimulatedFault> fault = faults.strike(asked.action(), timesAsked(call));
    try {
      if (fault.isPresent()) {
        log.amend(call.number(), one -> one.struckBy(fault.get().name()));
        fault.get().script().play(exchange);
      } else {
        exchange.response(exchange.effect());
      }
    } finally {
      audience.accept(log.amend(call.number(), one -> one).line());
    }
  }

  private Map<String, Integer> timesAsked(RecordedCall call) {
    Map<String, Integer> counts = new HashMap<>();
    for (String server : call.asked().servers()) {
      counts.put(server, log.count(call.action(), server, call.number()));
    }
    return counts;
  }

  private void holdAt(Moment moment, String action, Connection connection)
      throws InterruptedException {
    Optional<Hold> hold = holds.stream().filter(one -> one.isFor(action, moment)).findFirst();
    // Of two concurrent calls, the one that removes it from the list is blocked.
    if (hold.isPresent() && holds.remove(hold.get())) {
      hold.get().keep(connection);
    }
  }

  private final class CallHandling implements Exchange {
    private final RecordedCall call;
    private final Connection connection;

    CallHandling(RecordedCall call, Connection connection) {
      this.call = call;
      this.connection = connection;
    }

    @Override
    public HttpResponse effect() throws InterruptedException {
      holdAt(Moment.BEFORE_EFFECT, call.action(), connection);
      HttpResponse result;
      if (call.request().headerLength() > MOST_HEADERS) {
        result = new HttpResponse(HEADERS_TOO_LONG, Map.of(), "", ""); // by the gateway before it
      } else {
        synchronized (oneAtATime) {
          result = perform(call.request());
        }
      }
      log.amend(call.number(), one -> one.cameTo(result.summary()));
      holdAt(Moment.AFTER_EFFECT, call.action(), connection);
      return dated(result);
    }

    @Override
    public HttpResponse error(String code) {
      return SimulatedCloud.this.error(code);
    }

    @Override
    public void response(HttpResponse result) throws IOException {
      connection.response(dated(result));
    }

    @Override
    public HttpResponse aboutAnother(HttpResponse result) {
      return SimulatedCloud.this.aboutAnother(result, call.asked());
    }

    @Override
    public Connection caller() {
      return connection;
    }

    @Override
    public void copy(Duration after) {
      front.later(
          () -> {
            try {
              Connection.pause(after);
              effect();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          });
    }

    @Override
    public String endpoint() {
      return SimulatedCloud.this.endpoint() + call.request().target();
    }

    private HttpResponse dated(HttpResponse result) {
      return dateHeader
          .map(time -> result.with("Date", HTTP_DATE.format(time.get())))
          .orElse(result);
    }
  }
}
