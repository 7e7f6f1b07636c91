package io.torii.server.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.torii.api.session.SessionId;
import io.torii.api.session.StatementId;
import io.torii.server.auth.Identity;
import io.torii.server.session.Caller;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatementEventTest {
    @Test
    void aStatementIsInAFlightRecording(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("gateway.jfr");
        StatementId id = StatementId.random(SessionId.random());
        try (Recording recording = new Recording()) {
            recording.enable("io.torii.Statement");
            recording.start();
            StatementEvent event = new StatementEvent();
            event.begin();
            event.ended(
                    new Trace(
                            id,
                            "alice",
                            new Caller(new Identity("alice", Set.of()), "10.0.0.1"),
                            "sql",
                            Optional.empty(),
                            Instant.EPOCH,
                            event),
                    "FINISHED");
            recording.stop();
            recording.dump(file);
        }

        assertThat(RecordingFile.readAllEvents(file))
                .filteredOn(event -> event.getEventType().getName().equals("io.torii.Statement"))
                .singleElement()
                .satisfies(event -> {
                    assertThat(((RecordedEvent) event).getString("statement")).isEqualTo(id.toString());
                    assertThat(((RecordedEvent) event).getString("state")).isEqualTo("FINISHED");
                });
    }
}
