package dev.reinstall.controlplane;

import java.util.List;

/** The result of a command that ended. */
public record CommandResult(List<String> command, int exitCode, String out, String err) {
  public boolean succeeded() {
    return exitCode == 0;
  }

  /** The output of a call that must succeed. */
  public String orFail() {
    if (!succeeded()) {
      throw new AssertionError(this);
    }
    return out;
  }
}
