package io.torii.server.store.sql;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.CompletableFuture.failedFuture;

import io.torii.api.engine.EngineKey;
import io.torii.api.engine.EngineLaunch;
import io.torii.api.engine.EngineLimits;
import io.torii.api.engine.EngineRegistry;
import io.torii.api.engine.LaunchTag;
import io.torii.api.engine.RunningEngine;
import io.torii.server.session.Timers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/**
 * Launches and engines as rows that all gateways share: a unique column holds the key of whoever serves it or may launch
 * for it. Leases run by the store's clock. Thread-safe.
 */
public final class SqlEngineRegistry implements EngineRegistry {
    private static final int TURNS = 10;

    private final Database database;
    private final EngineLimits limits;
    private final Registrations registrations;

    public SqlEngineRegistry(Database database, Timers timers, EngineLimits limits) {
        this.database = requireNonNull(database, "database");
        this.limits = requireNonNull(limits, "limits");
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
        boolean counts = limits.limit(key.cluster());
        if (counts) {
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
        if (counts) {
            limits.check(launch.spec(), (user, cluster) -> count(handle, user, cluster));
        }
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

    private static long count(Handle handle, Optional<String> user, Optional<String> cluster) {
        return handle.createQuery("SELECT COUNT(*) FROM engine WHERE serving_key IS NOT NULL"
                        + (user.isPresent() ? " AND user_name = :user" : "")
                        + (cluster.isPresent() ? " AND cluster = :cluster" : ""))
                .bindMap(Stream.of(Map.entry("user", user), Map.entry("cluster", cluster))
                        .filter(named -> named.getValue().isPresent())
                        .collect(Collectors.toMap(
                                Map.Entry::getKey, named -> named.getValue().get())))
                .mapTo(Long.class)
                .one();
    }
}
