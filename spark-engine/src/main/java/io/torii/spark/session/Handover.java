package io.torii.spark.session;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Whether the client that submitted a statement has its handle. If its gateway dies before anybody says so, the same
 * submission by way of another gateway is this statement once more, and must not run. Futures complete off the lock, in the
 * thread that told. Thread-safe.
 */
final class Handover {
    private final String asking;
    private final Map<String, String> overlay;
    private String gateway;
    private List<CompletableFuture<Void>> waiting = new ArrayList<>();

    /**
     * @param asking the gateway that submits the statement and knows whether the client has the handle; empty if nobody does
     * @param arrived whether the client has it already
     * @param overlay the settings that came with the statement
     */
    Handover(String asking, boolean arrived, Map<String, String> overlay) {
        this.asking = requireNonNull(asking, "asking");
        this.gateway = arrived ? "" : asking;
        this.overlay = Collections.unmodifiableMap(new HashMap<>(overlay));
    }

    /** Of what nobody submits again. */
    static Handover certain() {
        return new Handover("", true, Collections.emptyMap());
    }

    synchronized String gateway() {
        return gateway;
    }

    /** Whether this one may be the first try of what another gateway submits now. */
    boolean isInDoubtFor(Handover later) {
        return overlay.equals(later.overlay) && !later.asking.isEmpty() && isInDoubtFor(later.asking);
    }

    private synchronized boolean isInDoubtFor(String asking) {
        return !gateway.isEmpty() && !gateway.equals(asking);
    }

    /** A gateway answers with this statement what it has submitted; from now on it knows whether the client has the handle. */
    void passTo(Handover later) {
        settle(later.gateway());
    }

    /** The client has the handle. */
    void arrived() {
        settle("");
    }

    /** A gateway asks for the state: one that has not submitted the statement knows the handle from the client. */
    void askedBy(String asking) {
        if (!asking.isEmpty() && isInDoubtFor(asking)) {
            arrived();
        }
    }

    private void settle(String knowing) {
        List<CompletableFuture<Void>> heard;
        synchronized (this) {
            gateway = knowing;
            heard = waiting;
            waiting = new ArrayList<>();
        }
        heard.forEach(waiter -> waiter.complete(null));
    }

    /** Completes once there is news, at once if nothing is in doubt; whoever gives up completes it and says so. */
    synchronized CompletableFuture<Void> news() {
        CompletableFuture<Void> news = new CompletableFuture<>();
        if (gateway.isEmpty()) {
            news.complete(null);
        } else {
            waiting.add(news);
        }
        return news;
    }

    synchronized void forget(CompletableFuture<Void> news) {
        waiting.remove(news);
    }
}
