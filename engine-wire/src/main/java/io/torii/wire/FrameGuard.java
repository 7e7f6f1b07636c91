package io.torii.wire;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.util.ReferenceCountUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a connection whose peer cuts its bodies into crumbs. A window counts bytes, while what is kept for a frame is many
 * times a crumb's size. An honest body has at most a few small frames, where a window happened to end.
 */
final class FrameGuard extends ChannelInboundHandlerAdapter {
    private static final Logger log = LoggerFactory.getLogger(FrameGuard.class);
    private static final int SMALL = 1024;
    private static final int MAX_SMALL = 10_000;

    private long small;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        if (message instanceof Http2DataFrame && !((Http2DataFrame) message).isEndStream()) {
            int size = ((Http2DataFrame) message).content().readableBytes();
            small = size < SMALL ? small + 1 : Math.max(0, small - size / SMALL);
            if (small > MAX_SMALL) {
                ReferenceCountUtil.release(message);
                log.warn(
                        "Peer sends bodies in crumbs, closing peer={}",
                        context.channel().remoteAddress());
                context.close();
                return;
            }
        }
        super.channelRead(context, message);
    }
}
