package io.torii.wire;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A connection which opens another to the same engine, a lane, for each event loop on which answers are streamed
 * repeatedly: a stream that arrives on the loop of its reader need not be handed from thread to thread, part by part. While
 * a loop has no lane, its streams come over the main connection. Lanes end with it. Thread-safe.
 */
final class LanedConnection implements WireConnection {
    /** Streams on one loop before it gets a lane: whoever fetches a page now and then does not need one. */
    private static final int WORTH_A_LANE = 4;

    private final ClientConnection main;
    private final EventLoopGroup loops;
    private final Function<EventLoop, CompletableFuture<ClientConnection>> opener;
    private final ConcurrentMap<EventExecutor, Lane> lanes = new ConcurrentHashMap<>();

    /** @param opener connects on a loop */
    LanedConnection(
            ClientConnection main,
            EventLoopGroup loops,
            Function<EventLoop, CompletableFuture<ClientConnection>> opener) {
        this.main = main;
        this.loops = loops;
        this.opener = opener;
        main.whenGone(() -> lanes.values().forEach(Lane::close));
    }

    @Override
    public int version() {
        return main.version();
    }

    @Override
    public CompletableFuture<WireReply> call(WireCall call) {
        return main.call(call);
    }

    @Override
    public CompletableFuture<WireStream> stream(WireCall call) {
        return nearest().stream(call);
    }

    @Override
    public CompletableFuture<Void> closed() {
        return main.closed();
    }

    @Override
    public void close() {
        main.close();
    }

    /** Where the main connection's answers arrive. */
    EventExecutor mainLoop() {
        return main.loop();
    }

    /** One for each lane that is open, completed once it is not. */
    List<CompletableFuture<Void>> laneEnds() {
        return lanes.values().stream()
                .map(lane -> lane.opened.map(opening -> opening.getNow(main)).orElse(main))
                .filter(lane -> lane != main)
                .map(ClientConnection::closed)
                .collect(Collectors.toList());
    }

    private ClientConnection nearest() {
        if (!main.loop().inEventLoop() && main.isUsable()) {
            for (EventExecutor loop : loops) {
                if (loop.inEventLoop()) {
                    return lanes.computeIfAbsent(loop, unknown -> new Lane((EventLoop) loop))
                            .connection();
                }
            }
        }
        return main;
    }

    /** Confined to its loop but for its end. */
    private final class Lane {
        private final EventLoop loop;
        private int streams;
        private volatile Optional<CompletableFuture<ClientConnection>> opened = Optional.empty();

        private Lane(EventLoop loop) {
            this.loop = loop;
        }

        /** The lane or, if there is none (yet), the main connection. One that could not be opened is not tried again. */
        private ClientConnection connection() {
            if (!opened.isPresent()) {
                if (++streams <= WORTH_A_LANE) {
                    return main;
                }
                open();
            }
            ClientConnection lane = opened.map(opening -> opening.getNow(main)).orElse(main);
            if (!lane.isUsable()) {
                opened = Optional.empty();
                streams = 0;
                return main;
            }
            return lane;
        }

        private void open() {
            opened = Optional.of(opener.apply(loop).exceptionally(failure -> main));
            if (main.isGone()) {
                close();
            }
        }

        private void close() {
            opened.ifPresent(opening -> opening.thenAccept(ClientConnection::close));
        }
    }
}
