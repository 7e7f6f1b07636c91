package io.torii.server.admin;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/**
 * A check that is made once for all who ask meanwhile, and whose answer is kept for a while: who asks often costs no more
 * than who asks seldom. Thread-safe.
 */
public final class SharedCheck implements Health.Check {
    private final Health.Check check;
    private final Duration kept;
    private final LongSupplier nanos;
    private volatile long answeredNanos;
    private Optional<CompletableFuture<Optional<String>>> latest = Optional.empty();

    /**
     * @param check its answer ends at some time
     * @param kept how long an answer, or a failure, is given again
     */
    public SharedCheck(Health.Check check, Duration kept, LongSupplier nanos) {
        this.check = requireNonNull(check, "check");
        this.kept = requireNonNull(kept, "kept");
        this.nanos = requireNonNull(nanos, "nanos");
    }

    @Override
    public synchronized CompletableFuture<Optional<String>> problem() {
        CompletableFuture<Optional<String>> answer =
                latest.filter(asked -> !asked.isDone() || isFresh()).orElseGet(this::ask);
        latest = Optional.of(answer);
        return answer.copy(); // who gives up does so alone
    }

    private CompletableFuture<Optional<String>> ask() {
        return check.problem().whenComplete((problem, failure) -> answeredNanos = nanos.getAsLong());
    }

    private boolean isFresh() {
        return nanos.getAsLong() - answeredNanos < kept.toNanos();
    }
}
