package io.torii.wire;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the engine knows of one connection: whether its gateway has proved itself. Confined to its event loop. */
final class ServerConnection extends ChannelInboundHandlerAdapter {
    private static final Logger log = LoggerFactory.getLogger(ServerConnection.class);

    private static final int MAX_LOGIN_STREAMS = 8;

    private final Handshake.Engine handshake;
    private final Duration loginTimeout;
    private final Runnable onLogin;
    private ChannelHandlerContext context;
    private ScheduledFuture<?> loginLimit;
    private boolean loginEnded;
    private int loginStreams;

    /** @param onLogin told when the gateway has proved itself, or is gone before it did: once */
    ServerConnection(Handshake.Engine handshake, Duration loginTimeout, Runnable onLogin) {
        this.handshake = handshake;
        this.loginTimeout = loginTimeout;
        this.onLogin = onLogin;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) throws Exception {
        this.context = context;
        loginLimit = context.executor().schedule(this::loginTooLate, loginTimeout.toNanos(), TimeUnit.NANOSECONDS);
        WirePipeline.widen(context.channel());
        super.channelActive(context);
    }

    /** What concerns no stream is the codec's business and has been dealt with there. */
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ReferenceCountUtil.release(message);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        log.debug("Connection failed peer={}", context.channel().remoteAddress(), cause);
        context.close();
    }

    /** The connection is closed. */
    void gone() {
        endLogin();
    }

    /** A stream has begun; a stranger may have but a few. */
    void countStream() {
        if (!handshake.proved() && ++loginStreams > MAX_LOGIN_STREAMS) {
            log.warn(
                    "Too many calls before a login, closing peer={}",
                    context.channel().remoteAddress());
            cut();
        }
    }

    boolean proved() {
        return handshake.proved();
    }

    /** The answer to a call of the handshake; fails with a WireException. */
    WireReply login(WireCall call) {
        WireReply reply = call.method().equals(WireProtocol.HELLO) ? handshake.hello(call) : handshake.prove(call);
        if (handshake.proved()) {
            endLogin();
            log.info("Gateway connected peer={}", context.channel().remoteAddress());
        }
        return reply;
    }

    /** Ends the connection: its peer has no business here. */
    void refuse(String reason) {
        log.warn("Connection refused: {} peer={}", reason, context.channel().remoteAddress());
        context.channel().close();
    }

    private void loginTooLate() {
        log.warn(
                "Nobody has logged in for {}, closing peer={}",
                loginTimeout,
                context.channel().remoteAddress());
        cut();
    }

    /** Closes past the codec, which would wait for open streams. */
    private void cut() {
        context.pipeline().firstContext().close();
    }

    private void endLogin() {
        if (loginLimit != null) {
            loginLimit.cancel(false);
        }
        if (!loginEnded) {
            loginEnded = true;
            onLogin.run();
        }
    }
}
