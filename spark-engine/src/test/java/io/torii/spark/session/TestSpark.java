package io.torii.spark.session;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobEnd;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.SparkSession;

/** The Spark of this test JVM: contexts cannot be had twice in one, so that all test classes share it. */
public final class TestSpark {
    private static SparkSession spark;

    private TestSpark() {}

    public static synchronized SparkSession get() {
        if (spark == null || spark.sparkContext().isStopped()) {
            try {
                spark = SparkSession.builder()
                        .master("local[2]")
                        .appName("test")
                        .config("spark.ui.enabled", "false")
                        .config("spark.sql.shuffle.partitions", "2")
                        .config("spark.driver.bindAddress", "127.0.0.1")
                        .config("spark.driver.host", "127.0.0.1")
                        .config(
                                "spark.sql.warehouse.dir",
                                Files.createTempDirectory("torii-warehouse").toString())
                        .getOrCreate();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return spark;
    }

    /** Waits until listeners have heard what has happened up to now. */
    public static void listenersAreUpToDate() throws TimeoutException {
        get().sparkContext().listenerBus().waitUntilEmpty();
    }

    /** Hands over the properties of the jobs that start while some work runs. */
    public static void watchJobs(Consumer<Properties> told, Runnable work) throws TimeoutException {
        SparkListener watch = new SparkListener() {
            @Override
            public void onJobStart(SparkListenerJobStart start) {
                told.accept(start.properties());
            }
        };
        listenersAreUpToDate();
        get().sparkContext().addSparkListener(watch);
        work.run();
        listenersAreUpToDate();
        get().sparkContext().removeSparkListener(watch);
    }

    /** Whether no job runs any more, at once or within some time. */
    public static boolean jobsEnd(Duration most) throws InterruptedException {
        CountDownLatch none = new CountDownLatch(1);
        SparkListener watch = new SparkListener() {
            @Override
            public void onJobEnd(SparkListenerJobEnd end) {
                countDownIfNone();
            }

            @Override
            public void onTaskEnd(SparkListenerTaskEnd end) {
                countDownIfNone();
            }

            private void countDownIfNone() {
                if (noJobs()) {
                    none.countDown();
                }
            }
        };
        get().sparkContext().addSparkListener(watch);
        try {
            return noJobs() || none.await(most.toMillis(), TimeUnit.MILLISECONDS) || noJobs();
        } finally {
            get().sparkContext().removeSparkListener(watch);
        }
    }

    private static boolean noJobs() {
        return get().sparkContext().statusTracker().getActiveJobIds().length == 0;
    }
}
