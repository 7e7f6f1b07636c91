package io.torii.server.frontend.thrift;

import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import io.torii.api.session.SessionId;
import io.torii.server.session.Caller;
import io.torii.server.session.Session;
import io.torii.server.session.SessionRequest;
import io.torii.server.session.Sessions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;

/** Sessions in a map, which remember what was asked of them. */
final class FakeSessions implements Sessions {
    final Map<SessionId, Session> open = new ConcurrentHashMap<>();
    final List<SessionRequest> requests = new CopyOnWriteArrayList<>();
    final BlockingQueue<SessionId> lost = new LinkedBlockingQueue<>();
    volatile GatewayException refusal;
    volatile Map<String, String> settings = Map.of();

    @Override
    public CompletableFuture<Session> open(SessionRequest request) {
        requests.add(request);
        if (refusal != null) {
            return CompletableFuture.failedFuture(refusal);
        }
        Session session = new Session(
                SessionId.random(),
                request.caller().user(),
                request.caller().address(),
                request.protocolVersion(),
                settings,
                "",
                request.frontend(),
                Instant.EPOCH);
        open.put(session.id(), session);
        return CompletableFuture.completedFuture(session);
    }

    @Override
    public CompletableFuture<Session> require(SessionId id, Caller caller) {
        Session session = open.get(id);
        if (session == null) {
            return CompletableFuture.failedFuture(
                    new GatewayException(ErrorCode.INVALID_HANDLE, "There is no session " + id));
        }
        if (!session.user().equals(caller.user())) {
            return CompletableFuture.failedFuture(
                    new GatewayException(ErrorCode.NOT_THE_OWNER, "Session " + id + " is not " + caller.user() + "'s"));
        }
        return CompletableFuture.completedFuture(session);
    }

    @Override
    public CompletableFuture<Void> close(SessionId id, Caller caller) {
        return require(id, caller).thenAccept(session -> open.remove(id));
    }

    @Override
    public void connectionLost(SessionId id) {
        lost.add(id);
    }
}
