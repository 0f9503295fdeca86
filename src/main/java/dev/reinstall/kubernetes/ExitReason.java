package dev.reinstall.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.OperatorException;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Why the process exits, for its last log line.
 *
 * @param trace null: the message says all, because a person must change something
 */
public record ExitReason(String message, Throwable trace) {

  /** What to do about a missing permission. */
  static final String GRANT =
      ". Check the operator's ServiceAccount, and grant its permissions: kubectl apply -k deploy,"
          + " or helm upgrade.";

  /** In the words of the framework, which asks for its permissions before it uses them. */
  private static final String NO_LEASE = "missing required verbs";

  /** What to do is said where a person must act: a start is refused, or a permission is missing. */
  public static ExitReason of(Throwable failure) {
    List<Throwable> causes = causes(failure);
    return causes.stream()
        .flatMap(cause -> remedy(cause).stream())
        .findFirst()
        .map(remedy -> new ExitReason(remedy, null))
        .orElseGet(() -> new ExitReason(causes.get(causes.size() - 1).getMessage(), failure));
  }

  private static List<Throwable> causes(Throwable failure) {
    return Stream.iterate(failure, e -> e != null, Throwable::getCause).limit(20).toList();
  }

  private static Optional<String> remedy(Throwable cause) {
    if (cause instanceof StartException) {
      return Optional.of(cause.getMessage());
    }
    return denial(cause).map(words -> words + GRANT);
  }

  private static Optional<String> denial(Throwable cause) {
    if (cause instanceof OperatorException
        && String.valueOf(cause.getMessage()).contains(NO_LEASE)) {
      return Optional.of(cause.getMessage());
    }
    return cause instanceof KubernetesClientException e && isDenial(e.getCode())
        ? Optional.of(words(e))
        : Optional.empty();
  }

  private static String words(KubernetesClientException e) {
    return e.getStatus() == null || e.getStatus().getMessage() == null
        ? e.getMessage()
        : CrdCompatibilityCheck.words(e);
  }

  private static boolean isDenial(int code) {
    return code == HttpURLConnection.HTTP_UNAUTHORIZED || code == HttpURLConnection.HTTP_FORBIDDEN;
  }
}
