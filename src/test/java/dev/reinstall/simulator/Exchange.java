package dev.reinstall.simulator;

import dev.reinstall.simulator.wire.Connection;
import dev.reinstall.simulator.wire.HttpResponse;
import java.io.IOException;
import java.time.Duration;

/** One call on its way through the cloud: all that a fault can play with. */
public interface Exchange {

  /** The cloud checks and does what is asked, however late, and says what it would answer. */
  HttpResponse effect() throws InterruptedException;

  /** An error in the cloud's own words. */
  HttpResponse error(String code);

  /** The answer, but about another server. */
  HttpResponse aboutAnother(HttpResponse result);

  Connection caller();

  /** Does the same call again, later, with nobody waiting for its answer. */
  void copy(Duration after);

  String endpoint();

  void answer(HttpResponse result) throws IOException;
}
