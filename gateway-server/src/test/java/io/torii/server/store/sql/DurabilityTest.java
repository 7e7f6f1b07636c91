package io.torii.server.store.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.torii.api.session.SessionId;
import io.torii.server.ChildJvm;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurabilityTest {
    @TempDir
    private Path directory;

    @Test
    void whatWasAcknowledgedOutlivesAKilledGateway() {
        Path file = directory.resolve("store");
        List<String> acknowledged = new ArrayList<>();

        try (ChildJvm gateway = ChildJvm.run(SteadyWriter.class, file)) {
            for (int i = 0; i < 50; i++) {
                acknowledged.add(gateway.line("there: "));
            }
            gateway.kill().stream()
                    .filter(line -> line.matches("there: .{36}"))
                    .map(line -> line.substring("there: ".length()))
                    .forEach(acknowledged::add);
        }

        try (Database reopened = Database.open(DatabaseSettings.embedded(file, 1), Runnable::run)) {
            SqlSessionRepository sessions = new SqlSessionRepository(reopened);
            assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(50).allSatisfy(id -> assertThat(
                            sessions.find(new SessionId(UUID.fromString(id))).join())
                    .isPresent());
        }
    }
}
