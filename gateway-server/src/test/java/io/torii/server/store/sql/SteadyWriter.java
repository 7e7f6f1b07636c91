package io.torii.server.store.sql;

import io.torii.api.session.SessionId;
import io.torii.server.session.Session;
import io.torii.server.store.SessionRepository.SessionLimits;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;

/** Opens sessions in an embedded store until it is killed, and says of each that it is there. */
public final class SteadyWriter {
    private SteadyWriter() {}

    public static void main(String[] arguments) {
        Database database = Database.open(DatabaseSettings.embedded(Path.of(arguments[0]), 1), Runnable::run);
        SqlSessionRepository sessions = new SqlSessionRepository(database);
        for (int i = 0; i < Integer.MAX_VALUE; i++) {
            SessionId id = SessionId.random();
            sessions.insert(
                            new Session(id, "alice", "10.0.0.1", 9, Map.of(), "", "thrift", Instant.EPOCH),
                            new SessionLimits(0, 0, 0, 0))
                    .join();
            System.out.println("there: " + id);
        }
    }
}
