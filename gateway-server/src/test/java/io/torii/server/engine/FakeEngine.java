package io.torii.server.engine;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.torii.api.engine.RunningEngine;
import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import io.torii.api.session.SessionId;
import io.torii.api.session.StatementFailure;
import io.torii.api.session.StatementId;
import io.torii.api.session.StatementState;
import io.torii.api.session.StatementStatus;
import io.torii.server.session.Body;
import io.torii.server.session.FetchRequest;
import io.torii.server.session.FetchRequest.Content;
import io.torii.server.session.FetchRequest.Orientation;
import io.torii.server.session.MetadataQuery;
import io.torii.server.session.StatementRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** An engine and the channel to it. Statements run until the test finishes them. One thread at a time. */
public final class FakeEngine implements EngineChannel {
    private final RunningEngine engine;
    private final Map<SessionId, EngineSession> sessions = new HashMap<>();
    private final Map<StatementId, StatementRequest> statements = new LinkedHashMap<>();
    private final Map<StatementId, Handover> handles = new HashMap<>();
    private final Map<StatementId, EngineStatus> ends = new HashMap<>();
    private final Map<StatementId, List<CompletableFuture<EngineStatus>>> polls = new HashMap<>();
    private final List<JournalLine> unstored = new ArrayList<>();
    private final CompletableFuture<Void> lost = new CompletableFuture<>();
    private final List<Duration> waits = new ArrayList<>();
    private final List<String> fetches = new ArrayList<>();
    private final CompletableFuture<Void> heldReadAhead = new CompletableFuture<>();
    private boolean readAheadHeld;
    private long rows;
    private long cursor;
    private boolean alive = true;
    private boolean hangs;
    private boolean seenOnce;
    private boolean draining;
    private boolean refusesToOpen;
    private boolean losesNextAnswer;
    private boolean diesWhenAsked;
    private boolean diesOverNextBody;
    private Optional<EarlyEnd> earlyEnd = Optional.empty();
    private Optional<CompletableFuture<Void>> held = Optional.empty();

    FakeEngine(RunningEngine engine) {
        this.engine = engine;
    }

    @Override
    public RunningEngine engine() {
        return engine;
    }

    @Override
    public CompletableFuture<Void> openSession(EngineSession session) {
        return answer(() -> {
            if (draining && !sessions.containsKey(session.id())) {
                throw new GatewayException(ErrorCode.ENGINE_UNREACHABLE, "The engine takes no new sessions");
            }
            if (refusesToOpen) {
                throw new GatewayException(ErrorCode.STATEMENT_FAILED, "Database nope not found");
            }
            EngineSession open = sessions.putIfAbsent(session.id(), session);
            if (open != null && session.journal().size() > linesKnown(open)) {
                throw new OpenWithoutJournal("The session is open without its journal");
            }
            return null;
        });
    }

    private long linesKnown(EngineSession open) {
        long told = ends.entrySet().stream()
                .filter(end -> end.getKey().session().equals(open.id())
                        && !end.getValue().journal().isEmpty())
                .count();
        return open.journal().size() + told;
    }

    @Override
    public CompletableFuture<Void> closeSession(SessionId session) {
        return answer(() -> {
            require(session);
            sessions.remove(session);
            statements.keySet().removeIf(id -> id.session().equals(session));
            return null;
        });
    }

    @Override
    public CompletableFuture<Optional<EarlyEnd>> execute(StatementId id, StatementRequest request, Handover handle) {
        CompletableFuture<Optional<EarlyEnd>> accepted = answer(() -> {
            require(id.session());
            statements.putIfAbsent(id, request);
            handles.putIfAbsent(id, handle);
            earlyEnd.ifPresent(end -> ends.putIfAbsent(id, end.status()));
            return earlyEnd;
        });
        return held.<CompletableFuture<Optional<EarlyEnd>>>map(hold -> hold.thenCompose(released -> accepted))
                .orElse(accepted);
    }

    @Override
    public CompletableFuture<Optional<EarlyEnd>> query(StatementId id, MetadataQuery query) {
        return execute(id, new StatementRequest(query.toString(), Map.of(), Optional.empty()), Handover.ARRIVED);
    }

    @Override
    public CompletableFuture<Void> handedOver(StatementId id) {
        return answer(() -> {
            require(id);
            handles.put(id, Handover.ARRIVED);
            return null;
        });
    }

    @Override
    public CompletableFuture<EngineStatus> status(StatementId id, Duration wait) {
        return answer(() -> {
                    require(id);
                    waits.add(wait);
                    return ends.containsKey(id) || wait.isZero();
                })
                .thenCompose(atOnce -> {
                    if (atOnce) {
                        return completedFuture(ends.getOrDefault(
                                id,
                                new EngineStatus(
                                        StatementStatus.of(StatementState.RUNNING), List.of(), Optional.empty())));
                    }
                    CompletableFuture<EngineStatus> poll = new CompletableFuture<>();
                    polls.computeIfAbsent(id, statement -> new ArrayList<>()).add(poll);
                    return poll;
                });
    }

    @Override
    public CompletableFuture<Body> schema(StatementId id) {
        return answer(() -> {
            require(id);
            return sent(body("schema"));
        });
    }

    @Override
    public CompletableFuture<EnginePage> fetch(StatementId id, FetchRequest request) {
        return answer(() -> {
            require(id);
            String asked = request.content() + " " + request.orientation() + " " + request.maxRows();
            if (rows == 0 || request.content() == Content.LOG) {
                return EnginePage.of(sent(body(asked)));
            }
            fetches.add(asked);
            EnginePage page = page(request.orientation() == Orientation.FIRST ? 0 : cursor, request.maxRows());
            cursor = page.end();
            return page;
        });
    }

    @Override
    public CompletableFuture<EnginePage> fetchAhead(StatementId id, long row, long maxRows) {
        CompletableFuture<EnginePage> page = answer(() -> {
            require(id);
            fetches.add("AHEAD " + row);
            return page(row, maxRows);
        });
        if (readAheadHeld) {
            CompletableFuture<EnginePage> never = new CompletableFuture<>();
            CompletableFuture<?> unused = never.whenComplete((given, up) -> heldReadAhead.cancel(false));
            return never;
        }
        return page;
    }

    @Override
    public CompletableFuture<Void> take(StatementId id, long row, long taken) {
        return answer(() -> {
            if (cursor != row) {
                throw new CursorMoved("the cursor is at " + cursor);
            }
            fetches.add("TAKE " + row);
            cursor = row + taken;
            return null;
        });
    }

    @Override
    public CompletableFuture<Void> delivered(StatementId id, long row) {
        return answer(() -> {
            fetches.add("DELIVERED");
            return null;
        });
    }

    @Override
    public CompletableFuture<Void> journalStored(SessionId session, List<JournalLine> lines) {
        return answer(() -> {
            require(session);
            unstored.removeAll(lines);
            return null;
        });
    }

    private EnginePage page(long row, long maxRows) {
        long end = Math.min(rows, row + maxRows);
        return new EnginePage(body("rows " + row + " to " + end), row, end - row, end < rows);
    }

    @Override
    public CompletableFuture<Void> cancel(StatementId id) {
        return answer(() -> {
                    require(id);
                    return null;
                })
                .thenRun(() -> end(id, StatementState.CANCELED));
    }

    @Override
    public CompletableFuture<Void> close(StatementId id) {
        return answer(() -> {
            require(id);
            statements.remove(id);
            return null;
        });
    }

    @Override
    public CompletableFuture<Void> lost() {
        return lost;
    }

    /** The session as it was opened here. */
    public Optional<EngineSession> session(SessionId id) {
        return Optional.ofNullable(sessions.get(id));
    }

    public List<StatementId> statements() {
        return List.copyOf(statements.keySet());
    }

    public StatementRequest statement(StatementId id) {
        return statements.get(id);
    }

    /** What is known here of the handle's way to the client. */
    public Handover handle(StatementId id) {
        return handles.get(id);
    }

    /** Lines of journals of which it has not heard that they are stored. */
    public List<JournalLine> unstored() {
        return List.copyOf(unstored);
    }

    /** How long each question for a status was willing to wait. */
    public List<Duration> waits() {
        return List.copyOf(waits);
    }

    public void finish(StatementId id) {
        end(id, StatementState.FINISHED);
    }

    public void fail(StatementId id, StatementFailure failure) {
        end(id, new EngineStatus(StatementStatus.failed(failure, Instant.EPOCH), List.of(), Optional.empty()));
    }

    public void finish(StatementId id, Optional<String> journal, Optional<String> pinned) {
        List<JournalLine> lines =
                journal.map(sql -> new JournalLine(id.value(), sql)).stream().toList();
        unstored.addAll(lines);
        end(id, new EngineStatus(StatementStatus.of(StatementState.FINISHED), lines, pinned));
    }

    /** How many rows each statement has; 0 is not to say. */
    public void hasRows(long number) {
        rows = number;
    }

    /** From now on what is read ahead never comes; the future is cancelled once that is given up. */
    public CompletableFuture<Void> holdReadAhead() {
        readAheadHeld = true;
        return heldReadAhead;
    }

    /** What was asked about rows. */
    public List<String> fetches() {
        return List.copyOf(fetches);
    }

    /** From now on statements end at once, like this. */
    public void endsEarly(EarlyEnd end) {
        earlyEnd = Optional.of(end);
    }

    public void forget(SessionId id) {
        sessions.remove(id);
        statements.keySet().removeIf(statement -> statement.session().equals(id));
    }

    /** From now on no session can be opened. */
    public void refusesToOpen() {
        refusesToOpen = true;
    }

    public void drain() {
        draining = true;
    }

    /** Ends; its connections end with it, at once. */
    public void die() {
        alive = false;
        polls.values().forEach(waiting -> waiting.forEach(poll -> poll.completeExceptionally(lost("died"))));
        lost.complete(null);
    }

    /** Ends; nobody notices before the next call. */
    public void dieSilently() {
        alive = false;
    }

    /** Ends; who looks for it first finds it still there. */
    public void dieSlowly() {
        alive = false;
        seenOnce = true;
    }

    /** Ends when it is asked for something next; who looks for it first finds it still there. */
    public void diesWhenAsked() {
        diesWhenAsked = true;
    }

    /** Ends over the next answer that has a body: its head arrives, and nothing else. */
    public void diesOverNextBody() {
        diesOverNextBody = true;
    }

    /** Lives, but answers nobody. */
    public void hang() {
        hangs = true;
    }

    boolean answers() {
        return alive && !hangs;
    }

    /** Does what it is asked next, but its answer never arrives. */
    public void losesNextAnswer() {
        losesNextAnswer = true;
    }

    /** Accepts no statement until the future that is returned completes. */
    public CompletableFuture<Void> holdStatements() {
        CompletableFuture<Void> hold = new CompletableFuture<>();
        held = Optional.of(hold);
        return hold;
    }

    boolean isAlive() {
        boolean seen = alive || seenOnce;
        seenOnce = false;
        return seen;
    }

    private void end(StatementId id, StatementState state) {
        end(id, new EngineStatus(StatementStatus.of(state), List.copyOf(unstored), Optional.empty()));
    }

    private void end(StatementId id, EngineStatus status) {
        ends.putIfAbsent(id, status);
        Optional.ofNullable(polls.remove(id)).ifPresent(waiting -> waiting.forEach(poll -> poll.complete(status)));
    }

    private void require(SessionId id) {
        if (!sessions.containsKey(id)) {
            throw new UnknownSession("no session " + id);
        }
    }

    private void require(StatementId id) {
        require(id.session());
        if (!statements.containsKey(id)) {
            throw new UnknownStatement("no statement " + id);
        }
    }

    private <T> CompletableFuture<T> answer(Supplier<T> work) {
        if (diesWhenAsked) {
            dieSlowly();
        }
        if (!answers()) {
            return failedFuture(lost("does not answer"));
        }
        try {
            T answer = work.get();
            if (losesNextAnswer) {
                losesNextAnswer = false;
                return failedFuture(lost("broke the connection"));
            }
            return completedFuture(answer);
        } catch (RuntimeException refusal) {
            return failedFuture(refusal);
        }
    }

    private static GatewayException lost(String why) {
        return new GatewayException(ErrorCode.ENGINE_LOST, "The engine " + why);
    }

    private Body sent(Body body) {
        if (!diesOverNextBody) {
            return body;
        }
        body.cancel();
        die();
        return new Body() {
            @Override
            public CompletableFuture<Optional<ByteBuf>> next() {
                return failedFuture(lost("broke the connection"));
            }

            @Override
            public void cancel() {
                // it is over
            }

            @Override
            public void delivered() {
                throw new AssertionError("what has not arrived has been handed on");
            }
        };
    }

    private static Body body(String text) {
        return Body.of(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8));
    }
}
