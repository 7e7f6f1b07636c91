package io.torii.server.frontend.thrift;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.apache.thrift.TApplicationException;
import org.apache.thrift.TBase;
import org.apache.thrift.TException;
import org.apache.thrift.protocol.TBinaryProtocol;
import org.apache.thrift.protocol.TMessage;
import org.apache.thrift.protocol.TMessageType;
import org.apache.thrift.protocol.TType;

/** Answers as bytes. A result is a structure whose field 0 is the response. */
final class Replies {
    /** What follows a response to end the message: the stop of the result structure. */
    static final byte END = TType.STOP;

    private Replies() {}

    /** What comes before a response. */
    static ByteBuf head(ByteBufAllocator allocator, MessageHeader request) {
        ByteBuf out = allocator.buffer(256);
        try {
            new TBinaryProtocol(new ByteBufTransport(out))
                    .writeMessageBegin(new TMessage(request.name(), TMessageType.REPLY, request.seqId()));
        } catch (TException e) {
            throw new IllegalStateException(e);
        }
        return out.writeByte(TType.STRUCT).writeShort(0);
    }

    static ByteBuf value(ByteBufAllocator allocator, MessageHeader request, TBase<?, ?> response) {
        ByteBuf out = head(allocator, request);
        try {
            response.write(new TBinaryProtocol(new ByteBufTransport(out)));
            return out.writeByte(END);
        } catch (TException e) {
            out.release();
            return exception(allocator, request, TApplicationException.INTERNAL_ERROR, "No answer: " + e.getMessage());
        }
    }

    static ByteBuf exception(ByteBufAllocator allocator, MessageHeader request, int kind, String message) {
        ByteBuf out = allocator.buffer(256);
        try {
            TBinaryProtocol protocol = new TBinaryProtocol(new ByteBufTransport(out));
            protocol.writeMessageBegin(new TMessage(request.name(), TMessageType.EXCEPTION, request.seqId()));
            new TApplicationException(kind, message).write(protocol);
            return out;
        } catch (TException e) {
            throw new IllegalStateException(e);
        }
    }
}
