package dev.reinstall.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The built jar, run by {@code java -jar}; it ends with the test. */
public final class OperatorProcess implements AutoCloseable {
  private static final Path JAR = Path.of("target", "reinstall-operator.jar").toAbsolutePath();

  private final Process process;
  private final Path log;

  private OperatorProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /**
   * Starts an operator that connects to the cluster with this kubeconfig.
   *
   * @param environment all variables of the operator, except the path and home that Java needs
   */
  public static OperatorProcess start(
      Path kubeconfig, Map<String, String> environment, String... jvmOptions) {
    try {
      Path log = Files.createTempFile("operator-", ".log");
      log.toFile().deleteOnExit();
      ProcessBuilder builder =
          new ProcessBuilder(command(jvmOptions))
              .redirectErrorStream(true)
              .redirectOutput(log.toFile());
      builder.environment().keySet().removeIf(name -> !List.of("PATH", "HOME").contains(name));
      builder.environment().put("KUBECONFIG", kubeconfig.toString());
      builder.environment().putAll(environment);
      Process process = builder.start();
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
      return new OperatorProcess(process, log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> command(String... jvmOptions) {
    if (!Files.exists(JAR)) {
      throw new IllegalStateException("there is no " + JAR + ": mvn package makes it");
    }
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // Many short-lived operators share two cores: optimizing compilation does not pay off.
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto"));
    command.addAll(List.of(jvmOptions));
    command.addAll(List.of("-jar", JAR.toString()));
    return command;
  }

  /** Standard output and error of the process, until this JVM ends. */
  public Path logFile() {
    return log;
  }

  /** Sends {@code kill -9} and waits for the exit. */
  public void kill() {
    process.destroyForcibly();
    exitCode();
  }

  /** Sends SIGTERM and waits for the exit. */
  public int stop() {
    process.destroy();
    return exitCode();
  }

  public int exitCode() {
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("the operator does not end:\n" + log());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  public long pid() {
    return process.pid();
  }

  /** The complete output of the process. */
  public String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    kill();
    try {
      Files.deleteIfExists(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
