package dev.reinstall.controlplane;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The addresses on which a process listens, from /proc. */
final class Sockets {
  private static final String LISTENING = "0A";

  private Sockets() {}

  /** Addresses in the kernel's notation: 0100007F:PORT is 127.0.0.1. */
  static List<String> listenedOnBy(ProcessHandle process) {
    Path proc = Path.of("/proc", Long.toString(process.pid()));
    Set<String> own = socketsOf(proc);
    return Stream.of("tcp", "tcp6")
        .flatMap(table -> lines(proc.resolve("net").resolve(table)))
        .map(line -> line.strip().split("\\s+"))
        .filter(column -> column[3].equals(LISTENING) && own.contains("socket:[" + column[9] + "]"))
        .map(column -> column[1])
        .toList();
  }

  private static Set<String> socketsOf(Path proc) {
    try (Stream<Path> descriptors = Files.list(proc.resolve("fd"))) {
      return descriptors.map(Sockets::target).collect(Collectors.toSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException closedMeanwhile) {
      return "";
    }
  }

  private static Stream<String> lines(Path table) {
    try {
      return Files.readAllLines(table).stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
