package io.torii.engine.yarn;

import static java.util.Objects.requireNonNull;

import io.torii.api.check.Check;
import io.torii.api.check.Finding;
import io.torii.api.error.GatewayException;
import io.torii.engine.yarn.message.AgentCall;
import io.torii.engine.yarn.message.Findings;
import io.torii.engine.yarn.message.Subject;
import io.torii.launch.OwnFiles;
import io.torii.launch.SparkFit;
import io.torii.launch.SparkHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Whether engines could be launched on a YARN cluster: what this host needs for it and, asked by an agent of its own, what the
 * cluster says. Besides files in the configured work directory, which the agent leaves, nothing is changed anywhere.
 */
public final class YarnCheck implements Check {
    /** A user whom every system has and nobody is. */
    private static final String ANYBODY = "nobody";

    private static final Duration AGENT_LIMIT = Duration.ofSeconds(120);
    private static final Duration START_AND_END = Duration.ofSeconds(10);
    private static final String DEFAULT_QUEUE = "default";
    private static final String AGENT = "agent";

    private final YarnClusterConfig config;
    private final Optional<String> user;
    private final SparkHome spark;

    /**
     * @param config its work directory must not be that of a gateway
     * @param user for whom the agent shall try to act, where engines run as their users; else one that nobody is
     */
    public YarnCheck(YarnClusterConfig config, Optional<String> user) {
        this.config = requireNonNull(config, "config");
        this.user = requireNonNull(user, "user");
        this.spark = new SparkHome(config.sparkHome());
    }

    @Override
    public String subject() {
        return config.name();
    }

    /** Each of the agent's steps has a bound of its own. */
    @Override
    public Duration limit() {
        return AGENT_LIMIT.plus(START_AND_END);
    }

    @Override
    public List<Finding> look() throws InterruptedException {
        List<Finding> findings = new ArrayList<>(List.of(siteFiles()));
        findings.addAll(sparkOf(spark, config.engineJar()));
        config.profiles().forEach(profile -> sparkOf(new SparkHome(profile.sparkHome()), profile.engineJar())
                .forEach(finding -> findings.add(finding.of("profile " + profile.name()))));
        findings.add(java());
        config.login().map(YarnCheck::keytab).ifPresent(findings::add);
        AgentProgram program = new AgentProgram(config);
        findings.addAll(
                program.problem().isEmpty() ? asked(program) : skipped("an agent for the cluster cannot be started"));
        return findings.stream().map(finding -> finding.of(config.name())).toList();
    }

    private Finding siteFiles() {
        String subject = "site files";
        Path directory = config.hadoopConfiguration();
        List<String> missing = Stream.of("core-site.xml", "yarn-site.xml")
                .filter(file -> !Files.isReadable(directory.resolve(file)))
                .toList();
        if (!missing.isEmpty()) {
            return Finding.fail(
                    subject,
                    "there is no " + String.join(" and no ", missing) + " in " + directory,
                    "set yarn.hadoop-conf-dir to a directory with the cluster's own");
        }
        String there = Stream.of("core-site.xml", "yarn-site.xml", "hdfs-site.xml", "hive-site.xml")
                .filter(file -> Files.isReadable(directory.resolve(file)))
                .collect(Collectors.joining(", "));
        return Finding.ok(subject, there + " in " + directory);
    }

    private static List<Finding> sparkOf(SparkHome spark, Path engineJar) {
        SparkFit fit = new SparkFit(spark, engineJar);
        Finding home = fit.home();
        return List.of(
                home.stops() || spark.versionOf("spark-yarn").isPresent()
                        ? home
                        : Finding.fail(
                                home.subject(),
                                "the Spark in " + spark.directory()
                                        + " cannot submit to YARN (expected: jars/spark-yarn_*.jar)",
                                "point spark-home at a Spark that was built with YARN"),
                fit.engine());
    }

    private Finding java() {
        String subject = "java";
        Map<String, String> settings = settings();
        String driver = settings.getOrDefault("spark.yarn.appMasterEnv.JAVA_HOME", "");
        String executor = settings.getOrDefault("spark.executorEnv.JAVA_HOME", "");
        if (!driver.equals(executor)) {
            return Finding.warn(
                    subject,
                    "drivers run on " + words(driver) + " and executors on " + words(executor),
                    "set spark.yarn.appMasterEnv.JAVA_HOME and spark.executorEnv.JAVA_HOME to the same");
        }
        return Finding.ok(
                subject,
                "agents run on " + config.javaHome() + ", engines on " + words(driver)
                        + " (Spark 3.5 needs 8, 11 or 17)");
    }

    private static String words(String home) {
        return home.isEmpty() ? "the Java of the cluster's nodes" : home;
    }

    private static Finding keytab(YarnClusterConfig.KerberosLogin login) {
        String subject = "keytab";
        return Files.isReadable(login.keytab())
                ? Finding.ok(subject, login.keytab() + " can be read")
                : Finding.fail(
                        subject,
                        login.keytab() + " cannot be read",
                        "set yarn.keytab to a file that the gateway's user can read");
    }

    /** What the cluster says. */
    private List<Finding> asked(AgentProgram program) throws InterruptedException {
        Path directory;
        AgentProcess agent;
        try {
            directory = program.directory();
            agent = new AgentProcess(config.name(), program.start(directory), program.settings(directory));
        } catch (IOException | GatewayException failure) {
            return without(failure.getMessage());
        }
        try {
            return agent.call(call(), Findings.class, AGENT_LIMIT).get().findings();
        } catch (ExecutionException failure) {
            Throwable cause =
                    failure.getCause() instanceof CompletionException wrapped ? wrapped.getCause() : failure.getCause();
            return without(cause.getMessage() + lastWords());
        } finally {
            agent.close();
            left(agent, directory);
        }
    }

    private AgentCall.Check call() {
        Map<String, String> settings = settings();
        String queue =
                config.queue().isEmpty() ? settings.getOrDefault("spark.yarn.queue", DEFAULT_QUEUE) : config.queue();
        return new AgentCall.Check(
                config.impersonation() ? user.orElse(ANYBODY) : "", user.isPresent(), queue, settings);
    }

    /** As an engine gets them whose session sets nothing. */
    private Map<String, String> settings() {
        Map<String, String> settings = new TreeMap<>(spark.defaults());
        config.settings().forEach((name, value) -> {
            if (name.startsWith("spark.")) {
                settings.put(name, value);
            }
        });
        return settings;
    }

    private static List<Finding> without(String reason) {
        List<Finding> findings = new ArrayList<>();
        findings.add(Finding.fail(
                AGENT,
                reason,
                "see whether the Java and the Spark home above are sound: the agent is a process of both"));
        findings.addAll(skipped("'" + AGENT + "' failed"));
        return findings;
    }

    private static List<Finding> skipped(String reason) {
        List<Finding> findings = new ArrayList<>();
        for (Subject subject : Subject.values()) {
            findings.add(Finding.skip(subject.words(), reason));
        }
        return findings;
    }

    /** Of the agent's virtual machine, if it could not even begin. */
    private String lastWords() {
        try {
            List<String> lines = Files.readAllLines(config.workDirectory().resolve("agent.err"));
            return lines.isEmpty() ? "" : " (" + lines.get(lines.size() - 1) + ")";
        } catch (IOException unreadable) {
            return "";
        }
    }

    /** Its files are its own until it is gone. */
    private static void left(AgentProcess agent, Path directory) throws InterruptedException {
        try {
            agent.ended().get(START_AND_END.toMillis(), TimeUnit.MILLISECONDS);
            OwnFiles.delete(directory);
        } catch (ExecutionException | TimeoutException | IOException kept) {
            directory.toFile().deleteOnExit();
        }
    }
}
