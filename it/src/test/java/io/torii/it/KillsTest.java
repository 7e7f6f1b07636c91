package io.torii.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.torii.it.load.KillRun;
import io.torii.it.load.Ledger;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/**
 * The gateway is killed under clients at work: no statement that was accepted is lost, none runs twice, and no row of a
 * result is skipped or repeated.
 */
@Tag("system")
class KillsTest {
    @TempDir
    Path directory;

    @Test
    void threeKillsUnderLoad(TestReporter report) throws Exception {
        kill(3, report);
    }

    @Test
    @Tag("long")
    void fiftyKillsUnderLoad(TestReporter report) throws Exception {
        kill(50, report);
    }

    private void kill(int times, TestReporter report) throws Exception {
        try (World world = World.start(
                        directory,
                        """
                        engine:
                          heartbeat-interval: 1s
                        clusters:
                          - name: local
                            type: local
                            metastore: none
                            settings:
                              spark.master: "local[2]"
                              spark.driver.memory: 1g
                        """);
                KillRun run = new KillRun(world, false, times)) {
            run.start();
            for (int kill = 0; kill < times; kill++) {
                run.killGateway();
            }
            Ledger ledger = run.end();

            report.publishEntry("what became of it", "\n" + ledger.table());
            assertThat(ledger.problems()).isEmpty();
            assertThat(world.engines()).hasSize(1);
        }
    }
}
