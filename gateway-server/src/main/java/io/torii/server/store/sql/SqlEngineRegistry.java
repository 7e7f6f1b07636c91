package io.torii.server.store.sql;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.CompletableFuture.failedFuture;

import io.torii.api.engine.EngineKey;
import io.torii.api.engine.EngineLaunch;
import io.torii.api.engine.EngineRegistry;
import io.torii.api.engine.LaunchTag;
import io.torii.api.engine.RunningEngine;
import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import io.torii.server.session.Timers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/**
 * Launches and engines as rows that all gateways share: a unique column holds the key of whoever serves it or may launch
 * for it. Leases run by the store's clock. Thread-safe.
 */
public final class SqlEngineRegistry implements EngineRegistry {
    private static final int TURNS = 10;

    private final Database database;
    private final int enginesPerUser;
    private final Registrations registrations;

    /** @param enginesPerUser how many that a user has asked for may be starting or taking sessions; 0 is no limit */
    public SqlEngineRegistry(Database database, Timers timers, int enginesPerUser) {
        this.database = requireNonNull(database, "database");
        this.enginesPerUser = enginesPerUser;
        this.registrations = new Registrations(database, timers);
    }

    @Override
    public CompletableFuture<Optional<RunningEngine>> find(EngineKey key) {
        return database.read(handle -> handle.createQuery(
                        "SELECT * FROM engine WHERE serving_key = :key AND registered_at IS NOT NULL")
                .bind("key", EngineRow.digest(key))
                .map((row, context) -> EngineRow.of(row))
                .findOne()
                .flatMap(EngineRow::engine));
    }

    @Override
    public CompletableFuture<Optional<RunningEngine>> find(LaunchTag tag) {
        return database.read(handle -> handle.createQuery("SELECT * FROM engine WHERE tag = :tag")
                .bind("tag", tag.value())
                .map((row, context) -> EngineRow.of(row))
                .findOne()
                .flatMap(EngineRow::engine));
    }

    @Override
    public CompletableFuture<List<RunningEngine>> all() {
        return database.read(handle -> handle
                .createQuery("SELECT * FROM engine WHERE registered_at IS NOT NULL ORDER BY registered_at")
                .map((row, context) -> EngineRow.of(row))
                .stream()
                .flatMap(row -> row.engine().stream())
                .toList());
    }

    @Override
    public CompletableFuture<Set<LaunchTag>> tags() {
        return database.read(handle -> handle
                .createQuery("SELECT tag FROM engine WHERE registered_at IS NOT NULL OR lease_until > :now")
                .bind("now", Database.now(handle))
                .mapTo(String.class)
                .stream()
                .map(LaunchTag::new)
                .collect(Collectors.toSet()));
    }

    @Override
    public CompletableFuture<LaunchTag> tryLease(EngineLaunch launch, Duration limit) {
        return tryLease(launch, limit, TURNS);
    }

    /** Two gateways may both find the key free: the unique column lets one of them in, the other looks again. */
    private CompletableFuture<LaunchTag> tryLease(EngineLaunch launch, Duration limit, int turns) {
        return database.call(handle -> lease(handle, launch, limit))
                .exceptionallyCompose(failure -> turns > 1 && Database.isConflict(failure)
                        ? tryLease(launch, limit, turns - 1)
                        : failedFuture(failure));
    }

    @Override
    public CompletableFuture<Optional<RunningEngine>> registrationOf(LaunchTag tag) {
        return registrations.of(tag);
    }

    @Override
    public CompletableFuture<Void> release(LaunchTag tag) {
        return database.update(
                        handle -> handle.createUpdate("DELETE FROM engine WHERE tag = :tag AND registered_at IS NULL")
                                .bind("tag", tag.value())
                                .execute())
                .thenRun(registrations::look);
    }

    @Override
    public CompletableFuture<Void> remove(LaunchTag tag) {
        return database.update(handle -> handle.createUpdate("DELETE FROM engine WHERE tag = :tag")
                        .bind("tag", tag.value())
                        .execute())
                .thenRun(registrations::look);
    }

    /** Whoever waits for a registration at this gateway is told now, not at the next look. */
    void registered() {
        registrations.look();
    }

    private LaunchTag lease(Handle handle, EngineLaunch launch, Duration limit) {
        EngineKey key = launch.spec().key();
        if (enginesPerUser > 0) {
            lockCount(handle);
        }
        long now = Database.now(handle);
        Registrations.deleteLapsed(handle, now);
        Optional<String> holder = handle.createQuery("SELECT tag FROM engine WHERE serving_key = :key")
                .bind("key", EngineRow.digest(key))
                .mapTo(String.class)
                .findOne();
        if (holder.isPresent()) {
            return new LaunchTag(holder.get());
        }
        checkLimit(handle, launch.spec().requestedBy());
        handle.createUpdate("INSERT INTO engine (tag, serving_key, user_name, cluster, engine_type, profile,"
                        + " share_level, identity, queue, subdomain, fingerprint, token_digest, secret, lease_until, sessions,"
                        + " statements) VALUES (:tag, :key, :user, :cluster, :type, :profile, :level, :identity,"
                        + " :queue, :subdomain, :fingerprint, :token, :secret, :until, 0, 0)")
                .bind("tag", launch.tag().value())
                .bind("key", EngineRow.digest(key))
                .bind("user", launch.spec().requestedBy())
                .bind("cluster", key.cluster())
                .bind("type", key.engineType())
                .bind("profile", key.profile())
                .bind("level", key.shareLevel().name())
                .bind("identity", key.identity())
                .bind("queue", key.queue())
                .bind("subdomain", key.subdomain())
                .bind("fingerprint", key.fingerprint())
                .bind("token", EngineRow.digest(launch.token().value()))
                .bind("secret", launch.secret().value())
                .bind("until", now + limit.toMillis())
                .execute();
        return launch.tag();
    }

    /** Whoever may have to count engines waits for whoever does so; what that one has added is then found, not counted. */
    private static void lockCount(Handle handle) {
        handle.createQuery("SELECT what FROM counted WHERE what = 'engines' FOR UPDATE")
                .mapTo(String.class)
                .one();
    }

    /** Engines that drain are not counted: what takes their place would else be refused. */
    private void checkLimit(Handle handle, String user) {
        if (enginesPerUser == 0) {
            return;
        }
        long engines = handle.createQuery(
                        "SELECT COUNT(*) FROM engine WHERE user_name = :user AND serving_key IS NOT NULL")
                .bind("user", user)
                .mapTo(Long.class)
                .one();
        if (engines >= enginesPerUser) {
            throw new GatewayException(
                    ErrorCode.TOO_MANY_ENGINES,
                    "User " + user + " has " + engines + " engines, as many as there may be; use an engine that"
                            + " runs (the same sub-domain and launch settings), or wait until one of them ends");
        }
    }
}
