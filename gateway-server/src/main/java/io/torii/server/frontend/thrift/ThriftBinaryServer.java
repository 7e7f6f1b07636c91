package io.torii.server.frontend.thrift;

import static java.util.Objects.requireNonNull;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The port that Hive's binary clients connect to, with SASL PLAIN or, where no passwords are checked, without. Connections
 * cost no threads. Event loops are the caller's. Thread-safe.
 */
public final class ThriftBinaryServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ThriftBinaryServer.class);
    private static final WriteBufferWaterMark UNREAD = new WriteBufferWaterMark(64 * 1024, 256 * 1024);
    private static final long CLOSE_SECONDS = 5;

    private final ThriftBinaryConfig config;
    private final EventLoopGroup acceptor;
    private final EventLoopGroup workers;
    private final ConnectionSetup setup;
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
    private final ConnectionLimit limit;
    private volatile Channel listener;

    /** Fails with an IllegalArgumentException if the TLS key store cannot be read. */
    public ThriftBinaryServer(
            ThriftBinaryConfig config, EventLoopGroup acceptor, EventLoopGroup workers, HiveService service) {
        this.config = requireNonNull(config, "config");
        this.acceptor = requireNonNull(acceptor, "acceptor");
        this.workers = requireNonNull(workers, "workers");
        this.limit = new ConnectionLimit(
                service.limits().connections(), service.limits().connectionsPerAddress());
        this.setup = new ConnectionSetup(
                service.limits(),
                service.budget(),
                config.tls().map(KeyStoreFile::serverContext),
                service.logins(),
                service.sessions(),
                service.calls());
    }

    /** Starts to listen. Fails if the address is taken or not this host's. */
    public void start() throws IOException {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(acceptor, workers)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, config.backlog())
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, UNREAD)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        accept(channel);
                    }
                });
        var bound = bootstrap
                .bind(new InetSocketAddress(config.host(), config.port()))
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(
                    "Cannot listen on " + config.host() + ":" + config.port() + ": "
                            + bound.cause().getMessage(),
                    bound.cause());
        }
        listener = bound.channel();
        log.atInfo()
                .addKeyValue("host", config.host())
                .addKeyValue("port", port())
                .addKeyValue("tls", config.tls().isPresent())
                .log("Thrift binary port is open");
    }

    /** The port that is listened on. */
    public int port() {
        return ((InetSocketAddress) requireNonNull(listener, "not started").localAddress()).getPort();
    }

    /** Whether clients can connect. */
    public boolean isListening() {
        Channel open = listener;
        return open != null && open.isActive();
    }

    /** How many connections are open. */
    public int connections() {
        return connections.size();
    }

    private void accept(SocketChannel channel) {
        InetSocketAddress client = channel.remoteAddress(); // null if it is gone already
        if (client == null || !limit.admit(client.getAddress())) {
            channel.close();
            return;
        }
        channel.closeFuture().addListener(closed -> limit.gone(client.getAddress()));
        connections.add(channel);
        ProtocolDetector.install(channel, setup);
    }

    /** Stops listening and ends every connection; their sessions go on. Waits a moment for it. */
    @Override
    public void close() {
        Channel open = listener;
        if (open != null) {
            open.close().awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
        }
        connections.forEach(
                channel -> channel.attr(HiveConnection.CLOSED_BY_GATEWAY).set(true));
        connections.close().awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
    }
}
