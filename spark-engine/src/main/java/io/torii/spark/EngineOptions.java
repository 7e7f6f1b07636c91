package io.torii.spark;

import static java.util.Objects.requireNonNull;

import io.torii.wire.LaunchFile;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.time.Duration;

/** What a launch file says about the engine's life and limits. A duration of zero is never. Immutable. */
final class EngineOptions {
    private static final long DEFAULT_RESULT_MEMORY = 64L << 20;
    private static final long DEFAULT_RESULT_DISK = 10L << 30;

    private final LaunchFile launch;

    /** Throws IllegalArgumentException with a sentence if a value is none of its kind. */
    EngineOptions(LaunchFile launch) {
        this.launch = requireNonNull(launch, "launch");
        idleTimeout();
        firstSessionTimeout();
        maxLifetime();
        drainTimeout();
        orphanTimeout();
        statementIdleTimeout();
        sessionIdleTimeout();
        tokenInterval();
        resultMemory();
        resultDisk();
    }

    /** How long the engine stays without a session. */
    Duration idleTimeout() {
        return duration("idle-timeout", Duration.ofMinutes(30));
    }

    /** How long it waits for its first session. */
    Duration firstSessionTimeout() {
        return duration("first-session-timeout", Duration.ofMinutes(5));
    }

    /** After how long it takes no new sessions. */
    Duration maxLifetime() {
        return duration("max-lifetime", Duration.ZERO);
    }

    /** How long the sessions that it has then may go on, and after that the statements that run. */
    Duration drainTimeout() {
        return duration("drain-timeout", Duration.ofHours(1));
    }

    /** How long it stays without a gateway that answers. */
    Duration orphanTimeout() {
        return duration("orphan-timeout", Duration.ofMinutes(10));
    }

    /** How long a statement that has ended is kept for nobody. */
    Duration statementIdleTimeout() {
        return duration("statement-idle-timeout", Duration.ofHours(3));
    }

    /** How long a session in which nothing runs is kept for nobody. */
    Duration sessionIdleTimeout() {
        return duration("session-idle-timeout", Duration.ofHours(24));
    }

    /** How often it asks for new delegation tokens, if its cluster wants any. */
    Duration tokenInterval() {
        return duration("token-interval", Duration.ofHours(8));
    }

    /** Bytes. */
    long resultMemory() {
        return bytes("result-memory", DEFAULT_RESULT_MEMORY);
    }

    /** Bytes. */
    long resultDisk() {
        return bytes("result-disk", DEFAULT_RESULT_DISK);
    }

    Path spillDirectory() {
        return Paths.get(launch.option("spill-directory").orElseGet(() -> System.getProperty("java.io.tmpdir")));
    }

    private Duration duration(String key, Duration otherwise) {
        Duration duration = launch.duration(key, otherwise);
        if (duration.isNegative()) {
            throw new IllegalArgumentException("Launch option " + key + ": " + duration + " is negative");
        }
        return duration;
    }

    private long bytes(String key, long otherwise) {
        long bytes = launch.number(key, otherwise);
        if (bytes < 0) {
            throw new IllegalArgumentException("Launch option " + key + ": " + bytes + " is negative");
        }
        return bytes;
    }
}
