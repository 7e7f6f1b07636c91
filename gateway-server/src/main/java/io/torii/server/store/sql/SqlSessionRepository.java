package io.torii.server.store.sql;

import static java.util.Objects.requireNonNull;

import io.torii.api.engine.LaunchTag;
import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import io.torii.api.session.SessionId;
import io.torii.api.session.StatementId;
import io.torii.api.session.StatementState;
import io.torii.server.session.Session;
import io.torii.server.store.SessionRepository;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/** Sessions as rows. Limits are counted under a lock, so that they hold over all gateways. Thread-safe. */
public final class SqlSessionRepository implements SessionRepository {
    private final Database database;

    public SqlSessionRepository(Database database) {
        this.database = requireNonNull(database, "database");
    }

    @Override
    public CompletableFuture<Void> insert(Session session, SessionLimits limits) {
        return database.update(handle -> {
            check(handle, session, limits);
            return handle.createUpdate(
                            "INSERT INTO session (id, user_name, login_name, address, protocol_version,"
                                    + " frontend, database_name, settings, opened_at, used_at, engine, pinned) VALUES (:id, :user,"
                                    + " :login, :address, :protocol, :frontend, :database, :settings, :opened, :opened, NULL, '')")
                    .bind("id", session.id().value())
                    .bind("user", session.user())
                    .bind("login", session.login())
                    .bind("address", session.address())
                    .bind("protocol", session.protocolVersion())
                    .bind("frontend", session.frontend())
                    .bind("database", session.database())
                    .bind("settings", JsonText.of(session.settings()))
                    .bind("opened", session.openedAt().toEpochMilli())
                    .execute();
        });
    }

    @Override
    public CompletableFuture<Optional<StoredSession>> find(SessionId id) {
        return database.read(handle -> handle.createQuery("SELECT * FROM session WHERE id = :id")
                .bind("id", id.value())
                .map((row, context) -> stored(row))
                .findOne());
    }

    @Override
    public CompletableFuture<Void> touch(SessionId id, Instant usedAt) {
        return database.update(
                handle -> handle.createUpdate("UPDATE session SET used_at = :at WHERE id = :id AND used_at < :at")
                        .bind("id", id.value())
                        .bind("at", usedAt.toEpochMilli())
                        .execute());
    }

    @Override
    public CompletableFuture<Void> bind(SessionId id, Optional<LaunchTag> engine) {
        return database.call(handle -> handle.createUpdate("UPDATE session SET engine = :engine WHERE id = :id")
                        .bind("id", id.value())
                        .bind("engine", engine.map(LaunchTag::value))
                        .execute())
                .thenAccept(rows -> {
                    if (rows == 0) {
                        throw new GatewayException(ErrorCode.INVALID_HANDLE, "Session " + id + " was closed");
                    }
                });
    }

    @Override
    public CompletableFuture<Boolean> bindNew(SessionId id, Map<String, String> settings, LaunchTag engine) {
        return database.call(handle -> handle.createUpdate(
                                "UPDATE session SET engine = :engine WHERE id = :id"
                                        + " AND engine IS NULL AND settings = :settings"
                                        + " AND NOT EXISTS (SELECT 1 FROM session_journal WHERE session_id = :id)"
                                        + " AND NOT EXISTS (SELECT 1 FROM statement WHERE session_id = :id AND state = :pending)")
                        .bind("id", id.value())
                        .bind("pending", StatementState.PENDING.name())
                        .bind("engine", engine.value())
                        .bind("settings", JsonText.of(settings))
                        .execute()
                == 1);
    }

    @Override
    public CompletableFuture<List<String>> journal(SessionId id) {
        return database.read(handle ->
                SqlJournal.lines(handle, id).stream().map(SqlJournal.Line::sql).toList());
    }

    @Override
    public CompletableFuture<Void> appendJournal(StatementId statement, String sql) {
        return database.update(handle -> SqlJournal.append(handle, statement, sql));
    }

    @Override
    public CompletableFuture<Void> putSetting(SessionId id, String key, String value) {
        return database.update(handle -> {
            Optional<String> json = handle.createQuery("SELECT settings FROM session WHERE id = :id FOR UPDATE")
                    .bind("id", id.value())
                    .mapTo(String.class)
                    .findOne();
            if (json.isEmpty()) {
                return 0;
            }
            Map<String, String> settings = new TreeMap<>(JsonText.settings(json.get()));
            settings.put(key, value);
            return handle.createUpdate("UPDATE session SET settings = :settings WHERE id = :id")
                    .bind("id", id.value())
                    .bind("settings", JsonText.of(settings))
                    .execute();
        });
    }

    @Override
    public CompletableFuture<Void> markRoaming(SessionId id) {
        return database.update(handle -> handle.createUpdate("UPDATE session SET roaming = TRUE WHERE id = :id")
                .bind("id", id.value())
                .execute());
    }

    @Override
    public CompletableFuture<Boolean> isRoaming(SessionId id) {
        return database.read(handle -> handle.createQuery("SELECT roaming FROM session WHERE id = :id")
                .bind("id", id.value())
                .mapTo(Boolean.class)
                .findOne()
                .orElse(false));
    }

    @Override
    public CompletableFuture<Void> pin(SessionId id, String reason) {
        return database.update(handle -> handle.createUpdate("UPDATE session SET pinned = :reason WHERE id = :id")
                .bind("id", id.value())
                .bind("reason", reason)
                .execute());
    }

    @Override
    public CompletableFuture<Optional<StoredSession>> delete(SessionId id) {
        return database.call(handle -> {
            Optional<StoredSession> last = handle.createQuery("SELECT * FROM session WHERE id = :id FOR UPDATE")
                    .bind("id", id.value())
                    .map((row, context) -> stored(row))
                    .findOne();
            handle.createUpdate("DELETE FROM session WHERE id = :id")
                    .bind("id", id.value())
                    .execute();
            return last;
        });
    }

    @Override
    public CompletableFuture<List<SessionId>> idleSince(Instant usedBefore, int max) {
        return database.read(handle -> handle.createQuery(
                        "SELECT id FROM session WHERE used_at < :before ORDER BY used_at LIMIT :max")
                .bind("before", usedBefore.toEpochMilli())
                .bind("max", max)
                .map((row, context) -> new SessionId(row.getObject("id", UUID.class)))
                .list());
    }

    @Override
    public CompletableFuture<Long> count() {
        return database.read(handle -> handle.createQuery("SELECT COUNT(*) FROM session")
                .mapTo(Long.class)
                .one());
    }

    /** Whoever opens a session while there are limits waits for whoever does so at the same moment. */
    private static void check(Handle handle, Session session, SessionLimits limits) {
        if (limits.total() + limits.perUser() + limits.perAddress() + limits.perUserAndAddress() == 0) {
            return;
        }
        handle.createQuery("SELECT what FROM counted WHERE what = 'sessions' FOR UPDATE")
                .mapTo(String.class)
                .one();
        Map<String, String> user = Map.of("user_name", session.user());
        Map<String, String> address = Map.of("address", session.address());
        Map<String, String> both = Map.of("user_name", session.user(), "address", session.address());
        String ofUser = " of user " + session.user();
        String from = " from " + session.address();
        check(handle, limits.total(), Map.of(), "");
        check(handle, limits.perUser(), user, ofUser);
        check(handle, limits.perAddress(), address, from);
        check(handle, limits.perUserAndAddress(), both, ofUser + from);
    }

    /** @param which values of columns that sessions must have to be counted */
    private static void check(Handle handle, int limit, Map<String, String> which, String whose) {
        if (limit == 0) {
            return;
        }
        String condition = which.keySet().stream()
                .map(column -> " AND " + column + " = :" + column)
                .collect(Collectors.joining());
        long open = handle.createQuery("SELECT COUNT(*) FROM session WHERE TRUE" + condition)
                .bindMap(which)
                .mapTo(Long.class)
                .one();
        if (open >= limit) {
            throw new GatewayException(
                    ErrorCode.TOO_MANY_SESSIONS,
                    "There are " + open + " open sessions" + whose + ", as many as there may be; close some, or ask"
                            + " the administrator for more");
        }
    }

    private static StoredSession stored(ResultSet row) throws SQLException {
        Session session = new Session(
                new SessionId(row.getObject("id", UUID.class)),
                row.getString("user_name"),
                Optional.ofNullable(row.getString("login_name")).orElse(row.getString("user_name")),
                row.getString("address"),
                row.getInt("protocol_version"),
                JsonText.settings(row.getString("settings")),
                row.getString("database_name"),
                row.getString("frontend"),
                Instant.ofEpochMilli(row.getLong("opened_at")));
        return new StoredSession(
                session,
                Instant.ofEpochMilli(row.getLong("used_at")),
                Optional.ofNullable(row.getString("engine")).map(LaunchTag::new),
                row.getString("pinned"));
    }
}
