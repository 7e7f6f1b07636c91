package io.torii.server.frontend.thrift.http;

import static java.util.Objects.requireNonNull;

import io.torii.api.Secret;
import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import io.torii.server.auth.Identity;
import io.torii.server.auth.Logins;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.eclipse.jetty.http.HttpCookie;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who makes a request: a name and a password, or the cookie that they were exchanged for. Thread-safe. */
final class HttpLogins {
    private static final Logger log = LoggerFactory.getLogger(HttpLogins.class);
    private static final String BASIC = "basic ";
    private static final Secret NO_PASSWORD = new Secret("");

    /** @param cookie to be given to the client, which then need not send its password again */
    record Login(Identity identity, Optional<String> cookie) {}

    private final Logins logins;
    private final LoginCookies cookies;

    HttpLogins(Logins logins, LoginCookies cookies) {
        this.logins = requireNonNull(logins, "logins");
        this.cookies = requireNonNull(cookies, "cookies");
    }

    /** Fails with a {@link Refusal}. A password counts more than a cookie. */
    CompletableFuture<Login> login(Request request) {
        String credentials = request.getHeaders().get(HttpHeader.AUTHORIZATION);
        if (credentials == null) {
            return withoutPassword(request);
        }
        try {
            String[] parts = basic(credentials);
            return check(parts[0], new Secret(parts[1]), request)
                    .thenApply(identity -> new Login(identity, cookies.of(identity)));
        } catch (Refusal refusal) {
            return CompletableFuture.failedFuture(refusal);
        }
    }

    private CompletableFuture<Login> withoutPassword(Request request) {
        Optional<Identity> known = Request.getCookies(request).stream()
                .filter(cookie -> cookie.getName().equals(LoginCookies.NAME))
                .map(HttpCookie::getValue)
                .flatMap(value -> cookies.identity(value).stream())
                .findFirst();
        if (known.isPresent()) {
            return CompletableFuture.completedFuture(new Login(known.get(), Optional.empty()));
        }
        return logins.admitsAnyone()
                ? check("", NO_PASSWORD, request).thenApply(nobody -> new Login(nobody, Optional.empty()))
                : CompletableFuture.failedFuture(Refusal.unauthorized(
                        "This gateway asks for a user name and a password: send them as Basic credentials"));
    }

    private CompletableFuture<Identity> check(String user, Secret password, Request request) {
        return logins.login(user, password, Request.getRemoteAddr(request))
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(refusal(failure)));
    }

    private static Refusal refusal(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof GatewayException problem) {
            return problem.code() == ErrorCode.AUTHENTICATION_FAILED
                    ? Refusal.unauthorized(problem.getMessage())
                    : new Refusal(HttpStatus.SERVICE_UNAVAILABLE_503, problem.getMessage());
        }
        log.error("a login failed for a reason that nobody foresaw", cause);
        return new Refusal(
                HttpStatus.SERVICE_UNAVAILABLE_503, "The login could not be checked; the gateway's log says why");
    }

    private static String[] basic(String credentials) throws Refusal {
        if (!credentials.toLowerCase(Locale.ROOT).startsWith(BASIC)) {
            throw Refusal.unauthorized("Only Basic credentials are supported here: a user name and a password");
        }
        try {
            byte[] bytes = Base64.getDecoder()
                    .decode(credentials.substring(BASIC.length()).strip());
            String[] parts = new String(bytes, StandardCharsets.UTF_8).split(":", 2);
            if (parts.length == 2) {
                return parts;
            }
        } catch (IllegalArgumentException noBase64) {
            // the same answer as below
        }
        throw Refusal.unauthorized("Basic credentials are a user name, a colon and a password, in Base64");
    }
}
