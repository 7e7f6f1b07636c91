package io.torii.server.frontend.thrift.http;

import static java.util.Objects.requireNonNull;

import io.netty.channel.EventLoopGroup;
import io.torii.server.frontend.thrift.ConnectionLimit;
import io.torii.server.frontend.thrift.HiveService;
import io.torii.server.frontend.thrift.KeyStoreFile;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.AbstractConnectionFactory;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The port that Hive's clients connect to with transportMode=http. Requests cost no threads and may come over any
 * connection. Event loops are the caller's. Thread-safe.
 */
public final class ThriftHttpServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ThriftHttpServer.class);
    private static final int HEAD_BYTES = 16 * 1024;
    private static final int LOOKS_PER_HEAD = 4;

    private final ThriftHttpServerConfig config;
    private final EventLoopGroup loops;
    private final ConnectionGuard guard;
    private final Duration head;
    private final Server server;
    private final ServerConnector connector;
    private volatile Future<?> watch;

    /** Fails with an IllegalArgumentException if the TLS key store cannot be read. */
    public ThriftHttpServer(
            ThriftHttpServerConfig config, EventLoopGroup loops, HiveService service, LoginCookies cookies) {
        this.config = requireNonNull(config, "config");
        this.loops = requireNonNull(loops, "loops");
        this.head = service.limits().login();
        ConnectionLimit limit =
                new ConnectionLimit(config.connections(), service.limits().connectionsPerAddress());
        RefusalLog refusals = new RefusalLog(System::nanoTime);
        this.guard = new ConnectionGuard(limit, head, refusals, System::nanoTime);
        int selectors = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        QueuedThreadPool threads = new QueuedThreadPool(2 * selectors + 3, 1);
        threads.setName("http");
        threads.setDaemon(true);
        threads.setReservedThreads(0);
        this.server = new Server(threads, new ScheduledExecutorScheduler("http-timer", true), null);
        this.connector = connector(selectors);
        RequestRules rules =
                new RequestRules("/" + config.path(), service.limits().messageBytes());
        ExchangeSetup setup = new ExchangeSetup(
                service,
                rules,
                new HttpLogins(service.logins(), cookies),
                cookies,
                config.tls().isPresent(),
                refusals);
        server.addConnector(connector);
        server.setHandler(new ThriftHandler(setup, guard, loops));
        server.setErrorHandler(new PlainAnswers());
    }

    private ServerConnector connector(int selectors) {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setRequestHeaderSize(HEAD_BYTES);
        HttpConnectionFactory requests = new HttpConnectionFactory(http);
        ConnectionFactory[] protocols = config.tls()
                .map(keys -> AbstractConnectionFactory.getFactories(tls(keys), requests))
                .orElseGet(() -> new ConnectionFactory[] {requests});
        // an acceptor of its own waits a second when there are no descriptors; a selector would try at once, for ever
        ServerConnector made = new ServerConnector(server, 1, selectors, protocols);
        made.setHost(config.host());
        made.setPort(config.port());
        made.setAcceptQueueSize(config.backlog());
        made.setIdleTimeout(config.idle().toMillis());
        made.addBean(guard);
        return made;
    }

    private static SslContextFactory.Server tls(KeyStoreFile keys) {
        SslContextFactory.Server tls = new SslContextFactory.Server();
        tls.setSslContext(keys.sslContext());
        tls.setIncludeProtocols("TLSv1.3", "TLSv1.2");
        return tls;
    }

    /** Starts to listen. Fails if the address is taken or not this host's. */
    public void start() throws IOException {
        try {
            server.start();
        } catch (IOException e) {
            throw new IOException(
                    "Cannot listen on " + config.host() + ":" + config.port() + ": "
                            + (e.getCause() == null ? e : e.getCause()).getMessage(),
                    e);
        } catch (Exception e) {
            throw new IOException("The Thrift HTTP port cannot be opened: " + e.getMessage(), e);
        }
        long pause = Math.max(1, head.toMillis() / LOOKS_PER_HEAD);
        watch = loops.scheduleWithFixedDelay(guard::tick, pause, pause, TimeUnit.MILLISECONDS);
        log.info(
                "Thrift HTTP port is open host={} port={} path=/{} tls={}",
                config.host(),
                port(),
                config.path(),
                config.tls().isPresent());
    }

    /** Whether clients can connect. */
    public boolean isListening() {
        return connector.isRunning();
    }

    /** How many connections are open. */
    public int connections() {
        return connector.getConnectedEndPoints().size();
    }

    /** The port that is listened on. */
    public int port() {
        return connector.getLocalPort();
    }

    /** Stops listening and ends every connection; sessions go on. Waits a moment for it. */
    @Override
    public void close() {
        Future<?> watching = watch;
        if (watching != null) {
            watching.cancel(false);
        }
        try {
            server.stop();
        } catch (Exception e) {
            log.warn("The Thrift HTTP port cannot be closed in order problem={}", e.toString());
        }
    }
}
