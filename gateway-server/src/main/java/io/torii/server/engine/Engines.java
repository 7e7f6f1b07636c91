package io.torii.server.engine;

import io.torii.api.engine.EngineSpec;
import io.torii.api.engine.RunningEngine;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** The running engine for a spec: found, or launched exactly once across gateways. Thread-safe. */
public interface Engines {
    /**
     * Returns at once. Fails with ENGINE_LAUNCH_FAILED and the root cause in one sentence, within two seconds of the
     * cluster's knowing it; TOO_MANY_ENGINES if the user has as many as allowed.
     *
     * @param log told what happens on the way, line by line, for people
     */
    CompletableFuture<RunningEngine> engineFor(EngineSpec spec, Consumer<String> log);

    /** The engine that runs for the spec, if there is one; launches none. */
    CompletableFuture<Optional<RunningEngine>> running(EngineSpec spec);

    /**
     * The engine that this gateway has last found for the spec, without asking anybody: it may have ended, or take no more
     * sessions, which it says itself.
     */
    Optional<RunningEngine> known(EngineSpec spec);

    /** Says that an engine could not be reached: it is looked at again and, if it is dead, forgotten. */
    CompletableFuture<Void> suspect(RunningEngine engine);
}
