package io.torii.engine.yarn.agent.hadoop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoginPauseTest {
    private static final IOException REFUSED = new IOException("Pre-authentication information was invalid (24)");

    @TempDir
    Path directory;

    private Instant now = Instant.EPOCH;
    private Path keytab;
    private LoginPause pause;

    @BeforeEach
    void make() throws IOException {
        keytab = Files.writeString(directory.resolve("keytab"), "a key");
        Clock clock = new Clock() {
            @Override
            public ZoneOffset getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(java.time.ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return now;
            }
        };
        pause = new LoginPause(Optional.of(keytab), clock);
    }

    @Test
    void aKdcThatIsSilentOrNotFoundIsAskedEveryTenSeconds() {
        for (Exception silence : List.of(
                new SocketTimeoutException("Receive timed out"),
                new IOException("Login failure", new IOException("Cannot locate KDC")),
                new IllegalArgumentException("Can't get Kerberos realm"))) {
            pause.loginBegins();
            pause.loginEnded(Optional.of(silence));
            assertThat(length()).isEqualTo(Duration.ofSeconds(10));
        }
    }

    @Test
    void oneThatRefusesIsAskedLessAndLessOften() {
        long[] minutes = {1, 2, 4, 8, 15, 15};
        for (long expected : minutes) {
            pause.loginBegins();
            pause.loginEnded(Optional.of(REFUSED));
            assertThat(length()).isEqualTo(Duration.ofMinutes(expected));
        }

        pause.loginEnded(Optional.empty());
        assertThat(length()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void aNewKeytabIsTriedAtOnce() throws IOException {
        pause.loginBegins();
        pause.loginEnded(Optional.of(REFUSED));
        assertThat(pause.isOver()).isFalse();

        Files.setLastModifiedTime(keytab, FileTime.from(Instant.parse("2030-01-01T00:00:00Z")));

        assertThat(pause.isOver()).isTrue();
    }

    @Test
    void oneThatComesWhileTheOldOneIsTriedIsTriedAtOnceToo() throws IOException {
        pause.loginBegins();
        Files.setLastModifiedTime(keytab, FileTime.from(Instant.parse("2030-01-01T00:00:00Z")));

        pause.loginEnded(Optional.of(REFUSED));

        assertThat(pause.isOver()).isTrue();
    }

    /** By seconds; time goes on by as much. */
    private Duration length() {
        Instant begin = now;
        while (!pause.isOver()) {
            now = now.plusSeconds(1);
        }
        return Duration.between(begin, now);
    }
}
