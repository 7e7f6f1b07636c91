package io.torii.server.admin;

import static java.util.Objects.requireNonNull;

import io.torii.server.frontend.thrift.http.ConnectionGuard;
import io.torii.server.frontend.thrift.http.PlainAnswers;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP port of the pages for administrators; a few threads of its own, and a few connections, each for one request that
 * must be there soon: nobody can keep the others out for long. Thread-safe.
 */
public final class AdminServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(AdminServer.class);
    private static final int MAX_THREADS = 8;
    private static final int MIN_THREADS = 2;
    private static final int THREAD_IDLE_MILLIS = 60_000;
    private static final int CONNECTIONS = 64;
    private static final int CONNECTION_IDLE_MILLIS = 5_000;
    private static final Duration HEAD = Duration.ofSeconds(5);
    private static final int LOOKS_PER_HEAD = 5;
    private static final int HEADER_BYTES = 8 * 1024;

    private final String host;
    private final Server server;
    private final ServerConnector connector;
    private final ScheduledExecutorScheduler timer = new ScheduledExecutorScheduler("admin-timer", true);
    private final Duration head;
    private final ConnectionGuard guard;
    private final AtomicBoolean closed = new AtomicBoolean();

    public AdminServer(String host, int port, AdminPages pages) {
        this(host, port, pages, HEAD);
    }

    /** @param head how long a connection may take to say what it wants */
    AdminServer(String host, int port, AdminPages pages, Duration head) {
        this.host = requireNonNull(host, "host");
        this.head = requireNonNull(head, "head");
        this.guard = ConnectionGuard.ofHeads(head);
        QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS, MIN_THREADS, THREAD_IDLE_MILLIS);
        threads.setName("admin");
        threads.setDaemon(true);
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setRequestHeaderSize(HEADER_BYTES);
        server = new Server(threads, timer, null);
        connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
        connector.setHost(host);
        connector.setPort(port);
        connector.setIdleTimeout(CONNECTION_IDLE_MILLIS);
        connector.addBean(new NetworkConnectionLimit(CONNECTIONS, connector));
        connector.addBean(guard);
        server.addConnector(connector);
        server.setHandler(new OneRequest(requireNonNull(pages, "pages")));
        server.setErrorHandler(new PlainAnswers());
    }

    /** Answers, and ends the connection with the answer. */
    private final class OneRequest extends Handler.Wrapper {
        private OneRequest(Handler pages) {
            super(pages);
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            ConnectionMetaData connection = request.getConnectionMetaData();
            guard.begun(connection);
            response.getHeaders().put(HttpHeader.CONNECTION, "close");
            return super.handle(request, response, Callback.from(() -> guard.ended(connection), callback));
        }
    }

    /** Listens from now on; fails, in one sentence, if the address cannot be bound. */
    public void start() throws IOException {
        try {
            server.start();
        } catch (Exception failure) { // Jetty's own signature
            Throwable cause = failure.getCause() == null ? failure : failure.getCause();
            throw new IOException(
                    "Cannot listen for administrators on " + host + ":" + connector.getPort() + ": "
                            + cause.getMessage(),
                    failure);
        }
        watch();
        log.atInfo().addKeyValue("host", host).addKeyValue("port", port()).log("admin port is open");
    }

    /** From now on, until the timer ends. */
    private void watch() {
        timer.schedule(this::watch, Math.max(1, head.toMillis() / LOOKS_PER_HEAD), TimeUnit.MILLISECONDS);
        guard.tick();
    }

    /** Where it listens, once started. */
    public int port() {
        return connector.getLocalPort();
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            try {
                server.stop();
            } catch (Exception failure) { // Jetty's own signature
                log.atWarn().addKeyValue("problem", failure.toString()).log("admin port does not end as it should");
            }
        }
    }
}
