package io.torii.server.frontend.home;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;

import io.torii.api.Secret;
import io.torii.api.engine.EngineKey;
import io.torii.api.engine.EngineSpec;
import io.torii.api.engine.LaunchTag;
import io.torii.api.engine.ShareLevel;
import io.torii.server.engine.EngineCommand;
import io.torii.server.engine.EngineHome;
import io.torii.server.engine.EngineLoad;
import io.torii.server.engine.Registration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/** A home for one engine, whose launch, token and secret are known; it records what it is told. */
final class FakeEngineHome implements EngineHome {
    static final LaunchTag TAG = new LaunchTag("torii-0123456789abcdef0123456789abcdef");
    static final String TOKEN = "the-token";
    static final String SECRET = "the-secret";
    static final EngineSpec SPEC = new EngineSpec(
            new EngineKey("prod", "spark", ShareLevel.USER, "alice", "", "default", ""), "alice", Map.of());

    final List<String> told = new CopyOnWriteArrayList<>();
    volatile EngineCommand command = EngineCommand.NONE;
    volatile boolean known = true;
    volatile RuntimeException failure;

    @Override
    public CompletableFuture<Boolean> register(LaunchTag tag, Secret token, Registration registration) {
        if (failure != null) {
            return failedFuture(failure);
        }
        told.add("register " + registration);
        return completedFuture(tag.equals(TAG) && token.value().equals(TOKEN));
    }

    @Override
    public CompletableFuture<Optional<EngineCommand>> heartbeat(LaunchTag tag, EngineLoad load) {
        told.add("heartbeat " + load);
        return completedFuture(known ? Optional.of(command) : Optional.empty());
    }

    @Override
    public CompletableFuture<Void> leave(LaunchTag tag, String reason) {
        told.add("leave " + reason);
        return completedFuture(null);
    }

    @Override
    public CompletableFuture<Optional<Secret>> secretOf(LaunchTag tag) {
        return completedFuture(known && tag.equals(TAG) ? Optional.of(new Secret(SECRET)) : Optional.empty());
    }

    @Override
    public CompletableFuture<Optional<EngineSpec>> specOf(LaunchTag tag) {
        return completedFuture(known && tag.equals(TAG) ? Optional.of(SPEC) : Optional.empty());
    }
}
