package io.torii.server.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.torii.api.engine.ShareLevel;
import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import io.torii.server.auth.Identity;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsResolverTest {
    private static final Identity ALICE = new Identity("alice", Set.of("bi", "analysts"));

    private static final Map<String, Set<String>> CLUSTERS =
            Map.of("local", Set.of(), "yarn-a", Set.of("etl", "iceberg"));

    private final SettingsResolver resolver = resolver();

    @ParameterizedTest
    @CsvSource({
        "mapreduce.job.queuename, etl, torii.queue, etl",
        "set:hiveconf:mapred.job.queue.name, etl, torii.queue, etl",
        "tez.queue.name, root.etl, torii.queue, root.etl",
        "spark.yarn.queue, etl, torii.queue, etl",
        "set:hivevar:kyuubi.engine.share.level, CONNECTION, torii.engine.share-level, connection",
        "kyuubi.engine.share.level.subdomain, reports, torii.engine.subdomain, reports",
        "kyuubi.engine.type, SPARK_SQL, torii.engine.type, spark",
        "kyuubi.session.idle.timeout, PT30M, torii.session.idle-timeout, PT30M",
        "kyuubi.session.idle.timeout, 1800000, torii.session.idle-timeout, PT30M",
        "hive.server2.idle.session.timeout, 6h, torii.session.idle-timeout, PT6H",
        "hive.server2.idle.session.timeout, 60000, torii.session.idle-timeout, PT1M",
        "hive.server2.idle.session.timeout, -1, torii.session.idle-timeout, PT0S",
        "hive.query.timeout.seconds, 90, torii.statement.timeout, PT1M30S",
        "hive.query.timeout.seconds, 90s, torii.statement.timeout, PT1M30S",
        "spark.sql.thriftServer.queryTimeout, 90, torii.statement.timeout, PT1M30S",
        "kyuubi.operation.query.timeout, PT2H, torii.statement.timeout, PT2H",
        "hiveconf:hive.server2.thrift.resultset.default.fetch.size, 500, torii.session.fetch-size, 500",
        "kyuubi.session.engine.idle.timeout, PT10M, torii.engine.idle-timeout, PT10M",
        "torii.session.idle-timeout, 30m, torii.session.idle-timeout, PT30M",
        "spark.app.name, nightly, torii.session.name, nightly",
        "KYUUBI.ENGINE.SHARE.LEVEL.SUBDOMAIN, x, torii.engine.subdomain, x"
    })
    void resolvesNamesOfOtherServers(String key, String value, String canonical, String resolved) {
        assertThat(resolve(Map.of(key, value)).values()).containsEntry(canonical, resolved);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "spark.master",
                "spark.submit.deployMode",
                "spark.driver.extraJavaOptions",
                "spark.executor.extraJavaOptions",
                "spark.driver.defaultJavaOptions",
                "spark.yarn.am.extraJavaOptions",
                "spark.driver.extraClassPath",
                "spark.executor.extraLibraryPath",
                "spark.driver.userClassPathFirst",
                "spark.jars",
                "spark.jars.packages",
                "spark.jars.ivySettings",
                "spark.files",
                "spark.archives",
                "spark.submit.pyFiles",
                "spark.yarn.dist.files",
                "spark.yarn.keytab",
                "spark.kerberos.principal",
                "spark.kubernetes.driver.podTemplateFile",
                "spark.kubernetes.namespace",
                "spark.plugins",
                "spark.extraListeners",
                "spark.sql.extensions",
                "spark.sql.warehouse.dir",
                "spark.sql.hive.metastore.jars.path",
                "spark.hadoop.hive.metastore.uris",
                "spark.hadoop.hadoop.security.credential.provider.path",
                "spark.hadoop.fs.s3a.aws.credentials.provider",
                "spark.hadoop.fs.hdfs.impl",
                "spark.python.daemon.module",
                "spark.r.command",
                "spark.redaction.regex",
                "spark.ui.port",
                "spark.eventLog.dir",
                "spark.local.dir",
                "spark.executorEnv.LD_PRELOAD",
                "spark.yarn.appMasterEnv.JAVA_HOME",
                "spark.ssl.keyStore",
                "spark.authenticate.secret",
                "spark.proxy.user",
                "hadoop.security.authentication",
                "hive.metastore.uris",
                "torii.user.groups"
            })
    void deniesWhatLaunchesIdentifiesOrNamesPaths(String key) {
        assertDenied(() -> resolve(Map.of(key, "x")), key);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SPARK.MASTER",
                " spark.master ",
                "set:hiveconf:spark.master",
                "SET:HiveConf:spark.master",
                "set:hiveconf:set:hivevar:spark.master",
                "hiveconf: spark.master",
                "system:spark.master",
                "sparkconf:spark.master"
            })
    void isNotFooledByPrefixesCaseOrSpace(String key) {
        assertDenied(() -> resolve(Map.of(key, "x")), "master");
    }

    @Test
    void aNameWithoutSparksPrefixNeverBecomesASparkSetting() {
        ResolvedSettings resolved =
                resolve(Map.of("kubernetes.driver.podTemplateFile", "/etc/x", "driver.extraJavaOptions", "-Dx"));

        assertThat(resolved.values()).containsOnlyKeys(SessionSettings.GROUPS);
        assertThat(resolved.notes()).hasSize(2);
    }

    @Test
    void theRefusalSaysWhatAnAdministratorCanDo() {
        assertThatThrownBy(() -> resolve(Map.of("spark.jars", "x")))
                .hasMessage("Setting spark.jars is denied to users; an administrator can allow it by listing it in"
                        + " settings.user-may-set");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\0fs.s3a.impl", "fs.s3a.impl\u0001", "\u00A0\0 set:\0 hiveconf:\0fs.s3a.impl"})
    void whatHadoopTrimsOffAKeyDoesNotHideIt(String key) {
        assertDenied(() -> resolver.forAssignment("alice", key, "x"), "fs.s3a.impl");
        assertDenied(() -> resolve(Map.of(key, "x")), "fs.s3a.impl");
    }

    @Test
    void resettingIsDeniedWhereSettingIs() {
        SetStatement.Assignment reset = (SetStatement.Assignment)
                SetStatement.of("RESET spark.redaction.regex").orElseThrow();

        assertDenied(() -> resolver.forAssignment("alice", reset.key(), reset.value()), "spark.redaction.regex");
        assertThat(resolver.forAssignment("alice", "spark.sql.shuffle.partitions", ""))
                .isEmpty();
    }

    @Test
    void settingsMayNotBeLargeTogether() {
        String half = "x".repeat(128 * 1024);

        assertThat(resolve(Map.of("a", half, "b", half.substring(2))).values()).containsKeys("a", "b");
        assertThatThrownBy(() -> resolve(Map.of("a", half, "b", half)))
                .isInstanceOfSatisfying(GatewayException.class, failure -> assertThat(failure.code())
                        .isEqualTo(ErrorCode.SETTING_INVALID))
                .hasMessage("The settings have 262146 characters in all (expected: at most 262144)");
    }

    @Test
    void anAdministratorCanAllowByNameOrPattern() {
        SettingsResolver lenient = resolver("spark.jars", "spark.hadoop.fs.s3a.*");

        assertThat(lenient.forSession(
                                ALICE,
                                Map.of("spark.jars", "s3://x", "spark.hadoop.fs.s3a.aws.credentials.provider", "y"))
                        .values())
                .containsEntry("spark.jars", "s3://x")
                .containsEntry("spark.hadoop.fs.s3a.aws.credentials.provider", "y");
        assertDenied(() -> lenient.forSession(ALICE, Map.of("spark.jars.packages", "x")), "spark.jars.packages");
    }

    @Test
    void ordinarySparkSettingsPass() {
        assertThat(resolve(Map.of("set:hivevar:spark.sql.shuffle.partitions", "10"))
                        .values())
                .containsEntry("spark.sql.shuffle.partitions", "10");
    }

    @Test
    void namesWithoutDotsAreVariablesForTheEngine() {
        assertThat(resolve(Map.of("set:hivevar:day", "2026-01-01")).values()).containsEntry("day", "2026-01-01");
    }

    @Test
    void whatIsUnknownOrWithoutEffectIsLeftOutWithANote() {
        ResolvedSettings resolved =
                resolve(Map.of("set:hiveconf:hive.cbo.enable", "true", "kyuubi.session.engine.launch.async", "true"));

        assertThat(resolved.values()).containsOnlyKeys(SessionSettings.GROUPS);
        assertThat(resolved.notes())
                .containsExactlyInAnyOrder(
                        "Setting hive.cbo.enable is ignored: Torii does not know it",
                        "Setting kyuubi.session.engine.launch.async is ignored: Torii always does");
    }

    @Test
    void aMistypedToriiNameIsAnErrorThatNamesTheNearest() {
        assertThatThrownBy(() -> resolve(Map.of("torii.engine.subdomian", "x")))
                .hasMessage("There is no setting torii.engine.subdomian (nearest: torii.engine.subdomain)");
    }

    @Test
    void aWrongValueIsAnErrorThatSaysWhatIsExpected() {
        assertThatThrownBy(() -> resolve(Map.of("kyuubi.engine.share.level", "everybody")))
                .hasMessage("Setting kyuubi.engine.share.level is 'everybody' (expected: connection, user, group or"
                        + " server)");
        assertThatThrownBy(() -> resolve(Map.of("torii.queue", "../../etc"))).hasMessageContaining("expected");
        assertThatThrownBy(() -> resolve(Map.of("torii.engine.subdomain", "a/b")))
                .hasMessageContaining("expected");
    }

    @ParameterizedTest
    @CsvSource({
        "spark.executor.memory, '1g\nspark.driver.extraJavaOptions=-Dx'",
        "spark.driver.memory, 1g -XX:OnOutOfMemoryError=x",
        "spark.sql.session.timeZone, 'UTC\nspark.jars=x'",
        "'spark.sql.x=1\nspark.jars', x"
    })
    void nothingCanBeSmuggledIntoAPropertiesFileOrACommandLine(String key, String value) {
        assertThatThrownBy(() -> resolve(Map.of(key, value)))
                .isInstanceOf(GatewayException.class)
                .extracting(failure -> ((GatewayException) failure).code())
                .isIn(ErrorCode.SETTING_INVALID, ErrorCode.SETTING_DENIED);
    }

    @Test
    void usersMayNarrowTheShareLevelButNotWidenIt() {
        assertThat(resolve(Map.of("torii.engine.share-level", "connection")).values())
                .containsEntry("torii.engine.share-level", "connection");
        assertDenied(() -> resolve(Map.of("kyuubi.engine.share.level", "SERVER")), "kyuubi.engine.share.level");
        assertThat(resolver("torii.engine.share-level")
                        .forSession(ALICE, Map.of("kyuubi.engine.share.level", "SERVER"))
                        .values())
                .containsEntry("torii.engine.share-level", "server");
    }

    @Test
    void nobodyMayBeSomebodyElse() {
        assertThat(resolve(Map.of("hive.server2.proxy.user", "alice")).notes()).isEmpty();
        assertDenied(() -> resolve(Map.of("hive.server2.proxy.user", "bob")), "hive.server2.proxy.user");
        assertDenied(() -> resolve(Map.of("set:hiveconf:kyuubi.session.proxy.user", "bob")), "proxy.user");
    }

    @Test
    void airflowsJobIsTheWorkload() {
        ResolvedSettings resolved = resolve(
                Map.of("airflow.ctx.dag_id", "nightly", "airflow.ctx.task_id", "load", "airflow.ctx.dag_owner", "bi"));

        assertThat(resolved.values()).containsEntry("torii.workload", "nightly.load");
        assertThat(resolved.notes()).isEmpty();
    }

    @Test
    void theCanonicalNameWinsOverAnAlias() {
        assertThat(resolve(Map.of("torii.queue", "a", "mapreduce.job.queuename", "b", "tez.queue.name", "c"))
                        .values())
                .containsEntry("torii.queue", "a");
    }

    @Test
    void aClusterIsOneOfThoseThatThereAre() {
        assertThat(resolve(Map.of("torii.cluster", "yarn-a")).values()).containsEntry("torii.cluster", "yarn-a");
        assertThatThrownBy(() -> resolver.forAssignment("alice", "torii.cluster", "loacl"))
                .hasMessage("Setting torii.cluster is 'loacl', and there is no such cluster (expected: local, yarn-a)");
        assertThatThrownBy(() -> resolve(Map.of("set:torii.cluster", "loacl")))
                .isInstanceOfSatisfying(GatewayException.class, failure -> assertThat(failure.code())
                        .isEqualTo(ErrorCode.SETTING_INVALID));
    }

    @Test
    void aProfileIsOneThatSomeClusterHas() {
        assertThat(resolve(Map.of("torii.engine.profile", "etl")).values())
                .containsEntry("torii.engine.profile", "etl");
        assertThat(resolver.forAssignment("alice", "torii.engine.profile", "default"))
                .contains(Map.entry("torii.engine.profile", "default"));
        assertThatThrownBy(() -> resolver.forAssignment("alice", "torii.engine.profile", "elt"))
                .hasMessage("Setting torii.engine.profile is 'elt', and no cluster has such a profile"
                        + " (expected: default, etl, iceberg)");
        assertThatThrownBy(() -> resolve(Map.of("set:torii.engine.profile", "ETL")))
                .isInstanceOfSatisfying(GatewayException.class, failure -> assertThat(failure.code())
                        .isEqualTo(ErrorCode.SETTING_INVALID));
    }

    @Test
    void whatUsersSetWinsOverTheDefaults() {
        SettingsResolver withDefaults = new SettingsResolver(
                SettingCatalog.standard(),
                new SettingPolicy(List.of()),
                new LaunchSettings(List.of()),
                ShareLevel.USER,
                CLUSTERS,
                Map.of("kyuubi.session.idle.timeout", "PT1H", "torii.session.fetch-size", "10000"));

        assertThat(withDefaults
                        .forSession(ALICE, Map.of("torii.session.fetch-size", "5"))
                        .values())
                .containsEntry("torii.session.fetch-size", "5")
                .containsEntry("torii.session.idle-timeout", "PT1H");
    }

    @Test
    void theUsersGroupsAreKeptWithTheSession() {
        SessionSettings settings = new SessionSettings(resolve(Map.of()).values());

        assertThat(settings.groups()).containsExactly("analysts", "bi");
    }

    private ResolvedSettings resolve(Map<String, String> sent) {
        return resolver.forSession(ALICE, sent);
    }

    private static SettingsResolver resolver(String... userMaySet) {
        return new SettingsResolver(
                SettingCatalog.standard(),
                new SettingPolicy(List.of(userMaySet)),
                new LaunchSettings(List.of(userMaySet)),
                ShareLevel.USER,
                CLUSTERS,
                Map.of());
    }

    private static void assertDenied(ThrowingCallable call, String named) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(GatewayException.class, failure -> assertThat(failure.code())
                        .isEqualTo(ErrorCode.SETTING_DENIED))
                .message()
                .containsIgnoringCase(named);
    }
}
