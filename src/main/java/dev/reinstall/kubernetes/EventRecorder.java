package dev.reinstall.kubernetes;

import dev.reinstall.api.Phase;
import dev.reinstall.api.Reinstall;
import dev.reinstall.api.ReinstallStatus;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One Event when the cloud said yes, one for the outcome; each has a name of its own, so a second
 * replica's is the same one. Events may be lost; the status is what counts.
 */
final class EventRecorder {
  private static final Logger LOG = LoggerFactory.getLogger(EventRecorder.class);
  private static final int NOTE = 1024; // bytes, not characters
  private static final int NAME = 200;

  private final KubernetesClient client;
  private final String instance;

  EventRecorder(KubernetesClient client, String instance) {
    this.client = client;
    this.instance = instance;
  }

  void record(Reinstall reinstall, ReinstallStatus before) {
    ReinstallStatus status = reinstall.getStatus();
    boolean moved = before == null || !status.phase().equals(before.phase());
    Phase phase = Phase.valueOf(status.phase());
    if (!moved || !(phase == Phase.Installing || phase.isFinished())) {
      return;
    }
    try {
      client.resource(event(reinstall, phase)).create();
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        LOG.debug("an Event was dropped: {}", e.getMessage());
      }
    }
  }

  private Event event(Reinstall reinstall, Phase phase) {
    ReinstallStatus status = reinstall.getStatus();
    String name = reinstall.getMetadata().getName();
    boolean bad = phase == Phase.Failed || phase == Phase.Unknown;
    return new EventBuilder()
        .withNewMetadata()
        .withNamespace(reinstall.getMetadata().getNamespace())
        .withName(
            name.substring(0, Math.min(NAME, name.length())).replaceAll("[-.]+$", "")
                + "."
                + reinstall.getMetadata().getUid().replace("-", "").substring(0, 8)
                + "."
                + status.reason().toLowerCase(Locale.ROOT))
        .endMetadata()
        .withEventTime(new MicroTime(Instant.now().truncatedTo(ChronoUnit.MICROS).toString()))
        .withReportingController("reinstall.dev/operator")
        .withReportingInstance(instance)
        .withAction(phase == Phase.Installing ? "Order" : "Finish")
        .withReason(status.reason())
        .withType(bad ? "Warning" : "Normal")
        .withNote(note(status))
        .withRegarding(
            new ObjectReferenceBuilder()
                .withApiVersion(reinstall.getApiVersion())
                .withKind(reinstall.getKind())
                .withNamespace(reinstall.getMetadata().getNamespace())
                .withName(name)
                .withUid(reinstall.getMetadata().getUid())
                .withResourceVersion(reinstall.getMetadata().getResourceVersion())
                .build())
        .build();
  }

  /** A cloud's words may be Chinese and long: the request id must not fall off behind them. */
  private static String note(ReinstallStatus status) {
    String id = status.requestId() == null ? "" : " (request id " + status.requestId() + ")";
    return cut(status.message(), NOTE - bytes(id)) + id;
  }

  private static String cut(String text, int most) {
    int end = 0;
    for (int used = 0; end < text.length(); end += Character.charCount(text.codePointAt(end))) {
      used += bytes(Character.toString(text.codePointAt(end)));
      if (used > most) {
        break;
      }
    }
    return text.substring(0, end);
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
