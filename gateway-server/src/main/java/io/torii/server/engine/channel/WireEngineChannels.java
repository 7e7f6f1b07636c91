package io.torii.server.engine.channel;

import static java.util.Objects.requireNonNull;

import io.torii.api.engine.LaunchTag;
import io.torii.api.engine.RunningEngine;
import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import io.torii.server.engine.EngineChannel;
import io.torii.server.engine.EngineChannels;
import io.torii.wire.WireConnection;
import io.torii.wire.WireConnector;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection per engine: made at the first need, shared, made anew once it is lost. Concurrent callers share one
 * attempt. Thread-safe.
 */
public final class WireEngineChannels implements EngineChannels, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(WireEngineChannels.class);

    private final WireConnector connector;
    private final ChannelTimes times;
    private final String gateway;
    private final ConcurrentMap<LaunchTag, CompletableFuture<WireConnection>> connections = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /** @param gateway this process's name, other than that of every other one, an earlier one included */
    public WireEngineChannels(WireConnector connector, ChannelTimes times, String gateway) {
        this.connector = requireNonNull(connector, "connector");
        this.times = requireNonNull(times, "times");
        this.gateway = requireNonNull(gateway, "gateway");
    }

    @Override
    public CompletableFuture<EngineChannel> channelTo(RunningEngine engine) {
        CompletableFuture<EngineChannel> channel = new CompletableFuture<>();
        connectionTo(engine).whenComplete((connection, failure) -> {
            if (failure == null) {
                channel.complete(new WireEngineChannel(engine, connection, times, gateway));
            } else {
                channel.completeExceptionally(
                        failure instanceof GatewayException ? failure : ChannelFailures.unreachable(engine, failure));
            }
        });
        return channel;
    }

    /** Closes all connections and makes no more. */
    @Override
    public void close() {
        closed = true;
        connections.values().forEach(WireEngineChannels::closeOnce);
    }

    private CompletableFuture<WireConnection> connectionTo(RunningEngine engine) {
        CompletableFuture<WireConnection> known = connections.get(engine.tag());
        if (known != null) {
            if (!isLost(known)) {
                return known;
            }
            connections.remove(engine.tag(), known); // before those who wait for its end do
        }
        CompletableFuture<WireConnection> attempt = new CompletableFuture<>();
        CompletableFuture<WireConnection> earlier = connections.putIfAbsent(engine.tag(), attempt);
        if (earlier != null) {
            return earlier;
        }
        if (closed) {
            connections.remove(engine.tag(), attempt);
            attempt.completeExceptionally(
                    new GatewayException(ErrorCode.SHUTTING_DOWN, "The gateway is shutting down"));
            return attempt;
        }
        connector.connect(engine.host(), engine.port(), engine.secret().value()).whenComplete((connection, failure) -> {
            if (failure != null) {
                connections.remove(engine.tag(), attempt);
                attempt.completeExceptionally(failure);
                return;
            }
            log.atInfo()
                    .addKeyValue("engine", engine.tag())
                    .addKeyValue("key", engine.key())
                    .log("Connected to engine");
            connection.closed().thenRun(() -> {
                log.atInfo().addKeyValue("engine", engine.tag()).log("Connection to engine is lost");
                connections.remove(engine.tag(), attempt);
            });
            attempt.complete(connection);
            if (closed) {
                connection.close();
            }
        });
        return attempt;
    }

    private static boolean isLost(CompletableFuture<WireConnection> attempt) {
        return attempt.isDone()
                && !attempt.isCompletedExceptionally()
                && attempt.join().closed().isDone();
    }

    private static void closeOnce(CompletableFuture<WireConnection> attempt) {
        attempt.thenAccept(WireConnection::close);
    }
}
