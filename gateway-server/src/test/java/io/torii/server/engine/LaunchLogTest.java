package io.torii.server.engine;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static org.assertj.core.api.Assertions.assertThat;

import io.torii.api.engine.LaunchTag;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LaunchLogTest {
    private final UnreachableCluster cluster = new UnreachableCluster();
    private final ManualTimers timers = new ManualTimers();
    private final List<String> heard = new ArrayList<>();
    private final LaunchLog log = new LaunchLog(cluster, LaunchTag.random(), timers, heard::add);

    @Test
    void tellsEachLineOnce() {
        log.follow();

        engineHasWritten("one\ntwo\n");
        engineHasWritten("one\ntwo\n");
        engineHasWritten("one\ntwo\nthree\n");

        assertThat(heard).containsExactly("one", "two", "three");
    }

    @Test
    void tellsWhatStandsBeforeAnEmptyLine() {
        log.follow();

        engineHasWritten("one\n\ntwo\n");

        assertThat(heard).containsExactly("one", "", "two");
    }

    @Test
    void tellsAllThatItSeesWhenTheLastLineItToldIsTooLongAgo() {
        log.follow();

        engineHasWritten("one\n");
        engineHasWritten("eight\nnine\n");

        assertThat(heard).containsExactly("one", "eight", "nine");
    }

    @Test
    void asksAgainWhereTheClusterCouldNotSay() {
        log.follow();

        cluster.logIs(UnreachableCluster.unreachable());
        timers.ring();
        engineHasWritten("one\n");

        assertThat(heard).containsExactly("one");
    }

    @Test
    void tellsNoMoreOnceItEnds() {
        log.follow();
        engineHasWritten("one\n");

        log.end();
        engineHasWritten("one\ntwo\n");

        assertThat(heard).containsExactly("one");
        assertThat(timers.waiting()).isZero();
    }

    @Test
    void leavesOutWhatIsChat() {
        log.follow();

        engineHasWritten(String.join(
                "\n",
                "26/11/26 12:54:11 INFO ApplicationMaster: Starting the user application",
                "  with these resources:",
                "2026-11-26 12:54:12.001 WARN Utils: the host has no name",
                "java.net.UnknownHostException: nowhere",
                "26/11/26 12:54:13 INFO SparkUI: bound"));

        assertThat(heard)
                .containsExactly(
                        "2026-11-26 12:54:12.001 WARN Utils: the host has no name",
                        "java.net.UnknownHostException: nowhere");
    }

    @Test
    void tiresOfAnEngineThatSaysTooMuch() {
        log.follow();

        engineHasWritten(IntStream.range(0, 600).mapToObj(i -> "line " + i).collect(Collectors.joining("\n")));
        timers.ring();

        assertThat(heard).hasSize(500).endsWith("line 499");
        assertThat(timers.waiting()).isZero();
    }

    private void engineHasWritten(String text) {
        cluster.logIs(completedFuture(text));
        timers.ring();
    }
}
