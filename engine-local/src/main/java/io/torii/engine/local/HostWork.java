package io.torii.engine.local;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.CompletableFuture.failedFuture;

import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What blocks for files and processes, on threads where it may. Failures become sentences about one part. Thread-safe. */
final class HostWork {
    private static final Logger log = LoggerFactory.getLogger(HostWork.class);

    private final ErrorCode code;
    private final String trouble;
    private final ScheduledExecutorService scheduler;
    private final Executor executor;
    private volatile boolean closed;

    /**
     * @param code of failures that nobody has foreseen
     * @param trouble how the sentence about such a failure begins
     */
    HostWork(ErrorCode code, String trouble, ScheduledExecutorService scheduler, Executor executor) {
        this.code = requireNonNull(code, "code");
        this.trouble = requireNonNull(trouble, "trouble");
        this.scheduler = requireNonNull(scheduler, "scheduler");
        this.executor = requireNonNull(executor, "executor");
    }

    /** Fails with a GatewayException whatever happens. */
    <T> CompletableFuture<T> call(Callable<T> task) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        try {
            executor.execute(() -> {
                try {
                    answer.complete(task.call());
                } catch (GatewayException known) {
                    answer.completeExceptionally(known);
                } catch (Exception failure) {
                    answer.completeExceptionally(new GatewayException(code, trouble + ": " + failure, failure));
                }
            });
        } catch (RejectedExecutionException refused) {
            return failedFuture(new GatewayException(ErrorCode.SHUTTING_DOWN, "The gateway is shutting down", refused));
        }
        return answer;
    }

    /** Completes once it is done, or has failed and somebody can read of it. */
    CompletableFuture<Void> quietly(Callable<?> task) {
        return call(task).handle((done, failure) -> {
            if (failure != null && !closed) {
                log.warn("{}", cause(failure).getMessage(), cause(failure));
            }
            return null;
        });
    }

    /** Does something short after a while, unless the gateway shuts down before. */
    void later(Duration delay, Runnable task) {
        try {
            scheduler.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException shuttingDown) {
            log.debug("Not scheduled: the gateway is shutting down");
        }
    }

    /** From now on failures are those of shutting down, and nobody needs to read of them. */
    void close() {
        closed = true;
    }

    boolean isClosed() {
        return closed;
    }

    static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}
