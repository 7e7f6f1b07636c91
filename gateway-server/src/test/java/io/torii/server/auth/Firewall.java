package io.torii.server.auth;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Passes connections on to a port of this host, and may forget them: they stay open, and nothing comes through. */
final class Firewall implements Closeable {
    private final ServerSocket server = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
    private final Queue<Closeable> open = new ConcurrentLinkedQueue<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger era = new AtomicInteger();
    private final int target;

    Firewall(int target) throws IOException {
        this.target = target;
        threads.execute(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    void forgetConnections() {
        era.incrementAndGet();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                Socket behind = new Socket(InetAddress.getLoopbackAddress(), target);
                open.add(client);
                open.add(behind);
                int born = era.get();
                threads.execute(() -> pass(client, behind, born));
                threads.execute(() -> pass(behind, client, born));
            } catch (IOException e) {
                closeIfOpen(server);
            }
        }
    }

    private void pass(Socket from, Socket to, int born) {
        byte[] buffer = new byte[8192];
        try {
            for (int size = from.getInputStream().read(buffer);
                    size >= 0;
                    size = from.getInputStream().read(buffer)) {
                if (born == era.get()) {
                    to.getOutputStream().write(buffer, 0, size);
                }
            }
        } catch (IOException e) {
            closeIfOpen(from);
        }
        closeIfOpen(to);
    }

    private static void closeIfOpen(Closeable closeable) {
        try {
            closeable.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        closeIfOpen(server);
        open.forEach(Firewall::closeIfOpen);
        threads.shutdownNow();
    }
}
