package dev.reinstall.simulator.tencent;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A well-signed call, in whichever of the two dialects it came.
 *
 * @param parameters without the common ones
 * @param flat whether all values came as text
 */
record TencentCall(
    String action, String version, String region, JsonNode parameters, boolean flat) {}
