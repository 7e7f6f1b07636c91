package io.torii.engine.local;

import static java.util.Objects.requireNonNull;

import io.torii.api.engine.EngineLaunch;
import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import io.torii.launch.ChildEnvironment;
import io.torii.launch.JvmArguments;
import io.torii.launch.LaunchProperties;
import io.torii.launch.OwnFiles;
import io.torii.launch.SparkHome;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * A Spark driver in client mode: SparkSubmit and the engine in one virtual machine. Everything but the names of two
 * files reaches it by files that only their owner can read. Thread-safe.
 */
final class SparkProgram implements EngineProgram {
    static final String CLASS_LIST = "classes.list";

    private final LocalClusterConfig config;
    private final SparkHome spark;
    private final Metastore metastore;
    private final ClassArchives archives;
    private final Map<String, String> parentEnvironment;

    SparkProgram(
            LocalClusterConfig config,
            Metastore metastore,
            ClassArchives archives,
            Map<String, String> parentEnvironment) {
        this.config = requireNonNull(config, "config");
        this.spark = new SparkHome(config.sparkHome());
        this.metastore = requireNonNull(metastore, "metastore");
        this.archives = requireNonNull(archives, "archives");
        this.parentEnvironment = Map.copyOf(parentEnvironment);
    }

    @Override
    public String problem() {
        Path java = config.javaHome().resolve("bin/java");
        if (!Files.isExecutable(java)) {
            return "there is no Java at " + java;
        }
        String problem = spark.problem();
        if (!problem.isEmpty()) {
            return problem;
        }
        return Files.isRegularFile(config.engineJar())
                ? ""
                : "there is no engine program at " + config.engineJar() + " (build it, or set engine-jar)";
    }

    @Override
    public CompletableFuture<Start> prepare(EngineLaunch launch, Path directory) {
        String problem = problem();
        if (!problem.isEmpty()) {
            return CompletableFuture.failedFuture(new GatewayException(
                    ErrorCode.ENGINE_LAUNCH_FAILED, "Cluster " + config.name() + " cannot launch engines: " + problem));
        }
        return metastore.address().thenApply(catalog -> {
            try {
                return write(launch, directory, catalog);
            } catch (IOException failure) {
                throw new GatewayException(
                        ErrorCode.ENGINE_LAUNCH_FAILED, "Cannot write to " + directory + ": " + failure, failure);
            } catch (IllegalArgumentException wrong) {
                throw new GatewayException(ErrorCode.SETTING_INVALID, wrong.getMessage(), wrong);
            }
        });
    }

    @Override
    public void settled(Path directory) {
        archives.learn(archivePath(), directory.resolve(CLASS_LIST));
    }

    @Override
    public void ended(Path directory, int exitCode) {
        if (exitCode == 128 + 6 || exitCode == 128 + 11) {
            archives.discard(archivePath());
        } else {
            settled(directory);
        }
    }

    private Start write(EngineLaunch launch, Path directory, Optional<URI> catalog) throws IOException {
        Map<String, String> settings = new TreeMap<>(config.settings());
        settings.putAll(launch.spec().settings());
        Map<String, String> sparkSettings = sparkSettings(launch, directory, catalog, settings);
        Path launchFile = directory.resolve("launch.properties");
        Path sparkFile = directory.resolve("spark.properties");
        Path loggingFile = directory.resolve("log4j2.properties");
        Path jvmFile = directory.resolve("java.args");
        for (String scratch : List.of("tmp", "local")) {
            OwnFiles.createDirectory(directory.resolve(scratch));
        }
        OwnFiles.writeProperties(launchFile, launchFile(launch, directory, settings));
        OwnFiles.writeProperties(sparkFile, sparkSettings);
        OwnFiles.write(loggingFile, Logging.configuration());
        OwnFiles.write(jvmFile, JvmArguments.file(jvm(sparkSettings, directory, loggingFile)));
        boolean inOneProcess = sparkSettings.get("spark.master").startsWith("local");
        List<String> command = List.of(
                config.javaHome().resolve("bin/java").toString(),
                "@" + jvmFile,
                "org.apache.spark.deploy.SparkSubmit",
                "--class",
                LaunchProperties.MAIN,
                "--properties-file",
                sparkFile.toString(),
                inOneProcess ? "spark-internal" : config.engineJar().toString(),
                launchFile.toString());
        return new Start(
                command, ChildEnvironment.onLoopback(parentEnvironment, config.javaHome(), config.sparkHome()));
    }

    private Map<String, String> launchFile(EngineLaunch launch, Path directory, Map<String, String> settings) {
        Map<String, String> values = new TreeMap<>();
        values.put("bind-host", "127.0.0.1");
        values.put("advertise-host", "127.0.0.1");
        values.put("spill-directory", directory.resolve("local").toString());
        values.putAll(LaunchProperties.of(launch, config.gateways().get(), settings));
        return values;
    }

    private Map<String, String> sparkSettings(
            EngineLaunch launch, Path directory, Optional<URI> catalog, Map<String, String> settings) {
        Map<String, String> values = new TreeMap<>();
        values.put("spark.app.name", "torii " + launch.spec().key());
        values.put("spark.driver.memory", "1g");
        values.put("spark.driver.maxResultSize", "0"); // results are bounded by the engine's own budget
        values.put("spark.ui.port", "0");
        values.put("spark.sql.warehouse.dir", config.warehouse().toUri().toString());
        values.putAll(spark.defaults());
        values.put("spark.master", "local[*]");
        values.put("spark.driver.host", "127.0.0.1");
        values.put("spark.driver.bindAddress", "127.0.0.1");
        values.put("spark.local.dir", directory.resolve("local").toString());
        values.put(
                "spark.hadoop.hive.exec.scratchdir",
                directory.resolve("tmp/hive").toString());
        values.put("spark.sql.catalogImplementation", catalog.isPresent() ? "hive" : "in-memory");
        catalog.ifPresent(address -> {
            values.put("spark.hadoop.hive.metastore.uris", address.toString());
            // the managed metastore may be restarting
            values.put("spark.hadoop.hive.metastore.connect.retries", "10");
        });
        settings.forEach((name, value) -> {
            if (name.startsWith("spark.")) {
                values.put(name, value);
            }
        });
        values.put("spark.submit.deployMode", "client");
        return values;
    }

    private List<String> jvm(Map<String, String> settings, Path directory, Path loggingFile) {
        List<String> extra = new ArrayList<>();
        extra.addAll(JvmArguments.words(settings.getOrDefault("spark.driver.defaultJavaOptions", "")));
        extra.addAll(JvmArguments.words(settings.getOrDefault("spark.driver.extraJavaOptions", "")));
        List<String> options = new ArrayList<>();
        options.add(JvmArguments.heap(settings.get("spark.driver.memory")));
        if (extra.stream().noneMatch(option -> option.matches("-XX:\\+Use\\w+GC"))) {
            options.add("-XX:+UseParallelGC");
        }
        options.add("-XX:+ExitOnOutOfMemoryError"); // half an engine is worse than none: its sessions move
        options.add("-XX:ErrorFile=" + directory.resolve("hs_err.log"));
        options.addAll(JvmArguments.FOR_SPARK);
        options.add("-Djava.io.tmpdir=" + directory.resolve("tmp"));
        options.add("-Dlog4j2.configurationFile=" + loggingFile.toUri());
        String libraries = settings.get("spark.driver.extraLibraryPath");
        if (libraries != null) {
            options.add("-Djava.library.path=" + libraries);
        }
        List<Path> classPath = new ArrayList<>(archivePath());
        String front = settings.get("spark.driver.extraClassPath");
        if (front == null) {
            options.addAll(archives.optionsFor(archivePath(), directory.resolve(CLASS_LIST)));
        }
        // last, not first: a directory in front of the archived jars would switch their archive off
        spark.configuration().ifPresent(classPath::add);
        options.addAll(extra);
        options.add("-cp");
        options.add((front == null ? "" : front + java.io.File.pathSeparator) + SparkHome.joined(classPath));
        return options;
    }

    private List<Path> archivePath() {
        List<Path> jars = new ArrayList<>(spark.jars());
        jars.add(config.engineJar());
        return jars;
    }
}
