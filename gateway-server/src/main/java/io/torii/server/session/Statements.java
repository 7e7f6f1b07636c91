package io.torii.server.session;

import io.torii.api.session.SessionId;
import io.torii.api.session.StatementId;
import io.torii.api.session.StatementStatus;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Runs statements. Calls return at once and never throw; futures fail with a GatewayException: INVALID_HANDLE for what is
 * not there, NOT_THE_OWNER for somebody else's. A statement that fails is a state, not a failed future. Any gateway can
 * serve any statement: its id holds its session. Thread-safe.
 */
public interface Statements {
    /**
     * Accepts a statement; it starts as soon as its session has an engine. Fails only if the request itself cannot be
     * accepted: no such session, a denied setting, a limit.
     */
    CompletableFuture<StatementId> submit(SessionId session, Caller caller, StatementRequest request);

    /** As {@link #submit}, for a question about catalogs. */
    CompletableFuture<StatementId> submit(SessionId session, Caller caller, MetadataQuery query);

    /** The client that submitted the statement has its handle. Tells whom it concerns, later; unknown ones are passed over. */
    void handedOver(StatementId id);

    /** The state now or, if it is not terminal, once it changes or the wait is over. */
    CompletableFuture<StatementStatus> status(StatementId id, Caller caller, Duration wait);

    /** The state now, to whoever only looks: starts nothing, as {@link #status} may where the statement's engine has died. */
    CompletableFuture<StatementStatus> look(StatementId id, Caller caller);

    /** The columns of the result, as an encoded TGetResultSetMetadataResp. */
    CompletableFuture<Body> schema(StatementId id, Caller caller);

    /** A page of rows or log lines, as an encoded TFetchResultsResp. */
    CompletableFuture<Body> fetch(StatementId id, Caller caller, FetchRequest request);

    /** Cancels; a statement that has ended stays as it is. */
    CompletableFuture<Void> cancel(StatementId id, Caller caller);

    /** Cancels if need be, and frees all that the statement holds. */
    CompletableFuture<Void> close(StatementId id, Caller caller);
}
