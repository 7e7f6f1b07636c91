package io.torii.api.engine;

import static java.util.Objects.requireNonNull;

import io.torii.api.Secret;

/**
 * One attempt to start an engine.
 *
 * @param tag names the attempt
 * @param spec what to start
 * @param token opens the registry for this tag, once
 * @param secret shared by this engine and the gateways: each side proves that it knows it, neither ever sends it
 */
public record EngineLaunch(LaunchTag tag, EngineSpec spec, Secret token, Secret secret) {
    public EngineLaunch {
        requireNonNull(tag, "tag");
        requireNonNull(spec, "spec");
        requireNonNull(token, "token");
        requireNonNull(secret, "secret");
    }

    /** A new attempt under a fresh tag, token and secret. */
    public static EngineLaunch of(EngineSpec spec) {
        return new EngineLaunch(LaunchTag.random(), spec, Secret.random(), Secret.random());
    }
}
