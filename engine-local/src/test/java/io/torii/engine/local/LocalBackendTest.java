package io.torii.engine.local;

import static io.torii.engine.local.LocalHost.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.torii.api.cluster.Application;
import io.torii.api.cluster.Submission;
import io.torii.api.engine.EngineLaunch;
import io.torii.api.engine.LaunchTag;
import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import io.torii.launch.OwnFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LocalBackendTest {
    @TempDir
    private Path directory;

    private LocalHost host;
    private LocalBackend backend;

    @BeforeEach
    void start() {
        host = new LocalHost(directory);
        backend = host.backend();
    }

    @AfterEach
    void stop() {
        host.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "says-why | The gateway refused the token (exit code 1)",
                "throws | java.lang.IllegalArgumentException: port 0 (exit code 1)",
                "runs-out-of-memory | Out of memory (Java heap space): raise spark.driver.memory (exit code 1)",
                "exits | The process ended: exit code 7, its log is empty",
                "kills-itself | The process ended: killed by SIGKILL, perhaps by the system for want of memory, its log is"
                        + " empty",
            })
    void saysInOneSentenceWhyAnEngineEnded(String behaviour, String sentence) {
        LaunchTag tag = submit(Launches.thatWould(behaviour));

        Application end = answer(backend.endOf(tag));

        assertThat(end.alive()).isFalse();
        assertThat(end.diagnostics()).isEqualTo(sentence);
    }

    @Test
    void saysThatTheProgramIsMissing() {
        LaunchTag tag = submit(Launches.with(Map.of("main", "io.torii.Nowhere")));

        assertThat(answer(backend.endOf(tag)).diagnostics())
                .isEqualTo("Error: Could not find or load main class io.torii.Nowhere (exit code 1)");
    }

    @Test
    void noticesADeathWithinTwoSeconds() {
        LaunchTag tag = submit(Launches.thatWould("lasts"));
        var end = backend.endOf(tag);

        process(tag).destroyForcibly();
        Instant death = Instant.now();
        answer(end);

        assertThat(Duration.between(death, Instant.now())).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void noticesTheDeathOfAnEngineThatAnEarlierGatewayStarted() {
        LaunchTag tag = submit(Launches.thatWould("lasts"));
        LocalBackend afresh = host.backend();
        var end = afresh.endOf(tag);

        process(tag).destroyForcibly();
        Instant death = Instant.now();
        answer(end);

        assertThat(Duration.between(death, Instant.now())).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void remembersHowAnEngineEndedWhoseEndNobodySaw() throws IOException {
        LaunchTag tag = submit(Launches.thatWould("says-why"));
        answer(backend.endOf(tag));
        Files.delete(engineDirectory(tag).resolve("end.properties"));

        assertThat(answer(host.backend().endOf(tag)).diagnostics()).isEqualTo("The gateway refused the token");
    }

    @Test
    void neverTakesALaterProcessOfTheSameNumberForTheEngine() throws IOException {
        LaunchTag tag = submit(Launches.thatWould("lasts"));
        answer(backend.kill(tag));
        answer(backend.endOf(tag));
        Files.delete(engineDirectory(tag).resolve("end.properties"));
        ProcessIdentity self = ProcessIdentity.of(ProcessHandle.current());
        OwnFiles.writeProperties(
                engineDirectory(tag).resolve("process.properties"),
                Map.of("pid", Long.toString(self.pid()), "birth", self.birth() + "0"));
        LocalBackend afresh = host.backend();

        assertThat(answer(afresh.find(tag)).map(Application::alive)).contains(false);
        answer(afresh.kill(tag));
        assertThat(ProcessHandle.current().isAlive()).isTrue();
    }

    @Test
    void findsAnEngineThatTheGatewayHadNoTimeToRecord() throws IOException {
        LaunchTag tag = submit(Launches.thatWould("lasts"));
        String pid = answer(backend.find(tag)).orElseThrow().id();
        Files.delete(engineDirectory(tag).resolve("process.properties"));

        assertThat(answer(host.backend().find(tag)).map(Application::id)).contains(pid);
    }

    @Test
    void startsATagOnceOnly() {
        EngineLaunch launch = Launches.thatWould("lasts");
        submit(launch);
        String pid = answer(backend.find(launch.tag())).orElseThrow().id();

        assertThat(answer(host.backend().submit(launch))).isEqualTo(Submission.ACCEPTED);
        assertThat(answer(backend.find(launch.tag())).map(Application::id)).contains(pid);
        assertThat(answer(backend.load()).engines()).isEqualTo(1);
    }

    @Test
    void killsAnEngineThatDoesNotListen() throws Exception {
        LaunchTag tag = submit(Launches.thatWould("is-deaf"));
        awaitLaunchFileTaken(tag);

        answer(backend.kill(tag));

        assertThat(answer(backend.endOf(tag)).diagnostics()).isEqualTo("Ended at the gateway's request");
    }

    @Test
    void killsWhatAnEngineHasStarted() throws Exception {
        LaunchTag tag = submit(Launches.thatWould("has-a-child"));
        Path child = engineDirectory(tag).resolve("child");
        await(() -> Files.exists(child) && !Files.readString(child).isEmpty());
        ProcessHandle process =
                ProcessHandle.of(Long.parseLong(Files.readString(child))).orElseThrow();

        answer(backend.kill(tag));
        answer(backend.endOf(tag));

        process.onExit().get(10, TimeUnit.SECONDS);
    }

    @Test
    void endsAllEnginesWhenTheClusterIsToEnd() {
        LaunchTag one = submit(Launches.thatWould("lasts"));
        LaunchTag other = submit(Launches.thatWould("lasts"));

        answer(host.backend().endAll());

        assertThat(answer(backend.endOf(one)).alive()).isFalse();
        assertThat(answer(backend.endOf(other)).alive()).isFalse();
    }

    @Test
    void showsTheLastLinesOfALog() throws Exception {
        LaunchTag tag = submit(Launches.thatWould("talks"));
        await(() -> answer(backend.log(tag, 1)).equals("line 5000"));

        assertThat(answer(backend.log(tag, 3))).isEqualTo("line 4998\nline 4999\nline 5000");
    }

    @Test
    void filesOfAnEngineBelongToTheirOwnerAlone() throws IOException {
        LaunchTag tag = submit(Launches.thatWould("lasts"));

        try (Stream<Path> files = Files.walk(engineDirectory(tag))) {
            assertThat(files.toList())
                    .allSatisfy(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .as(file.toString())
                            .endsWith("------"));
        }
    }

    @Test
    void showsNoSecretToTheHost() throws IOException {
        EngineLaunch launch = Launches.thatWould("lasts");
        LaunchTag tag = submit(launch);
        Path process = Path.of("/proc", Long.toString(process(tag).pid()));

        String seen = Files.readString(process.resolve("cmdline")) + Files.readString(process.resolve("environ"));

        assertThat(seen)
                .contains(tag.value())
                .doesNotContain(launch.token().value())
                .doesNotContain(launch.secret().value());
    }

    @Test
    void keepsTheLogsOfTheLatestEnginesOnlyAndNothingElse() throws Exception {
        LocalBackend frugal = host.backend(host.config.withLogs(1, 1 << 20), new StandInProgram());
        LaunchTag first = submit(Launches.thatWould("throws"));
        answer(backend.endOf(first));
        LaunchTag second = submit(Launches.thatWould("throws"));
        answer(backend.endOf(second));
        Path treasure = Files.writeString(directory.resolve("treasure"), "not the engine's");
        Files.createSymbolicLink(engineDirectory(first).resolve("link"), directory);

        LocalBackend afresh = host.backend(host.config.withLogs(1, 1 << 20), new StandInProgram());
        await(() -> Files.notExists(engineDirectory(first)));

        assertThat(treasure).exists();
        assertThat(answer(afresh.log(second, 100))).contains("Caused by: java.lang.IllegalArgumentException: port 0");
        assertThat(engineDirectory(second).resolve("java.args")).doesNotExist();
        assertThat(answer(frugal.endOf(second)).diagnostics()).contains("port 0");
    }

    @Test
    void cutsALogThatGrowsTooLong() throws Exception {
        LaunchTag tag = submit(Launches.thatWould("talks"));
        await(() -> answer(backend.log(tag, 1)).equals("line 5000"));

        host.backend(host.config.withLogs(5, 10_000), new StandInProgram());
        Path log = engineDirectory(tag).resolve("engine.log");
        await(() -> Files.size(log) == 0);

        assertThat(engineDirectory(tag).resolve("engine.log.1")).content().endsWith("line 5000\n");
    }

    @Test
    void saysWhatIsMissingOnThisHost() {
        LocalBackend real =
                host.backend(host.config, new SparkProgram(host.config, Metastore.none(), host.archives(), Map.of()));

        EngineLaunch launch = Launches.with(Map.of());
        assertThatThrownBy(() -> answer(real.submit(launch)))
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(GatewayException.class, failure -> assertThat(failure.code())
                        .isEqualTo(ErrorCode.ENGINE_LAUNCH_FAILED))
                .hasMessage("Cluster local cannot launch engines: there is no Spark in " + host.config.sparkHome()
                        + " (expected: jars/spark-core_*.jar; set spark-home or SPARK_HOME)");
        assertThat(answer(real.load()).healthy()).isFalse();
        assertThat(engineDirectory(launch.tag())).doesNotExist();
    }

    @Test
    void knowsCoresAndMemoryOfTheHost() {
        var load = answer(backend.load());

        assertThat(load.total().cores()).isPositive();
        assertThat(load.free().memory())
                .isPositive()
                .isLessThanOrEqualTo(load.total().memory());
        assertThat(load.engines()).isZero();
    }

    private LaunchTag submit(EngineLaunch launch) {
        assertThat(answer(backend.submit(launch))).isEqualTo(Submission.ACCEPTED);
        return launch.tag();
    }

    private Path engineDirectory(LaunchTag tag) {
        return host.config.workDirectory().resolve("engines").resolve(tag.value());
    }

    private ProcessHandle process(LaunchTag tag) {
        return ProcessHandle.of(
                        Long.parseLong(answer(backend.find(tag)).orElseThrow().id()))
                .orElseThrow();
    }

    private void awaitLaunchFileTaken(LaunchTag tag) throws Exception {
        await(() -> Files.notExists(engineDirectory(tag).resolve("launch.properties")));
    }

    private void await(Callable<Boolean> condition) {
        Await.until(host.scheduler, condition);
    }
}
