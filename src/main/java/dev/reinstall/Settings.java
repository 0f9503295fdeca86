package dev.reinstall;

import dev.reinstall.cloud.jdcloud.JdCloud;
import dev.reinstall.cloud.tencent.Signature;
import dev.reinstall.cloud.tencent.TencentCloud;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an installation may choose: the environment's {@code REINSTALL_*}, understood or refused.
 *
 * @param namespaces to watch; empty: all
 * @param tencentEndpoint a URL, may hold {@code {region}}; judged by the adapter that uses it
 * @param tencentSignature one of {@link Signature#NAMES}
 * @param jdCloudEndpoint a URL like the other one
 * @param pollInterval between two looks at a server
 * @param settleTime how long Tencent Cloud's picture of a server may lag
 * @param jdSettleTime how long JD Cloud's may
 * @param sendWithin from its claim, how long an order may be sent
 * @param fence how long others leave a claim alone where the cloud knows no token
 * @param tokenTrust how long a cloud is trusted to remember a token
 * @param callTimeout of one request to a cloud, from its beginning to the end of its answer
 * @param orderTimeout after which an order that was sent is Unknown
 * @param concurrency how many orders are looked after at once
 * @param leaderElection whether replicas take turns; nothing but work depends on it
 * @param leaseNamespace where the lease of that election lives
 * @param httpPort of probes and metrics; 0: none
 */
public record Settings(
    List<String> namespaces,
    String tencentEndpoint,
    String tencentSignature,
    String jdCloudEndpoint,
    Duration pollInterval,
    Duration settleTime,
    Duration jdSettleTime,
    Duration sendWithin,
    Duration fence,
    Duration tokenTrust,
    Duration callTimeout,
    Duration orderTimeout,
    int concurrency,
    boolean leaderElection,
    String leaseNamespace,
    int httpPort,
    Optional<Path> memoryFile) {

  // Above this the HTTP client's one connection to the API server runs out of streams.
  private static final int MOST_THREADS = 90;

  /**
   * Reads the settings.
   *
   * @throws SettingsException naming everything that is unknown, malformed or unsafe
   */
  public static Settings from(Map<String, String> environment) {
    Environment read = new Environment(environment);
    Settings settings =
        new Settings(
            read.namespaces("REINSTALL_NAMESPACES"),
            read.text("REINSTALL_TENCENT_ENDPOINT", TencentCloud.DEFAULT_ENDPOINT),
            read.oneOf("REINSTALL_TENCENT_SIGNATURE", Signature.NAMES),
            read.text("REINSTALL_JDCLOUD_ENDPOINT", JdCloud.DEFAULT_ENDPOINT),
            read.duration("REINSTALL_POLL_INTERVAL", Duration.ofSeconds(15)),
            read.duration("REINSTALL_SETTLE_TIME", TencentCloud.DEFAULT_SETTLE_TIME),
            read.duration("REINSTALL_JD_SETTLE_TIME", JdCloud.DEFAULT_SETTLE_TIME),
            read.duration("REINSTALL_SEND_WITHIN", Duration.ofSeconds(10)),
            read.duration("REINSTALL_FENCE", Duration.ofMinutes(10)),
            read.duration("REINSTALL_TOKEN_TRUST", Duration.ofMinutes(20)),
            read.duration("REINSTALL_CALL_TIMEOUT", Duration.ofSeconds(20)),
            read.duration("REINSTALL_ORDER_TIMEOUT", Duration.ofHours(2)),
            read.number("REINSTALL_CONCURRENCY", 10, 1, MOST_THREADS),
            "true".equals(read.oneOf("REINSTALL_LEADER_ELECTION", List.of("true", "false"))),
            read.namespace("POD_NAMESPACE", "reinstall-system"),
            read.number("REINSTALL_HTTP_PORT", 8080, 0, 65_535),
            read.file("REINSTALL_MEMORY_FILE"));
    read.refuse(Fences.problemsOf(settings));
    read.finish();
    return settings;
  }
}
