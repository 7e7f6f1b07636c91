package io.torii.server.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** What becomes of a login, within a bound. */
final class Answers {
    private Answers() {}

    static Identity identity(CompletableFuture<Identity> login) throws Exception {
        return login.get(30, TimeUnit.SECONDS);
    }

    static GatewayException failure(CompletableFuture<Identity> login) {
        ExecutionException failure =
                catchThrowableOfType(ExecutionException.class, () -> login.get(30, TimeUnit.SECONDS));
        assertThat(failure).as("failure").isNotNull().hasCauseInstanceOf(GatewayException.class);
        return (GatewayException) failure.getCause();
    }

    static void assertWrong(CompletableFuture<Identity> login) {
        GatewayException failure = failure(login);
        assertThat(failure.code()).isEqualTo(ErrorCode.AUTHENTICATION_FAILED);
        assertThat(failure).hasMessage("Unknown user or wrong password");
    }
}
