package io.torii.server.session;

import io.netty.buffer.ByteBuf;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * An answer as bytes, in the encoding of the session's protocol, as it arrives from where it is. One reader at a time.
 */
public interface Body {
    /** The next part, owned by the caller; empty at the end. At most one call may be outstanding. */
    CompletableFuture<Optional<ByteBuf>> next();

    /** Gives the rest up. Does nothing after the end. */
    void cancel();

    /** Its client has got all of it: the last thing to be said of it, if anything is after its end. */
    void delivered();

    /**
     * Runs the action if the rest is taken away, because its client does not read while others wait: the client's connection is
     * to be closed then. On any thread, at once if that has been.
     */
    default void whenRevoked(Runnable action) {
        // most are never revoked
    }

    /** A body that is here already. */
    static Body of(ByteBuf whole) {
        return new Body() {
            private Optional<ByteBuf> rest = Optional.of(whole);

            @Override
            public CompletableFuture<Optional<ByteBuf>> next() {
                Optional<ByteBuf> part = rest;
                rest = Optional.empty();
                return CompletableFuture.completedFuture(part);
            }

            @Override
            public void cancel() {
                rest.ifPresent(ByteBuf::release);
                rest = Optional.empty();
            }

            @Override
            public void delivered() {
                // nobody needs to know
            }
        };
    }
}
