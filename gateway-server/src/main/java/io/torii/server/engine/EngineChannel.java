package io.torii.server.engine;

import io.torii.api.engine.RunningEngine;
import io.torii.api.session.SessionId;
import io.torii.api.session.StatementId;
import io.torii.server.session.Body;
import io.torii.server.session.FetchRequest;
import io.torii.server.session.MetadataQuery;
import io.torii.server.session.StatementRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * One engine, as the session layer speaks to it: many sessions at once. Calls return at once and never throw; futures fail
 * with a GatewayException, ENGINE_LOST or ENGINE_UNREACHABLE if the engine is gone, and with {@link UnknownSession} or
 * {@link UnknownStatement} if the engine does not have what is asked for. Thread-safe.
 */
public interface EngineChannel {
    RunningEngine engine();

    /**
     * Opens the session in the engine; opening one that is open already changes nothing. Fails with {@link OpenWithoutJournal}
     * if that one lacks lines of the journal.
     */
    CompletableFuture<Void> openSession(EngineSession session);

    CompletableFuture<Void> closeSession(SessionId session);

    /**
     * Starts a statement, unless it is known to be one that another gateway has submitted before: then it is that one. Completes
     * once the engine has accepted it, or a moment later with its end, if that comes soon.
     */
    CompletableFuture<Optional<EarlyEnd>> execute(StatementId id, StatementRequest request, Handover handle);

    /** The client that submitted the statement has its handle. */
    CompletableFuture<Void> handedOver(StatementId id);

    CompletableFuture<Optional<EarlyEnd>> query(StatementId id, MetadataQuery query);

    /** The state now or, if it is not terminal, once it changes or the wait is over. */
    CompletableFuture<EngineStatus> status(StatementId id, Duration wait);

    /** An encoded TGetResultSetMetadataResp. */
    CompletableFuture<Body> schema(StatementId id);

    /**
     * Rows or lines. Fails with ANSWER_IN_DOUBT if rows are asked for that come after some of which nobody has said that they
     * have been {@link #delivered}.
     */
    CompletableFuture<EnginePage> fetch(StatementId id, FetchRequest request);

    /** Rows from this one on; they count as handed out once they are {@link #take taken}. */
    CompletableFuture<EnginePage> fetchAhead(StatementId id, long row, long maxRows);

    /** Moves the cursor past rows that are about to be handed out; fails with {@link CursorMoved} if it is not there. */
    CompletableFuture<Void> take(StatementId id, long row, long rows);

    /** The client has got the page from this row on, which this gateway was given last. */
    CompletableFuture<Void> delivered(StatementId id, long row);

    /** The store has these lines of the session's journal; the engine need not tell them again. */
    CompletableFuture<Void> journalStored(SessionId session, List<JournalLine> lines);

    CompletableFuture<Void> cancel(StatementId id);

    CompletableFuture<Void> close(StatementId id);

    /** Completes, normally, once the connection to the engine is lost. */
    CompletableFuture<Void> lost();
}
