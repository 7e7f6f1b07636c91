package io.torii.server.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.torii.api.check.Check;
import io.torii.api.check.Finding;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DoctorTest {
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<String> lines = new ArrayList<>();
    private final Doctor doctor = new Doctor(threads, finding -> lines.add(finding.line()));

    @AfterEach
    void end() {
        threads.shutdownNow();
    }

    @Test
    void looksAtEverythingWhateverItFinds() throws InterruptedException {
        Diagnosis diagnosis = doctor.examine(List.of(
                finds(Finding.fail("a", "is missing", "make it"), Finding.skip("b", "'a' failed")),
                finds(Finding.warn("c", "is odd", "look")),
                finds(Finding.ok("d", "is well"))));

        assertThat(lines)
                .containsExactly(
                        "FAIL a: is missing; make it",
                        "skip b: not looked at, since 'a' failed",
                        "warn c: is odd; look",
                        "ok   d: is well");
        assertThat(diagnosis.summary()).isEqualTo("1 ok, 1 odd, 1 wrong, 1 not looked at");
    }

    @Test
    void failsAsAProgramOnlyIfSomethingIsWrong() throws InterruptedException {
        Check odd = finds(Finding.ok("a", "b"), Finding.warn("c", "d", "e"));

        assertThat(doctor.examine(List.of()).exitCode()).isZero();
        assertThat(doctor.examine(List.of(odd)).exitCode()).isZero();
        assertThat(doctor.examine(List.of(finds(Finding.fail("f", "g", "h")), odd))
                        .exitCode())
                .isEqualTo(1);
    }

    @Test
    void waitsForNoCheckLongerThanItsLimit() throws InterruptedException {
        CountDownLatch interrupted = new CountDownLatch(1);
        Check silent = new Check() {
            @Override
            public String subject() {
                return "store";
            }

            @Override
            public Duration limit() {
                return Duration.ofMillis(50);
            }

            @Override
            public List<Finding> look() {
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException expected) {
                    interrupted.countDown();
                }
                return List.of();
            }
        };

        doctor.examine(List.of(silent, finds(Finding.ok("next", "is well"))));

        assertThat(lines.get(0)).startsWith("FAIL store: no answer within 0 s; see what it waits for");
        assertThat(lines.get(1)).isEqualTo("ok   next: is well");
        interrupted.await();
    }

    @Test
    void survivesACheckThatDoesNot() throws InterruptedException {
        Check faulty = new Check() {
            @Override
            public String subject() {
                return "store";
            }

            @Override
            public List<Finding> look() {
                throw new IllegalStateException("oops");
            }
        };

        doctor.examine(List.of(faulty, finds(Finding.ok("next", "is well"))));

        assertThat(lines)
                .containsExactly(
                        "FAIL store: it could not be looked at: java.lang.IllegalStateException: oops; report it: this is"
                                + " a fault of the doctor",
                        "ok   next: is well");
    }

    private static Check finds(Finding... findings) {
        return new Check() {
            @Override
            public String subject() {
                return "anything";
            }

            @Override
            public List<Finding> look() {
                return List.of(findings);
            }
        };
    }
}
