package dev.reinstall.process;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** The probe results as the kubelet gets them. */
final class HealthProbe {
  /** As in deploy/. */
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private HealthProbe() {}

  /** Code and text; empty while no process listens on the port, or none responds in time. */
  static String get(int port, String path) throws InterruptedException {
    try {
      URI uri = URI.create("http://127.0.0.1:" + port + path);
      HttpResponse<String> response =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(uri).timeout(TIMEOUT).build(),
                  HttpResponse.BodyHandlers.ofString());
      return response.statusCode() + " " + response.body().strip();
    } catch (IOException notYet) {
      return "";
    }
  }
}
