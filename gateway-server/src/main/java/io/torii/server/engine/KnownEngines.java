package io.torii.server.engine;

import io.torii.api.engine.EngineKey;
import io.torii.api.engine.RunningEngine;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The engines that were last found for their keys; of so many keys at most, the last used ones. Thread-safe. */
final class KnownEngines {
    private static final int REMEMBERED = 10_000;

    private final Map<EngineKey, RunningEngine> engines = new Recent();

    synchronized Optional<RunningEngine> find(EngineKey key) {
        return Optional.ofNullable(engines.get(key));
    }

    synchronized void add(RunningEngine engine) {
        engines.put(engine.key(), engine);
    }

    synchronized void remove(RunningEngine engine) {
        engines.remove(engine.key(), engine);
    }

    private static final class Recent extends LinkedHashMap<EngineKey, RunningEngine> {
        private static final long serialVersionUID = 1;

        private Recent() {
            super(16, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<EngineKey, RunningEngine> eldest) {
            return size() > REMEMBERED;
        }
    }
}
