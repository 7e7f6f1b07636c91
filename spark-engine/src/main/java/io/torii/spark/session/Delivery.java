package io.torii.spark.session;

import java.util.concurrent.CompletableFuture;

/**
 * Whether the last page of a statement's rows has reached the client, as the gateway tells that was given it. Hive's protocol
 * asks for what comes next without saying what came last: a page that may or may not have arrived must be neither given
 * again nor passed over. Thread-safe.
 */
final class Delivery {
    private String gateway = "";
    private boolean inDoubt;
    private CompletableFuture<Void> settled = CompletableFuture.completedFuture(null);

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
        inDoubt = !asking.isEmpty();
        if (inDoubt) {
            settled = new CompletableFuture<>();
        }
        return true;
    }

    /** As {@link #begin}, whatever is in doubt: what is asked for does not depend on it. */
    synchronized void beginAnew(String asking) {
        settle();
        boolean unused = begin(asking);
    }

    /** The page of this gateway has arrived, or was never given. */
    synchronized void arrived(String told) {
        if (gateway.equals(told)) {
            settle();
        }
    }

    /** Completes once nothing is in doubt: what a gateway tells may be overtaken by what it asks. */
    synchronized CompletableFuture<Void> settled() {
        return settled.thenApply(done -> null);
    }

    private void settle() {
        inDoubt = false;
        settled.complete(null);
    }
}
