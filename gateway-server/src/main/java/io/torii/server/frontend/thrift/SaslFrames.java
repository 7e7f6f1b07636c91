package io.torii.server.frontend.thrift;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;

/**
 * The frames of a SASL connection, each a length and as many bytes. They carry a stream: on the way in their lengths are
 * taken out and what remains is passed on as it comes; on the way out every buffer becomes a frame.
 */
final class SaslFrames extends ChannelDuplexHandler {
    private final int maxFrame;
    private final MessageHeader unknown = MessageHeader.UNKNOWN;
    private int lengthBytes;
    private int length;
    private boolean broken;

    SaslFrames(int maxFrame) {
        this.maxFrame = maxFrame;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            while (in.isReadable() && !broken) {
                if (lengthBytes < 4) {
                    length = length << 8 | in.readUnsignedByte();
                    lengthBytes++;
                    if (lengthBytes == 4 && (length < 0 || length > maxFrame)) {
                        broken = true;
                        context.fireChannelRead(new Inbound.Fault(
                                unknown, "A SASL frame announces " + length + " bytes, allowed are " + maxFrame));
                    }
                } else if (in.readableBytes() < length) {
                    length -= in.readableBytes();
                    context.fireChannelRead(in.readRetainedSlice(in.readableBytes()));
                } else {
                    ByteBuf rest = in.readRetainedSlice(length);
                    begin();
                    context.fireChannelRead(rest);
                }
            }
        } finally {
            in.release();
        }
    }

    private void begin() {
        length = 0;
        lengthBytes = 0;
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        ByteBuf payload = (ByteBuf) message;
        ByteBuf head = context.alloc().buffer(4).writeInt(payload.readableBytes());
        context.write(head, context.voidPromise());
        context.write(payload, promise);
    }
}
