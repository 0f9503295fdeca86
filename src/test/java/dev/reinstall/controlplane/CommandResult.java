package dev.reinstall.controlplane;

import java.util.List;

/** What one call of kubectl said. */
public record CommandResult(List<String> command, int exitCode, String out, String err) {
  public boolean succeeded() {
    return exitCode == 0;
  }

  /** The output of a call that has to succeed. */
  public String orFail() {
    if (!succeeded()) {
      throw new AssertionError(this);
    }
    return out;
  }
}
