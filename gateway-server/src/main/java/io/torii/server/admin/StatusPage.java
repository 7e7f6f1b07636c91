package io.torii.server.admin;

import static java.util.Objects.requireNonNull;

import io.torii.api.cluster.ClusterSnapshot;
import io.torii.api.engine.EngineRegistry;
import io.torii.api.engine.LaunchTag;
import io.torii.api.engine.RunningEngine;
import io.torii.server.admin.GatewayStatus.ClusterLine;
import io.torii.server.admin.GatewayStatus.EngineLine;
import io.torii.server.admin.GatewayStatus.Memory;
import io.torii.server.admin.GatewayStatus.SessionLine;
import io.torii.server.store.SessionRepository;
import io.torii.server.store.SessionRepository.StoredSession;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Puts a gateway's status together. Blocks no thread; what does not answer in time is said so. Thread-safe. */
public final class StatusPage {
    private static final int SESSIONS_SHOWN = 1_000;
    private static final Duration LIMIT = Duration.ofSeconds(3);

    private final Here here;
    private final SessionRepository sessions;
    private final EngineRegistry engines;
    private final Health health;

    /**
     * What this process knows by itself; each answers at once.
     *
     * @param statements by stage, in small letters
     */
    public record Here(
            String version,
            Supplier<Map<String, Integer>> ports,
            Supplier<Map<String, Integer>> connections,
            Supplier<Map<String, Long>> statements,
            Supplier<List<StoredSession>> sessions,
            Supplier<List<ClusterSnapshot>> clusters,
            LongSupplier directUsed,
            LongSupplier directMax) {}

    public StatusPage(Here here, SessionRepository sessions, EngineRegistry engines, Health health) {
        this.here = requireNonNull(here, "here");
        this.sessions = requireNonNull(sessions, "sessions");
        this.engines = requireNonNull(engines, "engines");
        this.health = requireNonNull(health, "health");
    }

    /** Completes normally, within a few seconds. */
    public CompletableFuture<GatewayStatus> page() {
        List<String> unanswered = new CopyOnWriteArrayList<>();
        CompletableFuture<Long> open = bounded(sessions.count(), failure -> {
            unanswered.add("How many sessions there are is not known: the store does not answer");
            return -1L;
        });
        CompletableFuture<List<RunningEngine>> running = bounded(engines.all(), failure -> {
            unanswered.add("Which engines there are is not known: the store does not answer");
            return List.of();
        });
        return health.unready()
                .thenCombine(open, (problems, count) -> problems)
                .thenCombine(running, (problems, found) -> {
                    List<String> sentences = new ArrayList<>(problems.values());
                    sentences.addAll(unanswered);
                    return page(problems.isEmpty(), open.join(), found, sentences);
                });
    }

    private GatewayStatus page(boolean ready, long open, List<RunningEngine> running, List<String> problems) {
        List<StoredSession> known = here.sessions().get();
        Map<LaunchTag, Long> bound = known.stream()
                .flatMap(row -> row.engine().stream())
                .collect(Collectors.groupingBy(tag -> tag, Collectors.counting()));
        Runtime runtime = Runtime.getRuntime();
        return new GatewayStatus(
                ProcessHandle.current().pid(),
                here.version(),
                ManagementFactory.getRuntimeMXBean().getStartTime(),
                ready,
                here.ports().get(),
                new Memory(
                        runtime.totalMemory() - runtime.freeMemory(),
                        runtime.maxMemory(),
                        here.directUsed().getAsLong(),
                        here.directMax().getAsLong()),
                ManagementFactory.getThreadMXBean().getThreadCount(),
                here.connections().get(),
                here.statements().get(),
                open,
                known.size(),
                known.stream()
                        .sorted(Comparator.comparing(StoredSession::usedAt).reversed())
                        .limit(SESSIONS_SHOWN)
                        .map(StatusPage::line)
                        .toList(),
                running.stream()
                        .sorted(Comparator.comparing(RunningEngine::registeredAt))
                        .map(engine -> line(engine, bound.getOrDefault(engine.tag(), 0L)))
                        .toList(),
                here.clusters().get().stream().map(ClusterLine::of).toList(),
                problems);
    }

    private static SessionLine line(StoredSession row) {
        return new SessionLine(
                row.session().id().toString(),
                row.session().user(),
                row.session().address(),
                row.session().frontend(),
                row.session().openedAt().toEpochMilli(),
                row.usedAt().toEpochMilli(),
                row.engine().map(LaunchTag::toString).orElse(""));
    }

    private static EngineLine line(RunningEngine engine, long sessions) {
        return new EngineLine(
                engine.tag().toString(),
                engine.key().toString(),
                engine.host(),
                engine.port(),
                engine.applicationId(),
                engine.version(),
                engine.registeredAt().toEpochMilli(),
                sessions);
    }

    private static <T> CompletableFuture<T> bounded(CompletableFuture<T> answer, Function<Throwable, T> otherwise) {
        return answer.copy().orTimeout(LIMIT.toMillis(), TimeUnit.MILLISECONDS).exceptionally(otherwise);
    }
}
