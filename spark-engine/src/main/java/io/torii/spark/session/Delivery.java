package io.torii.spark.session;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Whether the last page of a statement's rows has reached the client, as the gateway tells that was given it. Hive's protocol
 * asks for what comes next without saying what came last: a page that may or may not have arrived must be neither given
 * again nor passed over. Futures complete off the lock, in the thread that told. Thread-safe.
 */
final class Delivery {
    private static final long UNKNOWN = -1;

    private String gateway = "";
    private long row = UNKNOWN;
    private boolean inDoubt;
    private List<CompletableFuture<Void>> waiting = new ArrayList<>();

    /**
     * A gateway asks for what comes next: true if nothing is in doubt, and from now on this page is.
     *
     * @param asking empty for a caller that does not tell what arrives: then all does
     */
    synchronized boolean begin(String asking) {
        if (inDoubt) {
            return false;
        }
        gateway = asking;
        row = UNKNOWN;
        inDoubt = !asking.isEmpty();
        return true;
    }

    /** As {@link #begin}, whatever is in doubt: what is asked for does not depend on it. Who waited hears that it still is. */
    void beginAnew(String asking) {
        List<CompletableFuture<Void>> told;
        synchronized (this) {
            inDoubt = false;
            boolean unused = begin(asking);
            told = takeWaiting();
        }
        told.forEach(waiter -> waiter.complete(null));
    }

    /** The page that was begun is the one from this row on. */
    synchronized void given(long firstRow) {
        row = firstRow;
    }

    /** The page of this gateway has arrived; news of another page is old news. */
    void arrived(String told, long firstRow) {
        settle(told, firstRow);
    }

    /** What was begun will not be given. */
    void neverGiven(String asking) {
        settle(asking, UNKNOWN);
    }

    private void settle(String told, long firstRow) {
        List<CompletableFuture<Void>> heard;
        synchronized (this) {
            if (!inDoubt || !gateway.equals(told) || (firstRow != UNKNOWN && firstRow != row)) {
                return;
            }
            inDoubt = false;
            heard = takeWaiting();
        }
        heard.forEach(waiter -> waiter.complete(null));
    }

    /** Completes once there is news, at once if nothing is in doubt; whoever gives up completes it and says so. */
    synchronized CompletableFuture<Void> news() {
        CompletableFuture<Void> news = new CompletableFuture<>();
        if (inDoubt) {
            waiting.add(news);
        } else {
            news.complete(null);
        }
        return news;
    }

    synchronized void forget(CompletableFuture<Void> news) {
        waiting.remove(news);
    }

    private List<CompletableFuture<Void>> takeWaiting() {
        List<CompletableFuture<Void>> taken = waiting;
        waiting = new ArrayList<>();
        return taken;
    }
}
