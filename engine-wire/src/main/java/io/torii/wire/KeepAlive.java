package io.torii.wire;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2PingFrame;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices a peer that hangs or has vanished: after an interval of silence it is sent a PING, after a longer one the
 * connection is closed. Sits before the codec, where it sees every byte, and closes past it, without farewell.
 */
final class KeepAlive extends ChannelDuplexHandler {
    private static final Logger log = LoggerFactory.getLogger(KeepAlive.class);

    private final long intervalNanos;
    private final Duration deadAfter;
    private long lastRead;
    private ScheduledFuture<?> next;

    KeepAlive(Duration interval, Duration deadAfter) {
        this.intervalNanos = interval.toNanos();
        this.deadAfter = deadAfter;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) throws Exception {
        lastRead = System.nanoTime();
        next = context.executor().schedule(() -> look(context), intervalNanos, TimeUnit.NANOSECONDS);
        super.channelActive(context);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        lastRead = System.nanoTime();
        super.channelRead(context, message);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        if (next != null) {
            next.cancel(false);
        }
        super.channelInactive(context);
    }

    private void look(ChannelHandlerContext context) {
        if (!context.channel().isActive()) {
            return;
        }
        long silent = System.nanoTime() - lastRead;
        long left = deadAfter.toNanos() - silent;
        if (left <= 0) {
            log.warn(
                    "Peer has been silent for {}, closing peer={}",
                    deadAfter,
                    context.channel().remoteAddress());
            context.pipeline().fireUserEventTriggered(new Silent(deadAfter));
            context.close();
            return;
        }
        long wait = intervalNanos - silent;
        if (wait <= 0) {
            context.channel().writeAndFlush(new DefaultHttp2PingFrame(lastRead), context.voidPromise());
            wait = Math.min(intervalNanos, left);
        }
        next = context.executor().schedule(() -> look(context), wait, TimeUnit.NANOSECONDS);
    }

    /** Fired down the pipeline before the connection is closed. */
    static final class Silent {
        private final Duration time;

        private Silent(Duration time) {
            this.time = time;
        }

        @Override
        public String toString() {
            return "no answer for " + time.toMillis() + " ms";
        }
    }
}
