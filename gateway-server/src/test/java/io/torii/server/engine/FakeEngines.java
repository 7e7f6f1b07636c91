package io.torii.server.engine;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;

import io.torii.api.engine.EngineKey;
import io.torii.api.engine.EngineLaunch;
import io.torii.api.engine.EngineSpec;
import io.torii.api.engine.FakeEngineRegistry;
import io.torii.api.engine.LaunchTag;
import io.torii.api.engine.RunningEngine;
import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Engines that start when they are asked for or, if the test says so, when it lets them. One thread at a time. */
public final class FakeEngines implements Engines, EngineChannels {
    private final FakeEngineRegistry registry = new FakeEngineRegistry();
    private final Map<LaunchTag, FakeEngine> engines = new HashMap<>();
    private final Map<EngineKey, CompletableFuture<RunningEngine>> starting = new HashMap<>();
    private final List<EngineSpec> launches = new ArrayList<>();
    private LaunchTag lastTag = LaunchTag.random();
    private boolean startAtOnce = true;
    private boolean forgetful;
    private Optional<String> failure = Optional.empty();

    @Override
    public CompletableFuture<RunningEngine> engineFor(EngineSpec spec, Consumer<String> log) {
        Optional<RunningEngine> running = registry.find(spec.key()).join();
        if (running.isPresent()) {
            return completedFuture(running.get());
        }
        log.accept("Launching engine " + spec.key());
        launches.add(spec);
        if (failure.isPresent()) {
            return failedFuture(new GatewayException(ErrorCode.ENGINE_LAUNCH_FAILED, failure.get()));
        }
        if (startAtOnce) {
            return completedFuture(start(spec));
        }
        return starting.computeIfAbsent(spec.key(), key -> new CompletableFuture<>())
                .copy()
                .thenApply(engine -> {
                    log.accept("Engine is ready");
                    return engine;
                });
    }

    @Override
    public CompletableFuture<Optional<RunningEngine>> running(EngineSpec spec) {
        return registry.find(spec.key());
    }

    @Override
    public Optional<RunningEngine> known(EngineSpec spec) {
        return forgetful ? Optional.empty() : registry.find(spec.key()).join();
    }

    @Override
    public CompletableFuture<Void> suspect(RunningEngine engine) {
        return engines.get(engine.tag()).isAlive() ? completedFuture(null) : registry.remove(engine.tag());
    }

    @Override
    public CompletableFuture<EngineChannel> channelTo(RunningEngine engine) {
        FakeEngine fake = engines.get(engine.tag());
        return fake.answers()
                ? completedFuture(fake)
                : failedFuture(new GatewayException(ErrorCode.ENGINE_UNREACHABLE, "The engine cannot be reached"));
    }

    public FakeEngineRegistry registry() {
        return registry;
    }

    /** The last engine that started. */
    public FakeEngine last() {
        return engines.get(lastTag);
    }

    public List<EngineSpec> launches() {
        return List.copyOf(launches);
    }

    /** From now on engines start when {@link #enginesCallHome} says so. */
    public void startSlowly() {
        startAtOnce = false;
    }

    public void enginesCallHome() {
        List<EngineSpec> waiting = launches.stream()
                .filter(spec -> starting.containsKey(spec.key()))
                .distinct()
                .toList();
        waiting.forEach(spec -> {
            CompletableFuture<RunningEngine> start = starting.remove(spec.key());
            if (start != null) {
                start.complete(start(spec));
            }
        });
    }

    /** From now on every engine has to be asked for. */
    public void knowNone() {
        forgetful = true;
    }

    public void launchesFail(String why) {
        failure = Optional.of(why);
        starting.values()
                .forEach(start ->
                        start.completeExceptionally(new GatewayException(ErrorCode.ENGINE_LAUNCH_FAILED, why)));
        starting.clear();
    }

    private RunningEngine start(EngineSpec spec) {
        EngineLaunch launch = EngineLaunch.of(spec);
        registry.tryLease(launch, Duration.ofMinutes(3)).join();
        registry.register(launch.tag(), launch.token(), "127.0.0.1", 10_000 + engines.size());
        RunningEngine engine = registry.find(launch.tag()).join().orElseThrow();
        engines.put(engine.tag(), new FakeEngine(engine));
        lastTag = engine.tag();
        return engine;
    }
}
