package io.torii.server.frontend.thrift;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.torii.server.auth.Identity;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.thrift.TApplicationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells from a connection's first byte what the client speaks, and tells the client if that cannot work here. Until the
 * client is logged in its time is limited.
 */
final class ProtocolDetector extends ByteToMessageDecoder {
    private static final Logger log = LoggerFactory.getLogger(ProtocolDetector.class);
    private static final int SASL_START = 0x01;
    private static final int TLS_HANDSHAKE = 0x16;
    private static final int STRICT_MESSAGE = 0x80;
    private static final byte[] TLS_ALERT_HANDSHAKE_FAILURE = {0x15, 3, 1, 0, 2, 2, 40};

    private final ConnectionSetup setup;
    private final boolean tlsDone;
    private final Future<?> deadline;

    private ProtocolDetector(ConnectionSetup setup, boolean tlsDone, Future<?> deadline) {
        this.setup = setup;
        this.tlsDone = tlsDone;
        this.deadline = deadline;
    }

    /** Puts a detector in front of a new connection. */
    static void install(io.netty.channel.Channel channel, ConnectionSetup setup) {
        Future<?> deadline = channel.eventLoop()
                .schedule(
                        () -> {
                            log.info(
                                    "closing a connection that did not log in in time address={}",
                                    channel.remoteAddress());
                            channel.close();
                        },
                        setup.limits().login().toMillis(),
                        TimeUnit.MILLISECONDS);
        channel.closeFuture().addListener(closed -> deadline.cancel(false));
        channel.pipeline().addLast("detector", new ProtocolDetector(setup, false, deadline));
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out)
            throws MalformedMessageException {
        int first = in.getUnsignedByte(in.readerIndex());
        boolean wantsTls = setup.tls().isPresent() && !tlsDone;
        if (first == TLS_HANDSHAKE && wantsTls) {
            context.pipeline()
                    .addLast("tls", setup.tls().get().newHandler(context.alloc()))
                    .addLast("detector-in-tls", new ProtocolDetector(setup, true, deadline));
            context.pipeline().remove(this);
        } else if (first == TLS_HANDSHAKE) {
            log.warn(
                    "a client speaks TLS to a port without it address={}",
                    context.channel().remoteAddress());
            end(context, in, Unpooled.wrappedBuffer(TLS_ALERT_HANDSHAKE_FAILURE));
        } else if (first >= 'A' && first <= 'Z') {
            end(context, in, httpAnswer(context));
        } else if (first == SASL_START) {
            if (wantsTls) {
                String hint = "This port speaks TLS only: add ssl=true to the URL";
                log.warn(
                        "a client speaks plain SASL to a TLS port address={}",
                        context.channel().remoteAddress());
                end(context, in, SaslLogin.message(context, SaslLogin.BAD, hint));
            } else {
                context.pipeline().addLast("sasl", new SaslLogin(setup, deadline));
                context.pipeline().remove(this);
            }
        } else if (first == STRICT_MESSAGE) {
            message(context, in, wantsTls);
        } else {
            log.warn(
                    "a client speaks something unknown address={} first-bytes={}",
                    context.channel().remoteAddress(),
                    ByteBufUtil.hexDump(in, in.readerIndex(), Math.min(8, in.readableBytes())));
            end(context, in, Unpooled.EMPTY_BUFFER);
        }
    }

    /** A client without SASL: admitted where anyone is, told otherwise. */
    private void message(ChannelHandlerContext context, ByteBuf in, boolean wantsTls) throws MalformedMessageException {
        if (!wantsTls && setup.logins().admitsAnyone()) {
            HiveConnection.install(context, setup, Optional.<Identity>empty(), false);
            deadline.cancel(false);
            context.pipeline().remove(this);
            return;
        }
        Optional<MessageHeader> header = MessageHeader.peek(in);
        if (header.isEmpty()) {
            return;
        }
        String hint = wantsTls
                ? "This port speaks TLS only: add ssl=true to the URL"
                : "This gateway asks for a user name and a password: connect with SASL PLAIN (remove auth=noSasl)";
        log.warn(
                "a client comes without {} address={}",
                wantsTls ? "TLS" : "SASL",
                context.channel().remoteAddress());
        end(context, in, Replies.exception(context.alloc(), header.get(), TApplicationException.UNKNOWN, hint));
    }

    private static ByteBuf httpAnswer(ChannelHandlerContext context) {
        String text = "This is Torii's Thrift binary port; it does not speak HTTP. "
                + "Connect a Hive JDBC driver with transportMode=binary.\n";
        return ByteBufUtil.writeAscii(
                context.alloc(),
                "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nConnection: close\r\nContent-Length: "
                        + text.getBytes(StandardCharsets.US_ASCII).length + "\r\n\r\n" + text);
    }

    private void end(ChannelHandlerContext context, ByteBuf in, ByteBuf answer) {
        in.skipBytes(in.readableBytes());
        deadline.cancel(false);
        LastWords.say(context, answer);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        log.debug("connection failed before login address={}", context.channel().remoteAddress(), cause);
        context.close();
    }
}
