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
    private final MessageBudget.Share share;
    private int held;
    private Future<?> deadline;
    private boolean broken;

    /** @param share takes what arrives; whoever takes a message gives its bytes back */
    MessageDecoder(ThriftLimits limits, MessageBudget.Share share) {
        this.limits = limits;
        this.share = share;
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
                hold(scanner.length());
                held = 0;
                MessageHeader header = scanner.header().orElseThrow();
                in.skipBytes(header.length());
                out.add(new Inbound.Message(header, in.readRetainedSlice(scanner.length() - header.length())));
                scanner.reset();
                stopWatch();
                return;
            }
            hold(in.readableBytes());
            if (deadline == null && !limits.message().isZero()) {
                deadline = context.executor()
                        .schedule(() -> giveUp(context), limits.message().toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (MalformedMessageException e) {
            broken = true;
            share.giveBack(held);
            held = 0;
            stopWatch();
            out.add(new Inbound.Fault(scanner.header().orElse(MessageHeader.UNKNOWN), e.getMessage()));
            in.skipBytes(in.readableBytes());
        }
    }

    private void hold(int bytes) throws MalformedMessageException {
        if (!share.take(bytes - held)) {
            throw new MalformedMessageException(
                    "The gateway has no room for a message of " + bytes + " bytes or more now; try again later");
        }
        held = bytes;
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
