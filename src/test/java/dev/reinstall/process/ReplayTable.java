package dev.reinstall.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads {@code replays.md}. */
final class ReplayTable {
  private static final Pattern END =
      Pattern.compile("(?<name>.+?)(, sent (?<sent>\\d+), wiped (?<wiped>\\d+))?");

  private ReplayTable() {}

  /** The headings of the sections, each the name of a test. */
  static List<String> sections() {
    return lines()
        .filter(line -> line.startsWith("## ") && !line.equals("## Ends"))
        .map(line -> line.substring(3))
        .toList();
  }

  static List<Replay> of(String section) {
    List<Replay> replays = new ArrayList<>();
    for (List<String> cells : rows(section)) {
      for (CloudUnderTest cloud : CloudUnderTest.values()) {
        String end = cells.get(3 + cloud.ordinal());
        if (!end.equals("-")) {
          replays.add(replay(cloud, cells, end));
        }
      }
    }
    return replays;
  }

  private static Replay replay(CloudUnderTest cloud, List<String> cells, String end) {
    Matcher parts = END.matcher(end);
    if (!parts.matches()) {
      throw new AssertionError("no end: " + end);
    }
    RequestStage stage = RequestStage.valueOf(cells.get(2));
    return new Replay(
        cloud,
        ReplayEvent.of(cells.get(0)),
        switch (cells.get(1)) {
          case "" -> Optional.of(stage);
          case "none" -> Optional.empty();
          default -> Optional.of(RequestStage.valueOf(cells.get(1)));
        },
        stage,
        end(parts.group("name")),
        count(parts.group("sent")),
        count(parts.group("wiped")));
  }

  private static int count(String number) {
    return number == null ? 1 : Integer.parseInt(number);
  }

  private static ReplayEnd end(String name) {
    return rows("Ends").stream()
        .filter(cells -> cells.get(0).equals(name))
        .map(c -> new ReplayEnd(c.get(0), c.get(1), c.get(2), c.get(3), c.get(4)))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no end has the name " + name));
  }

  private static List<List<String>> rows(String section) {
    return lines()
        .dropWhile(line -> !line.equals("## " + section))
        .skip(1)
        .takeWhile(line -> !line.startsWith("## "))
        .filter(line -> line.startsWith("| "))
        .skip(1) // the names of the columns
        .map(line -> Stream.of(line.substring(1).split("[|]")).map(String::trim).toList())
        .toList();
  }

  private static Stream<String> lines() {
    try (var table = ReplayTable.class.getResourceAsStream("/replays.md")) {
      return new String(table.readAllBytes(), StandardCharsets.UTF_8).lines();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
