package io.torii.server.session;

import static java.util.Objects.requireNonNull;

import io.torii.api.error.ErrorCode;
import io.torii.api.session.StatementFailure;
import io.torii.api.session.StatementId;
import io.torii.api.session.StatementState;
import io.torii.server.store.StatementRepository;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the store has to hear of statements, lest another gateway runs what has ended or has run: what it could not hear is
 * said again until it has, of so many statements at most. Thread-safe.
 */
public final class StatementRecords {
    private static final Logger log = LoggerFactory.getLogger(StatementRecords.class);
    private static final int MOST_UNSAID = 10_000;

    private final StatementRepository repository;
    private final Map<StatementId, Unsaid> unsaid = new ConcurrentHashMap<>();

    public StatementRecords(StatementRepository repository) {
        this.repository = requireNonNull(repository, "repository");
    }

    /**
     * Says how the statement ended. The future tells how the first try went.
     *
     * @param settled runs once the store knows, or never will
     */
    CompletableFuture<Void> finish(
            StatementId id, StatementState state, Optional<StatementFailure> failure, Runnable settled) {
        return say(id, new Unsaid(id, () -> repository.finish(id, state, failure), settled));
    }

    /** Says that the statement's row is not needed any more; otherwise as {@link #finish}. */
    CompletableFuture<Void> delete(StatementId id, Runnable settled) {
        return say(id, new Unsaid(id, () -> repository.delete(id), settled));
    }

    /** Says now what is still to be said of the statement, if anything is. */
    CompletableFuture<Void> settle(StatementId id) {
        Unsaid left = unsaid.get(id);
        return left == null ? CompletableFuture.completedFuture(null) : left.say();
    }

    /** The statement's row has gone. */
    void forget(StatementId id) {
        unsaid.remove(id);
    }

    /** Statements of which the store does not know yet what became of them. */
    Set<StatementId> unsettled() {
        return Set.copyOf(unsaid.keySet());
    }

    /** Says again what the store could not hear; call it every few seconds. */
    void tick() {
        unsaid.forEach((id, left) -> Failures.logged("Recording what became of a statement", id, left.say()));
    }

    private CompletableFuture<Void> say(StatementId id, Unsaid news) {
        unsaid.put(id, news);
        return news.say();
    }

    private final class Unsaid {
        private final StatementId id;
        private final Supplier<CompletableFuture<Void>> write;
        private final Runnable settled;
        private final AtomicReference<CompletableFuture<Void>> running = new AtomicReference<>();

        private Unsaid(StatementId id, Supplier<CompletableFuture<Void>> write, Runnable settled) {
            this.id = id;
            this.write = write;
            this.settled = settled;
        }

        private CompletableFuture<Void> say() {
            CompletableFuture<Void> mine = new CompletableFuture<>();
            CompletableFuture<Void> other = running.compareAndExchange(null, mine);
            if (other != null) {
                return other.copy();
            }
            CompletableFuture<Void> unused = write.get().whenComplete((done, failure) -> {
                running.set(null);
                if (failure == null || isHopeless(failure)) {
                    unsaid.remove(id, this);
                    settled.run();
                }
                if (failure == null) {
                    mine.complete(null);
                } else {
                    mine.completeExceptionally(failure);
                }
            });
            return mine.copy();
        }

        private boolean isHopeless(Throwable failure) {
            boolean hopeless = Failures.codeOf(failure) != ErrorCode.STORE_UNAVAILABLE || unsaid.size() > MOST_UNSAID;
            if (hopeless) {
                LogKeys.about(log.atError(), id)
                        .setCause(Failures.cause(failure))
                        .log("what became of a statement is not recorded");
            }
            return hopeless;
        }
    }
}
