package dev.reinstall.simulator;

import dev.reinstall.simulator.wire.Connection;
import dev.reinstall.simulator.wire.HttpResponse;
import java.io.IOException;
import java.time.Duration;

/** One call on its way through the cloud: everything that a fault can manipulate. */
public interface Exchange {

  /** The cloud checks and executes the call, however late, and returns its response. */
  HttpResponse effect() throws InterruptedException;

  /** An error in the cloud's own format. */
  HttpResponse error(String code);

  /** The response, but about another server. */
  HttpResponse aboutAnother(HttpResponse result);

  Connection caller();

  /** Executes the same call again, later, without a caller waiting for the response. */
  void copy(Duration after);

  String endpoint();

  void response(HttpResponse result) throws IOException;
}
