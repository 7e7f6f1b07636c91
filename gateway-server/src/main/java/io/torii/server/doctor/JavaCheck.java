package io.torii.server.doctor;

import io.torii.api.check.Check;
import io.torii.api.check.Finding;
import java.nio.file.Path;
import java.util.List;

/** The Java that runs the gateway, its agents and local engines. */
public final class JavaCheck implements Check {
    private static final int OLDEST = 17;
    private static final int NEWEST_OF_SPARK = 17;

    private final Runtime.Version version;
    private final Path home;

    public JavaCheck(Runtime.Version version, Path home) {
        this.version = version;
        this.home = home;
    }

    /** Of this process. */
    public static JavaCheck own() {
        return new JavaCheck(Runtime.version(), Path.of(System.getProperty("java.home")));
    }

    @Override
    public String subject() {
        return "java";
    }

    @Override
    public List<Finding> look() {
        String found = version + " in " + home;
        if (version.feature() < OLDEST) {
            return List.of(Finding.fail(subject(), found, "point JAVA_HOME at a JDK " + OLDEST));
        }
        return List.of(
                version.feature() > NEWEST_OF_SPARK
                        ? Finding.warn(
                                subject(),
                                found + ", and Spark 3.5 in agents and local engines is made for " + NEWEST_OF_SPARK
                                        + " at most",
                                "point JAVA_HOME at a JDK " + NEWEST_OF_SPARK)
                        : Finding.ok(subject(), found));
    }
}
