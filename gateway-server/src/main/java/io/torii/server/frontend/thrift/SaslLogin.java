package io.torii.server.frontend.thrift;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.torii.api.Secret;
import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import io.torii.server.auth.Identity;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Negotiates SASL PLAIN as Thrift frames it: a status byte, four bytes of length, a payload. Logs the user in. */
final class SaslLogin extends ByteToMessageDecoder {
    static final byte START = 1;
    static final byte OK = 2;
    static final byte BAD = 3;
    static final byte ERROR = 4;
    static final byte COMPLETE = 5;

    private static final Logger log = LoggerFactory.getLogger(SaslLogin.class);
    private static final int HEAD = 5;
    private static final int MAX_MECHANISM = 64;
    private static final int MAX_PAYLOAD = 4 * 1024;
    private static final String PLAIN = "PLAIN";

    private enum Step {
        MECHANISM,
        RESPONSE,
        OVER
    }

    private final ConnectionSetup setup;
    private final Future<?> deadline;
    private Step step = Step.MECHANISM;
    private boolean challenged;

    SaslLogin(ConnectionSetup setup, Future<?> deadline) {
        this.setup = setup;
        this.deadline = deadline;
    }

    static ByteBuf message(ChannelHandlerContext context, byte status, String text) {
        byte[] payload = text.getBytes(StandardCharsets.UTF_8);
        return context.alloc()
                .buffer(HEAD + payload.length)
                .writeByte(status)
                .writeInt(payload.length)
                .writeBytes(payload);
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        if (step == Step.OVER || in.readableBytes() < HEAD) {
            return;
        }
        byte status = in.getByte(in.readerIndex());
        int length = in.getInt(in.readerIndex() + 1);
        int allowed = step == Step.MECHANISM ? MAX_MECHANISM : MAX_PAYLOAD;
        if (length < 0 || length > allowed) {
            in.skipBytes(in.readableBytes());
            refuse(context, ERROR, "A SASL message announces " + length + " bytes, allowed are " + allowed);
            return;
        }
        if (in.readableBytes() < HEAD + length) {
            return;
        }
        byte[] payload = new byte[length];
        in.skipBytes(HEAD).readBytes(payload);
        if (step == Step.MECHANISM) {
            mechanism(context, status, new String(payload, StandardCharsets.UTF_8));
        } else {
            response(context, status, payload);
        }
    }

    private void mechanism(ChannelHandlerContext context, byte status, String mechanism) {
        if (status != START) {
            refuse(context, ERROR, "Expected SASL START, but got status " + status);
        } else if (!PLAIN.equals(mechanism)) {
            refuse(
                    context,
                    BAD,
                    "The SASL mechanism " + printable(mechanism)
                            + " is not supported here: log in with a user name and a password (PLAIN)");
        } else {
            step = Step.RESPONSE;
        }
    }

    private void response(ChannelHandlerContext context, byte status, byte[] payload) {
        if (status == BAD || status == ERROR) {
            step = Step.OVER;
            log.info(
                    "the client gave the login up address={}", context.channel().remoteAddress());
            context.close();
        } else if (status != OK && status != COMPLETE) {
            refuse(context, ERROR, "Expected SASL OK or COMPLETE, but got status " + status);
        } else if (payload.length == 0 && !challenged) {
            challenged = true;
            context.writeAndFlush(message(context, OK, ""), context.voidPromise());
        } else {
            credentials(context, new String(payload, StandardCharsets.UTF_8).split("\0", -1));
        }
    }

    private void credentials(ChannelHandlerContext context, String[] parts) {
        if (parts.length != 3) {
            refuse(context, BAD, "A PLAIN response has an authorization name, a user name and a password");
            return;
        }
        String onBehalfOf = parts[0];
        String user = parts[1];
        if (!onBehalfOf.isEmpty() && !onBehalfOf.equals(user)) {
            refuse(
                    context,
                    BAD,
                    "User " + printable(user) + " may not act as " + printable(onBehalfOf)
                            + ": impersonation is not allowed");
            return;
        }
        step = Step.OVER;
        context.channel().config().setAutoRead(false);
        setup.logins()
                .login(user, new Secret(parts[2]), address(context))
                .whenComplete((identity, failure) ->
                        context.executor().execute(() -> decided(context, user, identity, failure)));
    }

    private void decided(ChannelHandlerContext context, String user, Identity identity, Throwable failure) {
        if (!context.channel().isActive()) {
            return;
        }
        context.channel().config().setAutoRead(true);
        if (failure != null) {
            Throwable cause =
                    failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
            if (cause instanceof GatewayException problem) {
                boolean wrong = problem.code() == ErrorCode.AUTHENTICATION_FAILED;
                refuse(context, wrong ? BAD : ERROR, problem.getMessage());
            } else {
                log.error("a login failed user={}", printable(user), cause);
                refuse(context, ERROR, "The login could not be checked; the gateway's log says why");
            }
            return;
        }
        context.writeAndFlush(message(context, COMPLETE, ""), context.voidPromise());
        deadline.cancel(false);
        HiveConnection.install(context, setup, Optional.of(identity), true);
        context.pipeline().remove(this);
    }

    private void refuse(ChannelHandlerContext context, byte status, String reason) {
        step = Step.OVER;
        deadline.cancel(false);
        log.info("login refused address={} reason={}", context.channel().remoteAddress(), reason);
        LastWords.say(context, message(context, status, reason));
    }

    static String address(ChannelHandlerContext context) {
        return context.channel().remoteAddress() instanceof InetSocketAddress remote
                ? remote.getAddress().getHostAddress()
                : "unknown";
    }

    private static String printable(String text) {
        String shortened = text.length() > 64 ? text.substring(0, 64) + "..." : text;
        return shortened
                .codePoints()
                .map(c -> Character.isISOControl(c) ? '?' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        log.debug("connection failed during login address={}", context.channel().remoteAddress(), cause);
        context.close();
    }
}
