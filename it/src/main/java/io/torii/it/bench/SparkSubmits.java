package io.torii.it.bench;

import io.torii.it.YarnWorld;
import io.torii.launch.LaunchProperties;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Launches engines by a {@code spark-submit} each: in its favour without the shell script and its launcher process, with Spark's
 * jars and the engine on the cluster already. Thread-safe.
 */
final class SparkSubmits {
    private static final long LOOK_EVERY_MILLIS = 100;

    private final Path configuration;
    private final Path directory;
    private final String spark;
    private final String engine;
    private final AtomicInteger submitted = new AtomicInteger();

    /**
     * @param configuration the cluster's site files
     * @param agentLog says where the agent has put what every launch needs
     * @param directory for what each prints
     */
    SparkSubmits(Path configuration, Path agentLog, Path directory) throws IOException {
        this.configuration = configuration;
        this.directory = Files.createDirectories(directory);
        String log = Files.readString(agentLog);
        this.spark = staged(log, "spark-jars.zip");
        this.engine = staged(log, "torii-spark-engine.jar");
    }

    private static String staged(String log, String name) throws IOException {
        Matcher line = Pattern.compile("staged (\\S+/" + Pattern.quote(name) + ")$", Pattern.MULTILINE)
                .matcher(log);
        if (!line.find()) {
            throw new IOException("The agent's log does not say where it has put " + name);
        }
        return line.group(1);
    }

    /**
     * Returns once the application has been accepted.
     *
     * @param launchFile the engine's; one that is not there makes an engine that does not start
     * @return the most resident memory that it was seen to have, in MiB
     */
    double submit(String user, Map<String, String> settings, Path launchFile) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-Xmx512m",
                "-cp",
                configuration + ":" + YarnWorld.sparkHome().resolve("jars") + "/*",
                "org.apache.spark.deploy.SparkSubmit",
                "--master",
                "yarn",
                "--deploy-mode",
                "cluster",
                "--proxy-user",
                user,
                "--class",
                LaunchProperties.MAIN));
        option(command, "spark.yarn.archive", spark);
        option(command, "spark.yarn.maxAppAttempts", "1");
        option(command, "spark.yarn.submit.waitAppCompletion", "false");
        settings.forEach((name, value) -> option(command, name, value));
        if (Files.exists(launchFile)) {
            command.addAll(List.of("--files", launchFile.toUri().toString()));
        }
        command.addAll(List.of(engine, launchFile.getFileName().toString()));
        Path printed = directory.resolve("submit-" + submitted.getAndIncrement() + ".log");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(printed.toFile());
        builder.environment().put("HADOOP_CONF_DIR", configuration.toString());
        builder.environment().put("SPARK_HOME", YarnWorld.sparkHome().toString());
        return memoryUntilTheEnd(builder.start(), printed);
    }

    private static void option(List<String> command, String name, String value) {
        command.addAll(List.of("--conf", name + "=" + value));
    }

    private static double memoryUntilTheEnd(Process process, Path printed) throws IOException, InterruptedException {
        double memory = 0;
        while (process.isAlive()) {
            try {
                memory = Math.max(memory, Usage.residentMib(process.toHandle()));
            } catch (RuntimeException gone) {
                break;
            }
            Thread.sleep(LOOK_EVERY_MILLIS);
        }
        if (process.waitFor() != 0) {
            throw new IOException("spark-submit failed: " + Files.readString(printed));
        }
        return memory;
    }
}
