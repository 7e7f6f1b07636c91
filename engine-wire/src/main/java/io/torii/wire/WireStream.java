package io.torii.wire;

import io.netty.buffer.ByteBuf;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The body of one answer, as it arrives. One reader at a time. */
public interface WireStream {
    Map<String, String> headers();

    /**
     * The next part of the body, owned (and to be released) by the caller; empty at the end of the body. What is not
     * asked for is held back in the engine: at most one flow-control window is kept here. Fails with a
     * {@link WireException} if the connection ends before the body does. At most one call may be outstanding.
     */
    CompletableFuture<Optional<ByteBuf>> next();

    /** Gives the rest up: resets the stream, releases what has arrived. Does nothing after the end. */
    void cancel();
}
