package io.torii.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class RootCauseTest {
    @Test
    void believesTheEngineFirst() {
        assertThat(cause(
                        """
                        Exception in thread "main" java.lang.IllegalStateException: x
                        Torii engine failed: The gateway refused the token
                        Caused by: java.io.IOException: later noise
                        """,
                        1))
                .isEqualTo("The gateway refused the token (exit code 1)");
    }

    @Test
    void takesTheInnermostCauseOfTheLastStackTrace() {
        assertThat(cause(
                        """
                        2026-11-24 02:25:45.923 ERROR SparkContext: Error initializing SparkContext.
                        java.lang.IllegalStateException: early
                        \tat a.B.c(B.java:1)
                        Caused by: java.io.IOException: early cause
                        Exception in thread "main" java.lang.reflect.InvocationTargetException
                        \tat a.B.c(B.java:1)
                        Caused by: java.net.BindException: Cannot assign requested address
                        \tat a.B.c(B.java:1)
                        \t... 7 more
                        """,
                        1))
                .isEqualTo("java.net.BindException: Cannot assign requested address (exit code 1)");
    }

    @Test
    void knowsAnExceptionWithoutItsThread() {
        assertThat(cause(
                        """
                        org.apache.spark.SparkException: Could not parse Master URL: 'lokal'
                        \tat org.apache.spark.SparkContext$.createTaskScheduler(SparkContext.scala:1)
                        some more talk
                        """,
                        1))
                .isEqualTo("org.apache.spark.SparkException: Could not parse Master URL: 'lokal' (exit code 1)");
    }

    @Test
    void explainsAHeapThatDoesNotFit() {
        assertThat(cause(
                        """
                        Error occurred during initialization of VM
                        Initial heap size set to a larger value than the maximum heap size
                        """,
                        1))
                .isEqualTo("Initial heap size set to a larger value than the maximum heap size (exit code 1)");
    }

    @Test
    void explainsAHeapThatCannotBeRead() {
        assertThat(cause(
                        """
                        Invalid maximum heap size: -Xmx0.5g
                        Error: Could not create the Java Virtual Machine.
                        Error: A fatal exception has occurred. Program will exit.
                        """,
                        1))
                .isEqualTo("Invalid maximum heap size: -Xmx0.5g (exit code 1)");
    }

    @Test
    void namesTheClassThatIsMissing() {
        assertThat(cause(
                        """
                        Error: Could not find or load main class org.apache.spark.deploy.SparkSubmit
                        Caused by: java.lang.ClassNotFoundException: org.apache.spark.deploy.SparkSubmit
                        """,
                        1))
                .isEqualTo(
                        "Error: Could not find or load main class org.apache.spark.deploy.SparkSubmit (exit code 1)");
    }

    @Test
    void advisesWhatToDoWhenMemoryRunsOut() {
        assertThat(cause(
                        """
                        java.lang.OutOfMemoryError: Java heap space
                        Terminating due to java.lang.OutOfMemoryError: Java heap space
                        """,
                        3))
                .isEqualTo("Out of memory (Java heap space): raise spark.driver.memory (exit code 3)");
    }

    @Test
    void takesTheLastErrorThatWasLogged() {
        assertThat(cause(
                        """
                        2026-11-24 02:25:45.923 ERROR SparkContext: No executors
                        2026-11-24 02:25:46.923 INFO SparkContext: Stopped
                        """,
                        1))
                .isEqualTo("No executors (exit code 1)");
    }

    @Test
    void quotesTheLastWordsIfThereIsNothingBetter() {
        assertThat(cause("one\ntwo\n\n", 5)).isEqualTo("The process ended: exit code 5, its last words: two");
    }

    @Test
    void namesTheSignal() {
        assertThat(cause("", 128 + 15)).isEqualTo("The process ended: ended by SIGTERM, its log is empty");
    }

    @Test
    void saysNothingOfACodeThatNobodyKnows() {
        assertThat(RootCause.of("", OptionalInt.empty())).isEqualTo("The process ended, its log is empty");
    }

    @Test
    void staysOneSentenceOfReasonableLength() {
        assertThat(cause("Torii engine failed: " + "much ".repeat(1_000), 1))
                .hasSizeLessThan(610)
                .doesNotContain("\n");
    }

    private static String cause(String log, int exitCode) {
        return RootCause.of(log, OptionalInt.of(exitCode));
    }
}
