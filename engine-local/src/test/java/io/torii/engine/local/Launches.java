package io.torii.engine.local;

import io.torii.api.engine.EngineKey;
import io.torii.api.engine.EngineLaunch;
import io.torii.api.engine.EngineSpec;
import io.torii.api.engine.ShareLevel;
import java.util.Map;

/** Launches for tests. */
final class Launches {
    private Launches() {}

    static EngineLaunch thatWould(String behaviour) {
        return with(Map.of(StandInProgram.BEHAVIOUR, behaviour));
    }

    static EngineLaunch with(Map<String, String> settings) {
        EngineKey key = new EngineKey("local", "spark", ShareLevel.USER, "alice", "", "default", "");
        return EngineLaunch.of(new EngineSpec(key, "alice", settings));
    }
}
