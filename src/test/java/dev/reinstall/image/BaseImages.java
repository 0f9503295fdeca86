package dev.reinstall.image;

import dev.reinstall.controlplane.Command;
import dev.reinstall.controlplane.Programs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The images that the Containerfile builds on, of Debian packages, because no registry of images is
 * needed then. Each is made once per machine.
 */
enum BaseImages {
  /** What a JDK of Debian needs, and no shell. */
  BASE(
      "--variant=extract",
      "libc6,libstdc++6,libgcc-s1,zlib1g,ca-certificates,base-files,netbase,tzdata"),
  JDK("--variant=essential", "openjdk-17-jdk-headless"),
  /** For the first container of each Pod, which only exists. */
  PAUSE("--variant=extract", "busybox-static");

  private static final String SUITE = "bookworm";
  private static final Path SOURCES = Path.of("/etc/apt/sources.list.d/debian.sources");
  private static final Duration DOWNLOAD = Duration.ofMinutes(5);

  private final List<String> content;

  BaseImages(String variant, String packages) {
    content = List.of("--mode=root", variant, "--include=" + packages, SUITE);
  }

  /** The root file system. */
  synchronized Path archive() {
    String name = "%s-%08x.tar".formatted(name().toLowerCase(Locale.ROOT), hash());
    Path archive = Programs.folder().resolve("images").resolve(name);
    try {
      Files.createDirectories(archive.getParent());
      Path lock = archive.resolveSibling(name + ".lock");
      try (FileChannel channel =
              FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock alone = channel.lock()) { // another JVM may be making it
        if (alone.isValid() && !Files.exists(archive)) {
          make(archive);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return archive;
  }

  private int hash() {
    return String.join(" ", content).hashCode();
  }

  private void make(Path archive) throws IOException {
    Path unfinished = archive.resolveSibling(name() + ".new.tar");
    List<String> arguments = new ArrayList<>(content);
    arguments.addAll(List.of(unfinished.toString(), SOURCES.toString()));
    Map<String, String> sameDates = Map.of("SOURCE_DATE_EPOCH", OperatorImage.DATE);
    Command.run(Programs.path("mmdebstrap"), arguments, sameDates, "", DOWNLOAD).orFail();
    Files.move(unfinished, archive, StandardCopyOption.ATOMIC_MOVE);
  }

  /** The name under which the images are found by a build. */
  String tag() {
    return "localhost/%s:%08x".formatted(name().toLowerCase(Locale.ROOT), hash());
  }
}
