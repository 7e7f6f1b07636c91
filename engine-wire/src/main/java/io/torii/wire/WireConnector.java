package io.torii.wire;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Makes a gateway's connections to engines. Thread-safe. */
public final class WireConnector {
    private final EventLoopGroup loops;
    private final Executor resolver;
    private final WireOptions options;
    private final Handshake.Versions versions;

    /**
     * @param loops of NIO; not closed here
     * @param resolver looks up names of hosts, which blocks; addresses need no look-up
     */
    public WireConnector(EventLoopGroup loops, Executor resolver, WireOptions options) {
        this(loops, resolver, options, Handshake.Versions.OURS);
    }

    WireConnector(EventLoopGroup loops, Executor resolver, WireOptions options, Handshake.Versions versions) {
        this.loops = Objects.requireNonNull(loops, "loops");
        this.resolver = Objects.requireNonNull(resolver, "resolver");
        this.options = Objects.requireNonNull(options, "options");
        this.versions = versions;
    }

    /**
     * Connects, and lets both sides prove that they know the secret. Returns at once; fails with a {@link WireException}:
     * DISCONNECTED if there is no connection, UNAUTHENTICATED if one side could not prove itself, VERSION_MISMATCH.
     */
    public CompletableFuture<WireConnection> connect(String host, int port, String secret) {
        String peer = host + ":" + port;
        return resolve(host, port, peer).thenCompose(address -> connect(loops, address, peer, secret)
                .thenApply(main -> new LanedConnection(main, loops, loop -> connect(loop, address, peer, secret))));
    }

    private CompletableFuture<InetSocketAddress> resolve(String host, int port, String peer) {
        byte[] literal = NetUtil.createByteArrayFromIpAddressString(host);
        try {
            if (literal != null) {
                return CompletableFuture.completedFuture(
                        new InetSocketAddress(InetAddress.getByAddress(host, literal), port));
            }
            return CompletableFuture.supplyAsync(() -> lookUp(host, port), resolver);
        } catch (UnknownHostException | RejectedExecutionException e) {
            CompletableFuture<InetSocketAddress> failed = new CompletableFuture<>();
            failed.completeExceptionally(unreachable(peer, e));
            return failed;
        }
    }

    private static InetSocketAddress lookUp(String host, int port) {
        try {
            return new InetSocketAddress(InetAddress.getByName(host), port);
        } catch (UnknownHostException e) {
            throw new CompletionException(new WireException(
                    WireException.DISCONNECTED, "Cannot reach the engine: its host " + host + " is unknown", e));
        }
    }

    private CompletableFuture<ClientConnection> connect(
            EventLoopGroup on, InetSocketAddress address, String peer, String secret) {
        Handshake.Gateway handshake = new Handshake.Gateway(secret, versions);
        ClientConnection connection = new ClientConnection(peer, options.answerLimit(), handshake);
        ChannelFuture connecting = new Bootstrap()
                .group(on)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                        options.connectTimeout().toMillis())
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        WirePipeline.client(channel, options, connection);
                    }
                })
                .connect(address);
        CompletableFuture<ClientConnection> result = new CompletableFuture<>();
        connecting.addListener(connected -> {
            if (connected.isSuccess()) {
                login(connecting.channel(), connection, peer, result);
            } else {
                result.completeExceptionally(unreachable(peer, connected.cause()));
            }
        });
        result.whenComplete((made, failure) -> {
            if (failure != null) {
                connecting.cancel(false);
                connecting.channel().close();
            }
        });
        return result;
    }

    private void login(
            Channel channel, ClientConnection connection, String peer, CompletableFuture<ClientConnection> result) {
        ScheduledFuture<?> limit = channel.eventLoop()
                .schedule(
                        () -> result.completeExceptionally(new WireException(
                                WireException.DISCONNECTED,
                                "The engine at " + peer + " did not prove itself within "
                                        + options.loginTimeout().toMillis() + " ms")),
                        options.loginTimeout().toNanos(),
                        TimeUnit.NANOSECONDS);
        connection.login().whenComplete((proved, failure) -> {
            limit.cancel(false);
            if (failure != null) {
                result.completeExceptionally(failure instanceof CompletionException ? failure.getCause() : failure);
            } else if (!result.complete(connection)) {
                connection.close();
            }
        });
    }

    private static WireException unreachable(String peer, Throwable cause) {
        return new WireException(
                WireException.DISCONNECTED, "Cannot reach the engine at " + peer + ": " + cause.getMessage(), cause);
    }
}
