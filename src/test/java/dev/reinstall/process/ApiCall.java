package dev.reinstall.process;

import java.util.List;

/**
 * One request to the API server.
 *
 * @param target path and query
 */
record ApiCall(String method, String target, String body) {

  static ApiCall of(String requestLine, String body) {
    String[] words = requestLine.split(" ", -1);
    return new ApiCall(words[0], words[1], body);
  }

  /** For example {@code serverledgers} or {@code reinstalls/status}. */
  String resource() {
    List<String> path = List.of(path().substring(1).split("/", -1));
    int kind = path.get(0).equals("api") ? 2 : 3;
    if (path.size() > kind + 2 && path.get(kind).equals("namespaces")) {
      kind += 2;
    }
    String sub = path.size() > kind + 2 ? "/" + path.get(kind + 2) : "";
    return path.size() > kind ? path.get(kind) + sub : path();
  }

  boolean isWrite() {
    return !method.equals("GET");
  }

  /**
   * A list or a watch: several at startup and one per poll, independent of the number of requests.
   */
  boolean isListOrWatch() {
    return method.equals("GET") && (target.contains("watch=") || path().endsWith(resource()));
  }

  /** Whether it writes the ledger of this server. */
  boolean writesLedgerOf(String instanceId) {
    return isWrite() && resource().equals("serverledgers") && body.contains(instanceId);
  }

  /** Whether it writes the status of a Reinstall of this server. */
  boolean writesStatusOf(String instanceId) {
    return isWrite() && resource().equals("reinstalls/status") && body.contains(instanceId);
  }

  private String path() {
    return target.replaceAll("[?].*", "");
  }
}
