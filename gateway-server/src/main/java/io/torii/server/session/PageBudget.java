package io.torii.server.session;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * The memory that pages on their way to clients take together, so that no number of clients that do not read can take it
 * from those that do. A page waits for its share, first come first served; while one waits, pages whose clients have taken
 * nothing for two seconds are revoked, the one that has been left alone longest first. Thread-safe.
 */
public final class PageBudget {
    static final Duration UNREAD = Duration.ofSeconds(2);
    static final Duration WAIT = Duration.ofSeconds(60);
    private static final Duration LOOK = Duration.ofMillis(500);

    private final long capacity;
    private final Clock clock;
    private final Timers timers;
    private final Set<Share> shares = new LinkedHashSet<>();
    private final Deque<Waiter> waiting = new ArrayDeque<>();
    private long used;
    private boolean looking;

    private record Waiter(long bytes, CompletableFuture<Share> share) {}

    /** @param capacity bytes */
    public PageBudget(long capacity, Clock clock, Timers timers) {
        this.capacity = capacity;
        this.clock = requireNonNull(clock, "clock");
        this.timers = requireNonNull(timers, "timers");
    }

    /** Bytes that have been given out. */
    public synchronized long used() {
        return used;
    }

    /** Fails with TOO_MANY_READERS if no room has been found within a minute. More than there is at all is cut down to that. */
    CompletableFuture<Share> take(long bytes) {
        CompletableFuture<Share> share = new CompletableFuture<>();
        synchronized (this) {
            waiting.add(new Waiter(Math.min(bytes, capacity), share));
        }
        settle();
        if (!share.isDone()) {
            Runnable callOff = timers.after(WAIT, () -> share.completeExceptionally(tooMany()));
            CompletableFuture<?> unused = share.whenComplete((taken, failure) -> callOff.run());
            look();
        }
        return share;
    }

    /** A share of what nobody needs now: only while half of all is free, and nobody waits. */
    synchronized Optional<Share> takeSpare(long bytes) {
        return waiting.isEmpty() && used + bytes <= capacity / 2 ? Optional.of(given(bytes)) : Optional.empty();
    }

    private static GatewayException tooMany() {
        return new GatewayException(
                ErrorCode.TOO_MANY_READERS,
                "Too many clients are reading pages at once, and this one has waited " + WAIT.toSeconds()
                        + " s for its turn; fetch again");
    }

    private Share given(long bytes) {
        Share share = new Share(bytes);
        shares.add(share);
        used += bytes;
        return share;
    }

    /** Gives to those who wait what there is, and takes from those who do not read what there is not. */
    private void settle() {
        List<Runnable> news = new ArrayList<>();
        synchronized (this) {
            while (!waiting.isEmpty()) {
                Waiter first = waiting.peek();
                if (first.share().isDone()) {
                    waiting.remove();
                } else if (used + first.bytes() <= capacity) {
                    waiting.remove();
                    Share share = given(first.bytes());
                    news.add(() -> {
                        if (!first.share().complete(share)) {
                            share.release();
                        }
                    });
                } else {
                    Optional<Share> unread = longestUnread();
                    if (unread.isEmpty()) {
                        break;
                    }
                    drop(unread.get());
                    news.add(unread.get()::revoke);
                }
            }
        }
        news.forEach(Runnable::run);
    }

    private Optional<Share> longestUnread() {
        long before = clock.millis() - UNREAD.toMillis();
        return shares.stream()
                .filter(share -> share.givenMillis <= before)
                .min(Comparator.comparingLong(share -> share.givenMillis));
    }

    private boolean drop(Share share) {
        boolean held = shares.remove(share);
        if (held) {
            used -= share.bytes;
        }
        return held;
    }

    /** Looks again while somebody waits. */
    private void look() {
        synchronized (this) {
            if (looking || waiting.isEmpty()) {
                return;
            }
            looking = true;
        }
        timers.after(LOOK, () -> {
            synchronized (this) {
                looking = false;
            }
            settle();
            look();
        });
    }

    /** What one page may take. */
    final class Share {
        private static final long NOT_THE_CLIENTS_TURN = Long.MAX_VALUE;

        private final long bytes;
        private final CompletableFuture<Void> revoked = new CompletableFuture<>();
        private long givenMillis = NOT_THE_CLIENTS_TURN; // guarded by the budget

        private Share(long bytes) {
            this.bytes = bytes;
        }

        /** Gives it back; a second call does nothing. */
        void release() {
            boolean held;
            synchronized (PageBudget.this) {
                held = drop(this);
            }
            if (held) {
                settle();
            }
        }

        /** A body that takes no more than this, and gives it back when it is through, given up or failed. */
        Body of(Body body) {
            CompletableFuture<?> unused = revoked.thenRun(body::cancel);
            return new SharedBody(body, this);
        }

        private void turn(boolean clients) {
            synchronized (PageBudget.this) {
                givenMillis = clients ? clock.millis() : NOT_THE_CLIENTS_TURN;
            }
        }

        private void revoke() {
            revoked.complete(null);
        }
    }

    private record SharedBody(Body body, Share share) implements Body {
        @Override
        public CompletableFuture<Optional<ByteBuf>> next() {
            if (share.revoked.isDone()) {
                return CompletableFuture.failedFuture(new GatewayException(
                        ErrorCode.ANSWER_IN_DOUBT,
                        "The client took nothing for " + UNREAD.toSeconds() + " s while others waited"));
            }
            share.turn(false);
            return body.next().whenComplete((part, failure) -> {
                if (failure == null) {
                    share.turn(true);
                } else {
                    share.release();
                }
            });
        }

        @Override
        public void cancel() {
            body.cancel();
            share.release();
        }

        @Override
        public void delivered() {
            share.release();
            body.delivered();
        }

        @Override
        public void whenRevoked(Runnable action) {
            CompletableFuture<?> unused = share.revoked.thenRun(action);
        }
    }
}
