package io.torii.server.frontend.thrift;

import io.netty.buffer.ByteBuf;

/** What arrives on a connection, in order. */
sealed interface Inbound {
    /** In bytes. */
    int size();

    /**
     * A whole message.
     *
     * @param arguments the bytes after the head; owned by whoever takes the message
     */
    record Message(MessageHeader header, ByteBuf arguments) implements Inbound {
        @Override
        public int size() {
            return header.length() + arguments.readableBytes();
        }
    }

    /** The stream is broken: nothing can follow. The head is UNKNOWN if it was not there yet. */
    record Fault(MessageHeader header, String problem) implements Inbound {
        @Override
        public int size() {
            return 0;
        }
    }
}
