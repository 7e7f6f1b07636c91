package io.torii.engine.yarn.agent.launch;

import io.torii.launch.SparkHome;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The settings of an engine: what is true of all, then those of the Spark home, then the gateway's. */
final class SparkSettings {
    private static final Map<String, String> OF_ALL = Map.of(
            "spark.driver.memory", "1g",
            "spark.driver.maxResultSize", "0", // results are bounded by the engine's own budget
            "spark.scheduler.minRegisteredResourcesRatio", "0"); // statements can wait for executors, the call home not
    /** Of the driver's outputs YARN reports the one for errors; a virtual machine that cannot start writes to the other. */
    private static final String VM_SAYS_WHY = "-XX:+DisplayVMOutputToStderr";
    /** With these Spark would log the agent in as somebody else, and hand the keytab to users' code. */
    private static final List<String> LOGINS =
            List.of("spark.kerberos.keytab", "spark.kerberos.principal", "spark.yarn.keytab", "spark.yarn.principal");

    private SparkSettings() {}

    static Map<String, String> of(Map<String, String> given) {
        return of(new SparkHome(Path.of(System.getenv("SPARK_HOME"))), given);
    }

    static Map<String, String> of(SparkHome home, Map<String, String> given) {
        Map<String, String> settings = new TreeMap<>(OF_ALL);
        settings.putAll(home.defaults());
        settings.putAll(given);
        settings.merge("spark.driver.extraJavaOptions", VM_SAYS_WHY, (options, ours) -> options + " " + ours);
        LOGINS.forEach(settings::remove);
        return settings;
    }
}
