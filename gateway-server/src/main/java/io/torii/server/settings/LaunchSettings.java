package io.torii.server.settings;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The listed settings that shape an engine when it starts: sessions that differ in one of these have different engines, and
 * nothing else makes a difference. Immutable, thread-safe.
 */
public final class LaunchSettings {
    private static final List<String> LISTED = List.of(
            "spark.driver.memory",
            "spark.driver.memoryOverhead",
            "spark.driver.memoryOverheadFactor",
            "spark.driver.cores",
            "spark.driver.maxResultSize",
            "spark.executor.memory",
            "spark.executor.memoryOverhead",
            "spark.executor.memoryOverheadFactor",
            "spark.executor.pyspark.memory",
            "spark.executor.cores",
            "spark.executor.instances",
            "spark.cores.max",
            "spark.task.cpus",
            "spark.default.parallelism",
            "spark.memory.fraction",
            "spark.memory.storageFraction",
            "spark.memory.offHeap.enabled",
            "spark.memory.offHeap.size",
            "spark.dynamicAllocation.enabled",
            "spark.dynamicAllocation.initialExecutors",
            "spark.dynamicAllocation.minExecutors",
            "spark.dynamicAllocation.maxExecutors",
            "spark.dynamicAllocation.executorIdleTimeout",
            "spark.dynamicAllocation.shuffleTracking.enabled",
            "spark.speculation",
            "spark.scheduler.mode");
    private static final Pattern PLAIN_VALUE = Pattern.compile("[A-Za-z0-9._+-]{0,64}");

    private final KeyPatterns builtIn = new KeyPatterns(LISTED);
    private final KeyPatterns listed;

    /** @param more names that an administrator adds; {@code *} stands for any characters */
    public LaunchSettings(Collection<String> more) {
        List<String> all = new ArrayList<>(LISTED);
        all.addAll(more);
        this.listed = new KeyPatterns(all);
    }

    public boolean isListed(String key) {
        return key.startsWith("spark.") && listed.match(key);
    }

    /** The listed ones among these, sorted. */
    public Map<String, String> of(Map<String, String> settings) {
        Map<String, String> launch = new TreeMap<>();
        settings.forEach((key, value) -> {
            if (isListed(key)) {
                launch.put(key, value);
            }
        });
        return launch;
    }

    /** Sizes, numbers and switches only, where the value may end up on a command line. */
    boolean accepts(String key, String value) {
        return !builtIn.match(key) || PLAIN_VALUE.matcher(value).matches();
    }
}
