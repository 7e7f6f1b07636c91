package io.torii.engine.local;

import static java.util.Objects.requireNonNull;

import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import io.torii.launch.ChildEnvironment;
import io.torii.launch.JvmArguments;
import io.torii.launch.OwnFiles;
import io.torii.launch.SparkHome;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What is started as a metastore: Hive's own, from the jars of a Spark home, with a database in its directory. May block. */
final class MetastoreProgram implements AutoCloseable {
    private static final String MAIN = "io.torii.engine.local.metastore.MetastoreMain";
    private static final String CLASS_LIST = "classes.list";

    private final LocalMetastoreConfig config;
    private final Path directory;
    private final ClassArchives archives;

    MetastoreProgram(LocalMetastoreConfig config, Path directory, ClassArchives archives) {
        this.config = requireNonNull(config, "config");
        this.directory = requireNonNull(directory, "directory");
        this.archives = requireNonNull(archives, "archives");
    }

    /** Fails with a GatewayException if the Spark home has not what it needs. */
    Process start(int port) throws IOException {
        SparkHome spark = new SparkHome(config.sparkHome());
        if (!spark.problem().isEmpty()) {
            throw new GatewayException(
                    ErrorCode.ENGINE_LAUNCH_FAILED, "Cannot start the metastore: " + spark.problem());
        }
        OwnFiles.ensureDirectory(directory);
        OwnFiles.ensureDirectory(config.workDirectory().resolve("warehouse"));
        OwnFiles.delete(directory.resolve("tmp"));
        OwnFiles.createDirectory(directory.resolve("tmp"));
        Path settings = directory.resolve("metastore.properties");
        Path arguments = directory.resolve("java.args");
        OwnFiles.writeProperties(settings, settings(port));
        OwnFiles.write(directory.resolve("log4j2.properties"), Logging.configuration());
        OwnFiles.write(arguments, JvmArguments.file(jvm(spark)));
        OwnFiles.write(log(), "");
        ProcessBuilder builder = new ProcessBuilder(
                config.javaHome().resolve("bin/java").toString(), "@" + arguments, MAIN, settings.toString());
        builder.environment().clear();
        builder.environment()
                .putAll(ChildEnvironment.onLoopback(System.getenv(), config.javaHome(), config.sparkHome()));
        return builder.directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                .start();
    }

    /** What has been loaded by now can be archived for the next start. */
    void settled() {
        archives.learn(classPath(new SparkHome(config.sparkHome())), directory.resolve(CLASS_LIST));
    }

    Path log() {
        return directory.resolve("metastore.log");
    }

    @Override
    public void close() {
        archives.close();
    }

    private Map<String, String> settings(int port) {
        Map<String, String> settings = new TreeMap<>();
        settings.put("port", Integer.toString(port));
        settings.put("orphan-timeout", config.orphanTimeout().toString());
        settings.put("javax.jdo.option.ConnectionURL", "jdbc:derby:;databaseName=catalog;create=true");
        settings.put("datanucleus.schema.autoCreateAll", "true");
        settings.put("hive.metastore.schema.verification", "false");
        settings.put("hive.async.log.enabled", "false");
        // a database that cannot be opened is told at once, not after ten attempts
        settings.put("hive.hmshandler.retry.attempts", "2");
        settings.put("hive.hmshandler.retry.interval", "500ms");
        settings.put(
                "hive.metastore.warehouse.dir",
                config.workDirectory().resolve("warehouse").toUri().toString());
        return settings;
    }

    private List<String> jvm(SparkHome spark) {
        List<String> options = new ArrayList<>(List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        options.addAll(JvmArguments.FOR_SPARK);
        options.add("-XX:+ExitOnOutOfMemoryError");
        options.add("-Djava.io.tmpdir=" + directory.resolve("tmp"));
        options.add("-Dderby.system.home=" + directory);
        options.add("-Dderby.stream.error.file=" + directory.resolve("derby.log"));
        options.add("-Dlog4j2.configurationFile="
                + directory.resolve("log4j2.properties").toUri());
        options.addAll(archives.optionsFor(classPath(spark), directory.resolve(CLASS_LIST)));
        List<Path> classPath = new ArrayList<>(classPath(spark));
        Path own = ownCode();
        if (Files.isDirectory(own)) {
            classPath.add(own);
        }
        options.add("-cp");
        options.add(SparkHome.joined(classPath));
        return options;
    }

    /** What can be archived: jars, not directories of classes. */
    private static List<Path> classPath(SparkHome spark) {
        List<Path> jars = new ArrayList<>(spark.jars());
        if (!Files.isDirectory(ownCode())) {
            jars.add(ownCode());
        }
        return jars;
    }

    private static Path ownCode() {
        try {
            return Path.of(LocalMetastore.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
