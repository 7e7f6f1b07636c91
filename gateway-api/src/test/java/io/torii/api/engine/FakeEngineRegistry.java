package io.torii.api.engine;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;

import io.torii.api.Secret;
import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * An {@link EngineRegistry} in memory. Nothing happens in it until the test says so: leases lapse, engines call home and
 * drain when told to. Thread-safe.
 */
public final class FakeEngineRegistry implements EngineRegistry {
    private final Object lock = new Object();
    private final Map<LaunchTag, Entry> entries = new LinkedHashMap<>();
    private Runnable beforeNextLease = () -> {};
    private boolean available = true;
    private boolean releases = true;
    private EngineLimits limits = EngineLimits.NONE;

    @Override
    public CompletableFuture<Optional<RunningEngine>> find(EngineKey key) {
        return answer(() -> entries.values().stream()
                .filter(entry -> entry.serves(key))
                .findFirst()
                .flatMap(Entry::engine));
    }

    @Override
    public CompletableFuture<Optional<RunningEngine>> find(LaunchTag tag) {
        return answer(() -> Optional.ofNullable(entries.get(tag)).flatMap(Entry::engine));
    }

    @Override
    public CompletableFuture<List<RunningEngine>> all() {
        return answer(() -> entries.values().stream()
                .flatMap(entry -> entry.engine().stream())
                .toList());
    }

    @Override
    public CompletableFuture<Set<LaunchTag>> tags() {
        return answer(() -> Set.copyOf(entries.keySet()));
    }

    @Override
    public CompletableFuture<LaunchTag> tryLease(EngineLaunch launch, Duration limit) {
        Runnable before;
        synchronized (lock) {
            before = beforeNextLease;
            beforeNextLease = () -> {};
        }
        before.run();
        return answer(() -> entries.values().stream()
                .filter(entry -> entry.holds(launch.spec().key()))
                .findFirst()
                .map(entry -> entry.launch.tag())
                .orElseGet(() -> {
                    limits.check(launch.spec(), this::count);
                    entries.put(launch.tag(), new Entry(launch));
                    return launch.tag();
                }));
    }

    @Override
    public CompletableFuture<Optional<RunningEngine>> registrationOf(LaunchTag tag) {
        return answer(() -> Optional.ofNullable(entries.get(tag)))
                .thenCompose(entry ->
                        entry.isPresent() ? entry.get().registration.copy() : completedFuture(Optional.empty()));
    }

    @Override
    public CompletableFuture<Void> release(LaunchTag tag) {
        synchronized (lock) {
            if (!releases) {
                return failedFuture(new GatewayException(ErrorCode.STORE_UNAVAILABLE, "The lease cannot be released"));
            }
        }
        endLeases(entry -> entry.launch.tag().equals(tag));
        return answer(() -> null);
    }

    @Override
    public CompletableFuture<Void> remove(LaunchTag tag) {
        Optional<Entry> removed;
        synchronized (lock) {
            removed = Optional.ofNullable(entries.remove(tag));
        }
        removed.ifPresent(entry -> entry.registration.complete(Optional.empty()));
        return answer(() -> null);
    }

    /** An engine calls home; false if it is refused. */
    public boolean register(LaunchTag tag, Secret token, String host, int port) {
        Entry entry;
        synchronized (lock) {
            entry = entries.get(tag);
            if (entry == null || !entry.launch.token().equals(token)) {
                return false;
            }
            if (entry.engine().isPresent()) {
                RunningEngine known = entry.engine().get();
                return known.host().equals(host) && known.port() == port;
            }
            entry.running = new RunningEngine(
                    tag,
                    entry.launch.spec().key(),
                    host,
                    port,
                    entry.launch.secret(),
                    "",
                    "",
                    "Fake 1.0",
                    Instant.EPOCH);
        }
        entry.registration.complete(entry.engine());
        return true;
    }

    /** All leases are over. */
    public void leasesLapse() {
        endLeases(entry -> true);
    }

    /** This engine takes no new sessions any more. */
    public void drain(LaunchTag tag) {
        synchronized (lock) {
            entries.get(tag).draining = true;
        }
    }

    /** Runs this, once, between the next look for an engine and the lease that follows it. */
    public void beforeNextLease(Runnable event) {
        synchronized (lock) {
            beforeNextLease = event;
        }
    }

    /** From now on every call fails. */
    public void becomesUnavailable() {
        synchronized (lock) {
            available = false;
        }
    }

    /** From now on no lease can be released. */
    public void failsToRelease() {
        synchronized (lock) {
            releases = false;
        }
    }

    /** From now on there may be so many engines. */
    public void limit(EngineLimits engines) {
        synchronized (lock) {
            limits = engines;
        }
    }

    /** How many launches hold a lease. */
    public long leases() {
        synchronized (lock) {
            return entries.values().stream()
                    .filter(entry -> entry.engine().isEmpty())
                    .count();
        }
    }

    private long count(Optional<String> user, Optional<String> cluster) {
        return entries.values().stream()
                .filter(entry -> !entry.draining)
                .map(entry -> entry.launch.spec())
                .filter(spec -> user.isEmpty() || user.get().equals(spec.requestedBy()))
                .filter(spec ->
                        cluster.isEmpty() || cluster.get().equals(spec.key().cluster()))
                .count();
    }

    private void endLeases(Predicate<Entry> which) {
        List<Entry> ended;
        synchronized (lock) {
            ended = new ArrayList<>(entries.values());
            ended.removeIf(entry -> entry.engine().isPresent() || !which.test(entry));
            entries.values().removeAll(ended);
        }
        ended.forEach(entry -> entry.registration.complete(Optional.empty()));
    }

    private <T> CompletableFuture<T> answer(Supplier<T> question) {
        T answer;
        synchronized (lock) {
            if (!available) {
                return failedFuture(new GatewayException(ErrorCode.STORE_UNAVAILABLE, "The store does not answer"));
            }
            try {
                answer = question.get();
            } catch (GatewayException refusal) {
                return failedFuture(refusal);
            }
        }
        return completedFuture(answer);
    }

    private static final class Entry {
        private final EngineLaunch launch;
        private final CompletableFuture<Optional<RunningEngine>> registration = new CompletableFuture<>();
        private RunningEngine running;
        private boolean draining;

        private Entry(EngineLaunch launch) {
            this.launch = launch;
        }

        private Optional<RunningEngine> engine() {
            return Optional.ofNullable(running);
        }

        private boolean holds(EngineKey key) {
            return launch.spec().key().equals(key) && !draining;
        }

        private boolean serves(EngineKey key) {
            return holds(key) && engine().isPresent();
        }
    }
}
