package io.torii.api.session;

import static java.util.Objects.requireNonNull;

import io.torii.api.error.GatewayException;
import java.util.List;

/**
 * Why a statement failed.
 *
 * @param message the engine's own message first
 * @param details further lines, outermost first: causes and where they arose
 */
public record StatementFailure(String sqlState, int code, String message, List<String> details) {
    public StatementFailure {
        requireNonNull(sqlState, "sqlState");
        requireNonNull(message, "message");
        details = List.copyOf(details);
    }

    public static StatementFailure of(GatewayException failure) {
        return new StatementFailure(failure.sqlState(), failure.code().number(), failure.getMessage(), List.of());
    }
}
