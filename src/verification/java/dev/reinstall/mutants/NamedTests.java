package dev.reinstall.mutants;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Runs tests of this project in their own class loader. */
final class NamedTests {
  private static final Path TESTS = Path.of("target/test-classes");

  private NamedTests() {}

  /**
   * Runs them on this thread.
   *
   * @param names as {@code Class.method}, or {@code Class} for all of its tests; if two classes
   *     have the same name, {@code folder/Class}
   * @return each test that ran, as {@code Class.method}, with the first exception; null: it passed
   */
  static Map<String, Throwable> run(ClassLoader classes, List<String> names) {
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(names.stream().map(name -> selector(classes, name)).toList())
            .configurationParameter("junit.jupiter.execution.parallel.enabled", "false")
            // Without a guard a test may never end.
            .configurationParameter("junit.jupiter.execution.timeout.default", "60 s")
            .configurationParameter(
                "junit.jupiter.execution.timeout.thread.mode.default", "SEPARATE_THREAD")
            .build();
    Outcomes outcomes = new Outcomes();
    LauncherFactory.create().execute(request, outcomes);
    return outcomes.of;
  }

  private static DiscoverySelector selector(ClassLoader classes, String name) {
    String[] parts = name.split("[.]");
    Class<?> type = type(classes, parts[0]);
    if (parts.length == 1) {
      return DiscoverySelectors.selectClass(type);
    }
    return Stream.of(type.getDeclaredMethods())
        .filter(method -> method.getName().equals(parts[1]))
        .findFirst()
        .map(method -> DiscoverySelectors.selectMethod(type, method))
        .orElseThrow(() -> new AssertionError("there is no test " + name));
  }

  private static Class<?> type(ClassLoader classes, String simpleName) {
    Path file = TESTS.relativize(only(simpleName + ".class"));
    try {
      return classes.loadClass(file.toString().replaceAll("[.]class$", "").replace('/', '.'));
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  private static Path only(String name) {
    try (var files = Files.walk(TESTS)) {
      List<Path> found = files.filter(file -> file.endsWith(Path.of(name))).toList();
      if (found.size() != 1) {
        throw new AssertionError("not one " + name + " in " + TESTS + ": " + found);
      }
      return found.get(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final class Outcomes implements TestExecutionListener {
    private final Map<String, Throwable> of = new TreeMap<>();

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
      String name =
          test.getSource()
              .filter(MethodSource.class::isInstance)
              .map(source -> name((MethodSource) source))
              .orElse(test.getDisplayName());
      Throwable thrown = result.getThrowable().orElse(null);
      if ((test.isTest() || thrown != null) && of.get(name) == null) {
        of.put(name, thrown);
      }
    }

    private static String name(MethodSource source) {
      return source.getClassName().replaceAll(".*[.]", "") + "." + source.getMethodName();
    }
  }
}
