package io.torii.server.store.sql;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;

import io.torii.api.Secret;
import io.torii.api.engine.EngineKey;
import io.torii.api.engine.EngineSpec;
import io.torii.api.engine.LaunchTag;
import io.torii.api.engine.RunningEngine;
import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import io.torii.server.engine.EngineCommand;
import io.torii.server.engine.EngineHome;
import io.torii.server.engine.EngineLoad;
import io.torii.server.engine.Heartbeats;
import io.torii.server.engine.LogText;
import io.torii.server.engine.Registration;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What engines say when they call home, as rows of the registry. Heartbeats are coalesced: the store hears of one in a
 * while, and at once of an engine that begins to drain. Thread-safe.
 */
public final class SqlEngineHome implements EngineHome, Heartbeats {
    private static final Logger log = LoggerFactory.getLogger(SqlEngineHome.class);
    private static final int REMEMBERED = 10_000;

    private final Database database;
    private final SqlEngineRegistry registry;
    private final Clock clock;
    private final Duration storeEvery;
    private final Map<LaunchTag, Heard> heard = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<LaunchTag, Heard> eldest) {
            return size() > REMEMBERED;
        }
    };

    /** What the store was last told of an engine that it knew then. */
    private record Heard(Secret secret, boolean draining, Instant at) {}

    /** @param storeEvery how often the store hears of an engine that is merely alive */
    public SqlEngineHome(Database database, SqlEngineRegistry registry, Clock clock, Duration storeEvery) {
        this.database = requireNonNull(database, "database");
        this.registry = requireNonNull(registry, "registry");
        this.clock = requireNonNull(clock, "clock");
        this.storeEvery = requireNonNull(storeEvery, "storeEvery");
    }

    @Override
    public CompletableFuture<Boolean> register(LaunchTag tag, Secret token, Registration registration) {
        return database.call(handle -> register(handle, tag, token, registration))
                .thenApply(welcome -> {
                    log.atInfo()
                            .addKeyValue("engine", tag)
                            .addKeyValue("host", registration.host())
                            .addKeyValue("port", registration.port())
                            .addKeyValue("welcome", welcome)
                            .log("engine called home");
                    registry.registered();
                    return welcome;
                });
    }

    @Override
    public CompletableFuture<Optional<EngineCommand>> heartbeat(LaunchTag tag, EngineLoad load) {
        Optional<Heard> known = heard(tag);
        Instant now = clock.instant();
        boolean nothingNew = known.filter(last -> last.draining() == load.draining()
                        && last.at().plus(storeEvery).isAfter(now))
                .isPresent();
        if (nothingNew) {
            return completedFuture(Optional.of(EngineCommand.NONE));
        }
        return database.call(handle -> store(handle, tag, load))
                .thenApply(secret -> {
                    remember(tag, secret.map(value -> new Heard(value, load.draining(), now)));
                    return secret.map(there -> EngineCommand.NONE);
                })
                .exceptionallyCompose(failure -> known.isPresent() && isStoreAway(failure)
                        ? completedFuture(Optional.of(EngineCommand.NONE)) // a gateway lives: the engine is no orphan
                        : failedFuture(failure));
    }

    private static boolean isStoreAway(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof GatewayException known && known.code() == ErrorCode.STORE_UNAVAILABLE;
    }

    @Override
    public CompletableFuture<Void> leave(LaunchTag tag, String reason) {
        log.atInfo()
                .addKeyValue("engine", tag)
                .addKeyValue("reason", LogText.oneLine(reason))
                .log("engine leaves");
        remember(tag, Optional.empty());
        return registry.remove(tag);
    }

    @Override
    public CompletableFuture<Optional<Secret>> secretOf(LaunchTag tag) {
        Optional<Heard> known = heard(tag);
        return known.isPresent()
                ? completedFuture(known.map(Heard::secret))
                : registry.find(tag).thenApply(engine -> engine.map(RunningEngine::secret));
    }

    @Override
    public CompletableFuture<Optional<EngineSpec>> specOf(LaunchTag tag) {
        return database.read(handle -> handle.createQuery(
                        "SELECT * FROM engine WHERE tag = :tag AND registered_at IS NOT NULL")
                .bind("tag", tag.value())
                .map((row, context) -> {
                    EngineKey key = EngineRow.of(row).engine().orElseThrow().key();
                    String requestedBy = row.getString("user_name");
                    return new EngineSpec(key, key.owner(requestedBy), requestedBy, Map.of());
                })
                .findOne());
    }

    @Override
    public CompletableFuture<List<RunningEngine>> silentFor(Duration time) {
        return database.read(handle -> handle
                .createQuery("SELECT * FROM engine WHERE registered_at IS NOT NULL AND heard_at <= :before")
                .bind("before", Database.now(handle) - time.toMillis())
                .map((row, context) -> EngineRow.of(row))
                .stream()
                .flatMap(row -> row.engine().stream())
                .toList());
    }

    private static boolean register(Handle handle, LaunchTag tag, Secret token, Registration registration) {
        Optional<EngineRow> found = handle.createQuery("SELECT * FROM engine WHERE tag = :tag FOR UPDATE")
                .bind("tag", tag.value())
                .map((row, context) -> EngineRow.of(row))
                .findOne();
        long now = Database.now(handle);
        if (found.isEmpty() || found.get().isOver(now) || !opens(token, found.get())) {
            return false;
        }
        if (found.get().engine().isPresent()) {
            RunningEngine engine = found.get().engine().get();
            return engine.host().equals(registration.host()) && engine.port() == registration.port();
        }
        handle.createUpdate("UPDATE engine SET registered_at = :now, heard_at = :now, host = :host, port = :port,"
                        + " application_id = :application, web_url = :web, version = :version WHERE tag = :tag")
                .bind("now", now)
                .bind("host", registration.host())
                .bind("port", registration.port())
                .bind("application", registration.applicationId())
                .bind("web", registration.webUrl())
                .bind("version", registration.version())
                .bind("tag", tag.value())
                .execute();
        return true;
    }

    /** The engine's secret, if the store knows the engine. */
    private static Optional<Secret> store(Handle handle, LaunchTag tag, EngineLoad load) {
        handle.createUpdate("UPDATE engine SET heard_at = :now, sessions = :sessions, statements = :statements,"
                        + " serving_key = CASE WHEN :draining THEN NULL ELSE serving_key END"
                        + " WHERE tag = :tag AND registered_at IS NOT NULL")
                .bind("now", Database.now(handle))
                .bind("sessions", load.sessions())
                .bind("statements", load.statements())
                .bind("draining", load.draining())
                .bind("tag", tag.value())
                .execute();
        return handle.createQuery("SELECT secret FROM engine WHERE tag = :tag AND registered_at IS NOT NULL")
                .bind("tag", tag.value())
                .mapTo(String.class)
                .findOne()
                .map(Secret::new);
    }

    private static boolean opens(Secret token, EngineRow row) {
        return MessageDigest.isEqual(
                EngineRow.digest(token.value()).getBytes(StandardCharsets.US_ASCII),
                row.tokenDigest().getBytes(StandardCharsets.US_ASCII));
    }

    private Optional<Heard> heard(LaunchTag tag) {
        synchronized (heard) {
            return Optional.ofNullable(heard.get(tag));
        }
    }

    private void remember(LaunchTag tag, Optional<Heard> news) {
        synchronized (heard) {
            news.ifPresentOrElse(known -> heard.put(tag, known), () -> heard.remove(tag));
        }
    }
}
