package io.torii.wire;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The engine's side of the wire: listens for gateways, lets them prove themselves, hands their calls to a handler.
 * Thread-safe.
 */
public final class WireServer implements AutoCloseable {
    private static final int MAX_STRANGERS = 256;

    private final String secret;
    private final WireHandler handler;
    private final WireOptions options;
    private final Handshake.Versions versions;
    private final EventLoopGroup loops;
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
    private final AtomicInteger strangers = new AtomicInteger();
    private final AtomicBoolean closed = new AtomicBoolean();
    private Channel listener;

    private WireServer(String secret, WireHandler handler, WireOptions options, Handshake.Versions versions) {
        this.secret = Objects.requireNonNull(secret, "secret");
        this.handler = Objects.requireNonNull(handler, "handler");
        this.options = Objects.requireNonNull(options, "options");
        this.versions = versions;
        this.loops = new NioEventLoopGroup(options.threads(), new DefaultThreadFactory("torii-wire", true));
    }

    /**
     * Binds and serves from then on.
     *
     * @param port 0 for any free one
     * @param secret this engine's, shared with the gateways
     * @throws IOException if the address cannot be bound
     */
    public static WireServer start(String host, int port, String secret, WireHandler handler, WireOptions options)
            throws IOException {
        return start(host, port, secret, handler, options, Handshake.Versions.OURS);
    }

    static WireServer start(
            String host, int port, String secret, WireHandler handler, WireOptions options, Handshake.Versions versions)
            throws IOException {
        WireServer server = new WireServer(secret, handler, options, versions);
        try {
            server.bind(host, port);
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
        return server;
    }

    /** Where it listens. */
    public int port() {
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    /** Takes no more connections, tells gateways, lets open streams finish within the grace, and ends. Idempotent. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        long grace = options.closeGrace().toMillis();
        if (listener != null) {
            listener.close().awaitUninterruptibly(grace);
        }
        connections.close().awaitUninterruptibly(2 * grace);
        loops.shutdownGracefully(0, grace, TimeUnit.MILLISECONDS).awaitUninterruptibly(2 * grace);
    }

    private void bind(String host, int port) throws IOException {
        ChannelFuture bound = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, 256)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        accept(channel);
                    }
                })
                .bind(host, port)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(
                    "Cannot listen on " + host + ":" + port + ": "
                            + bound.cause().getMessage(),
                    bound.cause());
        }
        listener = bound.channel();
    }

    private void accept(Channel channel) {
        if (strangers.incrementAndGet() > MAX_STRANGERS) {
            strangers.decrementAndGet();
            channel.close();
            return;
        }
        connections.add(channel);
        ServerConnection connection = new ServerConnection(
                new Handshake.Engine(secret, versions), options.loginTimeout(), strangers::decrementAndGet);
        channel.closeFuture().addListener(done -> connection.gone());
        ChannelInitializer<Channel> streams = new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel stream) {
                connection.countStream();
                stream.pipeline().addLast(new ServerStream(connection, handler, options.requestLimit()));
            }
        };
        WirePipeline.server(channel, options, streams, connection);
    }
}
