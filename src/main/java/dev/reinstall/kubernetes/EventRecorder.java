package dev.reinstall.kubernetes;

import dev.reinstall.api.Phase;
import dev.reinstall.api.Reason;
import dev.reinstall.api.Reinstall;
import dev.reinstall.api.ReinstallStatus;
import dev.reinstall.api.ServerLedger;
import dev.reinstall.api.ServerLedger.Entry;
import dev.reinstall.reconcile.ClusterMessages;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Locale;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Events for the transitions that a person must know of: the cloud accepted the request, the
 * outcome, what a person must fix, and a server that was stopped for a request that was not sent.
 * The name of an Event is made from the object and the reason, so that a second replica writes the
 * same one. Events may be lost; the status is what counts.
 */
final class EventRecorder {
  private static final DateTimeFormatter MICROSECONDS =
      new DateTimeFormatterBuilder().appendInstant(6).toFormatter(Locale.ROOT);

  private static final Logger LOG = LoggerFactory.getLogger(EventRecorder.class);
  private static final int NOTE = 1024; // bytes, not characters
  private static final int NAME = 200;
  private static final String CUT = "…";

  /** The namespace of the Events of objects that have none. */
  private static final String OF_CLUSTER_SCOPED = "default";

  private static final Set<String> NEEDS_PERSON =
      Set.of(Reason.AccessDenied.name(), Reason.CheckFailed.name(), Reason.SecretNotReady.name());

  private final KubernetesClient client;
  private final String instance;

  EventRecorder(KubernetesClient client, String instance) {
    this.client = client;
    this.instance = instance;
  }

  void record(Reinstall reinstall, ReinstallStatus before) {
    ReinstallStatus status = reinstall.getStatus();
    Phase phase = Phase.valueOf(status.phase());
    boolean moved = before == null || !status.phase().equals(before.phase());
    boolean progressed = moved && (phase == Phase.Installing || phase.isFinished());
    if (progressed || isStopReleased(phase, before) || needsPerson(status, before)) {
      create(event(reinstall, action(phase), isWarning(phase), note(status)));
    }
  }

  /** Reports that a reconciliation failed; its name is made from the object alone. */
  void recordFailure(Reinstall reinstall, String message) {
    create(
        event(
            reinstall, StatusConverter.RECONCILE_ERROR, "", "Reconcile", true, cut(message, NOTE)));
  }

  /**
   * Reports, on the ledger, that a server was left stopped by a request whose Reinstall is gone.
   *
   * @param claim number of the claim, so that another one is another Event
   */
  void recordLeftStopped(ServerLedger ledger, long claim, String message) {
    create(event(ledger, "ServerLeftStopped", "." + claim, "Stop", true, cut(message, NOTE)));
  }

  /** Reports, on the ledger, whether a server that was stopped for nothing runs again. */
  void recordUnsubmittedEnd(ServerLedger ledger, Entry entry, String message) {
    boolean started = entry.start() != null;
    create(
        event(
            ledger,
            started ? "ServerRestarted" : "ServerNotRestarted",
            "." + entry.claimNumber(),
            "Start",
            !started,
            cut(ClusterMessages.unsubmittedEnd(entry.owner().path(), message), NOTE)));
  }

  /** Reports a ledger that a person named wrongly: a hold on it would hold nothing. */
  void recordIfNotUsed(ServerLedger ledger) {
    String used = ledger.getSpec().server().ledgerName();
    if (!ledger.getMetadata().getName().equals(used)) {
      create(event(ledger, "NotUsed", "", "Watch", true, ClusterMessages.ledgerNotUsed(used)));
    }
  }

  /** The server was stopped for this request and stays so: its owner must know. */
  private static boolean isStopReleased(Phase phase, ReinstallStatus before) {
    return phase == Phase.Pending && before != null && Phase.Stopping.name().equals(before.phase());
  }

  private static boolean needsPerson(ReinstallStatus status, ReinstallStatus before) {
    boolean sameReason = before != null && status.reason().equals(before.reason());
    return !sameReason && NEEDS_PERSON.contains(status.reason());
  }

  private static boolean isWarning(Phase phase) {
    return phase == Phase.Failed || phase == Phase.Unknown || phase == Phase.Pending;
  }

  private static String action(Phase phase) {
    return switch (phase) {
      case Installing -> "Submit";
      case Pending -> "Wait";
      default -> "Finish";
    };
  }

  private void create(Event event) {
    try {
      client.resource(event).create();
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        LOG.warn("Event {} is lost: {}", event.getReason(), e.getMessage());
      }
    }
  }

  private Event event(Reinstall reinstall, String action, boolean warning, String note) {
    return event(reinstall, reinstall.getStatus().reason(), "", action, warning, note);
  }

  /**
   * @param which distinguishes Events of one object and reason
   */
  private Event event(
      HasMetadata about, String reason, String which, String action, boolean warning, String note) {
    String name = about.getMetadata().getName();
    String namespace = about.getMetadata().getNamespace();
    return new EventBuilder()
        .withNewMetadata()
        .withNamespace(namespace == null ? OF_CLUSTER_SCOPED : namespace)
        .withName(
            name.substring(0, Math.min(NAME, name.length())).replaceAll("[-.]+$", "")
                + "."
                + about.getMetadata().getUid().replace("-", "").substring(0, 8)
                + "."
                + reason.toLowerCase(Locale.ROOT)
                + which)
        .endMetadata()
        .withEventTime(time(Instant.now()))
        .withReportingController("reinstall.dev/operator")
        .withReportingInstance(instance)
        .withAction(action)
        .withReason(reason)
        .withType(warning ? "Warning" : "Normal")
        .withNote(note)
        .withRegarding(
            new ObjectReferenceBuilder()
                .withApiVersion(about.getApiVersion())
                .withKind(about.getKind())
                .withNamespace(namespace)
                .withName(name)
                .withUid(about.getMetadata().getUid())
                .withResourceVersion(about.getMetadata().getResourceVersion())
                .build())
        .build();
  }

  /** The API server takes six digits, and no fewer where the last ones are zeros. */
  static MicroTime time(Instant now) {
    return new MicroTime(MICROSECONDS.format(now));
  }

  /** A cloud's words may be Chinese and long: the request id must not fall off behind them. */
  private static String note(ReinstallStatus status) {
    String id = status.requestId() == null ? "" : " (request ID " + status.requestId() + ")";
    return cut(status.message(), NOTE - bytes(id)) + id;
  }

  private static String cut(String text, int most) {
    if (bytes(text) <= most) {
      return text;
    }
    int end = 0;
    for (int used = bytes(CUT);
        end < text.length();
        end += Character.charCount(text.codePointAt(end))) {
      used += bytes(Character.toString(text.codePointAt(end)));
      if (used > most) {
        break;
      }
    }
    return text.substring(0, end) + CUT;
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
