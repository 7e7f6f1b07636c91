package io.torii.wire;

import java.util.concurrent.CompletableFuture;

/** A gateway's authenticated connection to one engine: any number of calls at once. Thread-safe. */
public interface WireConnection extends AutoCloseable {
    /** The version agreed on. */
    int version();

    /**
     * Calls and collects the whole answer, which may be no larger than a limit (1 MiB unless told otherwise). Fails with a
     * {@link WireException}. Cancelling the future resets the stream.
     */
    CompletableFuture<WireReply> call(WireCall call);

    /** Calls and hands the answer's body over as it arrives; completes with the answer's headers. */
    CompletableFuture<WireStream> stream(WireCall call);

    /** Completes, normally, once this connection can carry no further call. */
    CompletableFuture<Void> closed();

    @Override
    void close();
}
