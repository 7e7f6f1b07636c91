package io.torii.api.engine;

import static java.util.Objects.requireNonNull;

import io.torii.api.Secret;
import java.time.Instant;

/**
 * An engine that has called home.
 *
 * @param applicationId the cluster's own name for it (a pid for a local one); may be empty
 * @param webUrl where its own web page is; may be empty
 * @param version what it runs, for people: {@code Spark 3.5.5}
 */
public record RunningEngine(
        LaunchTag tag,
        EngineKey key,
        String host,
        int port,
        Secret secret,
        String applicationId,
        String webUrl,
        String version,
        Instant registeredAt) {
    public RunningEngine {
        requireNonNull(tag, "tag");
        requireNonNull(key, "key");
        requireNonNull(host, "host");
        requireNonNull(secret, "secret");
        requireNonNull(applicationId, "applicationId");
        requireNonNull(webUrl, "webUrl");
        requireNonNull(version, "version");
        requireNonNull(registeredAt, "registeredAt");
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("engine port: " + port + " (expected: 1 to 65535)");
        }
    }
}
