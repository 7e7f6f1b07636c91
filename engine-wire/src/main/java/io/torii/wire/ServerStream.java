package io.torii.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
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
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request and its answer, on the engine's side. Confined to its event loop. */
final class ServerStream extends ChannelInboundHandlerAdapter {
    private static final Logger log = LoggerFactory.getLogger(ServerStream.class);
    private static final int MAX_SENTENCE = 4_000;

    private final ServerConnection connection;
    private final WireHandler handler;
    private final BodyBuffer body;
    private String method = "";
    private Map<String, String> headers;
    private CompletionStage<WireReply> answer;
    private boolean answered;

    ServerStream(ServerConnection connection, WireHandler handler, int requestLimit) {
        this.connection = connection;
        this.handler = handler;
        this.body = new BodyBuffer(connection.proved() ? requestLimit : 0);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof Http2HeadersFrame) {
            Http2HeadersFrame frame = (Http2HeadersFrame) message;
            if (headers == null) {
                begin(context, frame.headers());
            }
            if (frame.isEndStream()) {
                dispatch(context);
            }
        } else if (message instanceof Http2DataFrame) {
            Http2DataFrame frame = (Http2DataFrame) message;
            take(context, frame.content());
            if (frame.isEndStream()) {
                dispatch(context);
            }
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
        if (event instanceof Http2ResetFrame) {
            giveUp();
        }
        super.userEventTriggered(context, event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        giveUp();
        super.channelInactive(context);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        log.debug("Stream failed method={}", method, cause);
        giveUp();
        context.close();
    }

    private void begin(ChannelHandlerContext context, Http2Headers received) {
        headers = Frames.headers(received);
        CharSequence path = received.path();
        if (path == null || !path.toString().startsWith(WireProtocol.PATH_PREFIX)) {
            fail(context, new WireException(WireProtocol.NOT_FOUND, "There is nothing here"));
            return;
        }
        method = path.toString().substring(WireProtocol.PATH_PREFIX.length());
        if (!connection.proved() && !isLogin()) {
            fail(context, new WireException(WireProtocol.UNAUTHENTICATED, "The gateway has not proved itself"));
        } else if (!body.admits(Frames.contentLength(received))) {
            fail(context, tooLarge());
        }
    }

    private void take(ChannelHandlerContext context, ByteBuf part) {
        if (answered || answer != null) {
            part.release();
        } else if (!body.add(part)) {
            fail(context, tooLarge());
        }
    }

    private void dispatch(ChannelHandlerContext context) {
        if (answered || answer != null) {
            return;
        }
        WireCall call = WireCall.received(method, headers, body.take());
        try {
            if (isLogin()) {
                reply(context, connection.login(call));
                return;
            }
            answer = handler.handle(call);
        } catch (RuntimeException e) {
            fail(context, e);
            return;
        }
        answer.whenComplete((reply, failure) -> {
            if (context.executor().inEventLoop()) {
                finish(context, reply, failure);
            } else {
                context.executor().execute(() -> finish(context, reply, failure));
            }
        });
    }

    private void finish(ChannelHandlerContext context, WireReply reply, Throwable failure) {
        if (failure == null && reply != null) {
            reply(context, reply);
        } else {
            Throwable cause = failure == null ? new IllegalStateException("No answer") : failure;
            fail(context, cause instanceof CompletionException && cause.getCause() != null ? cause.getCause() : cause);
        }
    }

    private void reply(ChannelHandlerContext context, WireReply reply) {
        if (!answered && context.channel().isActive()) {
            write(context, WireProtocol.OK, reply.headers(), reply.body());
        }
        answered = true;
    }

    private void fail(ChannelHandlerContext context, Throwable failure) {
        if (answered || !context.channel().isActive()) {
            answered = true;
            return;
        }
        int status = WireProtocol.INTERNAL_ERROR;
        String sentence = failure.toString();
        if (failure instanceof WireException && ((WireException) failure).status() >= WireProtocol.BAD_REQUEST) {
            status = ((WireException) failure).status();
            sentence = String.valueOf(failure.getMessage());
        } else {
            log.error("Call failed method={}", method, failure);
        }
        answered = true;
        body.release();
        byte[] text = shortened(sentence).getBytes(StandardCharsets.UTF_8);
        ChannelFuture written = write(context, status, Collections.emptyMap(), text);
        if (!connection.proved()) {
            String reason = sentence;
            written.addListener(done -> connection.refuse(reason));
        } else {
            written.addListener(ChannelFutureListener.CLOSE);
        }
    }

    private ChannelFuture write(ChannelHandlerContext context, int status, Map<String, String> more, byte[] bytes) {
        Http2Headers head = Frames.answer(status, more, bytes.length);
        if (bytes.length == 0) {
            return context.writeAndFlush(new DefaultHttp2HeadersFrame(head, true))
                    .addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
        }
        // a head that is too large for the other side fails here: then there is no answer to wait for
        context.write(new DefaultHttp2HeadersFrame(head, false)).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
        return context.writeAndFlush(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(bytes), true));
    }

    private void giveUp() {
        body.release();
        if (!answered && answer instanceof CompletableFuture) {
            answered = true;
            ((CompletableFuture<WireReply>) answer).cancel(true);
        }
        answered = true;
    }

    private boolean isLogin() {
        return method.equals(WireProtocol.HELLO) || method.equals(WireProtocol.PROVE);
    }

    private WireException tooLarge() {
        return new WireException(
                WireProtocol.TOO_LARGE, "The request is larger than the " + body.limit() + " bytes allowed");
    }

    private static String shortened(String sentence) {
        return sentence.length() <= MAX_SENTENCE ? sentence : sentence.substring(0, MAX_SENTENCE);
    }
}
