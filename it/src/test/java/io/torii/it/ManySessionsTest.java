package io.torii.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoopGroup;
import io.torii.it.load.Crowd;
import io.torii.it.load.ProcessUse;
import io.torii.it.load.Sessions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/** Ten thousand sessions of one user from one address, in a gateway with its default memory and limits. */
@Tag("system")
class ManySessionsTest {
    private static final int SESSIONS = 10_000;
    private static final int BURST = 2_000;
    private static final int ASKING = 256;
    private static final int AT_ONCE = 500;

    /** The gateway's own pools when all are full: for files, the store, timers, connections, logins, HTTP and its own page. */
    private static final int POOLS = 30;

    private static final int POOLS_OF_A_PROCESSOR = 4;

    /** Of the JVM (collector, compilers, signals) and of the database within it. */
    private static final int OTHERS = 28;

    private static final int OTHERS_OF_A_PROCESSOR = 4;

    private static final int MOST_THREADS = POOLS
            + OTHERS
            + (POOLS_OF_A_PROCESSOR + OTHERS_OF_A_PROCESSOR)
                    * Runtime.getRuntime().availableProcessors();

    private static final long MOST_HEAP_OF_A_SESSION = 16 * 1024;

    /** With a connection that is kept alive: its buffers and parsers are Jetty's. */
    private static final long MOST_HEAP_OF_A_SESSION_OVER_HTTP = 32 * 1024;

    @TempDir
    static Path directory;

    private static World world;
    private static EventLoopGroup loops;

    @BeforeAll
    static void start() {
        world = World.start(
                directory,
                """
                clusters:
                  - name: local
                    type: local
                    metastore: none
                    settings:
                      spark.master: "local[2]"
                      spark.driver.memory: 1g
                """);
        loops = Sessions.loops();
    }

    @AfterAll
    static void end() {
        Future<?> unused = loops.shutdownGracefully();
        world.close();
    }

    @Test
    void costNeitherThreadsNorMuchMemory(TestReporter report) throws IOException, InterruptedException {
        open(Sessions.crowd(loops, world.thriftPort(), "alice"), MOST_HEAP_OF_A_SESSION, report);
    }

    @Tag("long")
    @Test
    void costNoMoreOverHttp(TestReporter report) throws IOException, InterruptedException {
        open(Sessions.crowdOverHttp(world.httpPort(), "bob"), MOST_HEAP_OF_A_SESSION_OVER_HTTP, report);
    }

    private static void open(Crowd clients, long mostHeap, TestReporter report)
            throws IOException, InterruptedException {
        int count = asManyAsFilesAllow(report);
        try (Crowd crowd = clients) {
            ProcessUse before = ProcessUse.of(world.gateway().pid());

            Crowd.Outcome burst = crowd.open(Math.min(count, BURST), BURST);
            Crowd.Outcome others = crowd.open(count - crowd.size(), AT_ONCE);
            ProcessUse idle = ProcessUse.of(world.gateway().pid());
            Crowd.Running statements = crowd.run(ASKING, "SELECT java_method('java.lang.Thread', 'sleep', 20L)");
            ProcessUse asking = ProcessUse.of(world.gateway().pid());
            Crowd.Outcome ran = statements.end();
            Crowd.Outcome ended = crowd.end(AT_ONCE);

            long heapOfASession = (idle.heapBytes() - before.heapBytes()) / count;
            report.publishEntry("sessions", burst + " " + others + " " + idle + " " + asking + " " + ran + " " + ended);
            report.publishEntry("heap of a session", heapOfASession + " bytes");
            assertThat(burst.refused()).isEmpty();
            assertThat(others.refused()).isEmpty();
            assertThat(ran.refused()).isEmpty();
            assertThat(ended.succeeded()).isEqualTo(count);
            assertThat(idle.threads()).isLessThanOrEqualTo(MOST_THREADS);
            assertThat(asking.threads()).isLessThanOrEqualTo(MOST_THREADS);
            assertThat(heapOfASession).isLessThan(mostHeap);
        }
    }

    private static int asManyAsFilesAllow(TestReporter report) throws IOException {
        long files = Math.min(
                ProcessUse.openFilesLimit("self"),
                ProcessUse.openFilesLimit(Long.toString(world.gateway().pid())));
        int count = (int) Math.min(SESSIONS, files - Sessions.OTHER_FILES);
        if (count < SESSIONS) {
            report.publishEntry("fewer sessions", count + ", since only " + files + " files may be open (ulimit -n)");
        }
        return count;
    }
}
