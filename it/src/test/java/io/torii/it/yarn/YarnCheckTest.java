package io.torii.it.yarn;

import static org.assertj.core.api.Assertions.assertThat;

import io.torii.api.check.Finding;
import io.torii.api.engine.EngineLaunch;
import io.torii.engine.yarn.YarnBackend;
import io.torii.engine.yarn.YarnCheck;
import io.torii.engine.yarn.YarnClusterConfig;
import io.torii.it.YarnWorld;
import io.torii.mini.MiniHadoopShape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an administrator is told of a real YARN and HDFS. The gateway may act there for alice, bob and nobody. */
@Tag("system")
@Tag("long")
class YarnCheckTest {
    private static final String SELF = System.getProperty("user.name");
    private static final String ROOT = "yarn.scheduler.capacity.root.";

    private static TestCluster cluster;

    @TempDir
    private Path directory;

    @BeforeAll
    static void start() throws IOException {
        cluster = new TestCluster(MiniHadoopShape.small()
                .withMetastore(YarnWorld.sparkHome())
                .withCore("hadoop.proxyuser." + SELF + ".groups", "")
                .withCore("hadoop.proxyuser." + SELF + ".users", "alice,bob,nobody")
                .withYarn("yarn.acl.enable", "true")
                .withYarn("yarn.admin.acl", SELF)
                .withQueues(ROOT + "acl_submit_applications", SELF)
                .withQueues(ROOT + "acl_administer_queue", SELF)
                .withQueues(ROOT + "queues", "default,etl,stopped,narrow,tiny")
                .withQueues(ROOT + "default.capacity", "50")
                .withQueues(ROOT + "default.acl_submit_applications", "*")
                .withQueues(ROOT + "etl.acl_submit_applications", "alice")
                .withQueues(ROOT + "etl.capacity", "20")
                .withQueues(ROOT + "stopped.capacity", "5")
                .withQueues(ROOT + "stopped.state", "STOPPED")
                .withQueues(ROOT + "narrow.capacity", "20")
                .withQueues(ROOT + "narrow.maximum-capacity", "20")
                .withQueues(ROOT + "narrow.user-limit-factor", "10")
                .withQueues(ROOT + "narrow.acl_submit_applications", "*")
                .withQueues(ROOT + "tiny.capacity", "5")
                .withQueues(ROOT + "tiny.maximum-capacity", "5"));
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Test
    void findsNothingWrongWithAHealthyCluster() throws Exception {
        List<Finding> findings = check(cluster.config());

        assertThat(findings)
                .allSatisfy(finding ->
                        assertThat(finding.level()).as(finding.line()).isEqualTo(Finding.Level.OK));
        assertThat(findings.stream().map(Finding::subject))
                .containsExactly(
                        "mini site files",
                        "mini spark home",
                        "mini engine program",
                        "mini java",
                        "mini login",
                        "mini resource manager",
                        "mini clock",
                        "mini container memory",
                        "mini proxy user in YARN",
                        "mini queue",
                        "mini queue access",
                        "mini file system",
                        "mini staging directory",
                        "mini proxy user in the file system",
                        "mini metastore");
        assertThat(line(findings, "resource manager")).contains("with 1 running node, 6144 MiB of memory and 16 cores");
        assertThat(line(findings, "proxy user in YARN")).endsWith(SELF + " may act for nobody");
        assertThat(line(findings, "queue access")).endsWith("nobody may submit to 'default'");
        assertThat(line(findings, "container memory"))
                .contains("a driver needs 896 MiB and an executor 1408 MiB, of at most 6144 MiB a container");
    }

    @Test
    void leavesNoProcessBehind() throws Exception {
        check(cluster.config());

        assertThat(ProcessHandle.current().children())
                .noneMatch(child -> child.info().commandLine().orElse("").contains(directory.toString()));
        assertThat(Files.list(directory.resolve("work"))).noneMatch(Files::isDirectory);
    }

    @Test
    void saysThatTheResourceManagerIsSilentAndLooksAtEverythingElse() throws Exception {
        cluster.hadoop().killResourceManager();
        try {
            List<Finding> findings = check(cluster.config());

            assertThat(line(findings, "resource manager"))
                    .startsWith("FAIL mini resource manager: the ResourceManager of cluster mini does not answer at ")
                    .endsWith("; start it, or correct its address in yarn-site.xml of hadoop-conf-dir");
            assertThat(line(findings, "queue"))
                    .isEqualTo("skip mini queue: not looked at, since 'resource manager' failed");
            assertThat(line(findings, "queue access"))
                    .isEqualTo(
                            "skip mini queue access: not looked at, since 'proxy user in YARN' was not looked at either");
            assertThat(line(findings, "staging directory")).startsWith("ok ");
        } finally {
            cluster.hadoop().startResourceManager();
            waitForNodes();
        }
    }

    @Test
    void saysWhichResourceManagerOfAPairIsActiveAndWhichIsAway() throws Exception {
        Path site = Files.createDirectory(directory.resolve("pair"));
        Path single = cluster.config().hadoopConfiguration();
        Files.copy(single.resolve("core-site.xml"), site.resolve("core-site.xml"));
        String text = Files.readString(single.resolve("yarn-site.xml"));
        StringBuilder pair = new StringBuilder();
        for (String key : List.of("yarn.resourcemanager.address", "yarn.resourcemanager.webapp.address")) {
            pair.append(property(key + ".rm1", "127.0.0.1:1"));
            pair.append(property(key + ".rm2", value(text, key)));
        }
        pair.append(property("yarn.resourcemanager.ha.enabled", "true"));
        pair.append(property("yarn.resourcemanager.ha.rm-ids", "rm1,rm2"));
        Files.writeString(site.resolve("yarn-site.xml"), text.replace("</configuration>", pair + "</configuration>"));

        List<Finding> findings = check(at(cluster.config(), site));

        assertThat(line(findings, "resource manager"))
                .isEqualTo(
                        "warn mini resource manager: rm1 does not answer at http://127.0.0.1:1, rm2 is ACTIVE, with 1"
                                + " running node, 6144 MiB of memory and 16 cores; start the one that does not answer: nobody"
                                + " takes over if the other dies");
        assertThat(line(findings, "clock")).isEqualTo("ok   mini clock: that of the ResourceManager agrees within 2 s");
    }

    @Test
    void namesTheQueuesThatThereAreForOneThatIsNot() throws Exception {
        assertThat(line(check(queue("etll")), "queue"))
                .isEqualTo("FAIL mini queue: there is no queue 'etll'; there are: default, etl, narrow, stopped, tiny;"
                        + " set yarn.queue to one of them, or have it made");
    }

    @Test
    void saysThatAQueueTakesNoEngines() throws Exception {
        assertThat(line(check(queue("stopped")), "queue"))
                .startsWith("FAIL mini queue: 'stopped' is STOPPED; have it started (state RUNNING,");
        assertThat(line(check(queue("root")), "queue"))
                .startsWith("FAIL mini queue: 'root' only holds other queues: default, etl,");
        assertThat(line(check(queue("tiny")), "queue"))
                .contains("where an engine's driver needs 896 MiB; have the queue made larger (maximum-capacity)")
                .startsWith("FAIL mini queue: 'tiny' is RUNNING, with 0 MiB in use and 3");
    }

    @Test
    void saysThatAQueueIsFull() throws Exception {
        YarnBackend backend = cluster.backend();
        EngineLaunch engine =
                TestCluster.launch("alice", Map.of("spark.yarn.queue", "narrow", "spark.driver.memory", "512m"));
        backend.submit(engine).get(60, TimeUnit.SECONDS);
        try {
            String line = "";
            long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
            while (!line.startsWith("warn") && System.nanoTime() < end) {
                line = line(check(queue("narrow")), "queue");
            }

            assertThat(line)
                    .startsWith("warn mini queue: 'narrow' is RUNNING, with 896 MiB in use and ")
                    .endsWith("an engine that starts now waits for 896 MiB; wait, or have the queue made larger"
                            + " (maximum-capacity)");
        } finally {
            backend.kill(engine.tag()).get(60, TimeUnit.SECONDS);
        }
    }

    @Test
    void saysWhoMayNotSubmit() throws Exception {
        assertThat(line(check(queue("etl")), "queue access"))
                .isEqualTo(
                        "warn mini queue access: nobody may not submit to 'etl'; name a user who shall with --user; or"
                                + " allow it (acl_submit_applications of the queue), or set yarn.queue to another");
        assertThat(line(check(queue("etl"), "alice"), "queue access"))
                .isEqualTo("ok   mini queue access: alice may submit to 'etl'");
    }

    @Test
    void saysWhatANamedUserLacks() throws Exception {
        assertThat(cluster.hadoop().makeDirectory("/user/bob", "700")).isTrue();

        List<Finding> findings = check(queue("etl"), "bob");

        assertThat(line(findings, "queue access"))
                .isEqualTo("FAIL mini queue access: bob may not submit to 'etl'; allow it (acl_submit_applications of"
                        + " the queue), or set yarn.queue to another");
        assertThat(line(findings, "proxy user in the file system"))
                .startsWith("FAIL mini proxy user in the file system: bob cannot write to its home /user/bob,");
    }

    @Test
    void saysWhatLetsTheGatewayActForAUser() throws Exception {
        List<Finding> findings = check(cluster.config(), "mallory");

        assertThat(line(findings, "proxy user in YARN"))
                .startsWith("FAIL mini proxy user in YARN: the ResourceManager of cluster mini says: User: " + SELF
                        + " is not allowed to impersonate mallory; set hadoop.proxyuser." + SELF
                        + ".hosts and hadoop.proxyuser." + SELF + ".groups in the core-site.xml");
        assertThat(line(findings, "proxy user in the file system"))
                .startsWith("FAIL ")
                .contains("is not allowed to impersonate mallory; set hadoop.proxyuser.");
        assertThat(line(findings, "queue access"))
                .isEqualTo("skip mini queue access: not looked at, since 'proxy user in YARN' failed");
    }

    @Test
    void asksForNoProxyUserWhereEnginesRunAsTheGateway() throws Exception {
        List<Finding> findings = check(with(cluster.config(), "default", "", Map.of(), false));

        assertThat(line(findings, "proxy user in YARN"))
                .isEqualTo("ok   mini proxy user in YARN: not needed: engines run as " + SELF
                        + " (yarn.impersonation is false)");
        assertThat(line(findings, "queue access"))
                .isEqualTo("ok   mini queue access: " + SELF + " may submit to 'default'");
    }

    @Test
    void saysThatOthersCannotReadTheStagingDirectory() throws Exception {
        assertThat(cluster.hadoop().makeDirectory("/closed", "700")).isTrue();

        List<Finding> findings = check(with(cluster.config(), "", "/closed/torii", Map.of(), true));

        assertThat(line(findings, "staging directory"))
                .startsWith("FAIL mini staging directory: other users cannot read /closed/torii, since /closed is"
                        + " rwx------; let all users enter it");
    }

    @Test
    void saysThatOthersCanChangeTheStagingDirectory() throws Exception {
        assertThat(cluster.hadoop().makeDirectory("/shared", "777")).isTrue();

        List<Finding> findings = check(with(cluster.config(), "", "/shared/torii", Map.of(), true));

        assertThat(line(findings, "staging directory"))
                .startsWith("FAIL mini staging directory: others than " + SELF
                        + " can change /shared, from which engines" + " would get their program: it belongs to ")
                .contains("and is rwxrwxrwx; make it sticky (`hdfs dfs -chmod +t`), or set yarn.staging-directory");
    }

    @Test
    void saysThatNoContainerIsLargeEnough() throws Exception {
        List<Finding> findings = check(with(cluster.config(), "", "", Map.of("spark.driver.memory", "8g"), true));

        assertThat(line(findings, "container memory"))
                .startsWith("FAIL mini container memory: a driver needs 9011 MiB and an executor 1408 MiB, of at most"
                        + " 6144 MiB a container");
    }

    @Test
    void saysThatTheFileSystemIsSilent() throws Exception {
        Path site = Files.createDirectory(directory.resolve("site"));
        for (String file : List.of("core-site.xml", "yarn-site.xml")) {
            String text =
                    Files.readString(cluster.config().hadoopConfiguration().resolve(file));
            Files.writeString(
                    site.resolve(file),
                    text.replace(cluster.hadoop().fileSystem().toString(), "hdfs://127.0.0.1:1"));
        }

        List<Finding> findings = check(at(cluster.config(), site));

        assertThat(line(findings, "file system"))
                .startsWith("FAIL mini file system: the file system hdfs://127.0.0.1:1 does not answer (")
                .endsWith("; start it, or correct fs.defaultFS (hdfs://127.0.0.1:1) in core-site.xml of"
                        + " hadoop-conf-dir");
        assertThat(line(findings, "staging directory")).startsWith("skip ");
        assertThat(line(findings, "queue")).startsWith("ok ");
    }

    @Test
    void asksTheMetastoreOfTheSiteFiles() throws Exception {
        assertThat(line(check(catalog(Map.of())), "metastore"))
                .isEqualTo("ok   mini metastore: " + cluster.hadoop().metastore() + " answers and has 1 databases");
    }

    @Test
    void saysThatOneOfSeveralMetastoresIsSilent() throws Exception {
        String there = cluster.hadoop().metastore().toString();

        assertThat(line(check(metastore(there + ",thrift://127.0.0.1:1")), "metastore"))
                .isEqualTo(
                        "warn mini metastore: " + there + " answers and has 1 databases, but thrift://127.0.0.1:1 does"
                                + " not answer (Connection refused); start it, or take it out of the list");
    }

    @Test
    void saysThatTheMetastoreIsSilent() throws Exception {
        assertThat(line(check(metastore("thrift://127.0.0.1:1")), "metastore"))
                .isEqualTo(
                        "FAIL mini metastore: thrift://127.0.0.1:1 does not answer (Connection refused); start it, or"
                                + " correct metastore (or hive.metastore.uris in hive-site.xml)");
    }

    @Test
    void saysWhatIsMissingOnThisHost() throws Exception {
        Path empty = Files.createDirectory(directory.resolve("empty"));

        List<Finding> findings = check(at(cluster.config(), empty));

        assertThat(line(findings, "site files"))
                .isEqualTo("FAIL mini site files: there is no core-site.xml and no yarn-site.xml in " + empty
                        + "; set yarn.hadoop-conf-dir to a directory with the cluster's own");
        assertThat(line(findings, "file system"))
                .isEqualTo("skip mini file system: not looked at, since an agent for the cluster cannot be started");
    }

    private static String property(String name, String value) {
        return "<property><name>" + name + "</name><value>" + value + "</value></property>";
    }

    private static String value(String site, String name) {
        Matcher found = Pattern.compile("<name>" + Pattern.quote(name) + "</name><value>([^<]*)</value>")
                .matcher(site);
        assertThat(found.find()).isTrue();
        return found.group(1);
    }

    private static YarnClusterConfig queue(String name) {
        return with(cluster.config(), name, "", Map.of(), true);
    }

    private static YarnClusterConfig metastore(String uris) {
        return catalog(Map.of("spark.hadoop.hive.metastore.uris", uris));
    }

    private static YarnClusterConfig catalog(Map<String, String> more) {
        Map<String, String> settings = new TreeMap<>(more);
        settings.put("spark.sql.catalogImplementation", "hive");
        return with(cluster.config(), "", "", settings, true);
    }

    private List<Finding> check(YarnClusterConfig config, String... user) throws InterruptedException {
        return new YarnCheck(
                        elsewhere(config), Optional.of(String.join("", user)).filter(name -> !name.isEmpty()))
                .look();
    }

    private static String line(List<Finding> findings, String subject) {
        return findings.stream()
                .filter(finding -> finding.subject().equals("mini " + subject))
                .map(Finding::line)
                .findFirst()
                .orElse("");
    }

    private YarnClusterConfig elsewhere(YarnClusterConfig config) {
        return copy(
                config,
                config.hadoopConfiguration(),
                config.queue(),
                config.settings(),
                config.staging(),
                config.impersonation(),
                directory.resolve("work"));
    }

    private static YarnClusterConfig at(YarnClusterConfig config, Path site) {
        return copy(
                config,
                site,
                config.queue(),
                config.settings(),
                config.staging(),
                config.impersonation(),
                config.workDirectory());
    }

    private static YarnClusterConfig with(
            YarnClusterConfig config, String queue, String staging, Map<String, String> more, boolean impersonation) {
        Map<String, String> settings = new TreeMap<>(config.settings());
        settings.putAll(more);
        return copy(
                config, config.hadoopConfiguration(), queue, settings, staging, impersonation, config.workDirectory());
    }

    private static YarnClusterConfig copy(
            YarnClusterConfig config,
            Path site,
            String queue,
            Map<String, String> settings,
            String staging,
            boolean impersonation,
            Path work) {
        return new YarnClusterConfig(
                config.name(),
                config.deployment(),
                site,
                config.sparkHome(),
                config.engineJar(),
                work,
                config.gateways(),
                queue,
                settings,
                staging,
                config.login(),
                impersonation,
                config.javaHome(),
                List.of());
    }

    private static void waitForNodes() {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (cluster.hadoop().activeNodes() < 1 && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }
}
