package io.torii.engine.yarn.agent;

import io.torii.engine.yarn.agent.hadoop.AgentException;
import io.torii.engine.yarn.agent.hadoop.Causes;
import io.torii.engine.yarn.agent.hadoop.Deadline;
import io.torii.engine.yarn.message.AgentAnswer;
import io.torii.engine.yarn.message.AgentCall;
import io.torii.engine.yarn.message.AgentFailure;
import io.torii.engine.yarn.message.AgentRequest;
import io.torii.engine.yarn.message.Lines;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes calls as they come and answers each when it is done. Submissions, logs and tokens, which take a while, have threads of
 * their own: a burst of launches, or a node or metastore that does not answer, must not keep the gateway from watching what runs.
 */
final class AgentServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(AgentServer.class);
    private static final int SECONDS_TO_END = 30;
    private static final int SUBMITTERS = 4;
    private static final int READERS = 4;
    private static final int ISSUERS = 2;
    private static final int OTHERS = 12;

    private final Agent agent;
    private final PrintStream answers;
    private final ExecutorService submitters = threads(SUBMITTERS, "submit");
    private final ExecutorService readers = threads(READERS, "log");
    private final ExecutorService issuers = threads(ISSUERS, "tokens");
    private final ExecutorService others = threads(OTHERS, "call");

    AgentServer(Agent agent, PrintStream answers) {
        this.agent = agent;
        this.answers = answers;
    }

    /** Returns at the end of the calls. */
    void serve(BufferedReader calls) throws IOException {
        String line = calls.readLine();
        while (line != null) {
            AgentRequest request = Lines.read(line, AgentRequest.class);
            Deadline deadline = Deadline.in(Duration.ofMillis(request.limitMillis()));
            threadsFor(request.call()).execute(() -> say(answer(request, deadline)));
            line = calls.readLine();
        }
    }

    /** Waits for submissions that are under way: Spark, interrupted, takes away the files of an application that YARN has. */
    @Override
    public void close() {
        readers.shutdownNow();
        issuers.shutdownNow();
        others.shutdownNow();
        submitters.shutdown();
        try {
            if (!submitters.awaitTermination(SECONDS_TO_END, TimeUnit.SECONDS)) {
                log.warn("a submission has not ended after {} s", SECONDS_TO_END);
            }
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }

    private ExecutorService threadsFor(AgentCall call) {
        if (call instanceof AgentCall.Submit) {
            return submitters;
        }
        if (call instanceof AgentCall.Issue) {
            return issuers;
        }
        return call instanceof AgentCall.Log ? readers : others;
    }

    private AgentAnswer answer(AgentRequest request, Deadline deadline) {
        if (deadline.isOver()) {
            return failure(request, AgentFailure.Kind.REFUSED, "too many calls at once, this one came too late");
        }
        try {
            return new AgentAnswer(request.id(), Lines.tree(agent.answer(request.call(), deadline)), null);
        } catch (AgentException known) {
            log.info("{} failed: {}", request.call(), known.getMessage());
            return failure(request, known.kind(), known.getMessage());
        } catch (Exception | LinkageError unexpected) {
            log.warn("{} failed", request.call(), unexpected);
            return failure(request, AgentFailure.Kind.UNKNOWN, Causes.sentence(unexpected));
        }
    }

    private static AgentAnswer failure(AgentRequest request, AgentFailure.Kind kind, String message) {
        return new AgentAnswer(request.id(), null, new AgentFailure(kind, message));
    }

    private void say(AgentAnswer answer) {
        synchronized (answers) {
            answers.println(Lines.write(answer));
            answers.flush();
        }
    }

    private static ExecutorService threads(int count, String name) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                count, count, 60, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> new Thread(task, name));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }
}
