package io.torii.server.frontend.thrift;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;

/**
 * Ends a connection so that the client can still read why: what it is sending meanwhile is read and dropped for a moment,
 * since closing over unread bytes would reset the connection and take the answer away.
 */
final class LastWords extends ChannelInboundHandlerAdapter {
    private static final long LINGER_MILLIS = 1_000;
    private static final long LIMIT_MILLIS = 5_000;

    private LastWords() {}

    /** Writes the answer, then closes. Takes the buffer over; an empty one only closes. */
    static void say(ChannelHandlerContext context, ByteBuf answer) {
        context.pipeline().addFirst("last-words", new LastWords());
        SslHandler tls = context.pipeline().get(SslHandler.class);
        context.channel().config().setAutoRead(true);
        context.executor().schedule(() -> context.channel().close(), LIMIT_MILLIS, TimeUnit.MILLISECONDS);
        context.writeAndFlush(answer).addListener(written -> {
            if (!written.isSuccess()) {
                context.channel().close();
            } else if (tls != null) {
                tls.closeOutbound().addListener(done -> linger(context));
            } else {
                linger(context);
            }
        });
    }

    private static void linger(ChannelHandlerContext context) {
        if (context.channel() instanceof DuplexChannel duplex) {
            duplex.shutdownOutput().addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
            context.executor().schedule(() -> context.channel().close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
        } else {
            context.channel().close();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ReferenceCountUtil.release(message);
    }
}
