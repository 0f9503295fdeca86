package dev.reinstall.config;

import java.time.Duration;
import java.util.List;

/**
 * The settings of the operator that are of no single cloud. Those of the log are only validated
 * here.
 *
 * @param namespaces to watch; empty: all
 * @param requireServerGrant whether a server that belongs to no namespace is reinstalled for no one
 * @param pollInterval between two reads of a server
 * @param sendWithin how long after its claim a request may be sent
 * @param fence how long others leave an unanswered claim alone on a cloud without tokens
 * @param tokenTrust how long a cloud is trusted to remember an idempotency token
 * @param callTimeout of one call to a cloud, from connecting to the end of the response
 * @param orderTimeout after which a request that was sent, and whose end was not seen, is Unknown
 * @param allowUnsafeTimeouts whether time-outs may break the relations that "at most once" depends
 *     on; for tests and demos
 * @param concurrency how many requests are reconciled at the same time
 * @param leaderElection whether only one replica works at a time; safety does not depend on it
 * @param ownNamespace namespace of the operator itself: of the lease of that election, and of the
 *     ConfigMap that pauses it
 * @param httpPort of probes and metrics; 0: none
 */
public record OperatorConfig(
    List<String> namespaces,
    boolean requireServerGrant,
    Duration pollInterval,
    Duration sendWithin,
    Duration fence,
    Duration tokenTrust,
    Duration callTimeout,
    Duration orderTimeout,
    boolean allowUnsafeTimeouts,
    int concurrency,
    boolean leaderElection,
    String ownNamespace,
    int httpPort) {

  // Above this the HTTP client's one connection to the API server runs out of streams.
  private static final int MOST_THREADS = 90;

  static OperatorConfig from(EnvironmentReader read) {
    OperatorConfig config =
        new OperatorConfig(
            read.namespaces("REINSTALL_NAMESPACES"),
            read.flag("REINSTALL_REQUIRE_SERVER_GRANT", false),
            read.duration("REINSTALL_POLL_INTERVAL", Duration.ofSeconds(15)),
            read.duration("REINSTALL_SEND_WITHIN", Duration.ofSeconds(10)),
            read.duration("REINSTALL_FENCE", Duration.ofMinutes(10)),
            read.duration("REINSTALL_TOKEN_TRUST", Duration.ofMinutes(20)),
            read.duration("REINSTALL_CALL_TIMEOUT", Duration.ofSeconds(20)),
            read.duration("REINSTALL_ORDER_TIMEOUT", Duration.ofHours(2)),
            read.flag("REINSTALL_ALLOW_UNSAFE_TIMEOUTS", false),
            read.number("REINSTALL_CONCURRENCY", 64, 1, MOST_THREADS),
            read.flag("REINSTALL_LEADER_ELECTION", true),
            read.namespace("POD_NAMESPACE", "reinstall-system"),
            read.number("REINSTALL_HTTP_PORT", 8080, 0, 65_535));
    // logback.xml reads them, too: the first line of the log comes before the settings.
    read.oneOf("REINSTALL_LOG_FORMAT", List.of("plain", "json"));
    read.oneOf("REINSTALL_LOG_LEVEL", List.of("INFO", "DEBUG", "WARN", "ERROR"));
    read.removed("REINSTALL_MEMORY_FILE");
    return config;
  }
}
