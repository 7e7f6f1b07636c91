package io.torii.server.frontend.thrift.http;

import io.torii.server.frontend.thrift.HiveAnswer;
import io.torii.server.frontend.thrift.IncomingMessage;
import io.torii.server.session.Body;
import io.torii.server.session.Caller;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * One request: who makes it, its message, the answer. Blocks no thread. Confined to an executor that runs its tasks one
 * after the other.
 */
final class Exchange {
    private static final String FRONTEND = "thrift-http";

    private final ExchangeSetup setup;
    private final ScheduledExecutorService executor;
    private final Request request;
    private final Response response;
    private final Callback callback;
    private IncomingMessage message;
    private HiveAnswer answer;
    private BodySender sender;
    private boolean over;
    private volatile boolean waiting;

    Exchange(
            ExchangeSetup setup,
            ScheduledExecutorService executor,
            Request request,
            Response response,
            Callback callback) {
        this.setup = setup;
        this.executor = executor;
        this.request = request;
        this.response = response;
        this.callback = callback;
    }

    /** Serves the request. Called by whoever has it; returns at once. */
    void begin() {
        // while the gateway itself takes its time, silence is no fault of the client's
        request.addIdleTimeoutListener(silence -> !waiting);
        request.addFailureListener(failure -> executor.execute(() -> gone(failure)));
        executor.execute(() -> step(this::login));
    }

    private void login() {
        try {
            setup.rules().check(request);
        } catch (Refusal refusal) {
            refuse(refusal);
            return;
        }
        waiting = true;
        next(setup.logins().login(request), this::receive);
    }

    private void receive(HttpLogins.Login login) {
        waiting = false;
        try {
            setup.rules().check(request, login.identity());
        } catch (Refusal refusal) {
            refuse(refusal);
            return;
        }
        login.cookie().ifPresent(value -> response.getHeaders().add(HttpHeader.SET_COOKIE, setup.cookie(value)));
        message = setup.service().incoming();
        MessageReader reader = new MessageReader(request, message, executor);
        Future<?> deadline = deadline(reader, setup.service().limits().message());
        next(reader.read().whenComplete((read, failure) -> deadline.cancel(false)), read -> serve(login));
    }

    private Future<?> deadline(MessageReader reader, Duration limit) {
        return limit.isZero()
                ? CompletableFuture.completedFuture(null)
                : executor.schedule(
                        () -> reader.giveUp(new Refusal(
                                HttpStatus.REQUEST_TIMEOUT_408,
                                "The message was not complete within " + limit.toSeconds() + " s")),
                        limit.toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    private void serve(HttpLogins.Login login) {
        Caller caller = new Caller(login.identity(), Request.getRemoteAddr(request));
        waiting = true;
        answer = setup.service().serve(message, caller, FRONTEND, executor);
        Future<?> limit = answerLimit(setup.service().limits().call());
        answer.body()
                .whenComplete((body, failure) -> executor.execute(() -> {
                    limit.cancel(false);
                    if (failure != null) {
                        fail(failure);
                    } else {
                        send(body);
                    }
                }));
    }

    /** Jetty does not read meanwhile, so that nobody sees that a client has gone. */
    private Future<?> answerLimit(Duration limit) {
        return executor.schedule(
                () -> {
                    if (!over && !answer.isForStatement()) {
                        answer.abandon();
                        answer.ended(false);
                        refuse(new Refusal(
                                HttpStatus.GATEWAY_TIMEOUT_504,
                                "There was no answer within " + limit.toSeconds() + " s"));
                    }
                },
                limit.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    private void send(Body body) {
        if (over) {
            body.cancel();
            return;
        }
        response.setStatus(HttpStatus.OK_200);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, RequestRules.THRIFT);
        sender = new BodySender(body, response, executor, pausing -> waiting = pausing);
        next(sender.send(), sent -> {
            answer.ended(true);
            end();
            callback.succeeded();
        });
    }

    private void end() {
        over = true;
        if (message != null) {
            message.close();
        }
    }

    /** Goes on after a step, on the executor, unless it failed or the client has gone meanwhile. */
    private <T> void next(CompletableFuture<T> step, Consumer<T> then) {
        step.whenComplete((result, failure) -> executor.execute(() -> {
            if (over) {
                return;
            }
            if (failure == null) {
                step(() -> then.accept(result));
            } else {
                fail(failure);
            }
        }));
    }

    private void step(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    private void fail(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof Refusal refusal) {
            refuse(refusal);
        } else {
            String problem = cause.getMessage() == null ? cause.toString() : cause.getMessage();
            setup.refusals().write(Request.getRemoteAddr(request), "an exchange was cut short problem=" + problem);
            gone(cause);
        }
    }

    private void refuse(Refusal refusal) {
        if (over) {
            return;
        }
        setup.refusals()
                .write(
                        Request.getRemoteAddr(request),
                        "a request is refused status=" + refusal.status() + " reason=" + refusal.getMessage());
        end();
        PlainAnswers.write(response, refusal, callback);
    }

    /** Nothing more can be said to the client. */
    private void gone(Throwable reason) {
        if (over) {
            return;
        }
        end();
        if (answer != null) {
            answer.abandon();
            answer.ended(false);
        }
        if (sender != null) {
            sender.abandon(reason);
        }
        callback.failed(reason);
    }
}
