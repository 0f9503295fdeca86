package dev.reinstall.cloud.tencent;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;

/**
 * One call in the API's own words, not yet encoded or signed; never printed.
 *
 * @param name such as {@code ResetInstance}
 * @param parameters the one description of the call, whichever form it is sent in
 * @param at the time of the signature
 */
record ApiRequest(String name, String region, ObjectNode parameters, Instant at) {

  static final String VERSION = "2017-03-12";

  @Override
  public String toString() {
    return "Action[" + name + "]";
  }
}
