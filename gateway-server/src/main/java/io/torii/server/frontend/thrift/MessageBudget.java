package io.torii.server.frontend.thrift;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How much of clients' messages the connections of a port may hold together: those that are not complete, wait or are being
 * served. What a connection always may hold is not counted. Thread-safe.
 */
final class MessageBudget {
    /** What each connection may hold whatever the others do. */
    static final int FREE = 64 * 1024;

    private final long bytes;
    private final AtomicLong left;

    MessageBudget(long bytes) {
        this.bytes = bytes;
        this.left = new AtomicLong(bytes);
    }

    /** What is held together now. */
    long held() {
        return bytes - left.get();
    }

    /** What one of few connections holds. */
    Share share() {
        return share(FREE);
    }

    /** @param free what it may hold whatever others do */
    Share share(int free) {
        return new Share(free);
    }

    private boolean reserve(long bytes) {
        if (bytes > 0 && left.addAndGet(-bytes) < 0) {
            left.addAndGet(bytes);
            return false;
        }
        return true;
    }

    /** What one connection, or request, holds. Confined to its event loop. */
    final class Share {
        private final int free;
        private long held;

        private Share(int free) {
            this.free = free;
        }

        /** False, and nothing is taken, if all that there may be is held already. */
        boolean take(int bytes) {
            if (!reserve(counted(held + bytes) - counted(held))) {
                return false;
            }
            held += bytes;
            return true;
        }

        void giveBack(int bytes) {
            left.addAndGet(counted(held) - counted(held - bytes));
            held -= bytes;
        }

        void giveAllBack() {
            left.addAndGet(counted(held));
            held = 0;
        }

        private long counted(long bytes) {
            return Math.max(0, bytes - free);
        }
    }
}
