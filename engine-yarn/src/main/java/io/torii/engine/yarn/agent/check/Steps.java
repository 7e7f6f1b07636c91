package io.torii.engine.yarn.agent.check;

import io.torii.api.check.Finding;
import io.torii.engine.yarn.agent.hadoop.AgentException;
import io.torii.engine.yarn.agent.hadoop.Causes;
import io.torii.engine.yarn.message.Subject;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Looks at one thing after the other: at none for longer than a limit, and at none that needs another which has failed. One
 * thread at a time.
 */
final class Steps implements AutoCloseable {
    private final Duration limit;
    private final ExecutorService looking = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "check");
        thread.setDaemon(true);
        return thread;
    });
    private final Map<Subject, Finding> findings = new EnumMap<>(Subject.class);

    /** @param limit of each step */
    Steps(Duration limit) {
        this.limit = limit;
    }

    /**
     * Takes the next step.
     *
     * @param needs what must have been found before, in order for this to be looked at
     * @param advice what to do if it cannot be looked at
     */
    void take(Subject subject, List<Subject> needs, String advice, Callable<Finding> look) throws InterruptedException {
        Optional<Finding> missing =
                needs.stream().map(findings::get).filter(Finding::stops).findFirst();
        findings.put(subject, missing.isPresent() ? skipped(subject, missing.get()) : bounded(subject, advice, look));
    }

    List<Finding> findings() {
        return List.copyOf(findings.values());
    }

    @Override
    public void close() {
        looking.shutdownNow();
    }

    private static Finding skipped(Subject subject, Finding missing) {
        return Finding.skip(
                subject.words(),
                "'" + missing.subject() + "' "
                        + (missing.level() == Finding.Level.FAIL ? "failed" : "was not looked at either"));
    }

    private Finding bounded(Subject subject, String advice, Callable<Finding> look) throws InterruptedException {
        Future<Finding> finding = looking.submit(look);
        try {
            return finding.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            finding.cancel(true);
            return Finding.fail(subject.words(), "no answer within " + limit.toSeconds() + " s", advice);
        } catch (ExecutionException failed) {
            Throwable cause = failed.getCause();
            return Finding.fail(
                    subject.words(),
                    cause instanceof AgentException known ? known.getMessage() : Causes.sentence(cause),
                    advice);
        }
    }
}
