package io.torii.server.session;

import static java.util.Objects.requireNonNull;

import io.torii.api.error.ErrorCode;
import io.torii.api.session.StatementId;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tells engines that clients have the handles of their statements, so that the same text, sent to another gateway once this
 * one has died, is another statement. Waits a little, since a call with the handle tells as much. Thread-safe.
 */
public final class HandleNews {
    private static final Duration A_LITTLE = Duration.ofMillis(5);

    private final StatementRelay relay;
    private final Timers timers;
    private final Map<StatementId, Runnable> due = new ConcurrentHashMap<>();

    public HandleNews(StatementRelay relay, Timers timers) {
        this.relay = requireNonNull(relay, "relay");
        this.timers = requireNonNull(timers, "timers");
    }

    /** The client has the handle of this statement, which its engine has got. */
    void arrived(LiveSession live, StatementId id) {
        // not put once it is made: its time may be over by then, and it would stay for ever
        due.compute(
                id,
                (same, none) -> timers.after(A_LITTLE, () -> {
                    if (due.remove(id) != null) {
                        tell(live, id);
                    }
                }));
    }

    /** The engine hears it from a call with the handle. */
    void isHeard(StatementId id) {
        Optional.ofNullable(due.remove(id)).ifPresent(Runnable::run);
    }

    private void tell(LiveSession live, StatementId id) {
        CompletableFuture<Void> told = relay.ask(
                live,
                id,
                new StatementRelay.Request<>(
                        engine -> engine.handedOver(id), row -> CompletableFuture.completedFuture(null), true));
        Failures.logged(
                "Telling that a statement's client has its handle",
                id,
                told.exceptionallyCompose(failure -> isOver(Failures.codeOf(failure))
                        ? CompletableFuture.completedFuture(null)
                        : CompletableFuture.failedFuture(failure)));
    }

    /** What is gone cannot be taken for another. */
    private static boolean isOver(ErrorCode code) {
        return code == ErrorCode.INVALID_HANDLE || code == ErrorCode.ENGINE_LOST;
    }
}
