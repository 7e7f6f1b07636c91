package io.torii.wire;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.util.concurrent.CompletableFuture;

/** The gateway's side of one connection. Thread-safe; what is mutable is confined to the event loop. */
final class ClientConnection extends ChannelInboundHandlerAdapter implements WireConnection {
    private final String peer;
    private final int answerLimit;
    private final Handshake.Gateway handshake;
    private final CompletableFuture<Void> active = new CompletableFuture<>();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private volatile Channel channel;
    private Http2StreamChannelBootstrap streams;
    private String reason = "";

    /** @param peer how to name the engine in messages */
    ClientConnection(String peer, int answerLimit, Handshake.Gateway handshake) {
        this.peer = peer;
        this.answerLimit = answerLimit;
        this.handshake = handshake;
    }

    @Override
    public int version() {
        return handshake.version();
    }

    @Override
    public CompletableFuture<WireReply> call(WireCall call) {
        CompletableFuture<WireReply> answer = new CompletableFuture<>();
        ClientCall exchange = new ClientCall(this, call, answerLimit, answer);
        start(exchange);
        resetIfCancelled(answer, exchange);
        return answer;
    }

    @Override
    public CompletableFuture<WireStream> stream(WireCall call) {
        CompletableFuture<WireStream> head = new CompletableFuture<>();
        ClientStream exchange = new ClientStream(this, call, loop(), head);
        start(exchange);
        resetIfCancelled(head, exchange);
        return head;
    }

    @Override
    public CompletableFuture<Void> closed() {
        return closed.thenApply(end -> end);
    }

    @Override
    public void close() {
        Channel open = channel;
        if (open != null) {
            open.close();
        }
    }

    /** Whether it can carry a further call. */
    boolean isUsable() {
        return !closed.isDone();
    }

    /** Whether it is closed altogether, what was under way included. */
    boolean isGone() {
        return channel.closeFuture().isDone();
    }

    /** Runs this once it is gone. */
    void whenGone(Runnable action) {
        channel.closeFuture().addListener(gone -> action.run());
    }

    /** Both sides prove themselves; fails with a WireException, and the connection is of no use then. */
    CompletableFuture<Void> login() {
        return active.thenCompose(begun -> call(handshake.hello()))
                .thenCompose(hello -> call(handshake.prove(hello)))
                .thenApply(proved -> null);
    }

    /** What a call that cannot be answered any more fails with. */
    WireException lost(Throwable cause) {
        String why = !reason.isEmpty() ? reason : cause == null ? "it was closed" : String.valueOf(cause.getMessage());
        return new WireException(
                WireException.DISCONNECTED, "The connection to the engine at " + peer + " is lost: " + why, cause);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        channel = context.channel();
        channel.closeFuture().addListener(gone -> {
            closed.complete(null);
            active.completeExceptionally(lost(null));
        });
    }

    @Override
    public void channelActive(ChannelHandlerContext context) throws Exception {
        streams = new Http2StreamChannelBootstrap(channel);
        WirePipeline.widen(channel);
        super.channelActive(context);
        active.complete(null);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof Http2GoAwayFrame) {
            because("the engine is closing it");
            closed.complete(null);
        }
        ReferenceCountUtil.release(message);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
        if (event instanceof KeepAlive.Silent) {
            because(event.toString());
        }
        super.userEventTriggered(context, event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        because(String.valueOf(cause.getMessage()));
        context.close();
    }

    private void because(String why) {
        if (reason.isEmpty()) {
            reason = why;
        }
    }

    private void start(ClientExchange exchange) {
        EventExecutor loop = loop();
        if (loop.inEventLoop()) {
            open(exchange);
        } else {
            loop.execute(() -> open(exchange));
        }
    }

    private void open(ClientExchange exchange) {
        if (closed.isDone() || streams == null) {
            exchange.end(lost(null));
            return;
        }
        Future<Http2StreamChannel> stream = streams.handler(exchange).open();
        if (!stream.isDone() || !stream.isSuccess()) {
            stream.addListener(opened -> {
                if (!opened.isSuccess()) {
                    exchange.end(lost(opened.cause()));
                }
            });
        }
    }

    private void resetIfCancelled(CompletableFuture<?> answer, ClientExchange exchange) {
        answer.whenComplete((result, failure) -> {
            if (answer.isCancelled()) {
                WireException reason = new WireException(WireException.DISCONNECTED, "The call was given up");
                loop().execute(() -> exchange.giveUp(reason));
            }
        });
    }

    /** Where its calls begin and its answers arrive. */
    EventExecutor loop() {
        return channel.eventLoop();
    }
}
