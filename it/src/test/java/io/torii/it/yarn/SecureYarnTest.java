package io.torii.it.yarn;

import static io.torii.it.yarn.TestCluster.answer;
import static io.torii.it.yarn.TestCluster.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.torii.api.cluster.Application;
import io.torii.api.cluster.Submission;
import io.torii.api.engine.EngineLaunch;
import io.torii.engine.yarn.YarnBackend;
import io.torii.engine.yarn.YarnClusterConfig.KerberosLogin;
import io.torii.mini.Kerberos;
import io.torii.mini.MiniHadoopShape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HDFS and YARN that demand Kerberos, and let the gateway act for alice and bob. */
@Tag("system")
@Tag("long")
class SecureYarnTest {
    private static TestCluster cluster;
    private static YarnBackend backend;
    private static Kerberos kerberos;

    @TempDir
    private Path directory;

    @BeforeAll
    static void start() throws IOException {
        cluster = new TestCluster(MiniHadoopShape.small()
                .secure()
                .withCore("hadoop.proxyuser.torii.groups", "")
                .withCore("hadoop.proxyuser.torii.users", "alice,bob"));
        backend = cluster.backend();
        kerberos = cluster.hadoop().kerberos().orElseThrow();
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Test
    void runsAnEngineAsItsUserWhoHasNoTicket() {
        EngineLaunch launch = TestCluster.launch(
                "alice", Map.of("spark.eventLog.enabled", "true", "spark.eventLog.dir", "hdfs:///tmp"));

        Submission submission = answer(backend.submit(launch));

        assertThat(submission).isEqualTo(Submission.ACCEPTED);
        await("the engine runs", () -> state(launch) == Application.State.RUNNING);
        await("the driver's log is there", () -> answer(backend.log(launch.tag(), 1_000))
                .contains("no gateway answers"));
        assertThat(answer(backend.load()).healthy()).isTrue();
        Application engine = answer(backend.find(launch.tag())).orElseThrow();
        assertThat(cluster.hadoop().shell("-stat", "%u", "/tmp/" + engine.id() + "_1.inprogress"))
                .isEqualTo("alice");
        answer(backend.kill(launch.tag()));
        assertThat(answer(backend.endOf(launch.tag())).diagnostics()).startsWith("it was killed by alice");
    }

    @Test
    void keepsJarsAsItselfWhereEverybodyReadsThem() {
        EngineLaunch launch = TestCluster.launch("bob", Map.of());

        answer(backend.submit(launch));

        assertThat(cluster.hadoop().shell("-stat", "%u %A %n", "/user/torii/.torii/*/*"))
                .contains("torii rw-r--r-- torii-spark-engine.jar")
                .contains("torii rw-r--r-- spark-jars.zip");
        answer(backend.kill(launch.tag()));
    }

    @Test
    void getsTokensWithWhichAUserReadsWhatIsTheirsAlone() throws IOException {
        Path tokens = directory.resolve("tokens");
        cluster.hadoop().shell("-mkdir", "/tmp/of-alice");
        cluster.hadoop().shell("-chown", "alice", "/tmp/of-alice");
        cluster.hadoop().shell("-chmod", "700", "/tmp/of-alice");

        Files.write(
                tokens,
                answer(backend.tokens(TestCluster.launch("alice", Map.of()).spec())));
        Path others = Files.write(
                directory.resolve("others"),
                answer(backend.tokens(TestCluster.launch("bob", Map.of()).spec())));

        cluster.hadoop().shellWith(tokens, "-touchz", "/tmp/of-alice/hers");
        assertThat(cluster.hadoop().shell("-stat", "%u", "/tmp/of-alice/hers")).isEqualTo("alice");
        assertThatThrownBy(() -> cluster.hadoop().shellWith(others, "-ls", "/tmp/of-alice"))
                .hasMessageContaining("Permission denied: user=bob");
    }

    @Test
    void saysHowToLetItActForAUser() {
        EngineLaunch launch = TestCluster.launch("mallory", Map.of());

        assertThatThrownBy(() -> answer(backend.submit(launch)))
                .hasRootCauseMessage("User: " + kerberos.principal("torii") + " is not allowed to impersonate mallory;"
                        + " have the cluster allow it by hadoop.proxyuser.torii.hosts and .users or .groups, or set"
                        + " impersonation to false");
    }

    @Test
    void saysThatTheKeytabIsNotThePrincipals() {
        KerberosLogin login = login(kerberos.principal("torii"), kerberos.keytab("hive"));

        assertThat(problemWith(Optional.of(login)))
                .isEqualTo("Cannot log in to cluster mini as torii/localhost@TORII.TEST: there is no key for"
                        + " it in " + kerberos.keytab("hive")
                        + "; set principal and keytab to a pair that belongs together");
    }

    @Test
    void saysThatTheKeyIsNotTheKdcs() throws IOException {
        Path keytab = KeytabFile.write(directory.resolve("old.keytab"), kerberos.principal("torii"));

        assertThat(problemWith(Optional.of(login(kerberos.principal("torii"), keytab))))
                .isEqualTo("Cannot log in to cluster mini as torii/localhost@TORII.TEST: the KDC does not"
                        + " accept the key in " + keytab
                        + ", which is older or newer than its own; have the keytab exported again");
    }

    @Test
    void saysThatTheKdcDoesNotKnowThePrincipal() throws IOException {
        String nobody = "nobody/localhost@" + kerberos.realm();
        Path keytab = KeytabFile.write(directory.resolve("nobody.keytab"), nobody);

        assertThat(problemWith(Optional.of(login(nobody, keytab))))
                .isEqualTo("Cannot log in to cluster mini as nobody/localhost@TORII.TEST: the KDC does not know"
                        + " it; correct principal, or have it created");
    }

    @Test
    void saysThatTheRealmIsNotConfigured() throws IOException {
        Path empty = Files.createFile(directory.resolve("krb5.conf"));
        KerberosLogin login =
                new KerberosLogin(kerberos.principal("torii"), kerberos.keytab("torii"), Optional.of(empty));

        assertThat(problemWith(Optional.of(login)))
                .isEqualTo("Cannot log in to cluster mini as torii/localhost@TORII.TEST: " + empty
                        + " does not name its realm and KDC; add them, or set krb5-conf");
    }

    @Test
    void givesNoEngineItsOwnTokens() {
        EngineLaunch launch = TestCluster.launch("torii", Map.of());

        assertThatThrownBy(() -> answer(backend.submit(launch)))
                .rootCause()
                .hasMessageContaining("engines with Kerberos run as their users, not as " + kerberos.principal("torii")
                        + ", with whose tokens users could act for anybody");
        assertThatThrownBy(() -> answer(backend.tokens(launch.spec())))
                .hasRootCauseMessage("engines with Kerberos run as their users, not as " + kerberos.principal("torii")
                        + ", with whose tokens users could act for anybody; set impersonation to true");
    }

    @Test
    void saysThatTheClusterDemandsKerberos() {
        assertThat(problemWith(Optional.empty()))
                .isEqualTo("Cannot log in to cluster mini: it demands Kerberos; set principal and keytab");
    }

    private static Application.State state(EngineLaunch launch) {
        return answer(backend.find(launch.tag())).map(Application::state).orElse(Application.State.WAITING);
    }

    private static KerberosLogin login(String principal, Path keytab) {
        return new KerberosLogin(principal, keytab, Optional.of(kerberos.configuration()));
    }

    /** Why the cluster cannot be used by a gateway with this login. */
    private static String problemWith(Optional<KerberosLogin> login) {
        try (YarnBackend other = cluster.backend(login)) {
            return answer(other.load()).reason();
        }
    }
}
