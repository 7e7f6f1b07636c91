package io.torii.server.frontend.home;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.CompletableFuture.completedFuture;

import io.torii.api.Secret;
import io.torii.api.engine.LaunchTag;
import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import io.torii.server.engine.EngineCommand;
import io.torii.server.engine.EngineHome;
import io.torii.server.engine.EngineLoad;
import io.torii.server.engine.EngineTokens;
import io.torii.server.engine.LogText;
import io.torii.server.engine.Registration;
import io.torii.wire.HomeClient;
import io.torii.wire.HomeForm;
import io.torii.wire.SealedTokens;
import io.torii.wire.Signature;
import io.torii.wire.WireProtocol;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers engines' requests, whatever carries them. All that they send is untrusted: it is checked for shape first, and for
 * its signature before it has any effect. Never throws and never logs a body. Thread-safe.
 */
final class HomeEndpoint {
    static final String PING = "/engine/v1/ping";

    private static final Logger log = LoggerFactory.getLogger(HomeEndpoint.class);
    private static final int MAX_TOKEN = 200;
    private static final int MAX_REASON = 1_000;
    private static final int MAX_COUNT = 1_000_000;

    private final EngineHome home;
    private final EngineTokens tokens;
    private final Duration heartbeat;
    private final Clock clock;
    private final SignatureTimes seen = new SignatureTimes();

    HomeEndpoint(EngineHome home, EngineTokens tokens, Duration heartbeat, Clock clock) {
        this.home = requireNonNull(home, "home");
        this.tokens = requireNonNull(tokens, "tokens");
        this.heartbeat = requireNonNull(heartbeat, "heartbeat");
        this.clock = requireNonNull(clock, "clock");
    }

    CompletableFuture<HomeAnswer> answer(HomeRequest request) {
        CompletableFuture<HomeAnswer> answer;
        try {
            answer = route(request);
        } catch (IllegalArgumentException e) {
            return answered(HomeAnswer.BAD_REQUEST, e.getMessage());
        } catch (RuntimeException e) {
            return completedFuture(failed(request, e));
        }
        return answer.exceptionally(failure -> failed(request, failure));
    }

    private CompletableFuture<HomeAnswer> route(HomeRequest request) {
        return switch (request.path()) {
            case PING ->
                request.method().equals("GET")
                        ? answered(HomeAnswer.OK, "pong")
                        : answered(HomeAnswer.METHOD_NOT_ALLOWED, "Use GET here");
            case HomeClient.REGISTER -> posted(request, () -> register(HomeForm.parse(request.body())));
            case HomeClient.HEARTBEAT -> posted(request, () -> heartbeat(request, HomeForm.parse(request.body())));
            case HomeClient.LEAVE -> posted(request, () -> leave(request, HomeForm.parse(request.body())));
            case HomeClient.TOKENS -> posted(request, () -> tokens(request, HomeForm.parse(request.body())));
            default -> answered(HomeAnswer.NOT_FOUND, "There is nothing here");
        };
    }

    private CompletableFuture<HomeAnswer> posted(
            HomeRequest request, Supplier<CompletableFuture<HomeAnswer>> whenRight) {
        if (!request.method().equals("POST")) {
            return answered(HomeAnswer.METHOD_NOT_ALLOWED, "Use POST here");
        }
        String type = request.contentType().split(";", 2)[0].trim().toLowerCase(Locale.ROOT);
        if (!type.equals(HomeForm.CONTENT_TYPE)) {
            return answered(HomeAnswer.UNSUPPORTED_TYPE, "Send a body of type " + HomeForm.CONTENT_TYPE);
        }
        return whenRight.get();
    }

    private CompletableFuture<HomeAnswer> register(HomeForm form) {
        LaunchTag tag = tag(form);
        String token = text(form, "token", MAX_TOKEN);
        if (token.isEmpty()) {
            throw new IllegalArgumentException("Field token is missing");
        }
        int oldest = number(form, "wire-oldest", 1, MAX_COUNT);
        int newest = number(form, "wire-newest", oldest, MAX_COUNT);
        int common = Math.min(newest, WireProtocol.VERSION);
        if (common < Math.max(oldest, WireProtocol.OLDEST_VERSION)) {
            log.atWarn()
                    .addKeyValue("engine", tag)
                    .addKeyValue("oldest", oldest)
                    .addKeyValue("newest", newest)
                    .log("Engine has no common wire version");
            return answered(
                    HomeAnswer.FORBIDDEN,
                    "This gateway speaks wire versions " + WireProtocol.OLDEST_VERSION + "-" + WireProtocol.VERSION
                            + ", the engine " + oldest + "-" + newest + ": upgrade the older one");
        }
        Registration registration = new Registration(
                form.get("host"),
                number(form, "port", 1, 65_535),
                form.get("application-id"),
                form.get("web-url"),
                form.get("version"),
                common);
        return home.register(tag, new Secret(token), registration).thenApply(accepted -> {
            if (accepted) {
                return HomeAnswer.form(new HomeForm().add("heartbeat-millis", heartbeat.toMillis()));
            }
            log.atWarn()
                    .addKeyValue("engine", tag)
                    .addKeyValue("host", registration.host())
                    .log("Engine refused");
            return HomeAnswer.text(
                    HomeAnswer.FORBIDDEN, "The launch is not known, its token was used before, or its lease is over");
        });
    }

    private CompletableFuture<HomeAnswer> heartbeat(HomeRequest request, HomeForm form) {
        LaunchTag tag = tag(form);
        String state = form.get("state");
        if (!state.equals("ready") && !state.equals("draining")) {
            throw new IllegalArgumentException("Field state is neither ready nor draining");
        }
        EngineLoad load = new EngineLoad(
                state.equals("draining"),
                number(form, "sessions", 0, MAX_COUNT),
                number(form, "statements", 0, MAX_COUNT));
        return signed(request, tag, secret -> home.heartbeat(tag, load)
                .thenApply(command -> command.map(HomeEndpoint::answer).orElseGet(HomeEndpoint::unknown)));
    }

    private CompletableFuture<HomeAnswer> leave(HomeRequest request, HomeForm form) {
        LaunchTag tag = tag(form);
        String reason = text(form, "reason", MAX_REASON);
        return signed(
                request, tag, secret -> home.leave(tag, reason).thenApply(gone -> HomeAnswer.form(new HomeForm())));
    }

    private CompletableFuture<HomeAnswer> tokens(HomeRequest request, HomeForm form) {
        LaunchTag tag = tag(form);
        return signed(request, tag, secret -> tokens.of(tag)
                .thenApply(fresh ->
                        fresh.map(file -> sealed(file, secret, request)).orElseGet(HomeEndpoint::unknown)));
    }

    private static HomeAnswer sealed(byte[] file, Secret secret, HomeRequest request) {
        if (file.length > SealedTokens.MAX_BYTES) {
            throw new GatewayException(
                    ErrorCode.INTERNAL,
                    "The cluster's tokens have " + file.length + " bytes, more than " + SealedTokens.MAX_BYTES);
        }
        String text = file.length == 0 ? "" : SealedTokens.seal(secret.value(), request.signature(), file);
        return HomeAnswer.form(new HomeForm().add("tokens", text));
    }

    private CompletableFuture<HomeAnswer> signed(
            HomeRequest request, LaunchTag tag, Function<Secret, CompletableFuture<HomeAnswer>> whenRight) {
        return home.secretOf(tag).thenCompose(secret -> {
            if (secret.isEmpty()) {
                return completedFuture(unknown());
            }
            OptionalLong signedAt =
                    Signature.verify(secret.get().value(), request.path(), request.body(), request.signature(), clock);
            if (signedAt.isEmpty()) {
                log.atWarn()
                        .addKeyValue("request", request)
                        .addKeyValue("engine", tag)
                        .log("Request with a wrong or old signature");
                return answered(
                        HomeAnswer.UNAUTHORIZED,
                        "The signature is wrong, or the engine's clock is more than 5 minutes behind or 4 ahead");
            }
            if (!seen.admit(tag, request.path(), signedAt.getAsLong(), clock.millis())) {
                log.atWarn()
                        .addKeyValue("request", request)
                        .addKeyValue("engine", tag)
                        .log("Request was sent before");
                return answered(HomeAnswer.UNAUTHORIZED, "A request signed at this time or later was here before");
            }
            return whenRight.apply(secret.get());
        });
    }

    private HomeAnswer failed(HomeRequest request, Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause instanceof GatewayException known) {
            log.atWarn()
                    .addKeyValue("request", request)
                    .addKeyValue("code", known.code())
                    .setCause(known)
                    .log("Request failed");
            boolean passing = known.code() == ErrorCode.STORE_UNAVAILABLE
                    || known.code() == ErrorCode.SHUTTING_DOWN
                    || request.path().equals(HomeClient.TOKENS);
            return HomeAnswer.text(
                    passing ? HomeAnswer.UNAVAILABLE : HomeAnswer.INTERNAL_ERROR, LogText.oneLine(known.getMessage()));
        }
        log.atError().addKeyValue("request", request).setCause(cause).log("Request failed");
        return HomeAnswer.text(HomeAnswer.INTERNAL_ERROR, "The gateway failed; its log says why");
    }

    private static HomeAnswer answer(EngineCommand command) {
        return HomeAnswer.form(new HomeForm().add("command", command.name().toLowerCase(Locale.ROOT)));
    }

    private static HomeAnswer unknown() {
        return HomeAnswer.text(HomeAnswer.NOT_FOUND, "This engine is not known here");
    }

    private static CompletableFuture<HomeAnswer> answered(int status, String sentence) {
        return completedFuture(HomeAnswer.text(status, sentence));
    }

    private static LaunchTag tag(HomeForm form) {
        try {
            return new LaunchTag(form.get("tag"));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("Field tag is not a launch tag (expected: torii- and 32 hex digits)", e);
        }
    }

    private static String text(HomeForm form, String field, int longest) {
        String text = form.get(field);
        if (text.length() > longest || text.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("Field " + field + " is too long or holds control characters");
        }
        return text;
    }

    private static int number(HomeForm form, String field, int least, int most) {
        String text = form.get(field);
        if (text.matches("[0-9]{1,9}")) {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        }
        throw new IllegalArgumentException("Field " + field + " is not a whole number from " + least + " to " + most);
    }
}
