package io.torii.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** One call and its answer, on the gateway's side. Confined to its event loop. */
abstract class ClientExchange extends ChannelInboundHandlerAdapter {
    private static final int LARGEST_SENTENCE = 16 * 1024;

    private final ClientConnection connection;
    private final WireCall call;
    private final BodyBuffer sentence = new BodyBuffer(LARGEST_SENTENCE);
    private ChannelHandlerContext context;
    private ScheduledFuture<?> limit;
    private int status;
    private boolean ended;

    ClientExchange(ClientConnection connection, WireCall call) {
        this.connection = connection;
        this.call = call;
    }

    /** The answer has begun, and it is a good one. */
    abstract void onHead(Map<String, String> headers);

    /** A part of it, to be released by the callee. */
    abstract void onPart(ByteBuf part);

    /** Something came that says nothing, such as a frame of a kind that is not known. */
    abstract void onNothing();

    abstract void onEnd();

    /** Told at most once, and not after the end. */
    abstract void onFailure(WireException failure);

    /** More is wanted, where reading is on demand. */
    final void read() {
        context.read();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        this.context = context;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) throws Exception {
        Http2Headers head = Frames.request(call);
        ChannelFuture sent;
        if (call.body().length == 0) {
            sent = context.writeAndFlush(new DefaultHttp2HeadersFrame(head, true));
        } else {
            context.write(new DefaultHttp2HeadersFrame(head, false), context.newPromise());
            sent = context.writeAndFlush(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(call.body()), true));
        }
        sent.addListener(done -> {
            if (!done.isSuccess()) {
                end(connection.lost(done.cause()));
            }
        });
        call.limit()
                .ifPresent(time ->
                        limit = context.executor().schedule(this::tooLate, time.toNanos(), TimeUnit.NANOSECONDS));
        super.channelActive(context);
    }

    @Override
    public final void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof Http2HeadersFrame) {
            Http2HeadersFrame frame = (Http2HeadersFrame) message;
            if (status == 0) {
                begin(frame.headers());
            } else {
                onNothing();
            }
            if (frame.isEndStream()) {
                complete();
            }
        } else if (message instanceof Http2DataFrame) {
            Http2DataFrame frame = (Http2DataFrame) message;
            take(frame.content());
            if (frame.isEndStream()) {
                complete();
            }
        } else {
            ReferenceCountUtil.release(message);
            onNothing();
        }
    }

    @Override
    public final void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
        if (event instanceof Http2ResetFrame) {
            end(new WireException(
                    WireException.DISCONNECTED,
                    "The engine gave up its answer to " + call.method() + " (HTTP/2 error "
                            + ((Http2ResetFrame) event).errorCode() + ")"));
        }
        super.userEventTriggered(context, event);
    }

    @Override
    public final void channelInactive(ChannelHandlerContext context) throws Exception {
        end(connection.lost(null));
        super.channelInactive(context);
    }

    @Override
    public final void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        end(connection.lost(cause));
        context.close();
    }

    /** Resets the stream; whoever waits for it is told the reason. */
    final void giveUp(WireException reason) {
        if (!ended) {
            end(reason);
            if (context != null) {
                context.close();
            }
        }
    }

    final void stopLimit() {
        if (limit != null) {
            limit.cancel(false);
            limit = null;
        }
    }

    private void begin(Http2Headers head) {
        status = Frames.status(head);
        if (status == WireProtocol.OK) {
            onHead(Frames.headers(head));
        } else if (status == 0) {
            giveUp(headless());
        } else {
            context.channel().config().setAutoRead(true);
        }
    }

    private void take(ByteBuf part) {
        if (ended) {
            part.release();
        } else if (status == WireProtocol.OK) {
            onPart(part);
        } else if (status == 0) {
            part.release();
            giveUp(headless());
        } else if (!sentence.add(part)) {
            giveUp(new WireException(status, "The engine refused " + call.method() + " in too many words"));
        }
    }

    private void complete() {
        if (ended) {
            return;
        }
        if (status == WireProtocol.OK) {
            ended = true;
            stopLimit();
            onEnd();
        } else {
            String said = new String(sentence.take(), StandardCharsets.UTF_8);
            end(new WireException(status, said.isEmpty() ? "The engine answered with status " + status : said));
        }
    }

    private WireException headless() {
        return new WireException(
                WireException.DISCONNECTED, "The engine's answer to " + call.method() + " begins without a status");
    }

    private void tooLate() {
        giveUp(new WireException(
                WireException.TIMED_OUT,
                "The engine did not answer " + call.method() + " within "
                        + call.limit().map(time -> time.toMillis() + " ms").orElse("its time")));
    }

    /** Tells whoever waits, if it was not over already. */
    final void end(WireException failure) {
        if (!ended) {
            ended = true;
            stopLimit();
            sentence.release();
            onFailure(failure);
        }
    }
}
