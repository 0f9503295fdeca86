package dev.reinstall.cloud;

import dev.reinstall.api.Server;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The records of a list, each brought to the server that it is about. */
public final class DescribeResponseParser {
  private DescribeResponseParser() {}

  /** Reads one record in our words; throws where it is not clear. */
  @FunctionalInterface
  public interface Reader {
    Observation read(Server server, Fields listed) throws CloudException;
  }

  /**
   * What the list clearly reports about the requested servers. A record that occurs twice or is
   * malformed is left out and affects no other; so are those that were not requested.
   *
   * @param idField field of a record with the server's ID
   */
  public static Map<Server, Observation> read(
      List<Server> requested, List<Fields> list, String idField, Reader reader) {
    Map<Server, Observation> clear = new HashMap<>();
    Set<Server> seen = new HashSet<>();
    for (Fields listed : list) {
      try {
        Optional<Server> server = whose(requested, listed.text(idField));
        if (server.isPresent() && !seen.add(server.get())) {
          clear.remove(server.get());
        } else if (server.isPresent()) {
          clear.put(server.get(), reader.read(server.get(), listed));
        }
      } catch (CloudException unclear) {
        // Only a description of that server alone will show it.
      }
    }
    return Map.copyOf(clear);
  }

  private static Optional<Server> whose(List<Server> requested, Optional<String> id) {
    return requested.stream()
        .filter(server -> id.equals(Optional.of(server.instanceId())))
        .findFirst();
  }
}
