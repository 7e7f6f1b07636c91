package io.torii.engine.local;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** This host as a cluster of stand-ins, with the threads that a gateway would lend it. */
final class LocalHost implements AutoCloseable {
    final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
    final ExecutorService executor = Executors.newFixedThreadPool(4);
    final LocalClusterConfig config;
    private final List<LocalBackend> backends = new ArrayList<>();

    LocalHost(Path directory) {
        this.config = LocalClusterConfig.of(
                        "local",
                        directory.resolve("spark"),
                        directory.resolve("engine.jar"),
                        directory.resolve("work"),
                        () -> List.of(URI.create("http://127.0.0.1:10008")))
                .withKillAfter(Duration.ofSeconds(2));
    }

    LocalBackend backend() {
        return backend(config, new StandInProgram());
    }

    LocalBackend backend(LocalClusterConfig changed, EngineProgram program) {
        LocalBackend backend = new LocalBackend(changed, program, archives(), Clock.systemUTC(), scheduler, executor);
        backends.add(backend);
        return backend;
    }

    ClassArchives archives() {
        return new ClassArchives(
                config.workDirectory().resolve("classes"), config.javaHome(), Clock.systemUTC(), scheduler, executor);
    }

    @Override
    public void close() {
        for (LocalBackend backend : backends) {
            answer(backend.endAll());
            backend.close();
        }
        scheduler.shutdownNow();
        executor.shutdown();
        try {
            // what still writes would stand in the way of those who remove the directory
            boolean ended =
                    scheduler.awaitTermination(30, TimeUnit.SECONDS) && executor.awaitTermination(30, TimeUnit.SECONDS);
            if (!ended) {
                throw new AssertionError("this host's threads have not ended");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    static <T> T answer(CompletableFuture<T> future) {
        return future.orTimeout(30, TimeUnit.SECONDS).join();
    }
}
