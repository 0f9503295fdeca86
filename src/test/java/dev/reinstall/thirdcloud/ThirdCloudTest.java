package dev.reinstall.thirdcloud;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reinstall.api.ReinstallSpec;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Adds a cloud as docs/adding-a-cloud.md says: a value in {@code CloudName} and a block in {@code
 * ReinstallSpec}, compiled by this test. Every other class is the one that ships.
 */
class ThirdCloudTest {
  private static final Path API = Path.of("src/main/java/dev/reinstall/api");

  @Test
  void a_third_cloud_needs_no_change_but_its_block(@TempDir Path folder) throws Exception {
    Path name =
        edited(
            folder,
            "CloudName.java",
            "  /** A value of a newer operator;",
            "  MadeUpCloud(\"madeUpCloud\", dev.reinstall.thirdcloud.MadeUpSpec.PRECONDITIONS),\n");
    Path spec =
        edited(
            folder,
            "ReinstallSpec.java",
            "        JdCloudSpec jdCloud,\n",
            "        dev.reinstall.thirdcloud.MadeUpSpec madeUpCloud,\n");
    Path classes = Files.createDirectory(folder.resolve("classes"));
    int compiled =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-proc:none",
                "-nowarn",
                "-implicit:none",
                "-cp",
                System.getProperty("java.class.path"),
                "-d",
                classes.toString(),
                name.toString(),
                spec.toString());
    assertThat(compiled).isZero();

    assertThat(run(classes))
        .containsExactly(
            "misspelt: Pending/UnsupportedField null",
            "other: Failed/PreconditionFailed null",
            "web-1: Succeeded/Installed made-up-1",
            "reinstalls: 1",
            "same hash for another system: false");
  }

  private static Path edited(Path folder, String file, String before, String line)
      throws IOException {
    String shipped = Files.readString(API.resolve(file));
    assertThat(shipped.split(Pattern.quote(before), -1)).hasSize(2);
    int at = shipped.indexOf(before) + (before.endsWith("\n") ? before.length() : 0);
    return Files.writeString(
        folder.resolve(file), shipped.substring(0, at) + line + shipped.substring(at));
  }

  @SuppressWarnings("unchecked")
  private static List<String> run(Path classes) throws Exception {
    List<URL> urls = new ArrayList<>(List.of(classes.toUri().toURL()));
    for (Class<?> shipped : List.of(ReinstallSpec.class, ThirdCloudTest.class)) {
      urls.add(shipped.getProtectionDomain().getCodeSource().getLocation());
    }
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try (URLClassLoader loader = new OurClassesAgain(urls.toArray(URL[]::new), before)) {
      thread.setContextClassLoader(loader);
      Class<?> run = loader.loadClass("dev.reinstall.thirdcloud.ThirdCloudRun");
      return ((Callable<List<String>>) run.getConstructor().newInstance()).call();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  /** Loads the classes of this project again, the edited ones first. */
  private static final class OurClassesAgain extends URLClassLoader {
    OurClassesAgain(URL[] urls, ClassLoader parent) {
      super(urls, parent);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith("dev.reinstall.")) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> known = findLoadedClass(name);
        return known == null ? findClass(name) : known;
      }
    }
  }
}
