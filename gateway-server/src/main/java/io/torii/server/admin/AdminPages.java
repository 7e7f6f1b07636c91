package io.torii.server.admin;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code /health/live}, {@code /health/ready}, {@code /metrics} and, for who has the token, {@code /status}. Thread-safe. */
public final class AdminPages extends Handler.Abstract {
    private static final Logger log = LoggerFactory.getLogger(AdminPages.class);
    private static final String JSON = "application/json";
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    private final ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private final Health health;
    private final Supplier<String> metrics;
    private final Supplier<CompletableFuture<GatewayStatus>> status;
    private final AdminToken token;

    /** @param metrics as Prometheus reads them */
    public AdminPages(
            Health health,
            Supplier<String> metrics,
            Supplier<CompletableFuture<GatewayStatus>> status,
            AdminToken token) {
        this.health = requireNonNull(health, "health");
        this.metrics = requireNonNull(metrics, "metrics");
        this.status = requireNonNull(status, "status");
        this.token = requireNonNull(token, "token");
    }

    private record Answer(int code, String type, String text) {}

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        CompletableFuture<?> unused = answer(request).whenComplete((answer, failure) -> {
            if (failure == null) {
                write(response, answer, callback);
            } else {
                log.error("a page failed", failure);
                write(
                        response,
                        text(HttpStatus.INTERNAL_SERVER_ERROR_500, "The page failed; the gateway's log says why"),
                        callback);
            }
        });
        return true;
    }

    private CompletableFuture<Answer> answer(Request request) {
        boolean reads = HttpMethod.GET.is(request.getMethod()) || HttpMethod.HEAD.is(request.getMethod());
        if (!reads) {
            return now(text(HttpStatus.METHOD_NOT_ALLOWED_405, "Only GET is served here"));
        }
        return switch (Request.getPathInContext(request)) {
            case "/health/live" -> now(verdict("live", health.mortal()));
            case "/health/ready" -> health.unready().thenApply(problems -> verdict("ready", problems));
            case "/metrics" -> now(new Answer(HttpStatus.OK_200, PROMETHEUS, metrics.get()));
            case "/status" -> {
                Optional<String> given =
                        Optional.ofNullable(request.getHeaders().get(HttpHeader.AUTHORIZATION));
                yield token.isIn(given)
                        ? status.get().thenApply(page -> new Answer(HttpStatus.OK_200, JSON, json(page)))
                        : now(text(
                                HttpStatus.UNAUTHORIZED_401,
                                "Send the token of the file admin.token in the gateway's work directory, as"
                                        + " Authorization: Bearer TOKEN"));
            }
            default ->
                now(text(
                        HttpStatus.NOT_FOUND_404,
                        "Here are /health/live, /health/ready, /metrics and /status, nothing else"));
        };
    }

    private Answer verdict(String name, Map<String, String> problems) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put(name, problems.isEmpty());
        body.put("problems", problems);
        return new Answer(
                problems.isEmpty() ? HttpStatus.OK_200 : HttpStatus.SERVICE_UNAVAILABLE_503, JSON, json(body));
    }

    private String json(Object body) {
        try {
            return mapper.writeValueAsString(body) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a page cannot be written", e);
        }
    }

    private static Answer text(int code, String sentence) {
        return new Answer(code, TEXT, sentence + "\n");
    }

    private static CompletableFuture<Answer> now(Answer answer) {
        return CompletableFuture.completedFuture(answer);
    }

    private static void write(Response response, Answer answer, Callback callback) {
        response.setStatus(answer.code());
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, answer.type());
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        Content.Sink.write(response, true, answer.text(), callback);
    }
}
