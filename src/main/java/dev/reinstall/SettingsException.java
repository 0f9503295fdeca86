package dev.reinstall;

import java.util.List;

/** The operator must not start: everything that is wrong with its settings, at once. */
public final class SettingsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final List<String> problems;

  SettingsException(List<String> problems) {
    super(String.join(System.lineSeparator(), problems));
    this.problems = List.copyOf(problems);
  }

  /** One sentence each, naming the setting and what to write instead. */
  public List<String> problems() {
    return problems;
  }
}
