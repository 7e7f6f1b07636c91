package io.torii.engine.yarn;

import static org.assertj.core.api.Assertions.assertThat;

import io.torii.engine.yarn.message.ApplicationRow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** YARN's words as a ResourceManager of Hadoop 3.4 gave them. */
class DiagnosisTest {
    @Test
    void saysThatAQueueHasNoRoom() {
        ApplicationRow row = waiting(
                "[Thu Nov 26 13:25:48 +0000 2026] Application is Activated, waiting for resources to be assigned for AM."
                        + " Details : AM Partition = <DEFAULT_PARTITION> ; Partition Resource = <memory:6144, vCores:16> ;"
                        + " Queue's Absolute capacity = 10.0 % ; Queue's capacity (absolute resource) = <memory:614,"
                        + " vCores:1> ; Queue's used capacity (absolute resource) = <memory:512, vCores:1> ; Queue's max"
                        + " capacity (absolute resource) = <memory:614, vCores:1> ;");

        assertThat(Diagnosis.ofWaiting(row))
                .isEqualTo("queue root.tiny has no room for the driver now: 512 of 614 MB and 1 of 1 cores are used");
    }

    @Test
    void saysThatAQueueHasAsManyDriversAsItMay() {
        ApplicationRow row = waiting(
                "[Thu Nov 26 13:25:48 +0000 2026] Application is added to the scheduler and is not yet activated. Queue's AM"
                        + " resource limit exceeded.  Details : AM Partition = <DEFAULT_PARTITION>; AM Resource Request ="
                        + " <memory:1024, vCores:1>; Queue Resource Limit for AM = <memory:64, vCores:1>; User AM Resource"
                        + " Limit of the queue = <memory:64, vCores:1>; Queue AM Resource Usage = <memory:1024, vCores:1>; ");

        assertThat(Diagnosis.ofWaiting(row))
                .isEqualTo("queue root.tiny has as many drivers as it may: 1024 of 64 MB and 1 of 1 cores are used;"
                        + " it goes on when one of them ends, or with a larger maximum-am-resource-percent");
    }

    @Test
    void repeatsWhatItDoesNotKnow() {
        assertThat(Diagnosis.ofWaiting(waiting("[Thu Nov 26 13:25:48 +0000 2026] The moon is full")))
                .isEqualTo("YARN says of queue root.tiny: The moon is full");
        assertThat(Diagnosis.ofWaiting(waiting(""))).isEmpty();
    }

    @Test
    void takesTheEnginesOwnWordsFromWhatItsDriverThrew() {
        ApplicationRow row = ended(
                """
                User class threw exception: java.lang.IllegalStateException: Torii engine failed: Launch option idle-timeout: x
                \tat io.torii.spark.SparkEngineMain.main(SparkEngineMain.java:31)
                """);

        assertThat(Diagnosis.ofEnd(row)).contains("Launch option idle-timeout: x");
    }

    @Test
    void findsTheRootCauseInTheEndOfTheDriversLog() {
        ApplicationRow row = ended(
                """
                Application application_1_0001 failed 1 times due to AM Container for appattempt_1_0001_000001 exited with  exitCode: 13
                Failing this attempt.Diagnostics: [2026-11-26 12:54:11.812]Exception from container-launch.
                Last 4096 bytes of stderr :
                26/11/26 12:54:11 ERROR SparkUI: Failed to bind SparkUI
                java.lang.RuntimeException: out
                \tat org.apache.spark.A.b(A.scala:1)
                Caused by: java.net.BindException: Address already in use
                \tat org.apache.spark.A.c(A.scala:2)
                """);

        assertThat(Diagnosis.ofEnd(row)).contains("java.net.BindException: Address already in use (exit code 13)");
    }

    @Test
    void takesYarnsAdviceForNobodysWords() {
        ApplicationRow row = ended(
                """
                Application application_1_0001 failed 1 times due to AM Container for appattempt_1_0001_000001 exited with  exitCode: 1
                Last 4096 bytes of stderr :


                For more detailed output, check the application tracking page: http://rm/app Then click on links to logs of each attempt.
                . Failing the application.
                """);

        assertThat(Diagnosis.ofEnd(row)).isEmpty();
    }

    @Test
    void saysWhoKilledIt() {
        assertThat(Diagnosis.ofEnd(ended("Application application_1_0001 was killed by user root at 127.0.0.1")))
                .contains("it was killed by root from 127.0.0.1");
    }

    @Test
    void saysThatTheDriverUsedMoreThanItsMemory() {
        ApplicationRow row = ended(
                """
                Application application_1_0001 failed 1 times due to AM Container for appattempt_1_0001_000001 exited with  exitCode: -104
                Diagnostics: [2026-11-26 12:54:11.812]Container [pid=1,containerID=container_1_0001_01_000001] is running 2048B beyond the 'PHYSICAL' memory limit. Current usage: 1.0 GB of 1 GB physical memory used; 2.4 GB of 2.1 GB virtual memory used. Killing container.
                """);

        assertThat(Diagnosis.ofEnd(row).orElseThrow())
                .startsWith("YARN killed the driver for its memory (1.0 GB of 1 GB physical memory used)")
                .endsWith("raise spark.driver.memory or spark.driver.memoryOverhead");
    }

    @Test
    void leavesItToTheLogWhereYarnDoesNotKnow() {
        ApplicationRow row = ended(
                "Application application_1_0001 failed 1 times due to AM Container exited with  exitCode: 137\nFailing");

        assertThat(Diagnosis.ofEnd(row)).isEmpty();
        assertThat(Diagnosis.ofLog("", row.diagnostics()))
                .isEqualTo(
                        "its driver ended (killed by SIGKILL, perhaps by the system for want of memory), and its log cannot be read yet");
        assertThat(Diagnosis.ofLog("", "The moon is full\n")).isEqualTo("The moon is full");
        assertThat(Diagnosis.ofLog("Torii engine failed: no room\n", row.diagnostics()))
                .isEqualTo("no room (killed by SIGKILL, perhaps by the system for want of memory)");
    }

    @Test
    void saysWhyYarnCouldNotStartTheDriver() {
        ApplicationRow noUser = ended(
                """
                Application application_1_0001 failed 1 times due to AM Container for appattempt_1_0001_000001 exited with  exitCode: -1000
                Failing this attempt.Diagnostics: [2026-11-26 12:54:11.812]Application application_1_0001 initialization failed (exitCode=255) with output: main : command provided 0
                main : run as user is alice
                main : requested yarn user is alice
                User alice not found

                For more detailed output, check the application tracking page: http://rm/app Then click on links to logs of each attempt.
                . Failing the application.
                """);
        ApplicationRow noFile = ended(
                """
                Application application_1_0001 failed 1 times due to AM Container for appattempt_1_0001_000001 exited with  exitCode: -1000
                Failing this attempt.Diagnostics: [2026-11-26 12:54:11.812]File does not exist: hdfs://nn/engine.jar
                java.io.FileNotFoundException: File does not exist: hdfs://nn/engine.jar
                \tat org.apache.hadoop.hdfs.A.b(A.java:1)
                """);

        assertThat(Diagnosis.ofEnd(noUser)).contains("YARN could not start its driver: User alice not found");
        assertThat(Diagnosis.ofEnd(noFile))
                .contains("YARN could not start its driver: File does not exist: hdfs://nn/engine.jar");
    }

    @ParameterizedTest
    @CsvSource({
        "-100, the node of its driver was lost",
        "-102, YARN took the room of its driver for others (preemption)",
        "-106, YARN ended its driver (-106): Container killed by the ResourceManager"
    })
    void blamesNoOldFailureInTheLogForWhatYarnDid(int exitCode, String sentence) {
        ApplicationRow row = ended(
                """
                Application application_1_0001 failed 1 times due to AM Container for appattempt_1_0001_000001 exited with  exitCode: %d
                Failing this attempt.Diagnostics: Container killed by the ResourceManager
                Last 4096 bytes of stderr :
                java.lang.IllegalStateException: of an old query
                \tat org.apache.spark.A.b(A.scala:1)
                """
                        .formatted(exitCode));

        assertThat(Diagnosis.ofEnd(row)).contains(sentence);
    }

    private static ApplicationRow waiting(String diagnostics) {
        return new ApplicationRow("", "application_1_0001", "alice", "root.tiny", "ACCEPTED", "", diagnostics, "");
    }

    private static ApplicationRow ended(String diagnostics) {
        return new ApplicationRow("", "application_1_0001", "alice", "root.tiny", "FAILED", "FAILED", diagnostics, "");
    }
}
