package dev.reinstall.config;

import dev.reinstall.cloud.jdcloud.JdCloud;
import dev.reinstall.cloud.jdcloud.JdSignature;
import dev.reinstall.cloud.tencent.Signature;
import dev.reinstall.cloud.tencent.TencentCloud;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * All settings of the operator: the environment's {@code REINSTALL_*}, validated. Those of the log
 * are only validated here.
 *
 * @param namespaces to watch; empty: all
 * @param tencentEndpoint URL of Tencent Cloud; may hold {@code {region}}
 * @param tencentSignature one of {@link Signature#NAMES}
 * @param jdCloudEndpoint URL of JD Cloud; may hold {@code {region}}
 * @param jdCloudSignature the form in which calls to JD Cloud are signed
 * @param pollInterval between two reads of a server
 * @param settleTime how long Tencent Cloud may take to show a change of a server
 * @param jdSettleTime how long JD Cloud may take
 * @param sendWithin how long after its claim a request may be sent
 * @param fence how long others leave an unanswered claim alone on a cloud without tokens
 * @param tokenTrust how long a cloud is trusted to remember an idempotency token
 * @param callTimeout of one call to a cloud, from connecting to the end of the response
 * @param orderTimeout after which a request that was sent, and whose end was not seen, is Unknown
 * @param allowUnsafeTimeouts whether time-outs may break the relations that {@link
 *     TimeoutValidation} checks; for tests and demos
 * @param concurrency how many requests are reconciled at the same time
 * @param leaderElection whether only one replica works at a time; safety does not depend on it
 * @param leaseNamespace namespace of the lease of that election
 * @param httpPort of probes and metrics; 0: none
 */
public record OperatorConfig(
    List<String> namespaces,
    String tencentEndpoint,
    String tencentSignature,
    String jdCloudEndpoint,
    JdSignature jdCloudSignature,
    Duration pollInterval,
    Duration settleTime,
    Duration jdSettleTime,
    Duration sendWithin,
    Duration fence,
    Duration tokenTrust,
    Duration callTimeout,
    Duration orderTimeout,
    boolean allowUnsafeTimeouts,
    int concurrency,
    boolean leaderElection,
    String leaseNamespace,
    int httpPort) {

  // Above this the HTTP client's one connection to the API server runs out of streams.
  private static final int MOST_THREADS = 90;

  /**
   * Reads the settings.
   *
   * @throws SettingsException naming everything that is unknown, malformed or unsafe
   */
  public static OperatorConfig from(Map<String, String> environment) {
    EnvironmentReader read = new EnvironmentReader(environment);
    OperatorConfig config =
        new OperatorConfig(
            read.namespaces("REINSTALL_NAMESPACES"),
            read.endpoint("REINSTALL_TENCENT_ENDPOINT", TencentCloud.DEFAULT_ENDPOINT),
            read.oneOf("REINSTALL_TENCENT_SIGNATURE", Signature.NAMES),
            read.endpoint("REINSTALL_JDCLOUD_ENDPOINT", JdCloud.DEFAULT_ENDPOINT),
            JdSignature.valueOf(read.oneOf("REINSTALL_JDCLOUD_SIGNATURE", JdSignature.names())),
            read.duration("REINSTALL_POLL_INTERVAL", Duration.ofSeconds(15)),
            read.duration("REINSTALL_SETTLE_TIME", TencentCloud.DEFAULT_SETTLE_TIME),
            read.duration("REINSTALL_JD_SETTLE_TIME", JdCloud.DEFAULT_SETTLE_TIME),
            read.duration("REINSTALL_SEND_WITHIN", Duration.ofSeconds(10)),
            read.duration("REINSTALL_FENCE", Duration.ofMinutes(10)),
            read.duration("REINSTALL_TOKEN_TRUST", Duration.ofMinutes(20)),
            read.duration("REINSTALL_CALL_TIMEOUT", Duration.ofSeconds(20)),
            read.duration("REINSTALL_ORDER_TIMEOUT", Duration.ofHours(2)),
            read.flag("REINSTALL_ALLOW_UNSAFE_TIMEOUTS", false),
            read.number("REINSTALL_CONCURRENCY", 10, 1, MOST_THREADS),
            read.flag("REINSTALL_LEADER_ELECTION", true),
            read.namespace("POD_NAMESPACE", "reinstall-system"),
            read.number("REINSTALL_HTTP_PORT", 8080, 0, 65_535));
    // logback.xml reads them, too: the first line of the log comes before the settings.
    read.oneOf("REINSTALL_LOG_FORMAT", List.of("plain", "json"));
    read.oneOf("REINSTALL_LOG_LEVEL", List.of("INFO", "DEBUG", "WARN", "ERROR"));
    read.removed("REINSTALL_MEMORY_FILE");
    if (!config.allowUnsafeTimeouts()) {
      read.refuse(TimeoutValidation.problemsOf(config));
    }
    read.finish();
    return config;
  }
}
