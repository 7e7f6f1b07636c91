package io.torii.server.frontend.thrift;

import io.torii.api.session.SessionId;
import io.torii.server.session.Caller;
import io.torii.server.session.Session;
import io.torii.server.session.Sessions;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * The client of a single request that says who it is: nothing is kept, and no session depends on it. Thread-safe.
 *
 * @param calls hears which of the caller's sessions the request is for
 */
record RequestClient(Sessions sessions, Caller caller, String frontend, Consumer<SessionId> calls)
        implements HiveClient {
    @Override
    public CompletableFuture<Caller> admit(String user, String password) {
        return CompletableFuture.completedFuture(caller);
    }

    @Override
    public Caller callerOf(SessionId id) {
        return caller;
    }

    @Override
    public CompletableFuture<Integer> versionOf(SessionId id) {
        return sessions.require(id, caller).thenApply(session -> {
            calls.accept(id);
            return session.protocolVersion();
        });
    }

    @Override
    public void used(Session session, Caller user) {
        // the next request may come to another gateway
    }

    @Override
    public void closed(SessionId id) {
        // nothing was kept
    }
}
