package io.torii.server.store.sql;

import static java.util.Objects.requireNonNull;

import io.torii.api.Secret;
import io.torii.server.store.SharedSecrets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jdbi.v3.core.Handle;

/** Secrets as rows. Thread-safe. */
public final class SqlSharedSecrets implements SharedSecrets {
    private final Database database;

    public SqlSharedSecrets(Database database) {
        this.database = requireNonNull(database, "database");
    }

    @Override
    public CompletableFuture<Secret> get(String name) {
        return database.call(handle -> find(handle, name).orElseGet(() -> insert(handle, name)))
                .exceptionallyCompose(failure -> isConflict(failure)
                        ? database.call(handle -> find(handle, name).orElseThrow()) // another gateway was faster
                        : CompletableFuture.failedFuture(failure));
    }

    private static Optional<Secret> find(Handle handle, String name) {
        return handle.createQuery("SELECT content FROM shared_secret WHERE name = :name")
                .bind("name", name)
                .mapTo(String.class)
                .findOne()
                .map(Secret::new);
    }

    private static Secret insert(Handle handle, String name) {
        Secret made = Secret.random();
        handle.createUpdate("INSERT INTO shared_secret (name, content) VALUES (:name, :content)")
                .bind("name", name)
                .bind("content", made.value())
                .execute();
        return made;
    }

    private static boolean isConflict(Throwable failure) {
        return Database.isConflict(
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure);
    }
}
