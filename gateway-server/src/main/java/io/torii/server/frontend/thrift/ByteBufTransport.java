package io.torii.server.frontend.thrift;

import io.netty.buffer.ByteBuf;
import org.apache.thrift.TConfiguration;
import org.apache.thrift.transport.TTransport;
import org.apache.thrift.transport.TTransportException;

/** A buffer as Thrift's generated classes read and write it; nothing is read beyond its end. Not thread-safe. */
final class ByteBufTransport extends TTransport {
    private final ByteBuf buffer;

    ByteBufTransport(ByteBuf buffer) {
        this.buffer = buffer;
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public void open() {
        // always is
    }

    @Override
    public void close() {
        // the buffer is its owner's
    }

    @Override
    public int read(byte[] target, int start, int length) throws TTransportException {
        checkReadBytesAvailable(length);
        buffer.readBytes(target, start, length);
        return length;
    }

    @Override
    public void write(byte[] source, int start, int length) {
        buffer.writeBytes(source, start, length);
    }

    @Override
    public TConfiguration getConfiguration() {
        return TConfiguration.DEFAULT;
    }

    @Override
    public void updateKnownMessageSize(long size) {
        // the buffer knows
    }

    @Override
    public void checkReadBytesAvailable(long bytes) throws TTransportException {
        if (bytes > buffer.readableBytes()) {
            throw new TTransportException(
                    TTransportException.END_OF_FILE,
                    bytes + " bytes are announced, " + buffer.readableBytes() + " are there");
        }
    }
}
