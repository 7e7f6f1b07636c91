package io.torii.it.bench;

import io.netty.channel.EventLoopGroup;
import io.torii.api.Secret;
import io.torii.api.engine.EngineLaunch;
import io.torii.api.engine.EngineSpec;
import io.torii.api.engine.LaunchTag;
import io.torii.server.engine.EngineCommand;
import io.torii.server.engine.EngineHome;
import io.torii.server.engine.EngineLoad;
import io.torii.server.engine.EngineTokens;
import io.torii.server.engine.Registration;
import io.torii.server.frontend.home.HomeServer;
import io.torii.server.frontend.home.HomeServerConfig;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Where engines of a benchmark call home that no gateway has launched. Thread-safe. */
final class CalledHome implements EngineHome, AutoCloseable {
    private record Expected(EngineLaunch launch, CompletableFuture<EngineFinder.Found> engine) {}

    private final ConcurrentMap<LaunchTag, Expected> expected = new ConcurrentHashMap<>();
    private final HomeServer server;

    /** Listens from now on. */
    CalledHome(EventLoopGroup loops) throws IOException {
        server = new HomeServer(
                HomeServerConfig.of("127.0.0.1", 0, Duration.ofSeconds(5)),
                this,
                new EngineTokens(this, Map.of()),
                loops,
                Clock.systemUTC());
        server.start();
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.port());
    }

    /** The engine of this launch once it has called home. */
    CompletableFuture<EngineFinder.Found> engineOf(EngineLaunch launch) {
        return expected.computeIfAbsent(launch.tag(), tag -> new Expected(launch, new CompletableFuture<>()))
                .engine();
    }

    @Override
    public CompletableFuture<Boolean> register(LaunchTag tag, Secret token, Registration registration) {
        Expected one = expected.get(tag);
        if (one != null) {
            one.engine()
                    .complete(new EngineFinder.Found(
                            tag.value(),
                            registration.port(),
                            one.launch().secret().value()));
        }
        return CompletableFuture.completedFuture(one != null);
    }

    @Override
    public CompletableFuture<Optional<EngineCommand>> heartbeat(LaunchTag tag, EngineLoad load) {
        return CompletableFuture.completedFuture(Optional.of(EngineCommand.NONE));
    }

    @Override
    public CompletableFuture<Void> leave(LaunchTag tag, String reason) {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletableFuture<Optional<Secret>> secretOf(LaunchTag tag) {
        return CompletableFuture.completedFuture(
                Optional.ofNullable(expected.get(tag)).map(one -> one.launch().secret()));
    }

    @Override
    public CompletableFuture<Optional<EngineSpec>> specOf(LaunchTag tag) {
        return CompletableFuture.completedFuture(
                Optional.ofNullable(expected.get(tag)).map(one -> one.launch().spec()));
    }

    @Override
    public void close() {
        server.close();
    }
}
