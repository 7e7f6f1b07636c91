package io.torii.server.engine;

import io.torii.api.engine.RunningEngine;
import io.torii.api.session.SessionId;
import io.torii.api.session.StatementId;
import io.torii.server.session.Body;
import io.torii.server.session.FetchRequest;
import io.torii.server.session.MetadataQuery;
import io.torii.server.session.StatementRequest;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * One engine, as the session layer speaks to it: many sessions at once. Calls return at once and never throw; futures fail
 * with a GatewayException, ENGINE_LOST or ENGINE_UNREACHABLE if the engine is gone, and with {@link UnknownSession} or
 * {@link UnknownStatement} if the engine does not have what is asked for. Thread-safe.
 */
public interface EngineChannel {
    RunningEngine engine();

    /** Opens the session in the engine; opening one that is open already changes nothing. */
    CompletableFuture<Void> openSession(EngineSession session);

    CompletableFuture<Void> closeSession(SessionId session);

    /** Starts a statement; completes once the engine has accepted it. */
    CompletableFuture<Void> execute(StatementId id, StatementRequest request);

    CompletableFuture<Void> query(StatementId id, MetadataQuery query);

    /** The state now or, if it is not terminal, once it changes or the wait is over. */
    CompletableFuture<EngineStatus> status(StatementId id, Duration wait);

    /** An encoded TGetResultSetMetadataResp. */
    CompletableFuture<Body> schema(StatementId id);

    /** An encoded TFetchResultsResp. */
    CompletableFuture<Body> fetch(StatementId id, FetchRequest request);

    CompletableFuture<Void> cancel(StatementId id);

    CompletableFuture<Void> close(StatementId id);

    /** Completes, normally, once the connection to the engine is lost. */
    CompletableFuture<Void> lost();
}
