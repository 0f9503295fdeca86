package dev.reinstall.config;

import java.util.List;

/** The operator must not start: everything that is wrong with its settings. */
public final class SettingsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final List<String> problems;

  SettingsException(List<String> problems) {
    super(String.join(System.lineSeparator(), problems));
    this.problems = List.copyOf(problems);
  }

  /** Each names the setting, what is wrong and how to fix it. */
  public List<String> problems() {
    return problems;
  }
}
