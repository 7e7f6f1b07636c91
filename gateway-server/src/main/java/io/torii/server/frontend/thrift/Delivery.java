package io.torii.server.frontend.thrift;

import io.torii.api.session.SessionId;
import io.torii.api.session.StatementId;
import io.torii.server.session.Body;
import io.torii.server.session.FetchRequest;
import io.torii.server.session.StatementRequest;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * How the answer to one call gets to its client. A client that sends a request again after its connection broke must neither
 * run a statement twice nor skip a page. Thread-safe.
 */
interface Delivery {
    /** For clients that do not send requests again. */
    Delivery CERTAIN = new Delivery() {
        @Override
        public CompletableFuture<StatementId> submit(
                SessionId session, StatementRequest request, Supplier<CompletableFuture<StatementId>> submission) {
            return submission.get();
        }

        @Override
        public CompletableFuture<Body> fetch(
                StatementId id, FetchRequest request, Supplier<CompletableFuture<Body>> page) {
            return page.get();
        }

        @Override
        public void failed() {
            // nothing is remembered
        }
    };

    /** Submits, unless this is a submission whose answer did not get through: then it is that statement again. */
    CompletableFuture<StatementId> submit(
            SessionId session, StatementRequest request, Supplier<CompletableFuture<StatementId>> submission);

    /** Fetches; fails with ANSWER_IN_DOUBT where the page before may not have got through and cannot be sent again. */
    CompletableFuture<Body> fetch(StatementId id, FetchRequest request, Supplier<CompletableFuture<Body>> page);

    /** The answer will be a failure: whoever sends this submission again means it. */
    void failed();
}
