package io.torii.spark;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps an engine's delegation tokens young: asks for new ones at each interval, and a minute after it got none. A failure does no
 * harm while the tokens that are there last. Thread-safe.
 */
final class TokenRenewal {
    private static final Logger log = LoggerFactory.getLogger(TokenRenewal.class);
    private static final Duration AGAIN_AFTER = Duration.ofMinutes(1);

    /** Engines that were launched together do not ask together for ever. */
    private static final double SPREAD = 0.2;

    private final Source source;
    private final Sink sink;
    private final Duration interval;
    private final ScheduledExecutorService thread;
    private final DoubleSupplier random;
    private String lastReason = "";

    /** Where tokens come from. */
    interface Source {
        /** A file of tokens, empty if there are none to have. Blocks for a bounded time. */
        byte[] tokens() throws IOException;
    }

    /** Who uses them. */
    interface Sink {
        /** Fails if it is not a file of tokens. */
        void take(byte[] tokens) throws IOException;
    }

    /**
     * @param thread may be blocked
     * @param random from 0 to 1
     */
    TokenRenewal(Source source, Sink sink, Duration interval, ScheduledExecutorService thread, DoubleSupplier random) {
        this.source = requireNonNull(source, "source");
        this.sink = requireNonNull(sink, "sink");
        this.interval = requireNonNull(interval, "interval");
        this.thread = requireNonNull(thread, "thread");
        this.random = requireNonNull(random, "random");
    }

    /** Asks at each interval from now on, until the thread ends. */
    void start() {
        askAfter(spread(interval));
    }

    /** Asks once; returns how long to wait until the next time. Never throws. */
    synchronized Duration ask() {
        try {
            byte[] tokens = source.tokens();
            if (tokens.length == 0) {
                throw new IOException("the gateway says that this cluster asks for none");
            }
            sink.take(tokens);
            log.info("got new delegation tokens");
            lastReason = "";
            return spread(interval);
        } catch (IOException | RuntimeException | LinkageError e) { // the last from a Spark that is not like ours
            String reason = e instanceof IOException ? e.getMessage() : e.toString();
            if (!reason.equals(lastReason)) {
                log.warn("no new delegation tokens: {}; asking again until there are", reason);
            }
            lastReason = reason;
            return spread(interval.compareTo(AGAIN_AFTER) < 0 ? interval : AGAIN_AFTER);
        }
    }

    private void askAfter(Duration time) {
        try {
            thread.schedule(() -> askAfter(ask()), time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            log.debug("not asking for tokens any more: the engine ends");
        }
    }

    private Duration spread(Duration most) {
        return Duration.ofMillis((long) (most.toMillis() * (1 - SPREAD * random.getAsDouble())));
    }
}
