package io.torii.spark;

import io.torii.spark.session.Failures;
import io.torii.wire.LaunchFile;
import java.io.IOException;
import java.nio.file.Paths;
import java.time.Clock;
import java.time.ZoneId;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.spark.deploy.SparkHadoopUtil;

/**
 * The program inside a Spark driver. Its only argument is the path of a {@link LaunchFile}, which it deletes. Exit codes: 0
 * when it ends of its own will or is told to, 1 if it could not start (with one line on the error stream that says why), 3 if
 * a gateway refuses it, 4 if Spark stops under it. As a guest in YARN's application master it returns or throws instead, so
 * that the application ends with a status and a reason.
 */
public final class SparkEngineMain {
    /** Begins the line by which a launcher finds out why an engine did not start. */
    static final String FAILED = "Torii engine failed: ";

    private static final long MOST_SECONDS_TO_END = 10;

    private SparkEngineMain() {}

    public static void main(String[] arguments) {
        boolean guest = System.getProperty("spark.yarn.app.id") != null;
        EngineEnd end = run(arguments);
        if (!guest) {
            exit(end.code());
        } else if (end.code() != EngineEnd.WELL) {
            throw new IllegalStateException(FAILED + end.reason());
        }
    }

    private static EngineEnd run(String[] arguments) {
        CountDownLatch stopped = new CountDownLatch(1);
        try {
            if (arguments.length != 1) {
                throw new IOException("expected one argument, the path of a launch file");
            }
            LaunchFile launch = LaunchFile.take(Paths.get(arguments[0]));
            String staged = System.getenv("SPARK_YARN_STAGING_DIR");
            if (staged != null) {
                CompletableFuture<Void> unused = StagedLaunch.delete(
                        staged, arguments[0], () -> SparkHadoopUtil.get().conf());
            }
            RunningEngine engine = RunningEngine.start(launch, Clock.system(ZoneId.systemDefault()));
            Runtime.getRuntime().addShutdownHook(new Thread(() -> terminate(engine, stopped), "torii-terminate"));
            EngineEnd end = engine.ended().join();
            engine.stop(end.reason());
            if (!engine.isRegistered() && end.code() == EngineEnd.WELL) {
                return failed(end.reason());
            }
            return end;
        } catch (Throwable thrown) {
            return failed(Failures.rootCause(thrown));
        } finally {
            stopped.countDown();
        }
    }

    /** On a signal: the main thread ends the engine while the JVM waits here. */
    private static void terminate(RunningEngine engine, CountDownLatch stopped) {
        engine.end(EngineEnd.WELL, "the process was told to end");
        try {
            stopped.await(MOST_SECONDS_TO_END, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static EngineEnd failed(String reason) {
        String line = reason.replace('\n', ' ');
        System.err.println(FAILED + line);
        return new EngineEnd(EngineEnd.FAILED, line);
    }

    /** Hooks that hang must not keep a dead engine alive. */
    private static void exit(int code) {
        Thread last = new Thread(
                () -> {
                    try {
                        TimeUnit.SECONDS.sleep(MOST_SECONDS_TO_END);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    Runtime.getRuntime().halt(code);
                },
                "torii-last");
        last.setDaemon(true);
        last.start();
        System.exit(code);
    }
}
