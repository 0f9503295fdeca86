package dev.reinstall.process;

import dev.reinstall.cloud.SocketServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * TLS in front of a server on the loopback address, with a certificate that only those who are
 * given it trust.
 */
public final class TlsFront implements AutoCloseable {
  private static final String PASSWORD = "changeit";

  private final Path folder;
  private final InetAddress address;
  private final SocketServer connections;

  public TlsFront(Path folder, String server) {
    this(folder, server, InetAddress.getLoopbackAddress());
  }

  /**
   * @param address where it listens, and that its certificate names
   */
  public TlsFront(Path folder, String server, InetAddress address) {
    this.folder = folder;
    this.address = address;
    int port = URI.create(server).getPort();
    try {
      Path key = folder.resolve("front.p12");
      keytool(
          "-genkeypair -alias front -keyalg EC -dname CN=front -ext san=ip:"
              + address.getHostAddress(),
          List.of("-keystore", key.toString()));
      keytool(
          "-exportcert -rfc -alias front",
          List.of("-keystore", key.toString(), "-file", certificate().toString()));
      KeyStore store = KeyStore.getInstance(key.toFile(), PASSWORD.toCharArray());
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(store, PASSWORD.toCharArray());
      SSLContext tls = SSLContext.getInstance("TLS");
      tls.init(keys.getKeyManagers(), null, null);
      connections =
          new SocketServer(
              tls.getServerSocketFactory().createServerSocket(0, 50, address),
              client -> forward(client, port));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  public String endpoint() {
    return "https://" + address.getHostAddress() + ":" + connections.port();
  }

  public Path certificate() {
    return folder.resolve("front.pem");
  }

  /** A trust store of exactly these certificates, as the JVM option that names it. */
  public static String trusting(Path folder, Path... certificates) {
    Path store = folder.resolve("trust.p12");
    for (int i = 0; i < certificates.length; i++) {
      keytool(
          "-importcert -noprompt -alias ca" + i,
          List.of("-keystore", store.toString(), "-file", certificates[i].toString()));
    }
    return "-Djavax.net.ssl.trustStore="
        + store
        + " -Djavax.net.ssl.trustStorePassword="
        + PASSWORD;
  }

  private static void keytool(String words, List<String> files) {
    try {
      List<String> command =
          Stream.of(
                  Stream.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString()),
                  Stream.of(words.split(" ")),
                  files.stream(),
                  Stream.of("-storepass", PASSWORD, "-storetype", "PKCS12"))
              .flatMap(part -> part)
              .toList();
      Path log = Files.createTempFile("keytool-", ".log");
      int code =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start()
              .waitFor();
      if (code != 0) {
        throw new IllegalStateException(command + ": " + Files.readString(log));
      }
      Files.delete(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static void forward(Socket client, int port) throws IOException {
    try (Socket server = new Socket(InetAddress.getLoopbackAddress(), port)) {
      SocketServer.join(client, server);
    }
  }

  @Override
  public void close() {
    connections.close();
  }
}
