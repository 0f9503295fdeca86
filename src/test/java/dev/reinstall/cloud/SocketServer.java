package dev.reinstall.cloud;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Serves each connection in a thread of its own, until the test closes it. */
public final class SocketServer implements AutoCloseable {

  /** What is done with a socket before it is closed. */
  public interface Work<T> {
    void with(T socket) throws IOException;
  }

  private final ServerSocket listening;
  private final List<Socket> clients = new CopyOnWriteArrayList<>();

  public SocketServer(ServerSocket listening, Work<Socket> service) {
    this.listening = listening;
    start(listening, any -> accept(service));
  }

  public int port() {
    return listening.getLocalPort();
  }

  private void accept(Work<Socket> service) throws IOException {
    while (true) {
      Socket client = listening.accept();
      clients.add(client);
      start(client, service);
    }
  }

  /** Copies what each side sends to the other, until one of them closes. */
  public static void join(Socket client, Socket server) throws IOException {
    start(server, from -> copy(from, client));
    copy(client, server);
  }

  private static void copy(Socket from, Socket to) throws IOException {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    }
  }

  private static <T extends Closeable> void start(T socket, Work<T> work) {
    Runnable run =
        () -> {
          try (socket) {
            work.with(socket);
          } catch (IOException closed) {
            // one of the sides has closed, or the test is over
          }
        };
    Thread thread = new Thread(run, "socket-server");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() {
    try {
      listening.close();
      for (Socket client : clients) {
        client.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
