package dev.reinstall.image;

import dev.reinstall.controlplane.CommandResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/** The image of the Containerfile and the jar of this build. */
final class OperatorImage {
  static final String NAME = "localhost/reinstall-operator:";

  /** As seconds since 1970: {@code project.build.outputTimestamp} of the pom. */
  static final String DATE = "1767225600";

  private OperatorImage() {}

  /** The version in the pom, its one place. */
  static String version() {
    Matcher version =
        Pattern.compile("<artifactId>reinstall-operator</artifactId>\\s*<version>([^<]+)<")
            .matcher(read(Path.of("pom.xml")));
    if (!version.find()) {
      throw new IllegalStateException("no version in pom.xml");
    }
    return version.group(1);
  }

  /** Built unless another test has done it; the name of the image. */
  static synchronized String built() {
    String name = NAME + checksum();
    Path lock = Path.of("target", "containers.lock");
    try (FileChannel channel =
            FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock alone = channel.lock()) { // tests run in several JVMs
      if (alone.isValid() && !ImageStore.podman("image", "exists", name).succeeded()) {
        build(name, version()).orFail();
      }
      return name;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Builds it, from nothing that was built before. */
  static CommandResult build(String name, String version) {
    ImageStore.provide(BaseImages.BASE);
    ImageStore.provide(BaseImages.JDK);
    return ImageStore.build(
        "--pull-never",
        "--no-cache",
        "--layers",
        "--force-rm",
        "--network=none",
        "--timestamp=" + DATE,
        "--build-arg=JDK=" + BaseImages.JDK.tag(),
        "--build-arg=BASE=" + BaseImages.BASE.tag(),
        "--build-arg=VERSION=" + version,
        "--tag=" + name,
        "--file=Containerfile",
        ".");
  }

  private static String checksum() {
    CRC32 sum = new CRC32();
    for (String file :
        List.of(
            "Containerfile",
            "LICENSE",
            "target/reinstall-operator.jar",
            "src/test/java/dev/reinstall/image/TrainingRun.java")) {
      try {
        sum.update(Files.readAllBytes(Path.of(file)));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return Long.toHexString(sum.getValue());
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
