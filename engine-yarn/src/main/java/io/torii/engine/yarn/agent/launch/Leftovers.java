package io.torii.engine.yarn.agent.launch;

import io.torii.engine.yarn.agent.hadoop.Causes;
import io.torii.engine.yarn.agent.hadoop.Login;
import io.torii.engine.yarn.agent.hadoop.Patience;
import io.torii.engine.yarn.message.AgentSettings;
import io.torii.engine.yarn.message.ApplicationRow;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an application that was killed leaves in its user's home on the cluster's file system: its configuration and its engine's
 * launch file, which only a driver that ends by itself removes. Where {@code spark.yarn.stagingDir} is set, they are left there.
 * Thread-safe.
 */
public final class Leftovers {
    private static final Logger log = LoggerFactory.getLogger(Leftovers.class);

    private final AgentSettings settings;
    private final Login login;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(Leftovers::thread);

    public Leftovers(AgentSettings settings, Login login) {
        this.settings = settings;
        this.login = login;
    }

    /** Removes them soon, as the application's user; returns at once. */
    public void remove(ApplicationRow application) {
        thread.execute(() -> {
            try {
                login.as(application.user(), () -> removed(application));
            } catch (Exception kept) {
                log.warn("what {} has left is not removed: {}", application.id(), Causes.sentence(kept));
            }
        });
    }

    private boolean removed(ApplicationRow application) throws java.io.IOException {
        try (FileSystem files = FileSystem.newInstance(Patience.littleWithFiles(settings))) {
            return files.delete(new Path(files.getHomeDirectory(), ".sparkStaging/" + application.id()), true);
        }
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "leftovers");
        thread.setDaemon(true);
        return thread;
    }
}
