package io.torii.server.frontend.thrift;

import io.torii.api.session.SessionId;
import io.torii.server.session.Caller;
import io.torii.server.session.Session;
import java.util.concurrent.CompletableFuture;

/** Who makes a call, and what the transport must know of it. Thread-safe. */
interface HiveClient {
    /** The name of the transport, for people. */
    String frontend();

    /** For whom a session is to be opened. Whoever has logged in cannot open one in another name. */
    CompletableFuture<Caller> admit(String user, String password);

    Caller callerOf(SessionId id);

    /** The protocol that a session was opened with, perhaps elsewhere. Fails if it is not the caller's. */
    CompletableFuture<Integer> versionOf(SessionId id);

    /** A session was opened, or has been used. */
    void used(Session session, Caller caller);

    void closed(SessionId id);
}
