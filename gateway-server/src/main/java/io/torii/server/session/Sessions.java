package io.torii.server.session;

import io.torii.api.session.SessionId;
import java.util.concurrent.CompletableFuture;

/**
 * Opens, finds and closes sessions. Calls return at once and never throw; futures fail with a GatewayException:
 * INVALID_HANDLE for a session that is not there, NOT_THE_OWNER for somebody else's. Thread-safe.
 */
public interface Sessions {
    /** Opens a session: a row in the store, no engine yet. */
    CompletableFuture<Session> open(SessionRequest request);

    /** The session, if it is the caller's; counts as a use of it. */
    CompletableFuture<Session> require(SessionId id, Caller caller);

    CompletableFuture<Void> close(SessionId id, Caller caller);

    /**
     * The connection over which this session was opened or last used has ended without closing it: unless it is used again
     * within the grace period, its statements are cancelled and it is closed.
     */
    void connectionLost(SessionId id);
}
