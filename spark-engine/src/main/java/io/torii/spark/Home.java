package io.torii.spark;

import io.torii.wire.HomeCommand;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** The gateways that this engine calls; any of them will do. Calls block, for a bounded time. One thread at a time. */
interface Home {
    /** How long to wait between heartbeats; empty if the engine is refused. Throws if no gateway answered. */
    Optional<Duration> register() throws IOException;

    /** Tells the engine's state. Throws if no gateway answered. */
    HomeCommand heartbeat(boolean draining, int sessions, int statements) throws IOException;

    /** Says that the engine ends of its own will. Throws if no gateway answered. */
    void leave(String reason) throws IOException;
}
