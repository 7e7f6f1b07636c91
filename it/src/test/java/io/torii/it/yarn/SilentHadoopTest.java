package io.torii.it.yarn;

import static io.torii.it.yarn.TestCluster.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.torii.api.cluster.Application;
import io.torii.api.cluster.ClusterSnapshot;
import io.torii.api.cluster.Submission;
import io.torii.api.engine.EngineLaunch;
import io.torii.api.engine.LaunchTag;
import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import io.torii.engine.yarn.YarnBackend;
import io.torii.it.Eventually;
import io.torii.mini.MiniHadoop;
import io.torii.mini.MiniHadoopShape;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What becomes of a launch on a cluster whose daemons hang, or whose files others have had their hands on. */
@Tag("system")
@Tag("long")
class SilentHadoopTest {
    /** So that it is known ten seconds later at most. */
    private static final Duration ASKED_EVERY_FIVE_SECONDS = Duration.ofSeconds(5);

    private static final String NO_NODES = "none of its nodes gets work";

    private static TestCluster cluster;
    private static YarnBackend backend;

    @BeforeAll
    static void start() throws IOException {
        cluster = new TestCluster(MiniHadoopShape.small().withNodes(0, 4096, 4));
        backend = cluster.backend();
        assertThat(answer(backend.submit(launch()))).isEqualTo(Submission.ACCEPTED); // all is staged now
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Test
    void aFileSystemThatHangsIsNamedSoonAndNothingIsSubmitted() throws IOException {
        MiniHadoop hadoop = cluster.hadoop();
        EngineLaunch launch = launch();
        hadoop.freezeFileSystem();
        try {
            assertUnavailable(
                    Duration.ofSeconds(20),
                    backend.submit(launch),
                    "cannot put spark-jars.zip on the file system of cluster mini: no answer within ");
        } finally {
            hadoop.thawFileSystem();
        }

        assertThat(answer(backend.find(launch.tag()))).isEmpty();
        Eventually.holds(Duration.ofSeconds(30), () -> assertThat(answer(backend.submit(launch())))
                .isEqualTo(Submission.ACCEPTED));
    }

    @Test
    void aResourceManagerThatHangsMakesItsClusterUnhealthyWithinTenSeconds() throws IOException {
        MiniHadoop hadoop = cluster.hadoop();
        assertThat(answer(backend.load()).reason()).doesNotContain("does not answer");
        hadoop.freezeResourceManager();
        try {
            long asked = System.nanoTime();
            ClusterSnapshot load = answer(backend.load());

            assertThat(load.healthy()).isFalse();
            assertThat(load.reason()).contains("does not answer");
            assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(ASKED_EVERY_FIVE_SECONDS);
            assertUnavailable(
                    Duration.ofSeconds(10),
                    backend.find(LaunchTag.random()),
                    "the ResourceManager of cluster mini does not answer at ");
        } finally {
            hadoop.thawResourceManager();
        }
        Eventually.holds(
                Duration.ofSeconds(20),
                () -> assertThat(answer(backend.load()).reason()).doesNotContain("does not answer"));
    }

    @Test
    void oneOfAPairThatHangsIsNotWaitedForOnceTheOtherHasTakenOver() throws IOException {
        try (TestCluster pair =
                new TestCluster(MiniHadoopShape.small().withNodes(0, 4096, 4).withPair())) {
            YarnBackend asked = pair.backend();
            assertThat(answer(asked.load()).reason()).isEqualTo(NO_NODES);
            URI lost = pair.hadoop().resourceManager();

            pair.hadoop().freezeResourceManager();
            Eventually.holds(
                    Duration.ofSeconds(40),
                    () -> assertThat(pair.hadoop().resourceManager()).isNotEqualTo(lost));

            Eventually.holds(
                    Duration.ofSeconds(15),
                    () -> assertThat(answer(asked.load()).reason()).isEqualTo(NO_NODES));
            for (int i = 0; i < 4; i++) {
                assertThat(answer(asked.load()).reason()).isEqualTo(NO_NODES);
            }
        }
    }

    @Test
    void engineProgramsThatOthersCanChangeAreNotUsed() {
        MiniHadoop hadoop = cluster.hadoop();
        String root = "/user/" + System.getProperty("user.name") + "/.torii";
        hadoop.shell("-chmod", "775", root + "/*");
        try {
            assertThatThrownBy(() -> answer(backend.submit(launch())))
                    .rootCause()
                    .message()
                    .contains("can change /user/", "and is rwxrwxr-x; correct that, or set staging-directory to");
        } finally {
            hadoop.shell("-chmod", "755", root + "/*");
        }

        for (String own : List.of(root, root + "/*/*.jar")) {
            hadoop.shell("-chown", "mallory", own);
            try {
                assertThatThrownBy(() -> answer(backend.submit(launch())))
                        .rootCause()
                        .message()
                        .contains("it belongs to mallory");
            } finally {
                hadoop.shell("-chown", System.getProperty("user.name"), own);
            }
        }
        assertThat(answer(backend.submit(launch()))).isEqualTo(Submission.ACCEPTED);
    }

    @Test
    void aLaunchThatIsKilledBeforeItHasADriverLeavesNothingInItsUsersHome() {
        EngineLaunch launch = launch();
        answer(backend.submit(launch));
        String id = answer(backend.find(launch.tag())).orElseThrow().id();
        assertThat(cluster.hadoop().shell("-ls", "/user/alice/.sparkStaging")).contains(id);

        answer(backend.kill(launch.tag()));

        Eventually.holds(
                Duration.ofSeconds(30), () -> assertThat(cluster.hadoop().shell("-ls", "/user/alice/.sparkStaging"))
                        .doesNotContain(id));
    }

    @Test
    void anApplicationWithACopiedTagIsNotTakenForTheEngine() {
        EngineLaunch launch = launch();
        answer(backend.submit(launch));
        Application genuine = answer(backend.find(launch.tag())).orElseThrow();

        cluster.hadoop().submitWithTags(cluster.hadoop().tagsOf(genuine.id()));
        answer(cluster.backend().kill(launch.tag()));

        assertThat(answer(cluster.backend().find(launch.tag())).orElseThrow().id())
                .isEqualTo(genuine.id());
        Eventually.holds(Duration.ofSeconds(20), () -> assertThat(
                        answer(backend.find(launch.tag())).orElseThrow().state())
                .isEqualTo(Application.State.ENDED));
    }

    private static EngineLaunch launch() {
        return TestCluster.launch("alice", Map.of());
    }

    private static void assertUnavailable(Duration limit, CompletableFuture<?> call, String sentence) {
        long asked = System.nanoTime();
        assertThatThrownBy(() -> answer(call))
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(GatewayException.class, problem -> {
                    assertThat(problem.code()).isEqualTo(ErrorCode.CLUSTER_UNAVAILABLE);
                    assertThat(problem).hasMessageContaining(sentence);
                });
        assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(limit);
    }
}
