package io.torii.engine.yarn;

import static java.util.Objects.requireNonNull;

import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import io.torii.engine.yarn.message.AgentCall;
import io.torii.launch.OwnFiles;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one agent that serves now: started at the first call, replaced when it has ended, when it leaves calls unanswered, and after
 * so many submissions, since Spark and Hadoop keep a little of each. The old one ends once it has answered. Thread-safe.
 */
final class Agents implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Agents.class);
    private static final int SUBMISSIONS_EACH = 500;
    private static final int UNANSWERED = 3;
    private static final Duration NOT_AGAIN_WITHIN = Duration.ofSeconds(2);
    private static final Duration LAST_ANSWERS = Duration.ofSeconds(90);

    private final String cluster;
    private final AgentProgram program;
    private final Executor executor;
    private final int submissionsEach;
    private final AtomicInteger unanswered = new AtomicInteger();
    private CompletableFuture<AgentProcess> current;
    private long startedAt;
    private int submissions;
    private boolean starting = true;
    private boolean cleaned;
    private boolean closed;

    /** @param executor may be blocked by files and by starting a process, for milliseconds */
    Agents(String cluster, AgentProgram program, Executor executor) {
        this(cluster, program, executor, SUBMISSIONS_EACH);
    }

    Agents(String cluster, AgentProgram program, Executor executor, int submissionsEach) {
        this.cluster = requireNonNull(cluster, "cluster");
        this.program = requireNonNull(program, "program");
        this.executor = requireNonNull(executor, "executor");
        this.submissionsEach = submissionsEach;
    }

    /** As {@link AgentProcess#call}; fails with CLUSTER_UNAVAILABLE if no agent can be started. */
    <T> CompletableFuture<T> call(AgentCall call, Class<T> kind, Duration limit) {
        CompletableFuture<AgentProcess> serving = serving(call instanceof AgentCall.Submit);
        return serving.thenCompose(agent -> agent.call(call, kind, limit).whenComplete((answer, failure) -> {
            if (failure == null || !isUnknown(failure)) {
                unanswered.set(0);
                answered(serving);
            } else if (!isSlowElsewhere(call)
                    && (call instanceof AgentCall.Submit || unanswered.incrementAndGet() >= UNANSWERED)) {
                replace(serving);
            }
        }));
    }

    /** Whether the one that serves now has not answered yet. */
    synchronized boolean isStarting() {
        return starting;
    }

    private synchronized void answered(CompletableFuture<AgentProcess> agent) {
        if (agent == current) {
            starting = false;
        }
    }

    /** Logs wait for nodes, and tokens for whoever gives them. */
    private static boolean isSlowElsewhere(AgentCall call) {
        return call instanceof AgentCall.Log || call instanceof AgentCall.Issue;
    }

    @Override
    public void close() {
        CompletableFuture<AgentProcess> last;
        synchronized (this) {
            closed = true;
            last = current;
            current = null;
        }
        if (last != null) {
            CompletableFuture<AgentProcess> unused = last.whenComplete((agent, failure) -> {
                if (agent != null) {
                    agent.close();
                }
            });
        }
    }

    private synchronized CompletableFuture<AgentProcess> serving(boolean submission) {
        if (closed) {
            return CompletableFuture.failedFuture(
                    new GatewayException(ErrorCode.SHUTTING_DOWN, "The gateway is shutting down"));
        }
        if (submission && ++submissions > submissionsEach) {
            replace(current);
        }
        long now = System.nanoTime();
        boolean dead = current != null
                && current.isDone()
                && (current.isCompletedExceptionally() || current.join().ended().isDone());
        if (current == null || (dead && now - startedAt > NOT_AGAIN_WITHIN.toNanos())) {
            submissions = submission ? 1 : 0;
            unanswered.set(0);
            startedAt = now;
            starting = true;
            current = CompletableFuture.supplyAsync(this::start, executor);
        }
        return current;
    }

    private synchronized void replace(CompletableFuture<AgentProcess> agent) {
        if (agent == null || agent != current) {
            return;
        }
        current = null;
        CompletableFuture<AgentProcess> unused = agent.whenComplete((running, failure) -> {
            if (running != null) {
                retire(running);
            }
        });
    }

    /** Ends it when what it still works on has been answered, or has not been for long. */
    private void retire(AgentProcess agent) {
        CompletableFuture<Void> unused = agent.quiet()
                .orTimeout(LAST_ANSWERS.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((quiet, late) -> agent.close());
    }

    private AgentProcess start() {
        try {
            removeOld();
            Path directory = program.directory();
            AgentProcess agent;
            try {
                agent = new AgentProcess(cluster, program.start(directory), program.settings(directory));
            } catch (IOException | RuntimeException failure) {
                remove(directory);
                throw failure;
            }
            log.atInfo()
                    .addKeyValue("cluster", cluster)
                    .addKeyValue("pid", agent.handle().pid())
                    .log("agent started");
            CompletableFuture<Void> unused = agent.ended().thenRunAsync(() -> remove(directory), executor);
            return agent;
        } catch (IOException failure) {
            throw new GatewayException(
                    ErrorCode.CLUSTER_UNAVAILABLE,
                    "Cluster " + cluster + " cannot start its agent: " + failure,
                    failure);
        }
    }

    /** What an earlier gateway, that was killed, has left. */
    private synchronized void removeOld() throws IOException {
        boolean first = !cleaned;
        cleaned = true; // what is there later is of this gateway's own agents
        if (!first || !Files.isDirectory(program.workDirectory())) {
            return;
        }
        try (DirectoryStream<Path> left = Files.newDirectoryStream(program.workDirectory(), "agent-*")) {
            left.forEach(this::remove);
        }
    }

    private void remove(Path directory) {
        try {
            OwnFiles.delete(directory);
        } catch (IOException kept) {
            log.warn("Cannot delete {}", directory, kept);
        }
    }

    private static boolean isUnknown(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof GatewayException known && known.code() == ErrorCode.ENGINE_LAUNCH_UNKNOWN;
    }
}
