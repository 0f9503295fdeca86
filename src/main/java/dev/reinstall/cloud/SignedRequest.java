package dev.reinstall.cloud;

import java.net.URI;
import java.util.Map;

/**
 * One HTTP request of an adapter, signed and ready; never printed, it holds secrets.
 *
 * @param method such as {@code POST}
 * @param headers all but Host, which the client writes itself: {@link CloudHttp#hostHeader}
 * @param body text, sent as UTF-8; empty: none
 */
public record SignedRequest(String method, URI uri, Map<String, String> headers, String body) {

  @Override
  public String toString() {
    return "Call[" + method + " " + uri + "]";
  }
}
