package dev.reinstall.simulator.tencent;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A correctly signed call, in either dialect.
 *
 * @param parameters without the common ones
 * @param flat whether all values arrived as text
 */
record TencentCall(
    String action, String version, String region, JsonNode parameters, boolean flat) {}
