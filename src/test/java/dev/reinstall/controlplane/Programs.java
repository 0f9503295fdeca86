package dev.reinstall.controlplane;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Programs that tests use besides those of the control plane: made or installed by
 * `.ci/tools/ensure`, or found on the PATH.
 */
public final class Programs {
  private Programs() {}

  static Optional<Path> find(String name) {
    Stream<Path> tools = Stream.of(folder(), folder().resolve("python/bin"));
    Stream<Path> path = Stream.of(System.getenv("PATH").split(File.pathSeparator)).map(Path::of);
    return Stream.concat(tools, path)
        .map(place -> place.resolve(name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /**
   * The program of that name.
   *
   * @throws IllegalStateException if it is missing
   */
  public static Path path(String name) {
    return find(name).orElseThrow(() -> new IllegalStateException(howToGet(name)));
  }

  /** Where `.ci/tools/ensure` puts what it makes. */
  public static Path folder() {
    return Binaries.root(System.getenv(), Path.of(System.getProperty("user.home")))
        .resolve("tools");
  }

  /** Whether what is missing on this machine is a failure, and no reason to skip a test. */
  public static boolean areRequired() {
    return Binaries.required(System.getenv());
  }

  static String howToGet(String name) {
    return name + " is not on this machine: run .ci/tools/ensure once (needs Go, Debian and root).";
  }
}
