package io.torii.server.frontend.home;

import static java.util.Objects.requireNonNull;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.torii.server.engine.EngineHome;
import io.torii.server.engine.EngineTokens;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP server where engines call home. Connections, requests and waits are bounded. Thread-safe. */
public final class HomeServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(HomeServer.class);
    private static final int MAX_REQUEST = 64 * 1024;
    private static final int CLOSE_MILLIS = 5_000;

    private final HomeServerConfig config;
    private final HomeEndpoint endpoint;
    private final EventLoopGroup loops;
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
    private volatile Channel listener;

    /** @param loops of NIO; not closed here */
    public HomeServer(
            HomeServerConfig config, EngineHome home, EngineTokens tokens, EventLoopGroup loops, Clock clock) {
        this.config = requireNonNull(config, "config");
        this.endpoint = new HomeEndpoint(home, tokens, config.heartbeat(), clock);
        this.loops = requireNonNull(loops, "loops");
    }

    /**
     * Listens from now on; blocks until it does.
     *
     * @throws IOException if the address cannot be bound
     */
    public void start() throws IOException {
        ChannelFuture bound = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, 1_024)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        accept(channel);
                    }
                })
                .bind(config.host(), config.port())
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(
                    "Cannot listen for engines on " + config.host() + ":" + config.port() + ": "
                            + bound.cause().getMessage(),
                    bound.cause());
        }
        listener = bound.channel();
        log.atInfo()
                .addKeyValue("host", config.host())
                .addKeyValue("port", port())
                .log("Engines call home at");
    }

    /** Where it listens, once started. */
    public int port() {
        if (listener == null) {
            throw new IllegalStateException("Not started");
        }
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    /** Whether engines can call home. */
    public boolean isListening() {
        Channel open = listener;
        return open != null && open.isActive();
    }

    @Override
    public void close() {
        if (listener != null) {
            listener.close().awaitUninterruptibly(CLOSE_MILLIS);
        }
        connections.close().awaitUninterruptibly(CLOSE_MILLIS);
    }

    private void accept(Channel channel) {
        connections.add(channel);
        if (connections.size() > config.maxConnections()) {
            channel.close();
            return;
        }
        channel.pipeline()
                .addLast(
                        new HttpServerCodec(),
                        new HttpObjectAggregator(MAX_REQUEST),
                        new HomeConnection(endpoint, config.patience()));
    }
}
