package io.torii.server.frontend.thrift;

import io.torii.api.Secret;
import io.torii.api.session.SessionId;
import io.torii.server.auth.Identity;
import io.torii.server.auth.Logins;
import io.torii.server.session.Caller;
import io.torii.server.session.Session;
import io.torii.server.session.Sessions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Who is at the other end of a connection, and which sessions were opened or used over it: these are told when it ends.
 * Thread-safe.
 */
final class ConnectionSessions implements HiveClient {
    private static final int REMEMBERED = 1_000;
    private static final Identity NOBODY = new Identity("anonymous", Set.of());

    private record Known(Caller caller, int version) {}

    private final Sessions sessions;
    private final Logins logins;
    private final String address;
    private final Optional<Identity> authenticated;
    private final Map<SessionId, Known> known = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<SessionId, Known> eldest) {
            return size() > REMEMBERED;
        }
    };
    private Caller latest;
    private boolean ended;

    /** @param authenticated empty on a connection without SASL, where each session names its user */
    ConnectionSessions(Sessions sessions, Logins logins, String address, Optional<Identity> authenticated) {
        this.sessions = sessions;
        this.logins = logins;
        this.address = address;
        this.authenticated = authenticated;
        this.latest = new Caller(authenticated.orElse(NOBODY), address);
    }

    @Override
    public String frontend() {
        return "thrift-binary";
    }

    @Override
    public CompletableFuture<Caller> admit(String user, String password) {
        CompletableFuture<Identity> identity = authenticated
                .map(CompletableFuture::completedFuture)
                .orElseGet(() -> logins.login(user, new Secret(password), address));
        return identity.thenApply(who -> new Caller(who, address));
    }

    @Override
    public synchronized Caller callerOf(SessionId id) {
        Known session = known.get(id);
        return session == null ? latest : session.caller;
    }

    @Override
    public CompletableFuture<Integer> versionOf(SessionId id) {
        Caller caller;
        synchronized (this) {
            Known session = known.get(id);
            if (session != null) {
                return CompletableFuture.completedFuture(session.version);
            }
            caller = latest;
        }
        return sessions.require(id, caller).thenApply(session -> {
            used(session, caller);
            return session.protocolVersion();
        });
    }

    @Override
    public void used(Session session, Caller caller) {
        synchronized (this) {
            if (!ended) {
                known.put(session.id(), new Known(caller, session.protocolVersion()));
                latest = caller;
                return;
            }
        }
        sessions.connectionLost(session.id());
    }

    @Override
    public synchronized void closed(SessionId id) {
        known.remove(id);
    }

    /** @param lost whether sessions are to be told: not if the gateway itself ends the connection */
    void end(boolean lost) {
        List<SessionId> left;
        synchronized (this) {
            ended = true;
            left = List.copyOf(known.keySet());
            known.clear();
        }
        if (lost) {
            left.forEach(sessions::connectionLost);
        }
    }
}
