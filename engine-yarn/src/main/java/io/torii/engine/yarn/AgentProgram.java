package io.torii.engine.yarn;

import static java.util.Objects.requireNonNull;

import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import io.torii.engine.yarn.agent.AgentMain;
import io.torii.engine.yarn.message.AgentSettings;
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
import java.util.Optional;
import java.util.UUID;

/** What is started as an agent: Torii's own classes with a Spark home's jars and a cluster's site files. May block. */
final class AgentProgram {
    private static final String REALMS = "java.security.krb5.conf";

    private final YarnClusterConfig config;
    private final SparkHome spark;

    AgentProgram(YarnClusterConfig config) {
        this.config = requireNonNull(config, "config");
        this.spark = new SparkHome(config.sparkHome());
    }

    /** What is wrong with the configuration, as far as this host can tell; a sentence, or empty. */
    String problem() {
        if (!Files.isRegularFile(config.hadoopConfiguration().resolve("yarn-site.xml"))) {
            return "there is no yarn-site.xml in " + config.hadoopConfiguration() + "; set hadoop-conf-dir";
        }
        if (!Files.isRegularFile(config.hadoopConfiguration().resolve("core-site.xml"))) {
            return "there is no core-site.xml in " + config.hadoopConfiguration() + "; set hadoop-conf-dir";
        }
        String problem = spark.problem();
        if (!problem.isEmpty()) {
            return problem;
        }
        if (spark.jars().stream().noneMatch(jar -> jar.getFileName().toString().startsWith("spark-yarn_"))) {
            return "the Spark in " + config.sparkHome() + " cannot submit to YARN (expected: jars/spark-yarn_*.jar)";
        }
        if (!Files.isRegularFile(config.engineJar())) {
            return "there is no engine program at " + config.engineJar() + " (build it, or set engine-jar)";
        }
        return config.login().map(AgentProgram::problem).orElse("");
    }

    private static String problem(YarnClusterConfig.KerberosLogin login) {
        if (!Files.isReadable(login.keytab())) {
            return "the keytab " + login.keytab() + " cannot be read; set keytab to a file that the gateway may read";
        }
        return login.realms()
                .filter(realms -> !Files.isReadable(realms))
                .map(realms -> "there is no " + realms + "; set krb5-conf")
                .orElse("");
    }

    /** What the agent is told first. */
    AgentSettings settings(Path directory) {
        return new AgentSettings(
                config.name(),
                config.deployment(),
                config.engineJar().toString(),
                directory.toString(),
                config.staging(),
                config.login().map(YarnClusterConfig.KerberosLogin::principal).orElse(""),
                config.login().map(login -> login.keytab().toString()).orElse(""),
                Map.of());
    }

    Path workDirectory() {
        return config.workDirectory();
    }

    /** A directory for one agent, that only it can read. */
    Path directory() throws IOException {
        OwnFiles.ensureDirectory(config.workDirectory());
        Path directory = config.workDirectory().resolve("agent-" + UUID.randomUUID());
        OwnFiles.createDirectory(directory);
        OwnFiles.createDirectory(directory.resolve("tmp"));
        return directory;
    }

    /** Fails with a GatewayException if something is missing. */
    Process start(Path directory) throws IOException {
        String problem = problem();
        if (!problem.isEmpty()) {
            throw new GatewayException(ErrorCode.CLUSTER_UNAVAILABLE, problem);
        }
        Path arguments = directory.resolve("java.args");
        Path logging = directory.resolve("log4j2.properties");
        OwnFiles.write(logging, logging());
        OwnFiles.write(arguments, JvmArguments.file(jvm(directory, logging)));
        ProcessBuilder builder = new ProcessBuilder(
                config.javaHome().resolve("bin/java").toString(), "@" + arguments, AgentMain.class.getName());
        builder.directory(directory.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment());
        return builder.redirectError(ProcessBuilder.Redirect.appendTo(
                        config.workDirectory().resolve("agent.err").toFile()))
                .start();
    }

    private Map<String, String> environment() {
        Map<String, String> environment = ChildEnvironment.of(System.getenv(), config.javaHome(), config.sparkHome());
        environment.put("HADOOP_CONF_DIR", config.hadoopConfiguration().toString());
        environment.remove("YARN_CONF_DIR");
        return environment;
    }

    private List<String> jvm(Path directory, Path logging) {
        List<String> options = new ArrayList<>(List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        options.addAll(JvmArguments.FOR_SPARK);
        options.add("-XX:+ExitOnOutOfMemoryError");
        options.add("-XX:+DisplayVMOutputToStderr"); // its output is for answers
        options.add("-Djava.io.tmpdir=" + directory.resolve("tmp"));
        options.add("-Dlog4j2.configurationFile=" + logging.toUri());
        realms().ifPresent(realms -> options.add("-D" + REALMS + "=" + realms));
        options.add("-cp");
        List<Path> classPath = new ArrayList<>();
        classPath.add(config.hadoopConfiguration());
        classPath.addAll(List.of(home(AgentMain.class), home(JvmArguments.class), home(GatewayException.class)));
        classPath.addAll(spark.jars());
        options.add(SparkHome.joined(classPath));
        return options;
    }

    private Optional<Path> realms() {
        return config.login()
                .flatMap(YarnClusterConfig.KerberosLogin::realms)
                .or(() -> Optional.ofNullable(System.getProperty(REALMS)).map(Path::of));
    }

    private String logging() {
        return String.join(
                "\n",
                "rootLogger.level = info",
                "rootLogger.appenderRef.file.ref = file",
                "appender.file.type = RollingFile",
                "appender.file.name = file",
                "appender.file.fileName = " + config.workDirectory().resolve("agent.log"),
                "appender.file.filePattern = " + config.workDirectory().resolve("agent.log.%i"),
                "appender.file.layout.type = PatternLayout",
                "appender.file.layout.pattern = %d{yyyy-MM-dd'T'HH:mm:ss.SSS} %p %c{1}: %m%n%ex",
                "appender.file.policies.type = Policies",
                "appender.file.policies.size.type = SizeBasedTriggeringPolicy",
                "appender.file.policies.size.size = 16MB",
                "appender.file.strategy.type = DefaultRolloverStrategy",
                "appender.file.strategy.max = 2",
                "");
    }

    private static Path home(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
