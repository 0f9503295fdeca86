package dev.reinstall.cloud;

import dev.reinstall.api.Server;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The calls of one cloud. Each is one HTTP request that succeeds or fails within the call time-out,
 * and nothing else: it is not repeated, it waits for no permit, no state is kept between calls and
 * nothing is decided about a request.
 */
public interface CloudClient {

  /** How many servers {@link #describeAll} takes. */
  int MAX_SERVERS_PER_CALL = 100;

  /**
   * Describes the server; changes nothing. The result is about exactly this server, or it throws.
   */
  Observation describe(Credentials credentials, Server server) throws CloudException;

  /**
   * Describes several servers of one region by one call; changes nothing.
   *
   * @param servers from 1 to {@link #MAX_SERVERS_PER_CALL}, each once
   * @return what the cloud clearly reported, by server. Nothing is known about a server that is not
   *     there, not even that it is missing: only a description of it alone shows that
   */
  Map<Server, Observation> describeAll(Credentials credentials, List<Server> servers)
      throws CloudException;

  /**
   * Asks a catalogue by one call; changes nothing.
   *
   * @param queries of one action and one region, each once: by ID, from 1 to {@link
   *     CloudProvider#cataloguePerCall}; else one
   * @return what the catalogue contains, by query; nothing of what it does not contain
   */
  default Map<CatalogueQuery, List<CatalogueEntry>> catalogue(
      Credentials credentials, List<CatalogueQuery> queries) throws CloudException {
    throw new UnsupportedOperationException("this cloud has no catalogues");
  }

  /**
   * Asks the cloud to stop the server, by a soft shutdown where the cloud supports it, and so that
   * it can still be reinstalled.
   *
   * @return the cloud's ID of the call, as of {@link #reinstall}; empty: the cloud rejects it
   *     because an installation has failed on the server; nothing is left to protect
   */
  Optional<String> stop(Credentials credentials, PowerRequest request) throws CloudException;

  /**
   * Sends the reinstall request: the call that wipes a disk.
   *
   * @return the cloud's ID of the call; an empty text if it gave none
   */
  String reinstall(Credentials credentials, ReinstallRequest request) throws CloudException;

  /**
   * Asks the cloud to start the server.
   *
   * @return as of {@link #reinstall}
   */
  String start(Credentials credentials, PowerRequest request) throws CloudException;
}
