package io.torii.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;

/**
 * A call whose answer is read on demand: nothing is taken off the stream's window before it is asked for. State is confined
 * to the event loop.
 */
final class ClientStream extends ClientExchange implements WireStream {
    private final EventExecutor loop;
    private final CompletableFuture<WireStream> head;
    private final Queue<ByteBuf> arrived = new ArrayDeque<>(2);
    private volatile Map<String, String> headers = Collections.emptyMap();
    private CompletableFuture<Optional<ByteBuf>> waiting;
    private WireException failure;
    private boolean complete;

    ClientStream(ClientConnection connection, WireCall call, EventExecutor loop, CompletableFuture<WireStream> head) {
        super(connection, call);
        this.loop = loop;
        this.head = head;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        super.handlerAdded(context);
        context.channel().config().setAutoRead(false);
    }

    @Override
    public void channelActive(ChannelHandlerContext context) throws Exception {
        super.channelActive(context);
        context.read();
    }

    @Override
    public Map<String, String> headers() {
        return headers;
    }

    @Override
    public CompletableFuture<Optional<ByteBuf>> next() {
        CompletableFuture<Optional<ByteBuf>> part = new CompletableFuture<>();
        if (loop.inEventLoop()) {
            next(part);
        } else {
            loop.execute(() -> next(part));
        }
        return part;
    }

    @Override
    public void cancel() {
        if (loop.inEventLoop()) {
            drop();
        } else {
            loop.execute(this::drop);
        }
    }

    @Override
    void onHead(Map<String, String> received) {
        headers = received;
        stopLimit();
        if (!head.complete(this)) {
            drop();
        }
    }

    @Override
    void onPart(ByteBuf part) {
        if (!part.isReadable()) {
            part.release();
            onNothing();
            return;
        }
        arrived.add(part);
        serve();
    }

    @Override
    void onNothing() {
        if (waiting != null || !head.isDone()) {
            read();
        }
    }

    @Override
    void onEnd() {
        complete = true;
        serve();
    }

    @Override
    void onFailure(WireException reason) {
        failure = reason;
        arrived.forEach(ByteBuf::release);
        arrived.clear();
        head.completeExceptionally(reason);
        serve();
    }

    private void next(CompletableFuture<Optional<ByteBuf>> part) {
        if (waiting != null) {
            part.completeExceptionally(new IllegalStateException("The part before this one is still being waited for"));
            return;
        }
        waiting = part;
        serve();
        if (waiting != null) {
            read();
        }
    }

    private void serve() {
        if (waiting == null) {
            return;
        }
        CompletableFuture<Optional<ByteBuf>> part = waiting;
        if (!arrived.isEmpty()) {
            waiting = null;
            ByteBuf next = arrived.remove();
            if (!part.complete(Optional.of(next))) {
                next.release();
                drop();
            }
        } else if (failure != null) {
            waiting = null;
            part.completeExceptionally(failure);
        } else if (complete) {
            waiting = null;
            part.complete(Optional.empty());
        }
    }

    private void drop() {
        giveUp(new WireException(WireException.DISCONNECTED, "The rest of the answer was given up"));
        arrived.forEach(ByteBuf::release);
        arrived.clear();
    }
}
