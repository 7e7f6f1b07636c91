package io.torii.engine.yarn.agent.check;

import static io.torii.engine.yarn.message.Subject.CLOCK;
import static io.torii.engine.yarn.message.Subject.LOGIN;
import static io.torii.engine.yarn.message.Subject.MANAGER;
import static io.torii.engine.yarn.message.Subject.QUEUE;
import static org.assertj.core.api.Assertions.assertThat;

import io.torii.api.check.Finding;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StepsTest {
    private final Steps steps = new Steps(Duration.ofSeconds(10));

    @AfterEach
    void close() {
        steps.close();
    }

    @Test
    void doesNotLookAtWhatNeedsWhatHasFailed() throws Exception {
        steps.take(LOGIN, List.of(), "log in", () -> Finding.fail("login", "no ticket", "log in"));
        steps.take(MANAGER, List.of(LOGIN), "start it", () -> Finding.ok("resource manager", "answers"));
        steps.take(QUEUE, List.of(MANAGER), "make it", () -> Finding.ok("queue", "runs"));
        steps.take(CLOCK, List.of(), "set it", () -> Finding.ok("clock", "agrees"));

        assertThat(steps.findings().stream().map(Finding::line))
                .containsExactly(
                        "FAIL login: no ticket; log in",
                        "skip resource manager: not looked at, since 'login' failed",
                        "ok   clock: agrees",
                        "skip queue: not looked at, since 'resource manager' was not looked at either");
    }

    @Test
    void waitsForNoStepLongerThanItsLimit() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        try (Steps impatient = new Steps(Duration.ofMillis(50))) {
            impatient.take(MANAGER, List.of(), "start it", () -> {
                try {
                    never.await();
                } catch (InterruptedException expected) {
                    interrupted.countDown();
                }
                return null;
            });

            assertThat(impatient.findings().get(0).line())
                    .isEqualTo("FAIL resource manager: no answer within 0 s; start it");
            interrupted.await();
        }
    }

    @Test
    void makesAFindingOfAFailure() throws Exception {
        steps.take(MANAGER, List.of(), "start it", () -> {
            throw new ConnectException("Connection refused");
        });
        steps.take(CLOCK, List.of(), "set it", () -> {
            throw new NoClassDefFoundError("org/Missing");
        });

        assertThat(steps.findings().stream().map(Finding::line))
                .containsExactly(
                        "FAIL resource manager: Connection refused; start it", "FAIL clock: org/Missing; set it");
    }
}
