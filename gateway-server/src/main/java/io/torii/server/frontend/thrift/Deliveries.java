package io.torii.server.frontend.thrift;

import static java.util.Objects.requireNonNull;

import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import io.torii.api.session.SessionId;
import io.torii.api.session.StatementId;
import io.torii.server.frontend.thrift.LastCalls.NumberedCall;
import io.torii.server.frontend.thrift.UnconfirmedAnswers.Pending;
import io.torii.server.session.Body;
import io.torii.server.session.FetchRequest;
import io.torii.server.session.FetchRequest.Content;
import io.torii.server.session.FetchRequest.Orientation;
import io.torii.server.session.StatementRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
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
    private static final String PAGE_IN_DOUBT =
            "It is not known whether the page before has arrived, since a connection broke while it was sent; fetch from"
                    + " the first row, or run the statement again";

    private final Duration patience;
    private final UnconfirmedAnswers<SubmissionKey, StatementId> submissions =
            new UnconfirmedAnswers<>(SubmissionKey::session);
    private final UnconfirmedAnswers<StatementId, Void> pages = new UnconfirmedAnswers<>(StatementId::session);
    private final LastCalls calls = new LastCalls();

    /** @param patience how long a second request waits for what becomes of the first */
    Deliveries(Duration patience) {
        this.patience = requireNonNull(patience, "patience");
    }

    /**
     * The answer to one call.
     *
     * @param number that the client has given its call
     */
    Answer begin(int number) {
        return new Answer(number);
    }

    /** How one answer fares. Its call submits or fetches, once at most. */
    final class Answer implements Delivery {
        private final int number;
        private NumberedCall before = NumberedCall.NONE;
        private Optional<SessionId> caller = Optional.empty();
        private Runnable arrived = () -> {};
        private Runnable lost = () -> {};
        private boolean over;

        private Answer(int number) {
            this.number = number;
        }

        /** The call is for a session, of the one who makes it. */
        void isOf(SessionId session) {
            synchronized (Deliveries.this) {
                if (caller.isEmpty()) {
                    caller = Optional.of(session);
                    before = calls.begin(session, number);
                }
            }
        }

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
                earlier = repeated(key).orElseGet(() -> submissions.find(key).orElse(null));
                if (earlier == null || earlier.isLost()) {
                    follow(submissions, key, mine);
                    calls.asks(key.session(), new NumberedCall(number, Optional.of(key), Optional.of(mine.answer())));
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

        /** The submission that this one is again, whose answer the client cannot have; holds the deliveries' lock. */
        private Optional<Pending<StatementId>> repeated(SubmissionKey key) {
            return before.isRepeatedBy(number, key)
                    ? before.answer().map(answer -> new Pending<>(CompletableFuture.completedFuture(false), answer))
                    : Optional.empty();
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
                List<Object> what = List.of(id, request);
                if (before.isRepeatedBy(number, what)) {
                    Pending<Void> unseen = new Pending<>();
                    pages.begin(id, unseen);
                    unseen.through().complete(false);
                    pages.lost(id, unseen);
                }
                calls.asks(id.session(), new NumberedCall(number, Optional.of(what), Optional.empty()));
                earlier = pages.find(id).orElse(null);
                if (earlier == null || (earlier.isLost() && request.orientation() == Orientation.FIRST)) {
                    earlier = null;
                    follow(pages, id, new Pending<>());
                }
            }
            if (earlier == null) {
                return page.get().whenComplete((body, failure) -> {
                    if (failure != null && !isUnreachable(failure)) {
                        failed();
                    } else if (failure != null) {
                        ended(false);
                    }
                });
            }
            return earlier.isLost()
                    ? inDoubt(PAGE_IN_DOUBT)
                    : afterwards(earlier, () -> fetch(id, request, page), PAGE_IN_DOUBT);
        }

        @Override
        public void failed() {
            synchronized (Deliveries.this) {
                caller.ifPresent(session -> calls.forget(session, number));
            }
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
