package io.torii.server.store.sql;

import static java.util.Objects.requireNonNull;

import io.torii.server.store.Duties;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jdbi.v3.core.Handle;

/** Duties as rows. Thread-safe. */
public final class SqlDuties implements Duties {
    private final Database database;

    public SqlDuties(Database database) {
        this.database = requireNonNull(database, "database");
    }

    @Override
    public CompletableFuture<Boolean> hold(String duty, String gateway, Duration lease) {
        return database.call(handle -> take(handle, duty, gateway, lease))
                .exceptionallyCompose(failure -> isConflict(failure)
                        ? CompletableFuture.completedFuture(false) // another gateway was faster
                        : CompletableFuture.failedFuture(failure));
    }

    private static boolean take(Handle handle, String duty, String gateway, Duration lease) {
        long now = Database.now(handle);
        long until = now + lease.toMillis();
        int renewed = handle.createUpdate("UPDATE duty SET gateway = :gateway, lease_until = :until"
                        + " WHERE name = :name AND (gateway = :gateway OR lease_until < :now)")
                .bind("name", duty)
                .bind("gateway", gateway)
                .bind("until", until)
                .bind("now", now)
                .execute();
        if (renewed > 0) {
            return true;
        }
        boolean taken = handle.createQuery("SELECT name FROM duty WHERE name = :name")
                .bind("name", duty)
                .mapTo(String.class)
                .findOne()
                .isPresent();
        if (taken) {
            return false;
        }
        handle.createUpdate("INSERT INTO duty (name, gateway, lease_until) VALUES (:name, :gateway, :until)")
                .bind("name", duty)
                .bind("gateway", gateway)
                .bind("until", until)
                .execute();
        return true;
    }

    private static boolean isConflict(Throwable failure) {
        return Database.isConflict(
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure);
    }
}
