package dev.reinstall.simulator.tencent;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A correctly signed call, in either dialect.
 *
 * @param secretId of the account that signed it
 * @param parameters without the common ones
 * @param flat whether all values arrived as text
 */
record TencentCall(
    String secretId,
    String action,
    String version,
    String region,
    JsonNode parameters,
    boolean flat) {}
