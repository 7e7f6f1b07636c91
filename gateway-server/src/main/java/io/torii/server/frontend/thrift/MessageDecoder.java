package io.torii.server.frontend.thrift;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Cuts a stream of bytes into messages. After what is no message it passes on a fault, and nothing more. A message that is
 * not complete in time ends the connection.
 */
final class MessageDecoder extends ByteToMessageDecoder {
    private final ThriftLimits limits;
    private final MessageScanner scanner;
    private Future<?> deadline;
    private boolean broken;

    MessageDecoder(ThriftLimits limits) {
        this.limits = limits;
        this.scanner = new MessageScanner(limits);
        scanner.reset();
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        if (broken) {
            in.skipBytes(in.readableBytes());
            return;
        }
        try {
            if (scanner.scan(in)) {
                MessageHeader header = scanner.header().orElseThrow();
                in.skipBytes(header.length());
                out.add(new Inbound.Message(header, in.readRetainedSlice(scanner.length() - header.length())));
                scanner.reset();
                stopWatch();
            } else if (deadline == null && !limits.message().isZero()) {
                deadline = context.executor()
                        .schedule(() -> giveUp(context), limits.message().toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (MalformedMessageException e) {
            broken = true;
            stopWatch();
            out.add(new Inbound.Fault(scanner.header().orElse(MessageHeader.UNKNOWN), e.getMessage()));
            in.skipBytes(in.readableBytes());
        }
    }

    private void giveUp(ChannelHandlerContext context) {
        broken = true;
        deadline = null;
        context.fireChannelRead(new Inbound.Fault(
                scanner.header().orElse(MessageHeader.UNKNOWN),
                "A message was not complete within " + limits.message().toSeconds() + " s"));
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext context) {
        stopWatch();
    }

    private void stopWatch() {
        if (deadline != null) {
            deadline.cancel(false);
            deadline = null;
        }
    }
}
