package dev.reinstall.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** A server of either cloud, as tests and users see it. */
public interface SimulatedServer {

  String id();

  List<Wipe> wipeHistory();

  /** As its cloud would show it now. */
  ObjectNode shown();

  /** One readable line. */
  String line();

  /** Powers it off at once, as at the machine itself. */
  void pullPlug();

  /** Powers it on at once. */
  void plugIn();
}
