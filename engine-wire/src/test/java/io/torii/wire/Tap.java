package io.torii.wire;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Passes one connection on until it is shut: then both sides stay connected and hear nothing more. */
final class Tap implements AutoCloseable {
    private final ServerSocket listener;
    private final Socket[] sockets = new Socket[2];
    private volatile boolean shut;

    Tap(int target) throws IOException {
        listener = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
        Thread accept = new Thread(() -> accept(target), "tap");
        accept.setDaemon(true);
        accept.start();
    }

    int port() {
        return listener.getLocalPort();
    }

    void shut() {
        shut = true;
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            if (socket != null) {
                socket.close();
            }
        }
    }

    private void accept(int target) {
        try {
            sockets[0] = listener.accept();
            sockets[1] = new Socket("127.0.0.1", target);
            Thread back = new Thread(() -> pass(sockets[1], sockets[0]), "tap-back");
            back.setDaemon(true);
            back.start();
            pass(sockets[0], sockets[1]);
        } catch (IOException e) {
            shut = true;
        }
    }

    private void pass(Socket from, Socket to) {
        byte[] buffer = new byte[64 * 1024];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            int read = in.read(buffer);
            while (read >= 0) {
                if (!shut) {
                    out.write(buffer, 0, read);
                    out.flush();
                }
                read = in.read(buffer);
            }
        } catch (IOException e) {
            shut = true;
        }
    }
}
