package io.torii.server.store.sql;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.CompletableFuture.failedFuture;

import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import io.torii.api.session.SessionId;
import io.torii.api.session.StatementFailure;
import io.torii.api.session.StatementId;
import io.torii.api.session.StatementState;
import io.torii.server.session.StatementRequest;
import io.torii.server.store.StatementRepository;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jdbi.v3.core.Handle;

/** Waiting statements as rows, leased by the store's clock. Thread-safe. */
public final class SqlStatementRepository implements StatementRepository {
    private static final int AT_ONCE = 500;

    private final Database database;

    public SqlStatementRepository(Database database) {
        this.database = requireNonNull(database, "database");
    }

    @Override
    public CompletableFuture<Void> insert(StatementId id, StatementRequest request, String gateway, Duration lease) {
        return database.update(handle -> {
                    long now = Database.now(handle);
                    return handle.createUpdate(
                                    "INSERT INTO statement (id, session_id, sql_text, overlay, timeout_millis,"
                                            + " gateway, state, failure, submitted_at, lease_until) VALUES (:id, :session, :sql, :overlay,"
                                            + " :timeout, :gateway, :state, NULL, :now, :lease)")
                            .bind("id", id.value())
                            .bind("session", id.session().value())
                            .bind("sql", request.sql())
                            .bind("overlay", JsonText.of(request.overlay()))
                            .bind("timeout", request.timeout().map(Duration::toMillis))
                            .bind("gateway", gateway)
                            .bind("state", StatementState.PENDING.name())
                            .bind("now", now)
                            .bind("lease", now + lease.toMillis())
                            .execute();
                })
                .exceptionallyCompose(failure -> failedFuture(Database.isConflict(failure) ? ended(id) : failure));
    }

    @Override
    public CompletableFuture<Optional<StoredStatement>> find(StatementId id) {
        return database.read(
                handle -> handle.createQuery("SELECT * FROM statement WHERE id = :id AND session_id = :session")
                        .bind("id", id.value())
                        .bind("session", id.session().value())
                        .map((row, context) -> stored(row))
                        .findOne());
    }

    @Override
    public CompletableFuture<Void> renewLeases(String gateway, Collection<StatementId> held, Duration lease) {
        List<UUID> ids = held.stream().map(StatementId::value).toList();
        return database.update(handle -> {
            long until = Database.now(handle) + lease.toMillis();
            int renewed = 0;
            for (int from = 0; from < ids.size(); from += AT_ONCE) {
                renewed += renew(handle, gateway, ids.subList(from, Math.min(ids.size(), from + AT_ONCE)), until);
            }
            return renewed;
        });
    }

    @Override
    public CompletableFuture<Void> finish(StatementId id, StatementState state, Optional<StatementFailure> failure) {
        return database.update(handle -> handle.createUpdate(
                        "UPDATE statement SET state = :state, failure = :failure WHERE id = :id AND state = :pending")
                .bind("id", id.value())
                .bind("state", state.name())
                .bind("failure", failure.map(JsonText::of))
                .bind("pending", StatementState.PENDING.name())
                .execute());
    }

    @Override
    public CompletableFuture<Void> delete(StatementId id) {
        return database.update(handle -> handle.createUpdate("DELETE FROM statement WHERE id = :id")
                .bind("id", id.value())
                .execute());
    }

    @Override
    public CompletableFuture<List<StoredStatement>> takeOver(String gateway, Duration lease, int max) {
        return database.call(handle -> {
            long now = Database.now(handle);
            List<StoredStatement> lapsed = handle.createQuery("SELECT * FROM statement WHERE state = :pending"
                            + " AND lease_until <= :now ORDER BY lease_until, id LIMIT :max")
                    .bind("pending", StatementState.PENDING.name())
                    .bind("now", now)
                    .bind("max", max)
                    .map((row, context) -> stored(row))
                    .list();
            List<StoredStatement> taken = new ArrayList<>();
            for (StoredStatement statement : lapsed) {
                if (take(handle, statement.id(), gateway, now, now + lease.toMillis())) {
                    taken.add(statement);
                }
            }
            return taken;
        });
    }

    @Override
    public CompletableFuture<List<StatementId>> waitingLike(SessionId session, StatementRequest request) {
        return database.read(handle -> handle.createQuery(
                        "SELECT id, overlay FROM statement WHERE session_id = :session AND state = :pending"
                                + " AND sql_text = :sql")
                .bind("session", session.value())
                .bind("pending", StatementState.PENDING.name())
                .bind("sql", request.sql())
                .reduceRows(new ArrayList<StatementId>(), (same, row) -> {
                    if (JsonText.settings(row.getColumn("overlay", String.class))
                            .equals(request.overlay())) {
                        same.add(new StatementId(session, row.getColumn("id", UUID.class)));
                    }
                    return same;
                }));
    }

    private static int renew(Handle handle, String gateway, List<UUID> ids, long until) {
        return handle.createUpdate("UPDATE statement SET lease_until = :until WHERE id IN (<ids>)"
                        + " AND gateway = :gateway AND state = :pending")
                .bindList("ids", ids)
                .bind("until", until)
                .bind("gateway", gateway)
                .bind("pending", StatementState.PENDING.name())
                .execute();
    }

    private static GatewayException ended(StatementId id) {
        return new GatewayException(
                ErrorCode.INVALID_HANDLE, "Session " + id.session() + " was closed before the statement could start");
    }

    /** False if another gateway was faster, or the statement has ended meanwhile. */
    private static boolean take(Handle handle, StatementId id, String gateway, long now, long until) {
        return handle.createUpdate("UPDATE statement SET gateway = :gateway, lease_until = :until"
                                + " WHERE id = :id AND state = :pending AND lease_until <= :now")
                        .bind("gateway", gateway)
                        .bind("until", until)
                        .bind("id", id.value())
                        .bind("pending", StatementState.PENDING.name())
                        .bind("now", now)
                        .execute()
                == 1;
    }

    private static StoredStatement stored(ResultSet row) throws SQLException {
        long millis = row.getLong("timeout_millis");
        Optional<Duration> timeout = row.wasNull() ? Optional.empty() : Optional.of(Duration.ofMillis(millis));
        return new StoredStatement(
                new StatementId(
                        new SessionId(row.getObject("session_id", UUID.class)), row.getObject("id", UUID.class)),
                new StatementRequest(row.getString("sql_text"), JsonText.settings(row.getString("overlay")), timeout),
                row.getString("gateway"),
                StatementState.valueOf(row.getString("state")),
                Optional.ofNullable(row.getString("failure")).map(JsonText::failure),
                Instant.ofEpochMilli(row.getLong("submitted_at")));
    }
}
