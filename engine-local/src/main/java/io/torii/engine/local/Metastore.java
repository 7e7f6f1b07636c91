package io.torii.engine.local;

import static java.util.concurrent.CompletableFuture.completedFuture;

import java.net.URI;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Where engines find the Hive metastore that they share. Thread-safe. */
@FunctionalInterface
public interface Metastore {
    /** Its Thrift address, started if need be; empty means that engines have an in-memory catalog each. */
    CompletableFuture<Optional<URI>> address();

    /** No metastore: tables last as long as their engine. */
    static Metastore none() {
        return () -> completedFuture(Optional.empty());
    }

    /** One that somebody else runs. */
    static Metastore at(URI address) {
        return () -> completedFuture(Optional.of(address));
    }
}
