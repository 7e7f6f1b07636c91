package io.torii.spark.session;

import static java.util.Objects.requireNonNull;

import io.torii.spark.catalog.Metadata;
import io.torii.spark.result.ResultSets;
import io.torii.wire.HeaderText;
import io.torii.wire.ThriftCodec;
import io.torii.wire.WireCall;
import io.torii.wire.WireException;
import io.torii.wire.WireHandler;
import io.torii.wire.WireProtocol;
import io.torii.wire.WireReply;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.hive.service.rpc.thrift.TExecuteStatementReq;
import org.apache.hive.service.rpc.thrift.TGetOperationStatusReq;
import org.apache.hive.service.rpc.thrift.TOpenSessionReq;
import org.apache.thrift.TBase;

/**
 * Answers the gateway's calls. What takes time runs on the engine's threads, what waits is a future. Failures of statements
 * are states; failures of fetching are in the answer's own status. Thread-safe.
 */
final class EngineHandler implements WireHandler {
    private static final long MAX_WAIT_MILLIS = 60_000;

    /** How long a submission waits for what its earlier try's gateway may have to say. */
    private static final Duration NEWS = Duration.ofSeconds(2);

    private final EngineSessions sessions;
    private final SessionOpener opener;
    private final StatementRunner runner;
    private final SessionCloser closer;
    private final Fetches fetches;
    private final ResultSets results;
    private final Metadata metadata;
    private final Executor questions;
    private final Clock clock;

    /** @param questions where sessions are opened */
    EngineHandler(
            EngineSessions sessions,
            SessionOpener opener,
            StatementRunner runner,
            SessionCloser closer,
            Fetches fetches,
            ResultSets results,
            Metadata metadata,
            Executor questions,
            Clock clock) {
        this.sessions = requireNonNull(sessions, "sessions");
        this.opener = requireNonNull(opener, "opener");
        this.runner = requireNonNull(runner, "runner");
        this.closer = requireNonNull(closer, "closer");
        this.fetches = requireNonNull(fetches, "fetches");
        this.results = requireNonNull(results, "results");
        this.metadata = requireNonNull(metadata, "metadata");
        this.questions = requireNonNull(questions, "questions");
        this.clock = requireNonNull(clock, "clock");
    }

    @Override
    public CompletionStage<WireReply> handle(WireCall call) {
        try {
            return answer(call);
        } catch (RuntimeException e) {
            CompletableFuture<WireReply> failed = new CompletableFuture<>();
            failed.completeExceptionally(e);
            return failed;
        }
    }

    private CompletionStage<WireReply> answer(WireCall call) {
        switch (call.method()) {
            case "Ping":
                return CompletableFuture.completedFuture(WireReply.of(new byte[0]));
            case "OpenSession":
                return open(call);
            case "CloseSession":
                return session(call).thenApply(this::close);
            case "ExecuteStatement":
                return session(call).thenCompose(session -> execute(call, session));
            case "GetOperationStatus":
                return session(call).thenCompose(session -> status(call, session));
            case "GetResultSetMetadata":
                return session(call).thenCompose(session -> schema(call, session));
            case "FetchResults":
                return session(call).thenCompose(session -> fetches.fetch(call, session, statement(call, session)));
            case "TakePage":
                return session(call).thenCompose(session -> fetches.take(call, statement(call, session)));
            case "PageDelivered":
                return session(call).thenApply(session -> fetches.arrived(call, statement(call, session)));
            case "HandleDelivered":
                return session(call).thenApply(session -> {
                    statement(call, session);
                    return WireReply.of(new byte[0]);
                });
            case "JournalStored":
                return session(call).thenApply(session -> {
                    session.stored(Arrays.asList(
                            call.header(WireProtocol.JOURNAL).orElse("").split(",")));
                    return WireReply.of(new byte[0]);
                });
            case "CancelOperation":
                return session(call).thenApply(session -> {
                    runner.cancel(statement(call, session));
                    return Replies.cancelled();
                });
            case "CloseOperation":
                return session(call).thenApply(session -> {
                    runner.close(session, statement(call, session));
                    return Replies.closed();
                });
            default:
                TBase<?, ?> request = MetadataWork.requestOf(call.method())
                        .orElseThrow(() ->
                                new WireException(WireProtocol.NOT_FOUND, "The engine has no method " + call.method()));
                return session(call).thenCompose(session -> query(call, request, session));
        }
    }

    private CompletionStage<WireReply> open(WireCall call) {
        String id = id(call, WireProtocol.SESSION);
        TOpenSessionReq request = ThriftCodec.decode(call.body(), new TOpenSessionReq());
        if (!request.isSetClient_protocol()) {
            throw new WireException(WireProtocol.BAD_REQUEST, "OpenSession with an unknown protocol version");
        }
        String user = user(call).orElseGet(() -> Optional.ofNullable(request.getUsername())
                .orElseThrow(() -> new WireException(WireProtocol.BAD_REQUEST, "OpenSession without a user")));
        return sessions.open(id, user, () -> opener.open(id, user, request), questions)
                .handle((session, thrown) -> {
                    if (thrown == null) {
                        if (session.mayHave(SessionOpener.journalLines(request))) {
                            return Replies.opened(session);
                        }
                        throw new WireException(
                                WireProtocol.OPEN_WITHOUT_JOURNAL,
                                "The session is open, but not as it is to be: lines of its journal did not come with its opening");
                    }
                    return Replies.notOpened(Failures.of(EngineSessions.cause(thrown)));
                });
    }

    private WireReply close(EngineSession session) {
        closer.close(session);
        return Replies.sessionClosed();
    }

    private CompletionStage<WireReply> execute(WireCall call, EngineSession session) {
        String id = id(call, WireProtocol.STATEMENT);
        TExecuteStatementReq request = ThriftCodec.decode(call.body(), new TExecuteStatementReq());
        Map<String, String> overlay = request.isSetConfOverlay() ? request.getConfOverlay() : Collections.emptyMap();
        SqlWork work = new SqlWork(session, overlay, results);
        Statement statement = new Statement(id, request.getStatement(), handover(call, overlay), clock);
        return isAgain(session, statement, session.earlier(statement).iterator())
                .thenCompose(again -> {
                    if (!again) {
                        runner.submit(session, statement, work, request.getQueryTimeout());
                    }
                    return submitted(call, session, id);
                });
    }

    private static Handover handover(WireCall call, Map<String, String> overlay) {
        boolean arrived = call.header(WireProtocol.HANDLE)
                .filter(WireProtocol.HANDLE_ARRIVED::equals)
                .isPresent();
        return new Handover(gateway(call), arrived, overlay);
    }

    /** Whether the statement is one of these once more: the first of which there is no news in time. */
    private CompletableFuture<Boolean> isAgain(
            EngineSession session, Statement statement, Iterator<Statement> earlier) {
        while (earlier.hasNext()) {
            Statement first = earlier.next();
            CompletableFuture<Void> news = runner.handedOver(first, NEWS);
            if (!news.isDone()) {
                return news.thenCompose(told -> session.isAgain(statement, first)
                        ? CompletableFuture.completedFuture(true)
                        : isAgain(session, statement, earlier));
            }
        }
        return CompletableFuture.completedFuture(false);
    }

    private CompletionStage<WireReply> query(WireCall call, TBase<?, ?> empty, EngineSession session) {
        String id = id(call, WireProtocol.STATEMENT);
        TBase<?, ?> request = ThriftCodec.decode(call.body(), empty);
        MetadataWork work = new MetadataWork(session, call.method(), request, metadata);
        runner.submit(session, new Statement(id, call.method(), clock), work);
        return submitted(call, session, id);
    }

    /** A short statement's end comes with the answer to its submission, if the caller waits for it. */
    private CompletionStage<WireReply> submitted(WireCall call, EngineSession session, String id) {
        Duration wait = wait(call);
        Optional<Statement> statement = session.statement(id); // the first with this id, if it was submitted before
        if (wait.isZero() || !statement.isPresent()) {
            return CompletableFuture.completedFuture(Replies.accepted(session, id));
        }
        return runner.end(statement.get(), wait)
                .thenApply(waited -> statement.get().state().isTerminal()
                        ? Replies.ended(session, statement.get())
                        : Replies.accepted(session, id));
    }

    private CompletionStage<WireReply> status(WireCall call, EngineSession session) {
        Statement statement = statement(call, session);
        TGetOperationStatusReq request = ThriftCodec.decode(call.body(), new TGetOperationStatusReq());
        boolean withProgress = request.isSetGetProgressUpdate() && request.isGetProgressUpdate();
        return runner.change(statement, wait(call)).thenApply(changed -> {
            statement.touch();
            session.touch();
            return Replies.status(session, statement, withProgress);
        });
    }

    /** Waits for the end: clients may ask for the columns before they ask for the state. */
    private CompletionStage<WireReply> schema(WireCall call, EngineSession session) {
        Statement statement = statement(call, session);
        return runner.end(statement).thenCompose(ended -> fetches.schema(statement));
    }

    private CompletableFuture<EngineSession> session(WireCall call) {
        return sessions.require(id(call, WireProtocol.SESSION), user(call)).thenApply(session -> {
            session.touch();
            return session;
        });
    }

    private static Statement statement(WireCall call, EngineSession session) {
        String id = id(call, WireProtocol.STATEMENT);
        Statement statement = session.statement(id)
                .orElseThrow(
                        () -> new WireException(WireProtocol.NO_SUCH_STATEMENT, "The session has no statement " + id));
        statement.touch();
        if (call.method().equals("GetOperationStatus")) {
            statement.handover().askedBy(gateway(call)); // the gateway that submitted it may ask for itself
        } else {
            statement.handover().arrived();
        }
        return statement;
    }

    private static String gateway(WireCall call) {
        return call.header(WireProtocol.GATEWAY).orElse("");
    }

    private static Optional<String> user(WireCall call) {
        return call.header(WireProtocol.USER).map(HeaderText::decode);
    }

    private static Duration wait(WireCall call) {
        String millis = call.header(WireProtocol.WAIT_MILLIS).orElse("0");
        try {
            return Duration.ofMillis(Math.min(MAX_WAIT_MILLIS, Long.parseLong(millis)));
        } catch (NumberFormatException e) {
            throw new WireException(WireProtocol.BAD_REQUEST, "Malformed " + WireProtocol.WAIT_MILLIS, e);
        }
    }

    private static String id(WireCall call, String header) {
        String value = call.header(header)
                .orElseThrow(() -> new WireException(WireProtocol.BAD_REQUEST, call.method() + " without " + header));
        try {
            return UUID.fromString(value).toString();
        } catch (IllegalArgumentException e) {
            throw new WireException(WireProtocol.BAD_REQUEST, "Malformed " + header, e);
        }
    }
}
