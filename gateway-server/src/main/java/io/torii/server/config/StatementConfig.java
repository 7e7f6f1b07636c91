package io.torii.server.config;

import java.time.Duration;

/** Statements. Immutable. */
public record StatementConfig(
        @Doc("How long a finished statement is kept for whoever fetches; `0s` is as long as its session") @Default("3h")
                Duration idleTimeout,
        @Doc("How long a statement may run, if its session does not say otherwise; `0s` is for ever") @Default("0s")
                Duration timeout) {
    public StatementConfig {
        new Checks()
                .notNegative("idle-timeout", idleTimeout)
                .notNegative("timeout", timeout)
                .done();
    }
}
