package io.torii.launch;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The environment of child processes: a closed list, since the gateway's own may hold secrets. */
public final class ChildEnvironment {
    private static final List<String> INHERITED = List.of(
            "PATH",
            "HOME",
            "USER",
            "LOGNAME",
            "LANG",
            "LC_ALL",
            "LC_CTYPE",
            "TZ",
            "LD_LIBRARY_PATH",
            "HADOOP_HOME",
            "HADOOP_CONF_DIR",
            "PYSPARK_PYTHON",
            "PYSPARK_DRIVER_PYTHON");

    private ChildEnvironment() {}

    public static Map<String, String> of(Map<String, String> parent, Path javaHome, Path sparkHome) {
        Map<String, String> environment = new HashMap<>();
        for (String name : INHERITED) {
            String value = parent.get(name);
            if (value != null) {
                environment.put(name, value);
            }
        }
        environment.put("JAVA_HOME", javaHome.toString());
        environment.put("SPARK_HOME", sparkHome.toString());
        return environment;
    }

    /** For a Spark that nobody on another host shall reach. */
    public static Map<String, String> onLoopback(Map<String, String> parent, Path javaHome, Path sparkHome) {
        Map<String, String> environment = of(parent, javaHome, sparkHome);
        // also what Spark's web page listens on, which knows no setting for it
        environment.put("SPARK_LOCAL_IP", "127.0.0.1");
        return environment;
    }
}
