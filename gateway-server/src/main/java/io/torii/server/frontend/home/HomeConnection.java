package io.torii.server.frontend.home;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.torii.wire.Signature;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection: one request at a time, each to arrive within the time allowed. Confined to its event loop. */
final class HomeConnection extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final Logger log = LoggerFactory.getLogger(HomeConnection.class);

    private final HomeEndpoint endpoint;
    private final Duration patience;
    private boolean answering;
    private ScheduledFuture<?> limit;

    HomeConnection(HomeEndpoint endpoint, Duration patience) {
        this.endpoint = endpoint;
        this.patience = patience;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) throws Exception {
        awaitRequest(context);
        super.channelActive(context);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        stopWaiting();
        super.channelInactive(context);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        if (answering) {
            // engines wait for an answer before they ask again
            context.close();
            return;
        }
        stopWaiting();
        answering = true;
        boolean keepAlive = HttpUtil.isKeepAlive(request);
        if (!request.decoderResult().isSuccess()) {
            write(context, HomeAnswer.text(HomeAnswer.BAD_REQUEST, "Not a request of HTTP/1.1"), false);
            return;
        }
        endpoint.answer(read(request)).whenComplete((answer, failure) -> context.executor()
                .execute(() -> write(
                        context,
                        failure == null ? answer : HomeAnswer.text(HomeAnswer.INTERNAL_ERROR, "The gateway failed"),
                        keepAlive)));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        log.debug("Connection failed peer={}", context.channel().remoteAddress(), cause);
        context.close();
    }

    private static HomeRequest read(FullHttpRequest request) {
        String uri = request.uri();
        int query = uri.indexOf('?');
        return new HomeRequest(
                request.method().name(),
                query < 0 ? uri : uri.substring(0, query),
                request.headers().get(HttpHeaderNames.CONTENT_TYPE, ""),
                request.headers().get(Signature.HEADER, ""),
                request.content().toString(StandardCharsets.UTF_8));
    }

    private void write(ChannelHandlerContext context, HomeAnswer answer, boolean keepAlive) {
        FullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(answer.status()),
                Unpooled.copiedBuffer(answer.text(), StandardCharsets.UTF_8));
        response.headers().set(HttpHeaderNames.CONTENT_TYPE, answer.contentType());
        response.headers()
                .setInt(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes());
        HttpUtil.setKeepAlive(response, keepAlive);
        answering = false;
        if (keepAlive) {
            context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
            awaitRequest(context);
        } else {
            context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
        }
    }

    private void awaitRequest(ChannelHandlerContext context) {
        stopWaiting();
        if (context.channel().isActive()) {
            limit = context.executor().schedule(() -> context.close(), patience.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private void stopWaiting() {
        if (limit != null) {
            limit.cancel(false);
            limit = null;
        }
    }
}
