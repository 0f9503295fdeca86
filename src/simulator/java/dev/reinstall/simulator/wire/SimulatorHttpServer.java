package dev.reinstall.simulator.wire;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/** A minimal HTTP/1.1 server on the loopback address; one thread per connection. */
public final class SimulatorHttpServer implements AutoCloseable {

  /** Responds to one request, or does not. */
  public interface Desk {
    void serve(HttpRequest request, Connection connection) throws IOException, InterruptedException;
  }

  private static final AtomicInteger THREADS = new AtomicInteger();

  private final Desk desk;
  private final int port;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          work -> {
            Thread thread = new Thread(work, "simulator-" + THREADS.incrementAndGet());
            thread.setDaemon(true);
            return thread;
          });
  private volatile ServerSocket listening;
  private volatile Future<?> accepting;

  /**
   * Listens at once.
   *
   * @param port 0 for any free one
   */
  public SimulatorHttpServer(int port, Desk desk) {
    this.desk = desk;
    this.listening = listen(port);
    this.port = listening.getLocalPort();
    acceptFrom(listening);
  }

  public int port() {
    return port;
  }

  /** Stops listening and cuts every connection: callers see "connection refused". */
  public void goDark() {
    try {
      listening.close();
      // Until its thread has noticed, a socket that is closed still accepts connections.
      accepting.get();
      for (Socket socket : open) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Listens again, on the same port. */
  public void comeBack() {
    listening = listen(port);
    acceptFrom(listening);
  }

  /** Work that continues after its connection is gone. */
  public void later(Runnable work) {
    threads.execute(work);
  }

  @Override
  public void close() {
    goDark();
    threads.shutdownNow();
  }

  private static ServerSocket listen(int port) {
    try {
      ServerSocket socket = new ServerSocket();
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return socket;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void acceptFrom(ServerSocket from) {
    accepting =
        threads.submit(
            () -> {
              while (!from.isClosed()) {
                try {
                  Socket socket = from.accept();
                  open.add(socket);
                  threads.execute(() -> converse(socket));
                } catch (IOException | RejectedExecutionException e) {
                  // Closed on purpose; the loop condition ends it.
                }
              }
            });
  }

  private void converse(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      Connection connection = new Connection(socket);
      RequestReader reader = new RequestReader(socket.getInputStream(), connection);
      while (!socket.isClosed()) {
        Optional<HttpRequest> request = reader.next();
        if (request.isEmpty()) {
          return;
        }
        desk.serve(request.get(), connection);
        if (request.get().header("connection").equalsIgnoreCase("close")) {
          return;
        }
      }
    } catch (IOException | NumberFormatException e) {
      // The caller disconnected or does not speak HTTP: there is no one to respond to.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      open.remove(socket);
    }
  }
}
