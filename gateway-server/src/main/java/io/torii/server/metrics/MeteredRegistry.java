package io.torii.server.metrics;

import static java.util.Objects.requireNonNull;

import io.torii.api.engine.EngineKey;
import io.torii.api.engine.EngineLaunch;
import io.torii.api.engine.EngineRegistry;
import io.torii.api.engine.LaunchTag;
import io.torii.api.engine.RunningEngine;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Times the launches for which this gateway gets the lease from another registry. Thread-safe. */
public final class MeteredRegistry implements EngineRegistry {
    private final EngineRegistry registry;
    private final GatewayMetrics metrics;
    private final Clock clock;
    private final Map<LaunchTag, Instant> launches = new ConcurrentHashMap<>();

    public MeteredRegistry(EngineRegistry registry, GatewayMetrics metrics, Clock clock) {
        this.registry = requireNonNull(registry, "registry");
        this.metrics = requireNonNull(metrics, "metrics");
        this.clock = requireNonNull(clock, "clock");
    }

    @Override
    public CompletableFuture<Optional<RunningEngine>> find(EngineKey key) {
        return registry.find(key);
    }

    @Override
    public CompletableFuture<Optional<RunningEngine>> find(LaunchTag tag) {
        return registry.find(tag);
    }

    @Override
    public CompletableFuture<List<RunningEngine>> all() {
        return registry.all();
    }

    @Override
    public CompletableFuture<Set<LaunchTag>> tags() {
        return registry.tags();
    }

    @Override
    public CompletableFuture<LaunchTag> tryLease(EngineLaunch launch, Duration limit) {
        Instant asked = clock.instant();
        return registry.tryLease(launch, limit).thenApply(holder -> {
            if (holder.equals(launch.tag())) {
                launches.put(holder, asked);
            }
            return holder;
        });
    }

    /** What is returned is the registry's own future: the caller may cancel it. */
    @Override
    public CompletableFuture<Optional<RunningEngine>> registrationOf(LaunchTag tag) {
        CompletableFuture<Optional<RunningEngine>> registration = registry.registrationOf(tag);
        CompletableFuture<?> unused = registration.whenComplete((engine, failure) -> {
            if (failure == null) {
                ended(tag, engine.isPresent());
            }
        });
        return registration;
    }

    @Override
    public CompletableFuture<Void> release(LaunchTag tag) {
        ended(tag, false);
        return registry.release(tag);
    }

    @Override
    public CompletableFuture<Void> remove(LaunchTag tag) {
        return registry.remove(tag);
    }

    private void ended(LaunchTag tag, boolean ready) {
        Instant since = launches.remove(tag);
        if (since != null) {
            metrics.launched(ready, Duration.between(since, clock.instant()));
        }
    }
}
