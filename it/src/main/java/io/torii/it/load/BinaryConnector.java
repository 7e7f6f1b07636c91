package io.torii.it.load;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;

/** Connects to the binary port by SASL PLAIN, as Hive's drivers do; sockets cost no threads. Thread-safe. */
final class BinaryConnector implements Calls.Connector {
    private static final int PORTS_OF_AN_ADDRESS = 20_000;
    private static final int CONNECT_MILLIS = 60_000;

    private final EventLoopGroup loops;
    private final int port;
    private final String user;

    BinaryConnector(EventLoopGroup loops, int port, String user) {
        this.loops = loops;
        this.port = port;
        this.user = user;
    }

    @Override
    public CompletableFuture<Calls> connect(int number) {
        Client client = new Client();
        Bootstrap bootstrap = new Bootstrap()
                .group(loops)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(client);
                    }
                });
        if (number >= PORTS_OF_AN_ADDRESS) {
            bootstrap.localAddress(new InetSocketAddress("127.0.0." + (1 + number / PORTS_OF_AN_ADDRESS), 0));
        }
        bootstrap.connect("127.0.0.1", port).addListener(connected -> {
            if (connected.isSuccess()) {
                client.login(user);
            } else {
                client.ready.completeExceptionally(connected.cause());
            }
        });
        return client.ready;
    }

    /** One connection. Confined to its loop, but for {@link #call} and {@link #close}. */
    private static final class Client extends ChannelInboundHandlerAdapter implements Calls {
        private static final byte START = 1;
        private static final byte OK = 2;
        private static final byte COMPLETE = 5;
        private static final int SASL_HEADER = 5;
        private static final int FRAME_HEADER = 4;

        private final CompletableFuture<Calls> ready = new CompletableFuture<>();
        private final Queue<CompletableFuture<byte[]>> unanswered = new ArrayDeque<>();
        private ByteBuf received = Unpooled.EMPTY_BUFFER;
        private Channel channel;

        @Override
        public void handlerAdded(ChannelHandlerContext context) {
            channel = context.channel();
        }

        private void login(String user) {
            byte[] mechanism = "PLAIN".getBytes(StandardCharsets.US_ASCII);
            byte[] secret = ("\0" + user + "\0x").getBytes(StandardCharsets.UTF_8);
            ChannelFuture unused = channel.writeAndFlush(Unpooled.buffer()
                    .writeByte(START)
                    .writeInt(mechanism.length)
                    .writeBytes(mechanism)
                    .writeByte(OK)
                    .writeInt(secret.length)
                    .writeBytes(secret));
        }

        @Override
        public CompletableFuture<byte[]> call(byte[] message) {
            CompletableFuture<byte[]> answer = new CompletableFuture<>();
            channel.eventLoop().execute(() -> {
                if (!channel.isActive()) {
                    answer.completeExceptionally(new IOException("the connection has ended"));
                    return;
                }
                unanswered.add(answer);
                ChannelFuture unused = channel.writeAndFlush(Unpooled.buffer(FRAME_HEADER + message.length)
                        .writeInt(message.length)
                        .writeBytes(message));
            });
            return answer;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object bytes) {
            received = Unpooled.wrappedBuffer(received, (ByteBuf) bytes);
            if (!ready.isDone() && !loggedIn()) {
                return;
            }
            while (received.readableBytes() >= FRAME_HEADER
                    && received.readableBytes() >= FRAME_HEADER + received.getInt(received.readerIndex())) {
                byte[] message = new byte[received.readInt()];
                received.readBytes(message);
                unanswered.remove().complete(message);
            }
            if (!received.isReadable()) {
                received.release();
                received = Unpooled.EMPTY_BUFFER;
            }
        }

        private boolean loggedIn() {
            if (received.readableBytes() < SASL_HEADER
                    || received.readableBytes() < SASL_HEADER + received.getInt(received.readerIndex() + 1)) {
                return false;
            }
            byte status = received.readByte();
            String text = received.readCharSequence(received.readInt(), StandardCharsets.UTF_8)
                    .toString();
            if (status == COMPLETE) {
                ready.complete(this);
            } else {
                ready.completeExceptionally(new IOException("the login was refused: " + text));
                close();
            }
            return status == COMPLETE;
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            received.release();
            received = Unpooled.EMPTY_BUFFER;
            IOException ended = new IOException("the gateway has closed the connection");
            ready.completeExceptionally(ended);
            unanswered.forEach(call -> call.completeExceptionally(ended));
            unanswered.clear();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            ready.completeExceptionally(cause);
            unanswered.forEach(call -> call.completeExceptionally(cause));
            unanswered.clear();
            ChannelFuture unused = context.close();
        }

        @Override
        public void close() {
            ChannelFuture unused = channel.close();
        }
    }
}
