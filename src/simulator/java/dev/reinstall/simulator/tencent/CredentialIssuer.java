package dev.reinstall.simulator.tencent;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reinstall.simulator.wire.HttpRequest;
import dev.reinstall.simulator.wire.HttpResponse;
import dev.reinstall.simulator.wire.SimulatorHttpServer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A service on the loopback address that issues temporary credentials which the simulated cloud
 * accepts. Their time is real time.
 */
public abstract class CredentialIssuer implements AutoCloseable {
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final TencentSimulator cloud;
  private final SimulatorHttpServer front;
  private final AtomicInteger calls = new AtomicInteger();
  private final List<String> issued = new CopyOnWriteArrayList<>();
  private volatile Duration validFor = Duration.ofHours(2);
  private volatile Optional<HttpResponse> fault = Optional.empty();

  CredentialIssuer(TencentSimulator cloud) {
    this.cloud = cloud;
    front =
        new SimulatorHttpServer(
            0,
            (request, connection) -> {
              calls.incrementAndGet();
              connection.response(fault.orElseGet(() -> response(request)));
            });
  }

  abstract HttpResponse response(HttpRequest request);

  public final String endpoint() {
    return "http://127.0.0.1:" + front.port();
  }

  public final int calls() {
    return calls.get();
  }

  /** The ids of all credentials that were issued; the newest is the last. */
  public final List<String> issued() {
    return List.copyOf(issued);
  }

  public final void validFor(Duration time) {
    validFor = time;
  }

  /** Every call gets this response, until {@link #mend}. */
  public final void answer(int status, String body) {
    fault =
        Optional.of(
            new HttpResponse(status, Map.of("Content-Type", "application/json"), body, "fault"));
  }

  public final void mend() {
    fault = Optional.empty();
  }

  /** Connection refused, until {@link #comeBack}. */
  public final void goDark() {
    front.goDark();
  }

  public final void comeBack() {
    front.comeBack();
  }

  @Override
  public final void close() {
    front.close();
  }

  /** New ones, which the cloud accepts from now on. */
  final ObjectNode issue() {
    String id = "AKIDtmp" + COUNT.incrementAndGet();
    String key = "issued-key-of-" + id;
    String token = "issued-token-of-" + id;
    cloud.account(id, key, token);
    issued.add(id);
    return JsonNodeFactory.instance
        .objectNode()
        .put("TmpSecretId", id)
        .put("TmpSecretKey", key)
        .put("Token", token);
  }

  final long expiredTime() {
    return Instant.now().plus(validFor).getEpochSecond();
  }
}
