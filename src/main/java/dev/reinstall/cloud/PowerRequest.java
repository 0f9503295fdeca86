package dev.reinstall.cloud;

import dev.reinstall.api.Server;
import java.time.Instant;

/**
 * A call that switches a server off or on, ready to be sent.
 *
 * @param token idempotency token of this very call, at most 36 characters; null where the cloud
 *     takes none
 * @param signedAt the time of the claim, as in {@link ReinstallRequest#signedAt}
 */
public record PowerRequest(Server server, String token, Instant signedAt) {}
