package io.torii.server.session;

import static java.util.Objects.requireNonNull;

import io.torii.api.cluster.ClusterSnapshot;
import io.torii.api.engine.RunningEngine;
import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import io.torii.api.placement.Placement;
import io.torii.api.placement.PlacementPolicy;
import io.torii.api.placement.PlacementRequest;
import io.torii.server.engine.Engines;
import io.torii.server.settings.SessionSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Chooses the cluster for a session and gets it an engine there, telling why. Thread-safe. */
public final class Placer {
    private static final Set<ErrorCode> TRY_THE_NEXT =
            Set.of(ErrorCode.ENGINE_LAUNCH_FAILED, ErrorCode.CLUSTER_UNAVAILABLE);

    private static final String RUNS_ALREADY = "An engine for this session runs there already, and is used";

    private final PlacementPolicy policy;
    private final Supplier<List<ClusterSnapshot>> clusters;
    private final EngineSpecs specs;
    private final Engines engines;

    /** @param clusters what is known of the clusters now; returns at once */
    public Placer(
            PlacementPolicy policy, Supplier<List<ClusterSnapshot>> clusters, EngineSpecs specs, Engines engines) {
        this.policy = requireNonNull(policy, "policy");
        this.clusters = requireNonNull(clusters, "clusters");
        this.specs = requireNonNull(specs, "specs");
        this.engines = requireNonNull(engines, "engines");
    }

    EngineSpecs specs() {
        return specs;
    }

    /**
     * Fails with PLACEMENT_REFUSED and the reasons, with {@link Unwanted}, or as {@link Engines#engineFor} does.
     *
     * @param unwanted gives what completes once nobody waits for it any more
     */
    CompletableFuture<RunningEngine> engineFor(
            Session session, Consumer<String> log, Supplier<CompletableFuture<Void>> unwanted) {
        Placement placement = place(session);
        placement.reasons().forEach(log);
        if (placement.isRefused()) {
            return shared(placement, session, log);
        }
        return firstOf(placement.clusters(), session, log, unwanted);
    }

    /** The engine that {@link #engineFor} would very likely give, if that is known here; asks nobody. */
    Optional<Known> known(Session session) {
        Placement placement = place(session);
        return placement.clusters().stream()
                .findFirst()
                .or(placement::shared)
                .flatMap(cluster -> engines.known(specs.specFor(session, cluster)))
                .map(engine -> new Known(engine, reasons(placement)));
    }

    /** @param reasons for its cluster */
    record Known(RunningEngine engine, List<String> reasons) {}

    private Placement place(Session session) {
        SessionSettings settings = new SessionSettings(session.settings());
        return policy.place(
                new PlacementRequest(
                        session.user(),
                        settings.groups(),
                        settings.cluster(),
                        settings.queue(),
                        settings.workload(),
                        session.settings()),
                clusters.get());
    }

    private static List<String> reasons(Placement placement) {
        List<String> reasons = new ArrayList<>(placement.reasons());
        if (placement.isRefused()) {
            reasons.add(RUNS_ALREADY);
        }
        return reasons;
    }

    /** Nothing starts, but what runs can be used. */
    private CompletableFuture<RunningEngine> shared(Placement placement, Session session, Consumer<String> log) {
        CompletableFuture<Optional<RunningEngine>> running = placement
                .shared()
                .map(cluster -> engines.running(specs.specFor(session, cluster)))
                .orElseGet(() -> CompletableFuture.completedFuture(Optional.empty()));
        return running.thenCompose(found -> {
            if (found.isPresent()) {
                log.accept(RUNS_ALREADY);
                return CompletableFuture.completedFuture(found.get());
            }
            return CompletableFuture.failedFuture(
                    new GatewayException(ErrorCode.PLACEMENT_REFUSED, String.join("; ", placement.reasons())));
        });
    }

    private CompletableFuture<RunningEngine> firstOf(
            List<String> candidates,
            Session session,
            Consumer<String> log,
            Supplier<CompletableFuture<Void>> unwanted) {
        CompletableFuture<RunningEngine> engine = engines.engineFor(specs.specFor(session, candidates.get(0)), log);
        CompletableFuture<Void> unused = unwanted.get().thenRun(() -> engine.cancel(false));
        return engine.exceptionallyCompose(failure -> {
            if (engine.isCancelled()) {
                return CompletableFuture.failedFuture(new Unwanted());
            }
            GatewayException problem = Failures.of(failure);
            if (candidates.size() == 1 || !TRY_THE_NEXT.contains(problem.code())) {
                return CompletableFuture.failedFuture(problem);
            }
            log.accept(problem.getMessage() + "; trying cluster " + candidates.get(1));
            return firstOf(candidates.subList(1, candidates.size()), session, log, unwanted);
        });
    }
}
