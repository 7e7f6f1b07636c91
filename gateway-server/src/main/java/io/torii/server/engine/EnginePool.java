package io.torii.server.engine;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;

import io.torii.api.cluster.Application;
import io.torii.api.cluster.ClusterBackend;
import io.torii.api.engine.EngineKey;
import io.torii.api.engine.EngineLaunch;
import io.torii.api.engine.EngineRegistry;
import io.torii.api.engine.EngineSpec;
import io.torii.api.engine.LaunchTag;
import io.torii.api.engine.RunningEngine;
import io.torii.api.error.ErrorCode;
import io.torii.api.error.GatewayException;
import io.torii.server.session.Timers;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the running engine for a key or launches it, once: callers in this gateway share one attempt, and a lease decides
 * which gateway launches while the others wait for its engine. Blocks no thread; every wait ends with the lease or by the
 * seams' request time-outs. A gateway that dies between lease and submission costs its followers the rest of the lease; what a
 * failed kill leaves is refused when it calls home, and ends. Thread-safe.
 */
public final class EnginePool implements Engines {
    private static final Logger log = LoggerFactory.getLogger(EnginePool.class);
    private static final int MAX_TURNS = 3;
    private static final Duration LOOK_AFTER = Duration.ofSeconds(2);

    private final EngineRegistry registry;
    private final Map<String, ClusterBackend> clusters;
    private final EngineWatch watch;
    private final Timers timers;
    private final Duration launchLimit;
    private final KnownEngines known = new KnownEngines();
    private final SharedAttempts<EngineKey, RunningEngine> attempts = new SharedAttempts<>();

    /** @param clusters by the names that keys have for them */
    public EnginePool(
            EngineRegistry registry,
            Map<String, ClusterBackend> clusters,
            EngineWatch watch,
            Timers timers,
            Duration launchLimit) {
        this.registry = requireNonNull(registry, "registry");
        this.clusters = Map.copyOf(clusters);
        this.watch = requireNonNull(watch, "watch");
        this.timers = requireNonNull(timers, "timers");
        this.launchLimit = requireNonNull(launchLimit, "launchLimit");
    }

    @Override
    public CompletableFuture<RunningEngine> engineFor(EngineSpec spec, Consumer<String> listener) {
        ClusterBackend cluster = clusters.get(spec.key().cluster());
        if (cluster == null) {
            return failedFuture(new GatewayException(
                    ErrorCode.PLACEMENT_REFUSED,
                    "There is no cluster " + spec.key().cluster()));
        }
        return attempts.join(spec.key(), listener, mine -> new Launch(spec, cluster, mine)
                .findOrLaunch(MAX_TURNS)
                .whenComplete((found, failure) -> {
                    if (failure == null) {
                        known.add(found);
                    }
                    mine.end(found, failure == null ? null : cause(failure));
                }));
    }

    @Override
    public CompletableFuture<Optional<RunningEngine>> running(EngineSpec spec) {
        return registry.find(spec.key()).thenApply(found -> {
            found.ifPresent(known::add);
            return found;
        });
    }

    /** How many keys' engines are looked for or launched now. */
    public int awaited() {
        return attempts.count();
    }

    @Override
    public Optional<RunningEngine> known(EngineSpec spec) {
        return known.find(spec.key());
    }

    /** A cluster that cannot say leaves everything as it is. */
    @Override
    public CompletableFuture<Void> suspect(RunningEngine engine) {
        known.remove(engine);
        ClusterBackend cluster = clusters.get(engine.key().cluster());
        if (cluster == null) {
            return registry.remove(engine.tag());
        }
        return cluster.find(engine.tag())
                .thenCompose(found -> found.filter(Application::alive).isPresent()
                        ? completedFuture(null)
                        : registry.remove(engine.tag()));
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    /** One attempt for one spec, told to whoever waits for it. */
    private final class Launch {
        private final EngineSpec spec;
        private final ClusterBackend cluster;
        private final SharedAttempt<RunningEngine> told;

        private Launch(EngineSpec spec, ClusterBackend cluster, SharedAttempt<RunningEngine> told) {
            this.spec = spec;
            this.cluster = cluster;
            this.told = told;
        }

        private CompletableFuture<RunningEngine> findOrLaunch(int turns) {
            return registry.find(spec.key()).thenCompose(running -> {
                if (running.isPresent()) {
                    return completedFuture(running.get());
                }
                EngineLaunch launch = EngineLaunch.of(spec);
                return registry.tryLease(launch, launchLimit)
                        .thenCompose(holder -> holder.equals(launch.tag()) ? launch(launch) : follow(holder, turns));
            });
        }

        /** Another gateway launches: takes its engine or, if its lease ends without one, starts over, but not for ever. */
        private CompletableFuture<RunningEngine> follow(LaunchTag holder, int turns) {
            told.say("Waiting for the engine that another gateway launches");
            CompletableFuture<Optional<RunningEngine>> registration = registry.registrationOf(holder);
            lookAfter(holder, registration);
            return registration.thenCompose(engine -> {
                if (engine.isPresent()) {
                    return completedFuture(engine.get());
                }
                return turns > 1 ? findOrLaunch(turns - 1) : failedFuture(failed("failed at other gateways"));
            });
        }

        /** An application that has ended will not register: if its gateway is dead too, nobody else ends its lease. */
        private void lookAfter(LaunchTag holder, CompletableFuture<?> registration) {
            Runnable noTimer = timers.after(LOOK_AFTER, () -> cluster.find(holder)
                    .thenCompose(found -> found.isPresent() && !found.get().alive()
                            ? registry.release(holder)
                            : completedFuture(null))
                    .whenComplete((looked, failure) -> {
                        if (!registration.isDone()) {
                            lookAfter(holder, registration);
                        }
                    }));
            CompletableFuture<?> unused = registration.whenComplete((engine, failure) -> noTimer.run());
        }

        /** Holding the lease, looks again: the launch that held it before may have succeeded. */
        private CompletableFuture<RunningEngine> launch(EngineLaunch launch) {
            return registry.find(spec.key())
                    .thenCompose(running -> running.isPresent()
                            ? registry.release(launch.tag()).thenApply(released -> running.get())
                            : submit(launch).thenCompose(submitted -> registrationOrEnd(launch.tag())))
                    .exceptionallyCompose(failure -> abandon(launch.tag(), cause(failure)));
        }

        /** A lost answer is not a refusal: looks the tag up before giving up, and never submits twice. */
        private CompletableFuture<Void> submit(EngineLaunch launch) {
            log.atInfo()
                    .addKeyValue("key", spec.key())
                    .addKeyValue("engine", launch.tag())
                    .log("launching an engine");
            told.say("Launching an engine on cluster " + spec.key().cluster() + " (" + launch.tag() + ")");
            return cluster.submit(launch).thenCompose(submission -> switch (submission) {
                case ACCEPTED -> completedFuture(null);
                case UNKNOWN ->
                    cluster.find(launch.tag()).thenAccept(found -> {
                        if (found.isEmpty()) {
                            throw new GatewayException(
                                    ErrorCode.ENGINE_LAUNCH_UNKNOWN,
                                    "Cluster " + spec.key().cluster() + " did not say whether it starts an engine for "
                                            + spec.user() + "; try again");
                        }
                    });
            });
        }

        /** Whichever is first: the engine registers, its lease ends, or its application does. */
        private CompletableFuture<RunningEngine> registrationOrEnd(LaunchTag tag) {
            LaunchLog lines = new LaunchLog(cluster, tag, timers, told::say);
            lines.follow();
            CompletableFuture<RunningEngine> registration = registry.registrationOf(tag)
                    .thenApply(engine -> engine.orElseThrow(() -> failed("did not call home within "
                            + launchLimit.toSeconds() + " s; "
                            + (lines.waitsFor().isEmpty()
                                    ? "its log is that of " + tag + " on the cluster"
                                    : "the cluster has not started it: " + lines.waitsFor()))));
            CompletableFuture<Application> end = cluster.endOf(tag);
            CompletableFuture<RunningEngine> failure = end.thenApply(application -> {
                throw failed("ended while it started: " + diagnostics(application));
            });
            CompletableFuture<RunningEngine> given = unwanted(tag);
            return CompletableFuture.anyOf(registration, failure, given)
                    .thenApply(engine -> (RunningEngine) engine)
                    .whenComplete((engine, problem) -> {
                        registration.cancel(false);
                        end.cancel(false);
                        given.cancel(false);
                        lines.end();
                        if (problem == null) {
                            told.say("The engine is ready: " + engine.version() + ", " + engine.applicationId());
                            watch.follow(engine);
                        }
                    });
        }

        /**
         * Fails once nobody waits for the engine any more, if the cluster has not started it; one that has been started is of
         * use to the next who asks.
         */
        private CompletableFuture<RunningEngine> unwanted(LaunchTag tag) {
            CompletableFuture<RunningEngine> given = new CompletableFuture<>();
            onceAbandoned(tag, given);
            return given;
        }

        private void onceAbandoned(LaunchTag tag, CompletableFuture<RunningEngine> given) {
            told.abandoned().thenCompose(nobody -> cluster.find(tag)).whenComplete((found, failure) -> {
                if (given.isDone()) {
                    return;
                }
                boolean known = failure == null && found.isPresent();
                boolean waits = known && found.get().state() == Application.State.WAITING;
                if (waits && told.giveUp()) {
                    given.completeExceptionally(failed("is not wanted any more"));
                } else if (told.isWanted()) {
                    onceAbandoned(tag, given);
                } else if (!known) {
                    Runnable unused = timers.after(LOOK_AFTER, () -> onceAbandoned(tag, given));
                }
            });
        }

        /**
         * Leaves nothing running and the key free; a failing clean-up must not hide why the launch failed, nor keep it back: a
         * cluster that does not answer is not waited for a second time.
         */
        private CompletableFuture<RunningEngine> abandon(LaunchTag tag, Throwable cause) {
            log.atWarn()
                    .addKeyValue("key", spec.key())
                    .addKeyValue("engine", tag)
                    .addKeyValue("reason", LogText.oneLine(cause.getMessage()))
                    .log("launch failed");
            boolean silent = cause instanceof GatewayException known && known.code() == ErrorCode.CLUSTER_UNAVAILABLE;
            CompletableFuture<Void> killed = cluster.kill(tag);
            return CompletableFuture.allOf(silent ? completedFuture(null) : killed, registry.release(tag))
                    .exceptionally(problem -> {
                        cause.addSuppressed(problem);
                        return null;
                    })
                    .thenCompose(cleaned -> failedFuture(cause));
        }

        private GatewayException failed(String reason) {
            return new GatewayException(
                    ErrorCode.ENGINE_LAUNCH_FAILED,
                    "The engine for " + spec.user() + " on cluster "
                            + spec.key().cluster() + " " + reason);
        }

        private static String diagnostics(Application application) {
            return application.diagnostics().isEmpty() ? "nobody knows why" : application.diagnostics();
        }
    }
}
