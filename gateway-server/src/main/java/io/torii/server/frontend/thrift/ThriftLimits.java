package io.torii.server.frontend.thrift;

import io.netty.util.internal.PlatformDependent;
import java.time.Duration;

/**
 * What one client may cost. A duration of zero, and zero connections, mean no limit. Immutable.
 *
 * @param messageBytes a message, all its parts
 * @param heldBytes of messages on all connections together, beyond what each may always hold
 * @param entries of one list, set or map in a message
 * @param depth of structures within each other in a message
 * @param connections at once
 * @param connectionsPerAddress at once from one IP address
 * @param login from connecting to being logged in
 * @param message from a message's first byte to its last
 * @param idle between messages while nothing runs
 * @param stall how long a client may leave what was sent to it unread, and an engine may be silent in an answer
 * @param call how long a call may take that does not wait for a statement's end, where a client's going is not seen
 * @param statement how long a call may wait for a statement's end, where a client's going is not seen
 * @param poll how long a status request is held open: Hive's drivers cannot cancel meanwhile
 */
public record ThriftLimits(
        int messageBytes,
        long heldBytes,
        int entries,
        int depth,
        int connections,
        int connectionsPerAddress,
        Duration login,
        Duration message,
        Duration idle,
        Duration stall,
        Duration call,
        Duration statement,
        Duration poll) {
    private static final int PART_OF_MEMORY = 4;

    public ThriftLimits {
        if (messageBytes < 1
                || heldBytes < 0
                || entries < 1
                || depth < 4
                || connections < 0
                || connectionsPerAddress < 0) {
            throw new IllegalArgumentException("Limits must be positive, and the depth at least 4");
        }
    }

    public static ThriftLimits defaults() {
        return new ThriftLimits(
                16 * 1024 * 1024,
                Math.min(Runtime.getRuntime().maxMemory(), PlatformDependent.maxDirectMemory()) / PART_OF_MEMORY,
                65_536,
                32,
                20_000,
                0,
                Duration.ofSeconds(10),
                Duration.ofMinutes(2),
                Duration.ZERO,
                Duration.ofMinutes(5),
                Duration.ofMinutes(30),
                Duration.ofHours(4),
                Duration.ofMillis(800));
    }

    /** The defaults, but for what an administrator sets. */
    public static ThriftLimits of(
            int messageBytes,
            int connections,
            int connectionsPerAddress,
            Duration login,
            Duration idle,
            Duration poll) {
        ThriftLimits defaults = defaults();
        return new ThriftLimits(
                messageBytes,
                Math.max(defaults.heldBytes, messageBytes),
                defaults.entries,
                defaults.depth,
                connections,
                connectionsPerAddress,
                login,
                defaults.message,
                idle,
                defaults.stall,
                defaults.call,
                defaults.statement,
                poll);
    }
}
