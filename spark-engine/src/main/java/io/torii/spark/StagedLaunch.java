package io.torii.spark;

import java.io.IOException;
import java.nio.file.Paths;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The copy of a launch file from which YARN has given the driver its own: Spark would keep it on the cluster's file system as
 * long as the application lives, where whatever runs as the engine's user could read the engine's secret.
 */
final class StagedLaunch {
    private static final Logger log = LoggerFactory.getLogger(StagedLaunch.class);

    private StagedLaunch() {}

    /**
     * Deletes it, on a thread of its own: a file system that hangs must not keep the engine from starting, nor one that fails.
     * Completes, normally, once it is gone or cannot be deleted.
     *
     * @param stagingDirectory the application's own, as Spark's client tells its driver
     * @param launchFile the driver's argument
     * @param site may block, or fail
     */
    static CompletableFuture<Void> delete(String stagingDirectory, String launchFile, Supplier<Configuration> site) {
        Path copy =
                new Path(stagingDirectory, Paths.get(launchFile).getFileName().toString());
        return CompletableFuture.runAsync(() -> delete(copy, site), StagedLaunch::start);
    }

    private static void delete(Path copy, Supplier<Configuration> site) {
        try {
            copy.getFileSystem(site.get()).delete(copy, false);
        } catch (IOException | RuntimeException kept) {
            log.warn("Cannot delete {}, which holds the engine's secret until it ends", copy, kept);
        }
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "torii-staged-launch");
        thread.setDaemon(true);
        thread.start();
    }
}
