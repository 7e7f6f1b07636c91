package io.torii.it.load;

import java.util.concurrent.CompletableFuture;

/** One client's way to the gateway: Thrift messages there and back, one at a time. Thread-safe. */
interface Calls extends AutoCloseable {
    /** Sends a message as TBinaryProtocol writes it; completes with the answer, or fails if the connection ends before. */
    CompletableFuture<byte[]> call(byte[] message);

    @Override
    void close();

    /** Makes connections. */
    @FunctionalInterface
    interface Connector {
        /**
         * Connects, and logs in.
         *
         * @param number of the client, from 0
         */
        CompletableFuture<Calls> connect(int number);
    }
}
