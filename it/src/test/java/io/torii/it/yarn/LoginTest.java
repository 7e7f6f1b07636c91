package io.torii.it.yarn;

import static io.torii.it.yarn.TestCluster.answer;
import static io.torii.it.yarn.TestCluster.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.torii.api.engine.LaunchTag;
import io.torii.engine.yarn.YarnBackend;
import io.torii.mini.MiniHadoopShape;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A gateway's login as time goes by. */
@Tag("system")
@Tag("long")
class LoginTest {
    private static final Duration TICKETS = Duration.ofSeconds(20);
    /** Java itself waits for a KDC for a minute and a half. */
    private static final Duration SHORT = Duration.ofSeconds(10);

    /** Connections are not kept, so that each call has to show a ticket that is good now. */
    private static final MiniHadoopShape SHAPE = MiniHadoopShape.small()
            .withNodes(0, 64, 1)
            .secure(TICKETS)
            .withCore("ipc.client.connection.maxidletime", "50");

    @Test
    void outlivesItsTicketsAndForAWhileTheKdc() throws IOException {
        try (TestCluster cluster = new TestCluster(SHAPE)) {
            YarnBackend backend = cluster.backend();
            answer(backend.find(LaunchTag.random()));

            asksFor(TICKETS.multipliedBy(2), backend);
            cluster.hadoop().killKdc();

            await("it has asked for a new ticket in vain", () -> {
                assertThat(answer(backend.find(LaunchTag.random()))).isEmpty();
                return cluster.agentLog().contains("is not renewed: no KDC answers");
            });
            await("its last ticket is over", () -> !answers(backend));
            assertThatThrownBy(() -> answer(backend.find(LaunchTag.random())))
                    .rootCause()
                    .message()
                    .startsWith("Cannot log in to cluster mini as torii/localhost@TORII.TEST: no KDC answers (")
                    .endsWith("; see that one runs where "
                            + cluster.hadoop().kerberos().orElseThrow().configuration() + " says");
        }
    }

    @Test
    void aKdcThatTakesQuestionsAndDoesNotAnswerKeepsNobodyWaiting() throws IOException {
        try (TestCluster cluster = new TestCluster(SHAPE)) {
            YarnBackend backend = cluster.backend();
            answer(backend.find(LaunchTag.random()));
            cluster.hadoop().freezeKdc();

            await("its ticket is over", () -> {
                long asked = System.nanoTime();
                boolean answered = answers(backend);
                assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(SHORT);
                return !answered;
            });
            long asked = System.nanoTime();
            assertThatThrownBy(() -> answer(backend.find(LaunchTag.random())))
                    .rootCause()
                    .hasMessageContaining(": no KDC answers (");
            assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(SHORT);
        }
    }

    /** Every half second. */
    private static void asksFor(Duration time, YarnBackend backend) {
        long end = System.nanoTime() + time.toNanos();
        await("so much time has passed", () -> {
            assertThat(answer(backend.find(LaunchTag.random()))).isEmpty();
            return System.nanoTime() > end;
        });
    }

    private static boolean answers(YarnBackend backend) {
        try {
            answer(backend.find(LaunchTag.random()));
            return true;
        } catch (CompletionException failure) {
            return false;
        }
    }
}
