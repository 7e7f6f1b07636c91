package io.torii.server.frontend.thrift;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.AttributeKey;
import io.netty.util.ReferenceCountUtil;
import io.torii.api.error.GatewayException;
import io.torii.server.auth.Identity;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.thrift.TApplicationException;
import org.apache.thrift.protocol.TMessageType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client that may make calls: serves them one at a time and in order, lets a bounded number wait, and gives up what is
 * under way when the client goes. Confined to its event loop.
 */
final class HiveConnection extends ChannelInboundHandlerAdapter {
    /** Set where the gateway itself ends connections: their sessions go on. */
    static final AttributeKey<Boolean> CLOSED_BY_GATEWAY = AttributeKey.valueOf("torii.closed-by-gateway");

    private static final Logger log = LoggerFactory.getLogger(HiveConnection.class);
    private static final int MAX_WAITING = 100;
    private static final int SMALL = 64 * 1024;

    private final ThriftLimits limits;
    private final HiveCalls calls;
    private final ConnectionSessions client;
    private final MessageBudget.Share share;
    private final Queue<Inbound> waiting = new ArrayDeque<>();
    private ChannelHandlerContext context;
    private int waitingBytes;
    private int servedBytes;
    private boolean busy;
    private boolean over;
    private Call current;
    private BodyRelay relay;
    private Future<?> stalled;

    private HiveConnection(ConnectionSetup setup, ConnectionSessions client, MessageBudget.Share share) {
        this.limits = setup.limits();
        this.calls = setup.calls();
        this.client = client;
        this.share = share;
    }

    /** Makes a connection that has been admitted one that serves calls. */
    static void install(
            ChannelHandlerContext context, ConnectionSetup setup, Optional<Identity> authenticated, boolean framed) {
        ThriftLimits limits = setup.limits();
        ChannelPipeline pipeline = context.pipeline();
        if (framed) {
            pipeline.addLast("frames", new SaslFrames(limits.messageBytes()));
        }
        MessageBudget.Share share = setup.budget().share();
        pipeline.addLast("messages", new MessageDecoder(limits, share));
        if (!limits.idle().isZero()) {
            pipeline.addLast("idle", new IdleStateHandler(0, 0, limits.idle().toMillis(), TimeUnit.MILLISECONDS));
        }
        ConnectionSessions client =
                new ConnectionSessions(setup.sessions(), setup.logins(), SaslLogin.address(context), authenticated);
        pipeline.addLast("calls", new HiveConnection(setup, client, share));
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
    }

    @Override
    public void channelRead(ChannelHandlerContext ignored, Object message) {
        if (!(message instanceof Inbound inbound) || over) {
            release(message);
            return;
        }
        if (!busy && waiting.isEmpty() && context.channel().isWritable()) {
            serve(inbound);
        } else if (waiting.size() >= MAX_WAITING || (long) waitingBytes + inbound.size() > limits.messageBytes()) {
            // not to be held back: a connection that is not read from does not tell that its client is gone
            log.warn(
                    "closing a connection on which too much waits address={} waiting={}",
                    context.channel().remoteAddress(),
                    waiting.size());
            over = true;
            release(message);
            context.close();
        } else {
            waitingBytes += inbound.size();
            waiting.add(kept(inbound));
        }
    }

    /** A small message without the receive buffer that it may be the only one in. */
    private Inbound kept(Inbound inbound) {
        if (!(inbound instanceof Inbound.Message message) || message.size() > SMALL) {
            return inbound;
        }
        ByteBuf arguments = message.arguments();
        try {
            return new Inbound.Message(
                    message.header(),
                    context.alloc().buffer(arguments.readableBytes()).writeBytes(arguments));
        } finally {
            arguments.release();
        }
    }

    private void serve(Inbound inbound) {
        busy = true;
        servedBytes = inbound.size();
        if (inbound instanceof Inbound.Fault fault) {
            log.warn(
                    "closing a connection address={} problem={}",
                    context.channel().remoteAddress(),
                    fault.problem());
            over = true;
            LastWords.say(
                    context,
                    Replies.exception(
                            context.alloc(), fault.header(), TApplicationException.PROTOCOL_ERROR, fault.problem()));
            return;
        }
        Inbound.Message message = (Inbound.Message) inbound;
        MessageHeader header = message.header();
        if (header.type() == TMessageType.ONEWAY) {
            message.arguments().release();
            log.debug("dropping a one-way message method={}", header.name());
            next();
            return;
        }
        current = new Call(client, Delivery.CERTAIN, context.executor(), Duration.ZERO);
        calls.answer(message, current).whenComplete((reply, failure) -> {
            if (context.executor().inEventLoop()) {
                answer(header, reply, failure);
            } else {
                context.executor().execute(() -> answer(header, reply, failure));
            }
        });
    }

    private void answer(MessageHeader header, Reply reply, Throwable failure) {
        if (over) {
            if (reply instanceof Reply.Relay unwanted) {
                unwanted.body().cancel();
            }
            return;
        }
        Call call = current;
        current = null;
        if (failure != null) {
            send(Replies.exception(
                    context.alloc(),
                    header,
                    TApplicationException.INTERNAL_ERROR,
                    TStatuses.problem(failure).getMessage()));
        } else if (reply instanceof Reply.Value value) {
            send(Replies.value(context.alloc(), header, value.response()), call);
        } else if (reply instanceof Reply.Failure problem) {
            send(Replies.exception(context.alloc(), header, problem.kind(), problem.message()));
        } else if (reply instanceof Reply.Relay relayed) {
            relay = new BodyRelay(
                    context,
                    Replies.head(context.alloc(), header),
                    relayed.body(),
                    limits.stall(),
                    listener(header, relayed));
            relay.start();
        }
    }

    private BodyRelay.Listener listener(MessageHeader header, Reply.Relay relayed) {
        return new BodyRelay.Listener() {
            @Override
            public void sent() {
                relay = null;
                next();
            }

            @Override
            public void refused(Throwable failure) {
                relay = null;
                GatewayException problem = TStatuses.problem(failure);
                log.warn(
                        "an answer cannot be handed on address={} problem={}",
                        context.channel().remoteAddress(),
                        problem.getMessage());
                send(Replies.value(context.alloc(), header, relayed.refusal().apply(TStatuses.of(problem))));
            }

            @Override
            public void broken(Throwable failure) {
                relay = null;
                over = true;
                log.warn(
                        "closing a connection in the middle of an answer address={} problem={}",
                        context.channel().remoteAddress(),
                        TStatuses.problem(failure).getMessage());
                context.close();
            }
        };
    }

    private void send(ByteBuf answer, Call call) {
        if (!call.isFollowed()) {
            send(answer);
            return;
        }
        context.writeAndFlush(answer).addListener(written -> {
            if (written.isSuccess()) {
                call.answered();
            }
        });
        next();
    }

    private void send(ByteBuf answer) {
        context.writeAndFlush(answer, context.voidPromise());
        next();
    }

    /** Goes on with what waits, unless the client leaves its answers unread. Not from within the call that has ended. */
    private void next() {
        busy = false;
        share.giveBack(servedBytes);
        servedBytes = 0;
        if (!waiting.isEmpty() && context.channel().isWritable()) {
            busy = true;
            context.executor().execute(this::serveWaiting);
        }
    }

    private void serveWaiting() {
        if (!over) {
            Inbound inbound = waiting.remove();
            waitingBytes -= inbound.size();
            serve(inbound);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ignored) {
        boolean writable = context.channel().isWritable();
        if (writable && stalled != null) {
            stalled.cancel(false);
            stalled = null;
        } else if (!writable && stalled == null && !limits.stall().isZero()) {
            stalled = context.executor().schedule(this::giveUp, limits.stall().toMillis(), TimeUnit.MILLISECONDS);
        }
        if (relay != null) {
            relay.writabilityChanged();
        } else if (writable && !busy && !over) {
            next();
        }
    }

    private void giveUp() {
        log.warn(
                "closing a connection whose client does not read address={}",
                context.channel().remoteAddress());
        context.close();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ignored, Object event) {
        if (event instanceof IdleStateEvent && !busy && waiting.isEmpty()) {
            log.info("closing an idle connection address={}", context.channel().remoteAddress());
            context.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ignored) {
        over = true;
        if (stalled != null) {
            stalled.cancel(false);
        }
        if (current != null) {
            current.abandon();
        }
        if (relay != null) {
            relay.abandon();
        }
        waiting.forEach(HiveConnection::release);
        waiting.clear();
        share.giveAllBack();
        client.end(!context.channel().hasAttr(CLOSED_BY_GATEWAY));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ignored, Throwable cause) {
        log.debug("connection failed address={}", context.channel().remoteAddress(), cause);
        context.close();
    }

    private static void release(Object message) {
        if (message instanceof Inbound.Message unwanted) {
            unwanted.arguments().release();
        } else {
            ReferenceCountUtil.release(message);
        }
    }
}
