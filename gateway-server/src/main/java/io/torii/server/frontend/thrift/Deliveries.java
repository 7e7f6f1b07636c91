package io.torii.server.frontend.thrift;

import static java.util.Objects.requireNonNull;

import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import io.torii.api.session.SessionId;
import io.torii.api.session.StatementId;
import io.torii.server.frontend.thrift.UnconfirmedAnswers.Pending;
import io.torii.server.session.Body;
import io.torii.server.session.FetchRequest;
import io.torii.server.session.FetchRequest.Content;
import io.torii.server.session.FetchRequest.Orientation;
import io.torii.server.session.StatementRequest;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Answers on their way to clients that send a request again when its connection breaks. An answer has got through once all
 * of it is written; until that is known, a second request like it waits for a while. Of each session it remembers a bounded number
 * of answers that did not get through. Thread-safe.
 */
final class Deliveries {
    private static final String GONE = "The client has gone meanwhile";

    private final Duration patience;
    private final UnconfirmedAnswers<SubmissionKey, StatementId> submissions =
            new UnconfirmedAnswers<>(SubmissionKey::session);
    private final UnconfirmedAnswers<StatementId, Void> pages = new UnconfirmedAnswers<>(StatementId::session);

    /** @param patience how long a second request waits for what becomes of the first */
    Deliveries(Duration patience) {
        this.patience = requireNonNull(patience, "patience");
    }

    /** The answer to one call. */
    Answer begin() {
        return new Answer();
    }

    /** How one answer fares. Its call submits or fetches, once at most. */
    final class Answer implements Delivery {
        private Runnable arrived = () -> {};
        private Runnable lost = () -> {};
        private boolean over;

        private Answer() {}

        @Override
        public CompletableFuture<StatementId> submit(
                SessionId session, StatementRequest request, Supplier<CompletableFuture<StatementId>> submission) {
            return submit(SubmissionKey.of(session, request), submission);
        }

        private CompletableFuture<StatementId> submit(
                SubmissionKey key, Supplier<CompletableFuture<StatementId>> submission) {
            Pending<StatementId> mine = new Pending<>();
            Pending<StatementId> earlier;
            synchronized (Deliveries.this) {
                if (over) {
                    return inDoubt(GONE);
                }
                earlier = submissions.find(key).orElse(null);
                if (earlier == null || earlier.isLost()) {
                    follow(submissions, key, mine);
                }
            }
            if (earlier != null && !earlier.isLost()) {
                return afterwards(
                        earlier,
                        () -> submit(key, submission),
                        "The same statement is being answered on another connection; try again");
            }
            CompletableFuture<StatementId> answer = earlier == null ? submission.get() : earlier.answer();
            return answer.whenComplete((id, failure) -> {
                if (failure == null) {
                    mine.answer().complete(id);
                } else {
                    failed();
                    mine.answer().completeExceptionally(failure);
                }
            });
        }

        @Override
        public CompletableFuture<Body> fetch(
                StatementId id, FetchRequest request, Supplier<CompletableFuture<Body>> page) {
            if (request.content() == Content.LOG) {
                return page.get();
            }
            Pending<Void> earlier;
            synchronized (Deliveries.this) {
                if (over) {
                    return inDoubt(GONE);
                }
                earlier = pages.find(id).orElse(null);
                if (earlier == null || (earlier.isLost() && request.orientation() == Orientation.FIRST)) {
                    earlier = null;
                    follow(pages, id, new Pending<>());
                }
            }
            if (earlier == null) {
                return page.get().whenComplete((body, failure) -> {
                    if (failure != null) {
                        ended(!isUnreachable(failure));
                    }
                });
            }
            String problem =
                    "It is not known whether the page before has arrived, since a connection broke while it was"
                            + " sent; fetch from the first row, or run the statement again";
            return earlier.isLost() ? inDoubt(problem) : afterwards(earlier, () -> fetch(id, request, page), problem);
        }

        @Override
        public void failed() {
            ended(true);
        }

        /** Called when it is known whether all of the answer is written; the first call counts. */
        void ended(boolean through) {
            Runnable end;
            synchronized (Deliveries.this) {
                over = true;
                end = through ? arrived : lost;
                arrived = () -> {};
                lost = () -> {};
            }
            end.run();
        }

        /** Holds the deliveries' lock. */
        private <K, T> void follow(UnconfirmedAnswers<K, T> answers, K key, Pending<T> mine) {
            answers.begin(key, mine);
            arrived = () -> {
                synchronized (Deliveries.this) {
                    answers.arrived(key, mine);
                }
                mine.through().complete(true);
            };
            lost = () -> {
                synchronized (Deliveries.this) {
                    answers.lost(key, mine);
                }
                mine.through().complete(false);
            };
        }
    }

    /** Goes on once it is known what has become of an earlier answer, if that is soon. */
    private <T> CompletableFuture<T> afterwards(
            Pending<?> earlier, Supplier<CompletableFuture<T>> next, String otherwise) {
        return earlier.through()
                .thenApply(either -> true)
                .completeOnTimeout(false, patience.toMillis(), TimeUnit.MILLISECONDS)
                .thenCompose(known -> known ? next.get() : inDoubt(otherwise));
    }

    private static <T> CompletableFuture<T> inDoubt(String problem) {
        return CompletableFuture.failedFuture(new GatewayException(ErrorCode.ANSWER_IN_DOUBT, problem));
    }

    /** The engine may have moved on in its result, though its answer did not come. */
    private static boolean isUnreachable(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof GatewayException problem && problem.code() == ErrorCode.ENGINE_UNREACHABLE;
    }
}
