package io.torii.launch;

import io.torii.api.engine.EngineLaunch;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What an engine is told of its launch, by a file that only it can read. */
public final class LaunchProperties {
    /** The program of every Spark engine. */
    public static final String MAIN = "io.torii.spark.SparkEngineMain";

    private static final String ENGINE_SETTING = "torii.engine.";

    private LaunchProperties() {}

    /**
     * @param gateways where it calls home
     * @param settings the launch's and its cluster's; those that begin with {@code torii.engine.} are meant for the engine
     */
    public static Map<String, String> of(EngineLaunch launch, List<URI> gateways, Map<String, String> settings) {
        Map<String, String> values = new TreeMap<>();
        settings.forEach((name, value) -> {
            if (name.startsWith(ENGINE_SETTING)) {
                values.put(name.substring(ENGINE_SETTING.length()), value);
            }
        });
        values.put("tag", launch.tag().value());
        values.put("token", launch.token().value());
        values.put("secret", launch.secret().value());
        values.put("gateways", gateways.stream().map(URI::toString).collect(Collectors.joining(",")));
        values.put("user", launch.spec().user());
        values.put("share-level", launch.spec().key().shareLevel().label());
        return values;
    }
}
