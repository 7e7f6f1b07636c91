package io.torii.server.config;

import io.torii.api.engine.ShareLevel;
import java.time.Duration;

/** Engines, wherever they run. Immutable. */
public record EngineConfig(
        @Doc("Whose sessions share an engine, if the session does not say otherwise") @Default("user")
                ShareLevel shareLevel,
        @Doc("How long an engine may take to call home") @Default("3m") Duration launchTimeout,
        @Doc("How long an engine without sessions keeps running; `0s` is for ever") @Default("30m")
                Duration idleTimeout,
        @Doc("Age at which an engine takes no more sessions and ends with its last one; `0s` is never") @Default("0s")
                Duration maxLifetime,
        @Doc("How long an engine that takes no more sessions waits for the ones it has") @Default("1h")
                Duration drainTimeout,
        @Doc("How long an engine keeps running while it can reach no gateway") @Default("10m") Duration orphanTimeout,
        @Doc("How often an engine reports") @Default("5s") Duration heartbeatInterval,
        @Doc(
                        "How often an engine on a cluster with Kerberos asks for new delegation tokens: a third of their shortest life there, or less")
                @Default("8h")
                Duration tokenInterval,
        @Doc("How long an engine may neither report nor answer before it counts as lost and is killed") @Default("60s")
                Duration silenceLimit,
        @Doc("Memory for results in an engine; larger ones go to its disk") @Default("64MB") DataSize resultMemory,
        @Doc("Disk for results in an engine") @Default("10GB") DataSize resultDisk) {
    private static final Duration LEAST_TOKEN_INTERVAL = Duration.ofSeconds(1);

    public EngineConfig {
        new Checks()
                .positive("launch-timeout", launchTimeout)
                .notNegative("idle-timeout", idleTimeout)
                .notNegative("max-lifetime", maxLifetime)
                .notNegative("drain-timeout", drainTimeout)
                .notNegative("orphan-timeout", orphanTimeout)
                .positive("heartbeat-interval", heartbeatInterval)
                .that(
                        tokenInterval.compareTo(LEAST_TOKEN_INTERVAL) >= 0,
                        "token-interval",
                        "is " + Texts.of(tokenInterval) + ", expected " + Texts.of(LEAST_TOKEN_INTERVAL) + " or more")
                .that(
                        silenceLimit.compareTo(heartbeatInterval.multipliedBy(3)) >= 0,
                        "silence-limit",
                        "is " + Texts.of(silenceLimit) + ", expected three times heartbeat-interval or more")
                .sized("result-memory", new DataSize(1024 * 1024), resultMemory)
                .done();
    }
}
