package io.torii.engine.yarn;

import static java.util.Objects.requireNonNull;

import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import io.torii.engine.yarn.message.AgentAnswer;
import io.torii.engine.yarn.message.AgentCall;
import io.torii.engine.yarn.message.AgentFailure;
import io.torii.engine.yarn.message.AgentRequest;
import io.torii.engine.yarn.message.AgentSettings;
import io.torii.engine.yarn.message.Lines;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An agent that runs: sends it calls and completes them with its answers, in whatever order they come. Two threads of its own
 * wait for its pipes. Thread-safe.
 */
final class AgentProcess implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(AgentProcess.class);
    private static final long SECONDS_TO_END = 35;

    private final String cluster;
    private final Process process;
    private final Writer calls;
    private final ExecutorService writing;
    private final AtomicLong ids = new AtomicLong();
    private final ConcurrentMap<Long, CompletableFuture<AgentAnswer>> open = new ConcurrentHashMap<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    AgentProcess(String cluster, Process process, AgentSettings settings) {
        this.cluster = requireNonNull(cluster, "cluster");
        this.process = requireNonNull(process, "process");
        this.calls = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
        this.writing = Executors.newSingleThreadExecutor(task -> thread(task, "write"));
        writing.execute(() -> write(Lines.write(settings)));
        thread(this::read, "read").start();
    }

    /**
     * The answer, as what kind the call says. Fails with a GatewayException: of code CLUSTER_UNAVAILABLE if the cluster does not
     * answer, ENGINE_LAUNCH_FAILED if it refuses, ENGINE_LAUNCH_UNKNOWN if nobody knows.
     */
    <T> CompletableFuture<T> call(AgentCall call, Class<T> kind, Duration limit) {
        long id = ids.incrementAndGet();
        CompletableFuture<AgentAnswer> answer = new CompletableFuture<>();
        open.put(id, answer);
        try {
            writing.execute(() -> write(Lines.write(new AgentRequest(id, limit.toMillis(), call))));
        } catch (RejectedExecutionException closing) {
            answer.completeExceptionally(gone());
        }
        if (ended.isDone()) {
            answer.completeExceptionally(gone());
        }
        return answer.orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS).handle((given, failure) -> {
            open.remove(id);
            if (failure != null) {
                throw failure instanceof GatewayException known
                        ? known
                        : unknown("did not answer within " + limit.toMillis() + " ms");
            }
            return result(given, kind);
        });
    }

    /** Completes once the process is gone. */
    CompletableFuture<Void> ended() {
        return ended;
    }

    /** Completes once the calls that are open now have been answered, or never will be. */
    CompletableFuture<Void> quiet() {
        return CompletableFuture.allOf(open.values().toArray(CompletableFuture[]::new))
                .handle((answered, failure) -> null);
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    /** Ends it: it ends with its input; if it does not, the hard way. */
    @Override
    public void close() {
        try {
            writing.execute(() -> {
                try {
                    calls.close();
                } catch (IOException gone) {
                    log.debug("agent of {} is gone already", cluster, gone);
                }
            });
        } catch (RejectedExecutionException gone) {
            return;
        }
        writing.shutdown();
        CompletableFuture<Process> end = process.onExit();
        CompletableFuture<Process> unused =
                end.copy().orTimeout(SECONDS_TO_END, TimeUnit.SECONDS).exceptionally(late -> process.destroyForcibly());
    }

    private <T> T result(AgentAnswer answer, Class<T> kind) {
        AgentFailure failure = answer.failure();
        if (failure == null) {
            return Lines.read(answer.result(), kind);
        }
        ErrorCode code =
                switch (failure.kind()) {
                    case REFUSED -> ErrorCode.ENGINE_LAUNCH_FAILED;
                    case UNREACHABLE -> ErrorCode.CLUSTER_UNAVAILABLE;
                    case UNKNOWN -> ErrorCode.ENGINE_LAUNCH_UNKNOWN;
                };
        throw new GatewayException(code, failure.message());
    }

    private void write(String line) {
        try {
            calls.write(line);
            calls.write('\n');
            calls.flush();
        } catch (IOException broken) {
            process.destroyForcibly(); // then the reader fails what is open
        }
    }

    private void read() {
        try (BufferedReader answers =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String line = answers.readLine();
            while (line != null) {
                if (line.startsWith("{")) {
                    answered(Lines.read(line, AgentAnswer.class));
                } else {
                    log.debug("agent of cluster {} says what is no answer: {}", cluster, line);
                }
                line = answers.readLine();
            }
        } catch (IOException | RuntimeException broken) {
            log.warn("agent of cluster {} says what is no answer: {}", cluster, broken.getMessage());
        } finally {
            process.destroyForcibly();
            ended.complete(null);
            writing.shutdown();
            open.values().forEach(waiting -> waiting.completeExceptionally(gone()));
        }
    }

    private void answered(AgentAnswer answer) {
        CompletableFuture<AgentAnswer> waiting = open.get(answer.id());
        if (waiting != null) {
            waiting.complete(answer);
        }
    }

    private GatewayException gone() {
        return unknown("has ended");
    }

    private GatewayException unknown(String what) {
        return new GatewayException(
                ErrorCode.ENGINE_LAUNCH_UNKNOWN,
                "the agent of cluster " + cluster + " " + what + "; see its agent.log");
    }

    private Thread thread(Runnable task, String name) {
        Thread thread = new Thread(task, "yarn-" + cluster + "-" + name);
        thread.setDaemon(true);
        return thread;
    }
}
